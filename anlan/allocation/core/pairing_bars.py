"""Which units a round of pairing may put together and which never, and why one is left alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from anlan.allocation.core.pairing import Candidate, PairCodes, PairingRules, Sides
from anlan.assessment.core.values import Note
from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.metres import Floats


class BadPin(Refusal):
    """A pinned pair cannot be."""


class Bar(IntEnum):
    """Why two units are not put together; the first that holds is told."""

    NONE = 0
    HAND = 1
    CONFLICT = 2
    LIVE = 3
    BROKEN = 4
    UNKNOWN = 5
    FAR = 6


BAR_NAMES: Mapping[Bar, str] = {
    Bar.HAND: mark("barred by hand: %(count)d"),
    Bar.CONFLICT: mark("in conflict: %(count)d"),
    Bar.LIVE: mark("already paired: %(count)d"),
    Bar.BROKEN: mark("declined or broken off before: %(count)d"),
    Bar.UNKNOWN: mark("no road known: %(count)d"),
    Bar.FAR: mark("too far: %(count)d"),
}
NO_ROAD = mark("No road is known to this unit. Choose straight lines, allow unknown distances, or pin a pair by hand.")
TOO_FAR = mark("No helper is within %(km)s km")
ALL_BARRED = mark("Every helper is barred for this unit")
ALL_FULL = mark("Every helper that may help it is full, and others gain more by them")
HAS_HELPERS = mark("It has its helpers already")


@dataclass(frozen=True, slots=True)
class Bonds:
    """What binds units besides their scores: agreements, conflicts, and what a hand pinned or barred."""

    live: tuple[PairCodes, ...] = ()
    proven: frozenset[PairCodes] = frozenset()
    broken: frozenset[PairCodes] = frozenset()
    conflicts: frozenset[frozenset[str]] = frozenset()
    pins: Mapping[PairCodes, str] = field(default_factory=dict)  # with its reason
    bars: frozenset[PairCodes] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A round put to the matcher: sides, distances (H, W) in km (infinite: unknown), bonds and rules."""

    sides: Sides
    distance_km: Floats
    bonds: Bonds
    rules: PairingRules
    loads: Counter[str] = field(init=False)
    held: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "loads", Counter(helper for helper, _helped in self.bonds.live))
        object.__setattr__(self, "held", Counter(helped for _helper, helped in self.bonds.live))

    def places_of(self, helper: Candidate) -> int:
        """Return how many more units the helper may take."""
        return max(0, self.rules.most_helped - self.loads[helper.code])

    def wants_of(self, helped: Candidate) -> int:
        """Return how many more helpers the unit wants."""
        return max(0, self.rules.wanted - self.held[helped.code])


def bar_of(asked: Asked, helper: Candidate, helped: Candidate, km: float) -> Bar:
    """Return why the two are not put together, `Bar.NONE` if they may be."""
    pair, bonds, rules = (helper.code, helped.code), asked.bonds, asked.rules
    holds = {
        Bar.HAND: pair in bonds.bars,
        Bar.CONFLICT: frozenset(pair) in bonds.conflicts,
        Bar.LIVE: pair in bonds.live,
        Bar.BROKEN: pair in bonds.broken,
        Bar.UNKNOWN: np.isinf(km) and not rules.takes_unknown,
        Bar.FAR: not np.isinf(km) and rules.most_km is not None and km > rules.most_km,
    }
    return next((bar for bar, is_so in holds.items() if is_so), Bar.NONE)


def bars_of(asked: Asked) -> list[list[Bar]]:
    """Return (H, W) why each pair may not be."""
    sides = asked.sides
    return [
        [
            bar_of(asked, helper, helped, float(asked.distance_km[row, column]))
            for column, helped in enumerate(sides.helped)
        ]
        for row, helper in enumerate(sides.helpers)
    ]


def check_pins(asked: Asked) -> list[tuple[int, int]]:
    """Return the pinned pairs by their places on both sides.

    Raises:
        BadPin: a unit is not on the side that the pin says, a helper has no place left or a unit wants no more,
            or the two are in conflict or paired already.
    """
    rows = {unit.code: number for number, unit in enumerate(asked.sides.helpers)}
    columns = {unit.code: number for number, unit in enumerate(asked.sides.helped)}
    pins = []
    for helper, helped in sorted(asked.bonds.pins):
        if helper not in rows or helped not in columns:
            raise BadPin("A pinned pair is none of this round any more; take the pin away", helper=helper)
        pins.append((rows[helper], columns[helped]))
    for row, column in pins:
        _check_pin(asked, asked.sides.helpers[row], asked.sides.helped[column])
    _check_room(asked, pins)
    return pins


def _check_pin(asked: Asked, helper: Candidate, helped: Candidate) -> None:
    pair = (helper.code, helped.code)
    names = {"helper": helper.name, "helped": helped.name}
    if frozenset(pair) in asked.bonds.conflicts:
        raise BadPin("%(helper)s and %(helped)s are noted as being in conflict", **names)
    if pair in asked.bonds.live:
        raise BadPin("%(helper)s and %(helped)s are paired already", **names)


def _check_room(asked: Asked, pins: Sequence[tuple[int, int]]) -> None:
    for row, count in Counter(row for row, _column in pins).items():
        helper = asked.sides.helpers[row]
        if count > asked.places_of(helper):
            raise BadPin(
                "%(helper)s can take %(most)d more, and %(count)d are pinned to it",
                helper=helper.name,
                most=asked.places_of(helper),
                count=count,
            )
    for column, count in Counter(column for _row, column in pins).items():
        helped = asked.sides.helped[column]
        if count > asked.wants_of(helped):
            raise BadPin(
                "%(helped)s wants %(most)d more helpers, and %(count)d are pinned to it",
                helped=helped.name,
                most=asked.wants_of(helped),
                count=count,
            )


def why_alone(asked: Asked, bars: Sequence[Sequence[Bar]], column: int) -> Note:
    """Return why a unit is left without a helper."""
    if not asked.wants_of(asked.sides.helped[column]):
        return Note(HAS_HELPERS, {})
    found = Counter(row[column] for row in bars)
    if found[Bar.NONE]:
        return Note(ALL_FULL, {})
    if set(found) == {Bar.UNKNOWN}:
        return Note(NO_ROAD, {})
    if set(found) == {Bar.FAR}:
        return Note(TOO_FAR, {"km": f"{asked.rules.most_km:g}"})
    return Note(ALL_BARRED, {bar.name.lower(): count for bar, count in sorted(found.items())})
