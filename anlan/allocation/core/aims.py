"""Units and aims of the problem: who may be helped, and which leaf of whom still lacks something.

Source: docs/methods/measures.md, sections 2 and 5.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anlan.allocation.core.classes import NoClass
from anlan.allocation.core.problem import Aim, Unit
from anlan.allocation.core.settings import Settings
from anlan.allocation.core.steps import leaf_weights
from anlan.assessment.core.values import Leaf, LeafScore, Result, UnitResult
from anlan.kernel.codes import Level, ancestor_at

NO_ROOM = 1e-9
Distance = Callable[[str, str], float | None]  # km between two units, None where nobody knows


def unknown_distance(_one: str, _other: str) -> float | None:
    """Return that no distance is known."""
    return None


@dataclass(frozen=True, slots=True)
class Ground:
    """What options are built on: units and aims in their places, and what was found of each leaf."""

    units: tuple[Unit, ...]
    aims: tuple[Aim, ...]
    places: Mapping[str, int]  # unit code → its place
    aim_places: Mapping[tuple[int, str], int]  # (unit, leaf) → place of the aim
    found: Mapping[tuple[int, str], LeafScore]  # (unit, leaf) → value and score, missing ones too
    leaves: Mapping[str, Leaf]
    below: Mapping[str, tuple[int, ...]]  # unit code → places of all units that lie in it
    weakest: Mapping[int, str]  # unit → its weakest dimension
    silent: tuple[str, ...]  # names of units without a score: they answered nothing

    def holders(self, unit: int, level: Level) -> int | None:
        """Return the place of the unit itself or of the one above it that is of the level, None where none is."""
        return self.places.get(ancestor_at(self.units[unit].code, level))


def ground_of(result: Result, classes: Mapping[str, str], settings: Settings) -> Ground:
    """Return units and aims of an assessment. A missing leaf is no aim; a unit without a score is left out.

    Args:
        result: the assessment.
        classes: the class of each township and village, by code.
        settings: for the priorities.

    Raises:
        NoClass: a township or village has no class.
    """
    scored = [unit for unit in result.units if unit.score is not None and unit.unit.level in _HELPED]
    units = tuple(
        _unit(unit, classes, priority, result.system.own_share)
        for unit, priority in zip(scored, _priorities(scored, settings), strict=True)
    )
    places = {unit.code: place for place, unit in enumerate(units)}
    weights, leaves = leaf_weights(result), {leaf.code: leaf for leaf in result.system.leaves}
    aims = tuple(
        Aim(place, leaf.leaf_code, leaves[leaf.leaf_code].dimension.value, weight, 1.0 - leaf.score)
        for place, unit in enumerate(scored)
        for leaf in unit.leaves
        if leaf.score is not None
        and 1.0 - leaf.score > NO_ROOM
        and (weight := weights[unit.unit.code].get(leaf.leaf_code, 0.0)) > 0
    )
    return Ground(
        units=units,
        aims=aims,
        places=places,
        aim_places={(aim.unit, aim.leaf): number for number, aim in enumerate(aims)},
        found={(place, leaf.leaf_code): leaf for place, unit in enumerate(scored) for leaf in unit.leaves},
        leaves=leaves,
        below=_below(units),
        weakest={place: found for place, unit in enumerate(scored) if (found := _weakest(unit))},
        silent=tuple(unit.unit.name for unit in result.units if unit.score is None),
    )


_HELPED = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


def _unit(result: UnitResult, classes: Mapping[str, str], priority: float, own_share: float) -> Unit:
    unit = result.unit
    if unit.level != Level.COUNTY and unit.code not in classes:
        raise NoClass(
            "%(unit)s (%(code)s) has no class. Classify the units before the money is allocated",
            unit=unit.name,
            code=unit.code,
        )
    is_county = unit.level == Level.COUNTY
    return Unit(
        code=unit.code,
        name=unit.name,
        township_code=unit.code if is_county else ancestor_at(unit.code, Level.TOWNSHIP),
        level=unit.level.value,
        population=unit.population,
        score=result.score or 0.0,
        is_weak=result.is_weak,
        priority=priority,
        unit_class=classes.get(unit.code, ""),
        below_share=1.0 - own_share if any(score.below is not None for score in result.dimensions) else 0.0,
    )


def _priorities(scored: list[UnitResult], settings: Settings) -> list[float]:
    """Return (1 + κ·(1 − S)) · (people / mean people of the level)^β of each unit.

    Source: docs/methods/measures.md, equation (6).
    """
    people: dict[Level, list[int]] = defaultdict(list)
    for each in scored:
        people[each.unit.level].append(max(each.unit.population, 0))
    means = {level: sum(counts) / len(counts) for level, counts in people.items()}
    return [
        (1.0 + settings.weakness * (1.0 - (each.score or 0.0)))
        * (each.unit.population / means[each.unit.level] if each.unit.population > 0 else 1.0) ** settings.people
        for each in scored
    ]


def _below(units: tuple[Unit, ...]) -> dict[str, tuple[int, ...]]:
    below: dict[str, list[int]] = defaultdict(list)
    for place, unit in enumerate(units):
        if unit.level == Level.VILLAGE:
            below[unit.township_code].append(place)
        if unit.level != Level.COUNTY:
            below[ancestor_at(unit.code, Level.COUNTY)].append(place)
    return {code: tuple(places) for code, places in below.items()}


def _weakest(unit: UnitResult) -> str | None:
    scores = [(score.score, score.dimension.value) for score in unit.dimensions if score.score is not None]
    return min(scores)[1] if scores else None
