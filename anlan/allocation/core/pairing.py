"""Who may help whom: the rules of a pairing round, and what they make of the units of an assessment.

A unit that is weak in all is helped and helps nobody. The others may help by their total, by one dimension, or by
either. What is barred is told with its reason, so that a unit without a partner can be told why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal, mark

MOST_HELPED, MOST_WANTED = 9, 3
Code = str
PairCodes = tuple[Code, Code]  # who helps, who is helped


class BadRules(Refusal):
    """The rules of the round contradict themselves."""


class NobodyToPair(Refusal):
    """The rules let nobody help, or nobody needs help."""


class Strength(StrEnum):
    """By what a unit may help."""

    TOTAL = "total"
    DIMENSION = "dimension"
    EITHER = "either"


class Way(StrEnum):
    """How far two units are from each other is measured so."""

    ROAD = "road"
    STRAIGHT = "straight"


class History(StrEnum):
    """What earlier pairs count for."""

    KEEP = "keep"
    ROTATE = "rotate"
    IGNORE = "ignore"


STRENGTH_NAMES: Mapping[Strength, str] = {
    Strength.EITHER: mark("its total or one dimension"),
    Strength.TOTAL: mark("its total"),
    Strength.DIMENSION: mark("one dimension"),
}
WAY_NAMES: Mapping[Way, str] = {Way.ROAD: mark("along the roads"), Way.STRAIGHT: mark("straight lines, lengthened")}
HISTORY_NAMES: Mapping[History, str] = {
    History.KEEP: mark("keep pairs that proved themselves"),
    History.ROTATE: mark("rotate: prefer new partners"),
    History.IGNORE: mark("do not look at earlier pairs"),
}


@dataclass(frozen=True, slots=True)
class PairingRules:
    """What a round goes by. Scores are in [0, 1]; `most_km` None sets no limit."""

    level: str = Level.VILLAGE.value
    strength: str = Strength.EITHER.value
    helper_floor: float = 0.75
    dimension_floor: float = 0.85
    helped_ceiling: float = 0.6
    most_helped: int = 2
    wanted: int = 1
    way: str = Way.ROAD.value
    most_km: float | None = None
    takes_unknown: bool = False
    history: str = History.KEEP.value
    distance_weight: float = 0.3
    history_weight: float = 0.1

    def __post_init__(self) -> None:
        _check_choices(self)
        _check_numbers(self)


def _check_choices(rules: PairingRules) -> None:
    choices: Mapping[str, Sequence[str]] = {
        "level": [Level.TOWNSHIP, Level.VILLAGE],
        "strength": list(Strength),
        "way": list(Way),
        "history": list(History),
    }
    for name, values in choices.items():
        if getattr(rules, name) not in values:
            raise BadRules("%(value)s is none of the choices", field=name, value=str(getattr(rules, name)))


# Least and most as a person types them: scores in points of 100.
RANGES: Mapping[str, tuple[float, float, float]] = {
    "helper_floor": (1, 100, 100),
    "dimension_floor": (1, 100, 100),
    "helped_ceiling": (1, 100, 100),
    "most_helped": (1, MOST_HELPED, 1),
    "wanted": (1, MOST_WANTED, 1),
    "most_km": (0.1, 1000, 1),
    "distance_weight": (0, 1, 1),
    "history_weight": (0, 1, 1),
}


def _check_numbers(rules: PairingRules) -> None:
    for name, (least, most, scale) in RANGES.items():
        value = getattr(rules, name)
        if value is not None and not least <= value * scale <= most:
            raise BadRules(
                "Choose a number from %(least)s to %(most)s", field=name, least=f"{least:g}", most=f"{most:g}"
            )
    if rules.helped_ceiling > rules.helper_floor:
        raise BadRules(
            "Who is helped (below %(ceiling)s points) could help as well (from %(floor)s points on)",
            field="helped_ceiling",
            ceiling=f"{rules.helped_ceiling * 100:g}",
            floor=f"{rules.helper_floor * 100:g}",
        )


def rules_content(rules: PairingRules) -> dict[str, Any]:
    """Return the rules as JSON content."""
    return asdict(rules)


def rules_from_content(content: Mapping[str, Any]) -> PairingRules:
    """Return the rules that were kept as JSON; what later versions added takes its default.

    Raises:
        BadRules: they contradict themselves.
    """
    known = {one.name for one in fields(PairingRules)}
    return PairingRules(**{name: value for name, value in content.items() if name in known})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit as the assessment found it: its total and its five dimensions, None where there is no score."""

    code: Code
    name: str
    total: float | None
    dimensions: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """The units by what they do in the round."""

    helpers: tuple[Candidate, ...]
    helped: tuple[Candidate, ...]
    neither: int
    unscored: tuple[Candidate, ...]


def may_help(unit: Candidate, rules: PairingRules) -> bool:
    """Tell whether the unit is strong enough to help, by its total or by one dimension as the rules say."""
    by_total = unit.total is not None and unit.total >= rules.helper_floor
    by_dimension = any(score is not None and score >= rules.dimension_floor for score in unit.dimensions)
    ways = {Strength.TOTAL: by_total, Strength.DIMENSION: by_dimension, Strength.EITHER: by_total or by_dimension}
    return ways[Strength(rules.strength)]


def take_sides(units: Sequence[Candidate], rules: PairingRules) -> Sides:
    """Return who helps and who is helped; a unit without a total is neither, and is told.

    Raises:
        NobodyToPair: one of the sides is empty.
    """
    scored = [unit for unit in units if unit.total is not None]
    helped = tuple(unit for unit in scored if (unit.total or 0.0) < rules.helped_ceiling)
    weak = {unit.code for unit in helped}
    helpers = tuple(unit for unit in scored if unit.code not in weak and may_help(unit, rules))
    if not helped:
        raise NobodyToPair(
            "No unit has less than %(ceiling)s points: nobody needs help by these rules",
            ceiling=f"{rules.helped_ceiling * 100:g}",
        )
    if not helpers:
        raise NobodyToPair("No unit is strong enough to help by these rules; lower the floors")
    unscored = tuple(unit for unit in units if unit.total is None)
    return Sides(helpers, helped, len(scored) - len(helpers) - len(helped), unscored)
