"""A small county and a small system with a leaf of every kind, for the workbook's tests."""

from datetime import date

from anlan.assessment.core.values import Dimension, Direction, Kind, Leaf, Profile, Region, System, Unit
from anlan.assessment.core.workbook_sheet import Asked
from anlan.assessment.core.workbook_values import SheetRows, WorkbookScope
from anlan.kernel.codes import Level

CLOSES = date(2026, 10, 31)


def leaf(code: str, kind: Kind, unit: str, target: float, **others: object) -> Leaf:
    """Return a leaf whose level is told by the middle letter of its code."""
    level = {"C": Level.COUNTY, "T": Level.TOWNSHIP, "V": Level.VILLAGE}[code.split("-")[1]]
    settings = {"direction": Direction.POSITIVE, "weight": 0.25 if level is Level.TOWNSHIP else 1.0} | others
    return Leaf(code, Dimension.ORG, f"指标{code}", f"Indicator {code}", level, kind, unit, target, **settings)


OFFICE = leaf("ORG-T-01", Kind.BOOLEAN, "-", 1)
POSTS = leaf("ORG-T-02", Kind.NUMBER, "person", 6)
RATE = leaf("PRO-T-06", Kind.RATIO, "ratio", 0.98, department="housing")
REVISED = leaf("PRO-T-02", Kind.DATE, "day", 1095, direction=Direction.NEGATIVE)
FUNDS = leaf("ORG-C-01", Kind.NUMBER, "hour", 10, direction=Direction.NEGATIVE)
SIRENS = leaf("MAT-V-02", Kind.NUMBER, "set", 1)
SYSTEM = System(
    key="small",
    name_zh="小体系",
    name_en="Small system",
    leaves=(FUNDS, OFFICE, POSTS, RATE, REVISED, SIRENS),
    dimension_weights=dict.fromkeys(Dimension, 0.2),
)
FLOODS = frozenset({Profile.MOUNTAIN})
COUNTY = Unit("999901000000", "青岚县", Level.COUNTY, None, 12_000, 4_000, Region.MOUNTAIN, FLOODS)
LIUXI = Unit("999901100000", "柳溪镇", Level.TOWNSHIP, "999901000000", 7_000, 2_300)
SHIQIAO = Unit("999901101000", "石桥乡", Level.TOWNSHIP, "999901000000", 5_000, 1_700)
SHANGWAN = Unit("999901100200", "上湾村", Level.VILLAGE, "999901100000", 800, 260)
UNITS = (COUNTY, LIUXI, SHIQIAO, SHANGWAN)
SCOPE = WorkbookScope(SYSTEM, UNITS, "2026年度摸底", CLOSES, token="17", area="青岚县")
TOWNSHIP_LEAVES = {leaf.code: leaf for leaf in SYSTEM.at_level(Level.TOWNSHIP)}
ASKED = Asked(
    leaves=TOWNSHIP_LEAVES,
    units={LIUXI.code: LIUXI, SHIQIAO.code: SHIQIAO},
    closes_on=CLOSES,
    code_label="区划代码",
    name_label="名称",
)
HEADER = ("区划代码", "名称", "所属", "ORG-T-01", "ORG-T-02", "PRO-T-06", "PRO-T-02")


def township_sheet(*rows, header=HEADER, merged=()) -> SheetRows:
    """Return the townships' sheet with a title, the header in row 2 and these rows from row 3."""
    return SheetRows("乡镇指标", (("2026年度摸底",), header, *rows), merged)
