"""A round of pairing as the matcher solves it, and its answer: which pairs and why, who is left and why.

What a pair is worth and the model stand in `matching`. A pin is no wish to the matcher: the pair is taken out
beforehand, with its helper's place and its unit's want.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anlan.allocation.core.matching import Matched, PairingCase, PairValues, PairWeights, Party, match, pair_values
from anlan.allocation.core.matching_reasons import AHEAD, APART, NO_WAY_KNOWN
from anlan.allocation.core.matching_values import Bools, Floats
from anlan.allocation.core.pairing import Candidate, History
from anlan.allocation.core.pairing_bars import Asked, Bar, bars_of, check_pins, why_alone
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Note
from anlan.kernel.refusal import mark

PINNED = mark("pinned by hand: %(reason)s")
PAST = {History.KEEP: 1.0, History.ROTATE: -1.0, History.IGNORE: 0.0}
Place = tuple[int, int]  # of the helper and of the unit that is helped


@dataclass(frozen=True, slots=True)
class FoundPair:
    """A pair of the answer: places on both sides, its value and what that is made of, and why."""

    helper: int
    helped: int
    value: float
    parts: Mapping[str, float]
    reasons: tuple[Note, ...]
    next_best: int | None
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The pairs, who stays alone and why, and the proof: no choice that helps as many is worth more than `bound`."""

    pairs: tuple[FoundPair, ...]
    alone: Mapping[int, Note]
    objective: float
    bound: float
    gap: float


def find_pairs(asked: Asked, *, gap: float = 0.0) -> Answer:
    """Return the best pairs that the rules and bonds let in, the pinned ones among them.

    Raises:
        BadPin: a pinned pair cannot be.
        Refusal: the matcher refuses (`matching`).
    """
    pins, bars = check_pins(asked), bars_of(asked)
    told = _told(asked)
    matched = _matched(asked, told, pins, _free(bars, pins), gap)
    pairs = [_pinned(asked, told, place) for place in pins]
    pairs += [
        FoundPair(
            each.helper,
            each.helped,
            each.value,
            _parts(told, (each.helper, each.helped)),
            each.reasons,
            each.next_best,
            is_pinned=False,
        )
        for each in matched.pairs
    ]
    by_hand = sum(pair.value for pair in pairs if pair.is_pinned)
    has = {pair.helped for pair in pairs}
    return Answer(
        tuple(sorted(pairs, key=lambda pair: (pair.helped, pair.helper))),
        {column: why_alone(asked, bars, column) for column in range(len(asked.sides.helped)) if column not in has},
        matched.objective + by_hand,
        matched.bound + by_hand,
        matched.gap,
    )


def _told(asked: Asked) -> PairValues:
    """Return what each pair is worth by the round's rules."""
    rules, sides = asked.rules, asked.sides
    proven = np.array(
        [[(one.code, other.code) in asked.bonds.proven for other in sides.helped] for one in sides.helpers]
    )
    weights = PairWeights(
        distance=rules.distance_weight, history=rules.history_weight, takes_unknown=rules.takes_unknown
    )
    helpers, helped = _parties(sides.helpers), _parties(sides.helped)
    return pair_values(helpers, helped, asked.distance_km, proven * PAST[History(rules.history)], weights)


def _parties(side: Sequence[Candidate]) -> tuple[Party, ...]:
    return tuple(Party(unit.code, unit.name, unit.dimensions) for unit in side)


def _free(bars: Sequence[Sequence[Bar]], pins: Sequence[Place]) -> Bools:
    """Return (H, W) which pairs the matcher may make: none that is barred or pinned already."""
    free: Bools = np.array([[bar is Bar.NONE for bar in row] for row in bars], dtype=np.bool_)
    for place in pins:
        free[place] = False
    return free


def _matched(asked: Asked, told: PairValues, pins: Sequence[Place], free: Bools, gap: float) -> Matched:
    """Return the matcher's pairs beside the pinned ones."""
    capacity = np.array([asked.places_of(unit) for unit in asked.sides.helpers], dtype=np.int64)
    wanted = np.array([asked.wants_of(unit) for unit in asked.sides.helped], dtype=np.int64)
    for row, column in pins:
        capacity[row] -= 1
        wanted[column] -= 1
    allowed = free & told.allowed & (wanted > 0)[None, :] & (capacity > 0)[:, None]
    if not allowed.any():
        return Matched((), (), 0.0, 0.0)
    case = PairingCase(
        helpers=_parties(asked.sides.helpers),
        helped=_parties(asked.sides.helped),
        values=told.values,
        allowed=allowed,
        capacity=capacity,
        wanted=wanted,
        told=told,
    )
    return match(case, gap=gap)


def _parts(told: PairValues, place: Place) -> dict[str, float]:
    return {name: float(part[place]) for name, part in told.parts.items()}


def _pinned(asked: Asked, told: PairValues, place: Place) -> FoundPair:
    """Return a pair that a hand made, with the hand's reason first."""
    helper, helped = asked.sides.helpers[place[0]], asked.sides.helped[place[1]]
    reason = asked.bonds.pins[helper.code, helped.code]
    km = float(asked.distance_km[place])
    notes = [Note(PINNED, {"reason": reason}), *_ahead(helper, helped)]
    notes.append(Note(NO_WAY_KNOWN, {}) if np.isinf(km) else Note(APART, {"km": km}))
    return FoundPair(*place, float(told.values[place]), _parts(told, place), tuple(notes), None, is_pinned=True)


def _ahead(helper: Candidate, helped: Candidate) -> list[Note]:
    """Return where the helper is furthest ahead, nothing where it is nowhere."""
    both = zip(Dimension, helper.dimensions, helped.dimensions, strict=True)
    leads = [(one - other, key, one, other) for key, one, other in both if one is not None and other is not None]
    lead, key, strong, weak = max(leads, default=(0.0, Dimension.ORG, 0.0, 0.0))
    values: dict[str, str | float] = {"dimension": DIMENSION_NAMES[key], "strong": 100 * strong, "weak": 100 * weak}
    return [Note(AHEAD, values)] if lead > 0 else []


def kilometres(distance_km: Floats, place: Place) -> float | None:
    """Return how far the two are from each other, None where no way is known."""
    km = float(distance_km[place])
    return None if np.isinf(km) else round(km, 3)
