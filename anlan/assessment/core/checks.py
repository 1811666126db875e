"""Checks of a survey: each finding is a doubt for a person to confirm or correct; nothing is changed.

Source: docs/methods/checks.md.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

import numpy as np

from anlan.assessment.core.arrays import Bools, Floats
from anlan.assessment.core.entry import COUNTED, EARLIEST
from anlan.assessment.core.reported import reported_value
from anlan.assessment.core.values import (
    Contradiction,
    Kind,
    Leaf,
    Region,
    Relation,
    Survey,
    System,
    Unit,
)
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

JUMP = 0.5  # of the way to the target
FACTOR = 2.0  # and at least so many times more or less
FAR = 3.5  # robust standard deviations
LEAST_UNITS = 8
_MAD_TO_DEVIATION = 0.6745  # of a normal distribution
_MEAN_TO_DEVIATION = 0.7979

TOO_LOW = mark("%(value)s is less than %(least)s, the least that can be")
TOO_HIGH = mark("%(value)s is more than %(most)s, the most that can be")
TOO_LATE = mark("%(value)s is after the closing date %(most)s")
TOO_EARLY = mark("%(value)s is before %(least)s")
MORE_THAN = mark("%(value)s is more than %(other)s allows: %(other_value)s")
WITHOUT = mark("%(value)s is given although %(other)s is none")
COVERAGE = mark("%(value)s is claimed of the units below, but by their own answers to %(other)s it is %(other_value)s")
ROSE = mark("%(value)s after %(previous)s in the last round: an unusual rise")
FELL = mark("%(value)s after %(previous)s in the last round: an unusual fall")
LOST = mark("“yes” in the last round, “no” now")
OLDER = mark("%(value)s is an earlier date than %(previous)s, which the last round told")
UNLIKE = mark("%(value)s is far from the %(count)d like units, whose middle value is %(middle)s")


class DoubtKind(StrEnum):
    """What a check found."""

    RANGE = "range"
    CONTRADICTION = "contradiction"
    JUMP = "jump"
    OUTLIER = "outlier"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One finding about one answer. `values` are leaf codes, or plain numbers and days in the leaf's unit."""

    unit_code: str
    leaf_code: str
    kind: DoubtKind
    message: str
    values: Mapping[str, str | float]


Told = dict[tuple[str, str], float]  # what was reported, by unit and leaf; dates as age in days


def find_flags(survey: Survey, system: System, previous: Survey | None) -> list[Doubt]:
    """Return what the checks doubt, by unit, leaf and kind; at most one of a kind for an answer.

    Args:
        survey: the answers to look at; evidence is not looked at.
        system: ranges, targets and the rules of what cannot both be true.
        previous: the last round's answers under today's division codes, if there was one.

    Source: docs/methods/checks.md.
    """
    leaves = {leaf.code: leaf for leaf in system.leaves}
    told = _told(survey, system)
    found = [
        *_range_doubts(survey, leaves),
        *_contradictions(survey, system, leaves, told),
        *(_jumps(survey, previous, system, leaves, told) if previous else ()),
        *_outliers(survey, system, told),
    ]
    first: dict[tuple[str, str, DoubtKind], Doubt] = {}
    for doubt in found:
        first.setdefault((doubt.unit_code, doubt.leaf_code, doubt.kind), doubt)
    order = list(DoubtKind)
    return sorted(first.values(), key=lambda doubt: (doubt.unit_code, doubt.leaf_code, order.index(doubt.kind)))


def _told(survey: Survey, system: System) -> Told:
    told: Told = {}
    for unit in survey.units:
        for leaf in system.at_level(unit.level):
            value = reported_value(leaf, survey.answers.get((unit.code, leaf.code)), survey.closes_on)
            if value is not None and isfinite(value):
                told[unit.code, leaf.code] = value
    return told


def _shown(leaf: Leaf, value: float) -> str:
    """Return a value as a person reads it: shares in percent, the rest as plain numbers."""
    return f"{value * 100:.6g}%" if leaf.kind is Kind.RATIO else _plain(value)


def _plain(value: float) -> str:
    return f"{value:.10g}"


