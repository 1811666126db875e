"""Who helps whom: pairs of strong and weak units, solved to the optimum, with their reasons.

First every unit that can have a helper has one; then as many wishes for more helpers as can be are met; among the
choices that do this the sum of the values is the largest. No helper has more pairs than its capacity, nor fewer than
the least that it owes; pairs in conflict are none.

Source: docs/methods/pairing.md; the model stands in `matching_network`, the values in `matching_values`.
"""

from dataclasses import dataclass, field

import numpy as np

from anlan.allocation.core.matching_network import Flow, Network, best_flow
from anlan.allocation.core.matching_reasons import Choice, reasons_of, why_alone
from anlan.allocation.core.matching_values import Bools, Floats, Integers, PairValues, PairWeights, Party, pair_values
from anlan.assessment.core.values import Note
from anlan.kernel.refusal import Refusal, mark

__all__ = [
    "Matched",
    "Pair",
    "PairValues",
    "PairWeights",
    "PairingCase",
    "Party",
    "Unmatched",
    "match",
    "pair_values",
]


class NobodyHelps(Refusal):
    """There is nobody who could help."""


class OwesTooMuch(Refusal):
    """A helper cannot have as many pairs as it owes."""


@dataclass(frozen=True, slots=True)
class PairingCase:
    """H helpers and W helped, what each pair is worth, which pairs may be, and how many.

    values: (H, W) in any unit; allowed: (H, W). capacity: (H,) most pairs of a helper (its own `capacity` if not
    given), least: (H,) fewest (0). wanted: (W,) helpers that each unit wants (1). Where pairs weigh differently, load:
    (H, W) is what each takes of the helper's room: (H,), in days or persons. told: what the values were made of.
    """

    helpers: tuple[Party, ...]
    helped: tuple[Party, ...]
    values: Floats
    allowed: Bools
    capacity: Integers | None = None
    least: Integers | None = None
    wanted: Integers | None = None
    load: Floats | None = None
    room: Floats | None = None
    told: PairValues | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Helper and helped by their places in the case; `next_best` is the most valuable other helper of the helped."""

    helper: int
    helped: int
    value: float
    reasons: tuple[Note, ...]
    next_best: int | None


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A unit that has fewer helpers than it wants: how many are missing, and why."""

    helped: int
    missing: int
    reason: Note


@dataclass(frozen=True, slots=True)
class Matched:
    """The pairs by helped, who is left, and the proof: no other choice that helps as many is worth more than `bound`.

    gap = (bound − objective) / |objective|.
    """

    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]
    objective: float
    bound: float
    gap: float = field(default=0.0)


def match(case: PairingCase, *, gap: float = 0.0) -> Matched:
    """Return the best pairs.

    Args:
        case: who may help whom, and what that is worth.
        gap: (bound − objective) / objective at which the search may stop; 0 is the optimum.

    Raises:
        NobodyHelps: there is no helper, or none has room.
        OwesTooMuch: a helper cannot have as many pairs as it owes.
        Refusal: a value of an allowed pair is no number; a number of pairs is negative; a unit stands twice on a side.
        ValueError: the shapes do not fit.

    Source: docs/methods/pairing.md, equations (5) to (10).
    """
    if not case.helped:
        return Matched((), (), 0.0, 0.0)
    network = _network(case)
    _check(case, network)
    flow = best_flow(network, gap=gap)
    _check_least(case, network, flow)
    objective = float(network.values[flow.helper, flow.helped].sum())
    bound = max(objective, flow.bound)
    apart = bound - objective
    return Matched(
        pairs=_pairs(case, network, flow),
        unmatched=_unmatched(case, network, flow),
        objective=objective,
        bound=bound,
        gap=apart / abs(objective) if apart > 1e-7 * max(1.0, abs(objective)) else 0.0,
    )


