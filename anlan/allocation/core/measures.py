"""The catalogue of measures (帮扶措施): what may be bought, what it raises and what it costs.

Source: docs/methods/measures.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from anlan.allocation.core.measure_checks import check_catalogue_content
from anlan.assessment.core.values import Dimension
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

Content = dict[str, Any]

UNIT_NAMES = {
    "item": mark("items"),
    "batch": mark("batches"),
    "person": mark("persons"),
    "set": mark("sets"),
    "time": mark("times"),
    "course": mark("courses"),
    "vehicle": mark("vehicles"),
    "station": mark("stations"),
    "site": mark("sites"),
    "m2x10": mark("10 m²"),
}


@dataclass(frozen=True, slots=True)
class Serving:
    """What one piece adds to leaves of units below: to at most `most` of them, no farther than `within_km`."""

    effects: Mapping[str, float]
    most: int | None = None
    within_km: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `effects` are what one piece adds to leaves of the unit itself, each in the leaf's own unit.

    `requires` are groups of measures, of each of which one must be there; `most_per_1000` limits the pieces by the
    unit's people.
    """

    code: str
    dimension: Dimension
    level: Level
    name_zh: str
    name_en: str
    unit: str
    unit_price_fen: int
    effects: Mapping[str, float]
    running_fen: int = 0
    lead_months: int = 3
    life_years: int = 10
    least: int = 1
    most: int = 1
    most_per_1000: float | None = None
    serves: Serving | None = None
    requires: tuple[tuple[str, ...], ...] = ()
    excludes: tuple[str, ...] = ()
    department: str = "emergency"
    is_example: bool = True  # the prices are examples, to be replaced

    def leaves(self) -> Iterator[str]:
        """Yield every leaf that it raises, at the unit or below."""
        yield from self.effects
        yield from (self.serves.effects if self.serves else ())


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All measures of a county, in order."""

    measures: tuple[Measure, ...]
    by_code: Mapping[str, Measure] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {measure.code: measure for measure in self.measures})

    def at_level(self, level: Level) -> tuple[Measure, ...]:
        """Return the measures that units of the level may get, in order."""
        return tuple(measure for measure in self.measures if measure.level == level)


@cache
def default_catalogue() -> Catalogue:
    """Return the project's own catalogue, whose prices are examples.

    >>> len(default_catalogue().measures)
    80
    """
    text = (files("anlan.allocation") / "data" / "default_measures.yaml").read_text(encoding="utf-8")
    return catalogue_from_content(yaml.safe_load(text))


def catalogue_from_content(content: Mapping[str, Any], leaves: Mapping[str, str] | None = None) -> Catalogue:
    """Return the catalogue that content holds.

    Args:
        content: what `catalogue_content` made, or a file in its form.
        leaves: the level of each leaf that the indicator system has; None asks nothing of the leaves.

    Raises:
        BadCatalogue: it holds none, see `core.measure_checks`.
    """
    check_catalogue_content(content, leaves)
    return Catalogue(tuple(_measure(each) for each in content["measures"]))


def _measure(content: Mapping[str, Any]) -> Measure:
    serves, per_1000 = content.get("serves"), content.get("most_per_1000")
    return Measure(
        code=str(content["code"]),
        dimension=Dimension(content["dimension"]),
        level=Level(content["level"]),
        name_zh=str(content["name_zh"]),
        name_en=str(content["name_en"]),
        unit=str(content["unit"]),
        unit_price_fen=int(content["unit_price_fen"]),
        effects={str(leaf): float(by) for leaf, by in (content.get("effects") or {}).items()},
        running_fen=int(content.get("running_fen") or 0),
        lead_months=int(content.get("lead_months") or 0),
        life_years=int(content["life_years"]),
        least=int(content["least"]),
        most=int(content["most"]),
        most_per_1000=None if per_1000 is None else float(per_1000),
        serves=_serving(serves) if serves else None,
        requires=tuple(tuple(str(code) for code in group) for group in content.get("requires") or ()),
        excludes=tuple(str(code) for code in content.get("excludes") or ()),
        department=str(content.get("department") or "emergency"),
        is_example=bool(content.get("is_example", True)),
    )


def _serving(content: Mapping[str, Any]) -> Serving:
    most, within_km = content.get("most"), content.get("within_km")
    return Serving(
        effects={str(leaf): float(by) for leaf, by in content["effects"].items()},
        most=None if most is None else int(most),
        within_km=None if within_km is None else float(within_km),
    )


def catalogue_content(catalogue: Catalogue) -> Content:
    """Return the catalogue as JSON content."""
    return {"measures": [measure_content(measure) for measure in catalogue.measures]}


def measure_content(measure: Measure) -> Content:
    """Return one measure as JSON content."""
    serves = measure.serves
    return {
        "code": measure.code,
        "dimension": measure.dimension.value,
        "level": measure.level.value,
        "name_zh": measure.name_zh,
        "name_en": measure.name_en,
        "unit": measure.unit,
        "unit_price_fen": measure.unit_price_fen,
        "effects": dict(measure.effects),
        "running_fen": measure.running_fen,
        "lead_months": measure.lead_months,
        "life_years": measure.life_years,
        "least": measure.least,
        "most": measure.most,
        "most_per_1000": measure.most_per_1000,
        "serves": serves and {"effects": dict(serves.effects), "most": serves.most, "within_km": serves.within_km},
        "requires": [list(group) for group in measure.requires],
        "excludes": list(measure.excludes),
        "department": measure.department,
        "is_example": measure.is_example,
    }


def with_measure(content: Mapping[str, Any], measure: Mapping[str, Any], *, replacing: str | None = None) -> Content:
    """Return the content with a measure added at the end, or put in another's place under the same or a new code."""
    measures = [dict(each) for each in content["measures"]]
    place = next((number for number, each in enumerate(measures) if each["code"] == replacing), None)
    if place is None:
        measures.append(dict(measure))
    else:
        measures[place] = dict(measure)
    return {**content, "measures": measures}


def without_measure(content: Mapping[str, Any], code: str) -> Content:
    """Return the content without the measure and without the conditions of others that name it."""
    measures = [
        {
            **each,
            "requires": [
                left for group in each.get("requires") or () if (left := [one for one in group if one != code])
            ],
            "excludes": [one for one in each.get("excludes") or () if one != code],
        }
        for each in content["measures"]
        if each["code"] != code
    ]
    return {**content, "measures": measures}
