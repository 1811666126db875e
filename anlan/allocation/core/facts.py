"""What is known of a unit when its class is judged, and the words for it.

Facts are recorded (`places`), computed (`assessment`) or measured on the road map; a class is a judgement on them.
"""

from dataclasses import dataclass

from anlan.assessment.core.values import Grade
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.places.core.values import Hazard, Landform, RegionType

UNKNOWN = ""  # a choice that nobody recorded
STRAIGHT_FACTOR = 1.3  # a road is so much longer than the straight line
STRAIGHT_KMH = 30.0  # speed taken where only the straight line is known

# Every value that a fact of a choice may have: what a decision table must have an answer for.
CHOICES: dict[str, tuple[str, ...]] = {
    "level": (Level.TOWNSHIP.value, Level.VILLAGE.value),
    "region_type": (*(each.value for each in RegionType), UNKNOWN),
    "landform": (*(each.value for each in Landform), UNKNOWN),
    "grade": (*(each.value for each in Grade), UNKNOWN),
}
HAZARDS = tuple(each.value for each in Hazard)
NUMBERS = ("density", "minutes", "population")
FACT_NAMES = {
    "level": mark("Level"),
    "region_type": mark("Region type"),
    "landform": mark("Landform"),
    "hazards": mark("Hazards"),
    "density": mark("People per km²"),
    "minutes": mark("Minutes to the county seat"),
    "population": mark("Population"),
    "grade": mark("Capability grade"),
}


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A township or village as the decision table sees it; "" and None are what nobody knows."""

    code: str
    name: str
    level: str
    region_type: str = UNKNOWN
    landform: str = UNKNOWN
    hazards: frozenset[str] = frozenset()
    density: float | None = None  # people per km²
    minutes: float | None = None  # to the county seat
    is_by_road: bool = False  # minutes are along roads; else by the straight line
    population: int | None = None
    grade: str = UNKNOWN


def straight_minutes(km: float) -> float:
    """Return the minutes that a straight distance stands for where no road is known.

    Source: docs/methods/unit-classes.md, equation (1).

    >>> straight_minutes(10.0)
    26.0
    """
    return km * STRAIGHT_FACTOR / STRAIGHT_KMH * 60.0  # (1)
