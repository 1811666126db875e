"""What the county's units answer: strong where they are rich and near, weak where they are poor and far.

Each unit has an ability in each dimension that follows from its wealth, its distance from the county
seat, its dangers and a whim of its township; an answer is that ability, told in the leaf's own kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from anlan.assessment.core.entry import COUNTED, Entered
from anlan.assessment.core.values import Dimension, Direction, Kind, Leaf, Profile, System
from anlan.demo.core.values import County, DivisionFact
from anlan.kernel.codes import Level, ancestor_at

Key = tuple[str, str]  # unit code, leaf code

# How far wealth lifts a dimension, distance lowers it, and what it starts from.
_START = {
    Dimension.ORG: 0.66,
    Dimension.CAPABILITY: 0.50,
    Dimension.MATERIALS: 0.40,
    Dimension.PROCESS: 0.58,
    Dimension.DIGITAL: 0.38,
}
_WEALTH = {
    Dimension.ORG: 0.30,
    Dimension.CAPABILITY: 0.35,
    Dimension.MATERIALS: 0.55,
    Dimension.PROCESS: 0.28,
    Dimension.DIGITAL: 0.55,
}
_DISTANCE = {
    Dimension.ORG: 0.08,
    Dimension.CAPABILITY: 0.12,
    Dimension.MATERIALS: 0.16,
    Dimension.PROCESS: 0.10,
    Dimension.DIGITAL: 0.24,
}
# Whoever lives under a danger practises for it, and mountains shadow the signal.
_DANGER = {
    (Profile.MOUNTAIN, Dimension.CAPABILITY): 0.07,
    (Profile.RIVER, Dimension.CAPABILITY): 0.04,
    (Profile.MOUNTAIN, Dimension.DIGITAL): -0.05,
    (Profile.REMOTE, Dimension.MATERIALS): -0.06,
    (Profile.INDUSTRIAL, Dimension.PROCESS): 0.05,
}
_TOWNSHIP_WHIM, _UNIT_WHIM, _LEAF_WHIM = 0.07, 0.05, 0.13
_FORGOTTEN = 0.006  # share of answers that nobody gave


@dataclass(frozen=True, slots=True)
class Abilities:
    """How able each unit is in each dimension, in [0, 1]."""

    of: Mapping[tuple[str, Dimension], float]

    def later(self, county: County, rng: np.random.Generator) -> "Abilities":
        """Return the abilities a year on: a little better everywhere, much better where support went."""
        weakest = sorted(county.at_level(Level.TOWNSHIP), key=lambda town: self._mean(town.code))[1:4]
        supported = {town.code for town in weakest}
        moved = {}
        for (code, dimension), ability in self.of.items():
            gain = rng.normal(0.015, 0.02)
            if ancestor_at(code, Level.TOWNSHIP) in supported and dimension is not Dimension.ORG:
                gain += abs(rng.normal(0.09, 0.03))
            moved[code, dimension] = float(np.clip(ability + gain, 0.05, 1.0))
        return Abilities(moved)

    def _mean(self, code: str) -> float:
        return float(np.mean([self.of[code, dimension] for dimension in Dimension]))


def make_abilities(county: County, rng: np.random.Generator) -> Abilities:
    """Return every unit's ability in every dimension."""
    farthest = max(division.minutes for division in county.divisions) or 1.0
    towns = [division.code for division in county.divisions if division.level is not Level.VILLAGE]
    whims = {(code, dimension): rng.normal(0, _TOWNSHIP_WHIM) for code in towns for dimension in Dimension}
    return Abilities(
        {
            (unit.code, dimension): _ability(unit, dimension, unit.minutes / farthest)
            + float(whims[ancestor_at(unit.code, Level.TOWNSHIP), dimension])
            + float(rng.normal(0, _UNIT_WHIM))
            for unit in county.divisions
            for dimension in Dimension
        }
    )


def _ability(unit: DivisionFact, dimension: Dimension, distance: float) -> float:
    practised = sum(_DANGER.get((profile, dimension), 0.0) for profile in unit.profiles)
    return _START[dimension] + _WEALTH[dimension] * unit.wealth - _DISTANCE[dimension] * distance + practised


def make_answers(
    county: County, system: System, abilities: Abilities, *, closes_on: date, rng: np.random.Generator
) -> dict[Key, Entered]:
    """Return what every unit answers by the closing date; a few leaves are forgotten here and there."""
    answers: dict[Key, Entered] = {}
    for unit in county.divisions:
        for leaf in system.at_level(unit.level):
            reached = float(np.clip(abilities.of[unit.code, leaf.dimension] + rng.normal(0, _LEAF_WHIM), 0.0, 1.05))
            forgotten = rng.random() < _FORGOTTEN
            entered = _told(leaf, reached, closes_on, rng)
            if not forgotten:
                answers[unit.code, leaf.code] = entered
    return answers


def _told(leaf: Leaf, reached: float, closes_on: date, rng: np.random.Generator) -> Entered:
    """Return the answer of a unit that reaches so much of the leaf."""
    if leaf.kind is Kind.BOOLEAN:
        return Entered(value=float(reached > rng.uniform(0.15, 0.6)))
    if leaf.direction is Direction.NEGATIVE or leaf.kind is Kind.DATE:
        over = leaf.target * (2.0 - min(reached, 1.0)) if reached < 0.92 else leaf.target * rng.uniform(0.4, 1.0)
        return _lateness(leaf, over, closes_on)
    if leaf.kind is Kind.RATIO:
        return Entered(value=round(min(reached * max(leaf.target, 0.9), 1.0), 2))
    return Entered(value=_amount(leaf, reached * leaf.target))


def _lateness(leaf: Leaf, amount: float, closes_on: date) -> Entered:
    if leaf.kind is Kind.DATE:
        return Entered(day=closes_on - timedelta(days=int(amount)))
    return Entered(value=float(round(amount)))


def _amount(leaf: Leaf, amount: float) -> float:
    if leaf.unit in COUNTED:
        return float(round(amount))
    return float(round(amount)) if leaf.target >= 10 else round(amount, 1)


def left_out(answers: Mapping[Key, Entered], keys: Iterable[Key]) -> dict[Key, Entered]:
    """Return the answers without some."""
    gone = set(keys)
    return {key: entered for key, entered in answers.items() if key not in gone}