# --- range -----------------------------------------------------------------------------------------------------------
def _range_doubts(survey: Survey, leaves: Mapping[str, Leaf]) -> Iterator[Doubt]:
    levels = {unit.code: unit.level for unit in survey.units}
    for (unit, code), answer in survey.answers.items():
        leaf = leaves.get(code)
        if leaf is None or levels.get(unit) != leaf.level:
            continue
        if answer.day is not None:
            if answer.day > survey.closes_on:
                values = {"value": answer.day.isoformat(), "most": survey.closes_on.isoformat()}
                yield Doubt(unit, code, DoubtKind.RANGE, TOO_LATE, values)
            elif answer.day < EARLIEST:
                values = {"value": answer.day.isoformat(), "least": EARLIEST.isoformat()}
                yield Doubt(unit, code, DoubtKind.RANGE, TOO_EARLY, values)
        elif answer.value is not None:
            yield from _number_range(unit, leaf, answer.value)


def _number_range(unit: str, leaf: Leaf, value: float) -> Iterator[Doubt]:
    most = 1.0 if leaf.maximum is None and leaf.kind in {Kind.RATIO, Kind.BOOLEAN} else leaf.maximum
    if leaf.minimum is not None and value < leaf.minimum:
        values = {"value": _shown(leaf, value), "least": _shown(leaf, leaf.minimum)}
        yield Doubt(unit, leaf.code, DoubtKind.RANGE, TOO_LOW, values)
    if most is not None and value > most:
        values = {"value": _shown(leaf, value), "most": _shown(leaf, most)}
        yield Doubt(unit, leaf.code, DoubtKind.RANGE, TOO_HIGH, values)


# --- contradiction ---------------------------------------------------------------------------------------------------
def _contradictions(survey: Survey, system: System, leaves: Mapping[str, Leaf], told: Told) -> Iterator[Doubt]:
    below: dict[str, list[str]] = defaultdict(list)
    for unit in survey.units:
        if unit.parent_code:
            below[unit.parent_code].append(unit.code)
    for rule in system.contradictions:
        for unit in survey.units:
            value = told.get((unit.code, rule.leaf))
            if value is None:
                continue
            other = RELATED[rule.relation](rule, unit, told, below[unit.code])
            if other is not None and BROKEN[rule.relation](rule, value, other):
                yield _contradiction(rule, unit, leaves, (value, other))


def _other_of(rule: Contradiction, unit: Unit, told: Told, below: Sequence[str]) -> float | None:
    """Return the other leaf's value of the same unit, or the unit's people or households; None where unknown."""
    if rule.other in {"population", "households"}:
        people = unit.population if rule.other == "population" else unit.households
        return float(people) if people > 0 else None
    return told.get((unit.code, rule.other))


def _share_below(rule: Contradiction, unit: Unit, told: Told, below: Sequence[str]) -> float | None:
    """Return the share of the units below that answer above 0, None where fewer than half have answered."""
    answers = [told[code, rule.other] for code in below if (code, rule.other) in told]
    if not answers or 2 * len(answers) < len(below):
        return None
    return sum(answer > 0 for answer in answers) / len(answers)


RELATED: Mapping[Relation, Callable[[Contradiction, Unit, Told, Sequence[str]], float | None]] = {
    Relation.AT_MOST: _other_of,
    Relation.NEEDS: _other_of,
    Relation.COVERS: _share_below,
}
BROKEN: Mapping[Relation, Callable[[Contradiction, float, float], bool]] = {
    Relation.AT_MOST: lambda rule, value, other: value > rule.factor * other + 1e-9,
    Relation.NEEDS: lambda rule, value, other: value > 0 and other <= 0,
    Relation.COVERS: lambda rule, value, other: value > other + rule.factor + 1e-9,
}
CONTRADICTED = {Relation.AT_MOST: MORE_THAN, Relation.NEEDS: WITHOUT, Relation.COVERS: COVERAGE}


def _contradiction(rule: Contradiction, unit: Unit, leaves: Mapping[str, Leaf], numbers: tuple[float, float]) -> Doubt:
    value, other = numbers
    shown = f"{other * 100:.6g}%" if rule.relation is Relation.COVERS else _plain(other)
    if rule.relation is Relation.AT_MOST and rule.other in leaves:
        shown = _shown(leaves[rule.other], other)
    values = {"value": _shown(leaves[rule.leaf], value), "other": rule.other, "other_value": shown}
    return Doubt(unit.code, rule.leaf, DoubtKind.CONTRADICTION, CONTRADICTED[rule.relation], values)


