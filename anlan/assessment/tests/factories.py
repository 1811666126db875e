"""Small surveys by hand: one county, its townships and villages, a system of a few leaves a dimension."""

from collections.abc import Callable, Mapping
from datetime import date

from anlan.assessment.core.values import (
    Answer,
    Dimension,
    Direction,
    Kind,
    Leaf,
    Region,
    Survey,
    System,
    Unit,
)
from anlan.kernel.codes import Level

COUNTY = "999901000000"
CLOSES_ON = date(2026, 11, 20)
SURVEYED = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
NAMES = {
    Dimension.ORG: (("应急岗位数", "Emergency posts"), ("工作机构", "Emergency office")),
    Dimension.CAPABILITY: (("救援队伍人数", "Rescue team size"), ("年度演练次数", "Drills per year")),
    Dimension.MATERIALS: (("储备清单满足率", "Stocking-list fulfilment"), ("应急发电机", "Generators")),
    Dimension.PROCESS: (("隐患整改率", "Hazards rectified"), ("预案修订日期", "Plan last revised")),
    Dimension.DIGITAL: (("应急广播覆盖率", "Broadcast coverage"), ("视频终端", "Video terminal")),
}
KINDS = {
    Dimension.ORG: (Kind.NUMBER, Kind.BOOLEAN),
    Dimension.CAPABILITY: (Kind.NUMBER, Kind.NUMBER),
    Dimension.MATERIALS: (Kind.RATIO, Kind.NUMBER),
    Dimension.PROCESS: (Kind.RATIO, Kind.RATIO),
    Dimension.DIGITAL: (Kind.RATIO, Kind.BOOLEAN),
}
UNITS = {Kind.NUMBER: "set", Kind.RATIO: "ratio", Kind.BOOLEAN: "-"}
TARGETS = {Kind.NUMBER: 10.0, Kind.RATIO: 1.0, Kind.BOOLEAN: 1.0}
LEVEL_PREFIX = {Level.COUNTY: "县级", Level.TOWNSHIP: "乡镇", Level.VILLAGE: "村级"}

Share = Callable[[Unit, Leaf], float | None]


def leaf(dimension: Dimension, level: Level, number: int) -> Leaf:
    """Return leaf 1 or 2 of a dimension at a level; each weighs half."""
    kind = KINDS[dimension][number - 1]
    name_zh, name_en = NAMES[dimension][number - 1]
    return Leaf(
        code=f"{dimension.value[:3].upper()}-{level.value[0].upper()}-{number:02}",
        dimension=dimension,
        name_zh=f"{LEVEL_PREFIX[level]}{name_zh}",
        name_en=f"{name_en} ({level})",
        level=level,
        kind=kind,
        unit=UNITS[kind],
        target=TARGETS[kind],
        direction=Direction.POSITIVE,
        weight=0.5,
        evidence_zh="现场核验记录",
        measure_zh=f"补齐{name_zh}",
        measure_en=f"Complete: {name_en.lower()}",
        unit_price_fen=500_000,
    )


def small_system(*, own_share: float = 0.5) -> System:
    """Return a system of two leaves in each dimension at each level, all dimensions alike."""
    return System(
        key="small",
        name_zh="小型指标体系",
        name_en="Small system",
        leaves=tuple(
            leaf(dimension, level, number) for level in SURVEYED for dimension in Dimension for number in (1, 2)
        ),
        dimension_weights=dict.fromkeys(Dimension, 0.2),
        own_share=own_share,
    )


def small_county(*, townships: int = 3, villages: int = 2) -> tuple[Unit, ...]:
    """Return a county with its townships and villages; populations grow with the number."""
    units = [Unit(COUNTY, "青岚县", Level.COUNTY, None, 100_000, 30_000)]
    for town in range(1, townships + 1):
        code = f"999901{99 + town}000"
        region = Region.MOUNTAIN if town % 2 else Region.FRINGE
        units.append(Unit(code, f"第{town}镇", Level.TOWNSHIP, COUNTY, 10_000 * town, 3_000 * town, region))
        units += [
            Unit(f"{code[:9]}{200 + number}", f"第{town}镇{number}村", Level.VILLAGE, code, 500 * number, 150, region)
            for number in range(1, villages + 1)
        ]
    return tuple(units)


def survey(share: Share, *, units: tuple[Unit, ...] | None = None, system: System | None = None) -> Survey:
    """Return a survey in which each leaf reaches `share` of its target; None leaves the answer out."""
    units, system = units or small_county(), system or small_system()
    answers: dict[tuple[str, str], Answer] = {}
    for unit in units:
        for asked in system.at_level(unit.level):
            reached = share(unit, asked)
            if reached is not None:
                answers[unit.code, asked.code] = _answer(asked, reached)
    return Survey("2026年度摸底", CLOSES_ON, units, answers)


def _answer(asked: Leaf, reached: float) -> Answer:
    if asked.kind is Kind.BOOLEAN:
        return Answer(value=float(reached >= 0.5))
    return Answer(value=reached * asked.target)


def flat(share: float, **exceptions: float) -> Share:
    """Return the same share everywhere, except in the dimensions named."""
    named: Mapping[str, float] = exceptions
    return lambda unit, asked: named.get(asked.dimension.value, share)
