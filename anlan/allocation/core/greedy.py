"""The peer: money by benefit–cost ratio, as a careful office does it by hand, with every rule that can be kept so.

First what is pinned or required, then what the floors ask for, then whatever brings most for its money.

Source: docs/methods/allocation.md, section 8.
"""

from collections.abc import Callable, Iterable
from math import inf

from anlan.allocation.core.kept import SMALL_GAIN
from anlan.allocation.core.ledger import Ledger, Offer
from anlan.allocation.core.problem import Floor, Problem, Solved
from anlan.allocation.core.value import value_plan

NAME = "greedy"


def greedy(problem: Problem) -> Solved:
    """Return the plan of the peer. It knows no bound: its gap is 1."""
    ledger = Ledger(problem)
    _given(ledger)
    for floor in sorted(problem.floors, key=lambda floor: floor.kind != "unit_gain"):
        _towards(ledger, floor)
    _best_first(ledger, range(len(problem.options)), lambda: True)
    return value_plan(problem, ledger.purchases(), ledger.served, bound=inf, solver=NAME)


def _given(ledger: Ledger) -> None:
    """Buy what is pinned or required, with what it needs, in the first year that pays for it."""
    wanted = dict(ledger.problem.pinned)
    wanted |= {o: option.least for o, option in enumerate(ledger.problem.options) if option.is_required}
    for place, pieces in sorted(wanted.items()):
        for year in ledger.years:
            offer = ledger.offer(place, year, pieces=pieces) if pieces and not ledger.pieces[place] else None
            if offer is not None and _take(ledger, offer):
                break


def _towards(ledger: Ledger, floor: Floor) -> None:
    """Buy towards a floor's least until it is met; a share is reckoned of the whole budget."""
    if floor.least is None:
        return
    options, least = ledger.problem.options, floor.least
    whole = sum(sum(source.budget_fen) for source in ledger.problem.sources)
    if floor.kind == "unit_gain":
        aims = {place for place, aim in enumerate(ledger.problem.aims) if aim.unit in set(floor.members)}
        fits = [o for o, option in enumerate(options) if any(effect.aim in aims for effect in option.effects)]
        _best_first(ledger, fits, lambda: _gained(ledger, aims) < least - SMALL_GAIN)
        return
    target = least if floor.kind == "township_per_head" else least * whole
    _best_first(ledger, floor.members, lambda: sum(ledger.money[o] for o in floor.members) < target)


def _gained(ledger: Ledger, aims: set[int]) -> float:
    last = len(ledger.problem.year_weights) - 1
    lacked = ((ledger.problem.aims[aim].weight, ledger.problem.aims[aim].room, aim) for aim in aims)
    return sum(weight * (room - ledger.room_of(aim, last)) for weight, room, aim in lacked)


def _best_first(ledger: Ledger, places: Iterable[int], is_wanted: Callable[[], bool]) -> None:
    """Buy what brings most for its money among some options, as long as more is wanted and something fits."""
    left = list(places)
    while left and is_wanted():
        offers = {o: offer for o in left if (offer := ledger.best_offer(o)) is not None}
        bought = 0
        for offer in sorted(offers.values(), key=lambda each: (-each.ratio, each.option)):
            if not is_wanted():
                return
            now = ledger.best_offer(offer.option)  # what was bought meanwhile may have left less room
            bought += now is not None and _take(ledger, now)
        left = [o for o in left if o in offers]
        if not bought:
            return


def _take(ledger: Ledger, offer: Offer) -> bool:
    """Buy an offer in its year or a later one, with what it needs; False where a rule or the money forbids it."""
    place = offer.option
    if ledger.is_barred(place) or ledger.rival(place) is not None:
        return False
    if ledger.is_pinned(place) and ledger.pieces[place]:
        return False
    group = ledger.missing(place)
    if group is not None and not any(_take_needed(ledger, needed) for needed in group):
        return False
    if ledger.missing(place) is not None:
        return False
    whole = sum(sum(source.budget_fen) for source in ledger.problem.sources)
    for year in range(offer.year, len(ledger.years)):
        now = ledger.offer(place, year, pieces=offer.pieces)
        source = ledger.source_for(now) if now is not None else None
        if now is not None and source is not None and ledger.broken_cap(now, whole_fen=whole) is None:
            ledger.buy(now, source)
            return True
    return False


def _take_needed(ledger: Ledger, place: int) -> bool:
    offer = ledger.offer(place, 0)
    return offer is not None and _take(ledger, offer)