# --- jump ------------------------------------------------------------------------------------------------------------
def _jumps(survey: Survey, previous: Survey, system: System, leaves: Mapping[str, Leaf], told: Told) -> Iterator[Doubt]:
    before = _told(previous, system)
    for (unit, code), value in told.items():
        if (unit, code) not in before:
            continue
        leaf, earlier = leaves[code], before[unit, code]
        if leaf.kind is Kind.DATE:
            yield from _date_jump(survey, previous, (unit, code))
        elif leaf.kind is Kind.BOOLEAN:
            if earlier >= 0.5 > value:
                yield Doubt(unit, code, DoubtKind.JUMP, LOST, {})
        elif is_jump(leaf, earlier, value):
            values = {"value": _shown(leaf, value), "previous": _shown(leaf, earlier)}
            yield Doubt(unit, code, DoubtKind.JUMP, ROSE if value > earlier else FELL, values)


def is_jump(leaf: Leaf, earlier: float, value: float) -> bool:
    """Tell whether a number moved by half of its target or more, and at least doubled or halved.

    One person, set or time more or less is never a jump.

    Source: docs/methods/checks.md, equation (1).
    """
    low, high = sorted((abs(earlier), abs(value)))
    return abs(value - earlier) >= _notable(leaf) - 1e-9 and high >= FACTOR * low


def _notable(leaf: Leaf) -> float:
    """Return the least difference worth asking about, in the leaf's unit."""
    return max(JUMP * leaf.target, 2.0 if leaf.unit in COUNTED else 0.0)


def _date_jump(survey: Survey, previous: Survey, key: tuple[str, str]) -> Iterator[Doubt]:
    """What was done on a day is not undone: the last such day never moves back."""
    now, then = survey.answers[key].day, previous.answers[key].day
    if now is not None and then is not None and now < then:
        values: dict[str, str | float] = {"value": now.isoformat(), "previous": then.isoformat()}
        yield Doubt(*key, DoubtKind.JUMP, OLDER, values)


# --- outlier ---------------------------------------------------------------------------------------------------------
def _outliers(survey: Survey, system: System, told: Told) -> Iterator[Doubt]:
    groups: dict[tuple[Level, Region | None], list[str]] = defaultdict(list)
    for unit in survey.units:
        groups[unit.level, unit.region].append(unit.code)
    for (level, _), codes in groups.items():
        for leaf in system.at_level(level):
            answered = [code for code in codes if (code, leaf.code) in told]
            if leaf.kind is Kind.BOOLEAN or len(answered) < LEAST_UNITS:
                continue
            numbers = np.array([told[code, leaf.code] for code in answered])
            for place in np.flatnonzero(are_outliers(numbers, leaf)):
                values: dict[str, str | float] = {
                    "value": _shown(leaf, float(numbers[place])),
                    "count": len(answered),
                    "middle": _shown(leaf, float(np.median(numbers))),
                }
                yield Doubt(answered[int(place)], leaf.code, DoubtKind.OUTLIER, UNLIKE, values)


def are_outliers(values: Floats, leaf: Leaf) -> Bools:
    """Tell which values (N,) stand apart: robust z above 3.5, and half a target away from the middle.

    The deviation is the median's (MAD); where more than half of the values are equal, the mean's. A young age of a
    plan or map is never doubted.

    Source: docs/methods/checks.md, equations (2)–(3); B. Iglewicz and D. Hoaglin 1993.
    """
    apart = values - np.median(values)
    distances = np.abs(apart)
    deviation = float(np.median(distances)) / _MAD_TO_DEVIATION or float(distances.mean()) / _MEAN_TO_DEVIATION
    if deviation <= 0:
        return np.zeros(len(values), dtype=bool)
    found: Bools = (distances / deviation > FAR) & (distances >= _notable(leaf))
    return found & (apart > 0) if leaf.kind is Kind.DATE else found
