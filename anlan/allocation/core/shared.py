"""Whom a shared measure reaches: the units below that ask its leaves, near enough.

Source: docs/methods/measures.md, section 3.
"""

from dataclasses import dataclass

from anlan.allocation.core.aims import Distance, Ground
from anlan.allocation.core.measures import Measure


@dataclass(frozen=True, slots=True)
class Reach:
    """Places of the units that a measure may serve, and the names of those of which that could not be told."""

    units: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()


def reach_of(measure: Measure, unit: int, ground: Ground, distance_km: Distance) -> Reach:
    """Return whom the measure at the unit may serve; whose distance is unknown is not planned to be served."""
    if measure.serves is None:
        return Reach()
    levels = {ground.leaves[leaf].level for leaf in measure.serves.effects if leaf in ground.leaves}
    below = [place for place in ground.below.get(ground.units[unit].code, ()) if ground.units[place].level in levels]
    within_km = measure.serves.within_km
    if within_km is None:
        return Reach(tuple(below))
    found = {place: distance_km(ground.units[unit].code, ground.units[place].code) for place in below}
    return Reach(
        units=tuple(place for place, km in found.items() if km is not None and km <= within_km),
        unknown=tuple(ground.units[place].name for place, km in found.items() if km is None),
    )