def _network(case: PairingCase) -> Network:
    helpers, helped = len(case.helpers), len(case.helped)
    if case.values.shape != (helpers, helped) or case.allowed.shape != (helpers, helped):
        raise ValueError(f"values {case.values.shape}, allowed {case.allowed.shape}, expected {(helpers, helped)}")
    own = np.array([party.capacity for party in case.helpers], dtype=np.int64)
    capacity = own if case.capacity is None else case.capacity
    places = {party.code: place for place, party in enumerate(case.helpers)}
    allowed = case.allowed & (capacity > 0)[:, None]
    for column, party in enumerate(case.helped):
        if party.code in places:  # nobody helps itself
            allowed[places[party.code], column] = False
    return Network(
        values=np.where(allowed, case.values, 0.0),
        allowed=allowed,
        capacity=capacity,
        least=np.zeros(helpers, dtype=np.int64) if case.least is None else case.least,
        wanted=np.ones(helped, dtype=np.int64) if case.wanted is None else case.wanted,
        load=case.load,
        room=case.room,
    )


def _check(case: PairingCase, network: Network) -> None:
    if not len(case.helpers) or not (network.capacity > 0).any():
        raise NobodyHelps(mark("nobody can help: there is no unit with room for a pair"))
    wrong = np.argwhere(~np.isfinite(network.values))
    if len(wrong):
        row, column = wrong[0].tolist()
        raise Refusal(
            mark("what it is worth that %(helper)s helps %(helped)s is no number"),
            helper=case.helpers[row].name,
            helped=case.helped[column].name,
        )
    for numbers in (network.capacity, network.least, network.wanted):
        if (numbers < 0).any():
            raise Refusal(mark("a number of pairs is %(found)d, expected none below 0"), found=int(numbers.min()))
    for side in (case.helpers, case.helped):
        codes = [party.code for party in side]
        if len(set(codes)) < len(codes):
            raise Refusal(mark("a unit stands twice on one side"))
    _check_loads(network)
    _refuse_owing(case, network.least, np.minimum(network.capacity, network.allowed.sum(axis=1)))


def _check_loads(network: Network) -> None:
    if (network.load is None) != (network.room is None):
        raise ValueError("loads and room come together")
    if network.load is None or network.room is None:
        return
    if network.load.shape != network.shape or network.room.shape != network.shape[:1]:
        raise ValueError(f"loads {network.load.shape}, room {network.room.shape}, expected {network.shape} and H")
    if not (network.load[network.allowed] >= 0).all() or not (network.room >= 0).all():
        raise Refusal(mark("what a pair takes of a helper and what a helper has is never negative"))


def _refuse_owing(case: PairingCase, least: Integers, most: Integers) -> None:
    short = np.flatnonzero(least > most)
    if len(short):
        raise OwesTooMuch(
            mark("%(helper)s owes %(least)d pairs and can have %(most)d"),
            helper=case.helpers[int(short[0])].name,
            least=int(least[short[0]]),
            most=int(most[short[0]]),
        )


def _check_least(case: PairingCase, network: Network, flow: Flow) -> None:
    _refuse_owing(case, network.least, np.bincount(flow.helper, minlength=network.shape[0]))


def _pairs(case: PairingCase, network: Network, flow: Flow) -> tuple[Pair, ...]:
    others = np.where(network.allowed, network.values, -np.inf)
    others[flow.helper, flow.helped] = -np.inf
    following = others.argmax(axis=0)
    has_other = np.isfinite(others.max(axis=0))
    pairs = []
    for helper, helped in zip(flow.helper.tolist(), flow.helped.tolist(), strict=True):
        other = int(following[helped]) if has_other[helped] else None
        choice = Choice(
            helper=case.helpers[helper],
            helped=case.helped[helped],
            value=float(network.values[helper, helped]),
            other=None if other is None else case.helpers[other],
            other_value=0.0 if other is None else float(network.values[other, helped]),
            loss=None if other is None else float(flow.lacks[other, helped]),
            alone=flow.alone,
        )
        told = reasons_of(choice, case.told, (helper, helped))
        pairs.append(Pair(helper, helped, choice.value, tuple(told), other))
    return tuple(pairs)


def _unmatched(case: PairingCase, network: Network, flow: Flow) -> tuple[Unmatched, ...]:
    missing = network.wanted - np.bincount(flow.helped, minlength=network.shape[1])
    found = []
    for helped in np.flatnonzero(missing > 0).tolist():
        able = int(network.allowed[:, helped].sum())
        has = int(network.wanted[helped] - missing[helped])
        found.append(Unmatched(helped, int(missing[helped]), why_alone(able, has, len(case.helpers))))
    return tuple(found)
