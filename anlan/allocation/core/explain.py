"""Why each line stands, what was next in line and missed, what the next yuan would buy, and which rules bind.

Source: docs/methods/allocation.md, section 4.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anlan.allocation.core.floor_words import asks_note, breaks_note, helps_note
from anlan.allocation.core.kept import gains_by_unit, money_by_option_fen, pieces_of, slack_of
from anlan.allocation.core.ledger import Ledger, Offer
from anlan.allocation.core.problem import Floor, Option, Problem, Solved
from anlan.allocation.core.shadow import Price, budget_prices, floor_costs
from anlan.allocation.core.value import gains_in_year
from anlan.assessment.core.values import Note
from anlan.kernel.money import FEN_PER_WAN, yuan_text
from anlan.kernel.refusal import mark

POINTS = 100.0
_EPSILON = 1e-9

KEPT = mark("It is kept by hand")
RATE = mark("It brings %(rate).2f weighted points per 10 000 yuan; the last money of its source brings %(price).2f")
RATE_ALONE = mark("It brings %(rate).2f weighted points per 10 000 yuan")
NEEDED = mark("%(measure)s needs it")
SERVED = mark("It serves %(count)d units")

BARRED = mark("It is barred: by the strategy for this class, or by hand")
RIVAL = mark("%(measure)s is bought instead; both together make no sense")
MISSING = mark("It needs %(measure)s first, which is not bought")
NO_MONEY = mark("The money is used up by what brings more: %(lacking)s yuan are lacking")
NEXT_BEST = mark("What is bought brings more for the money that is left")


@dataclass(frozen=True, slots=True)
class LineReason:
    """One bought option: its pieces, what it costs and brings, and why it stands.

    `gain` is score of its units in the last year, 0 to 1; `value` its share of the objective (1); `points_per_wan` the
    latter in weighted points for each 10 000 yuan. `floors` are the keys of the binding rules that it helps to keep.
    """

    option: int
    pieces: int
    cost_fen: int
    gain: float
    value: float
    points_per_wan: float
    reasons: tuple[Note, ...]
    floors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that would help and is not bought: what it would bring, what it lacks, and why it was left out."""

    option: int
    points_per_wan: float
    lacking_fen: int | None
    reason: Note


@dataclass(frozen=True, slots=True)
class ShadowPrice:
    """What 10 000 yuan more of a source in a year would bring, in weighted points; and the same by solving again."""

    source: int
    year: int
    points_per_wan: float
    checked_points_per_wan: float | None
    spent_fen: int
    left_fen: int


@dataclass(frozen=True, slots=True)
class FloorState:
    """A rule: by how much it is exceeded (score, or fen), and what it costs the whole, in weighted points."""

    key: str
    name: str
    is_binding: bool
    slack: float
    cost_of_rule: float
    words: Note


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is told of a plan beside its purchases."""

    lines: tuple[LineReason, ...]
    misses: tuple[Miss, ...]
    prices: tuple[ShadowPrice, ...]
    floors: tuple[FloorState, ...]


def explain(problem: Problem, solved: Solved) -> Explanation:
    """Return why the plan is as it is.

    Source: docs/methods/allocation.md, section 4, equations (13) to (15).
    """
    prices = budget_prices(problem, solved)
    floors = tuple(_floors(problem, solved))
    return Explanation(
        lines=tuple(_Lines(problem, solved, prices, floors)),
        misses=tuple(_misses(problem, solved)),
        prices=tuple(_prices(problem, solved, prices)),
        floors=floors,
    )


def _prices(problem: Problem, solved: Solved, prices: Mapping[tuple[int, int], Price]) -> Iterator[ShadowPrice]:
    left = Ledger(problem, solved.purchases, set(solved.served)).left_fen
    for (source, year), price in sorted(prices.items()):
        budget = problem.sources[source].budget_fen[year]
        checked = None if price.checked is None else price.checked * FEN_PER_WAN * POINTS
        yield ShadowPrice(
            source=source,
            year=year,
            points_per_wan=price.next_fen * FEN_PER_WAN * POINTS,
            checked_points_per_wan=checked,
            spent_fen=budget - left[source][year],
            left_fen=left[source][year],
        )


def _floors(problem: Problem, solved: Solved) -> Iterator[FloorState]:
    if not problem.floors:
        return
    costs = floor_costs(problem)
    money = money_by_option_fen(problem, solved.purchases)
    gained = gains_by_unit(problem, solved.purchases, set(solved.served))
    for floor in problem.floors:
        slack, cost = slack_of(problem, floor, money, gained), costs.get(floor.key, 0.0) * POINTS
        is_binding = cost > _EPSILON or slack <= _EPSILON
        yield FloorState(floor.key, floor.name, is_binding, slack, cost, asks_note(floor))


class _Lines:
    """The bought options with their reasons, in order."""

    def __init__(
        self,
        problem: Problem,
        solved: Solved,
        prices: Mapping[tuple[int, int], Price],
        floors: tuple[FloorState, ...],
    ) -> None:
        self.problem, self.solved = problem, solved
        self.pieces = pieces_of(solved.purchases)
        self.money = money_by_option_fen(problem, solved.purchases)
        self.values, self.gains = _values(problem, solved)
        self.pinned = {option for option, _pieces in problem.pinned}
        self.needed = _needed_by(problem, self.pieces)
        self.binding = [floor for floor, state in zip(problem.floors, floors, strict=True) if state.is_binding]
        self.members = {floor.key: frozenset(floor.members) for floor in self.binding}
        self.last = _last_money(solved, prices)

    def __iter__(self) -> Iterator[LineReason]:
        return (self._line(option) for option in sorted(self.pieces))

    def _line(self, place: int) -> LineReason:
        cost, value = self.money[place], self.values[place]
        rate = value * POINTS / (cost / FEN_PER_WAN) if cost else 0.0
        floors = [floor for floor in self.binding if self._helps(place, floor)]
        return LineReason(
            option=place,
            pieces=self.pieces[place],
            cost_fen=cost,
            gain=self.gains[place],
            value=value,
            points_per_wan=rate,
            reasons=tuple(self._reasons(place, rate, floors)),
            floors=tuple(floor.key for floor in floors),
        )

    def _reasons(self, place: int, rate: float, floors: list[Floor]) -> Iterator[Note]:
        option = self.problem.options[place]
        if place in self.pinned:
            yield Note(KEPT, {})
        yield from (Note(reason, {}) for reason in option.reasons)
        served = len({unit for o, unit, _year in self.solved.served if o == place})
        if served:
            yield Note(SERVED, {"count": served})
        for other in self.needed[place]:
            yield Note(NEEDED, {"measure": self.problem.options[other].measure})
        yield from (helps_note(floor) for floor in floors)
        price = self.last.get(place)
        yield Note(RATE_ALONE, {"rate": rate}) if price is None else Note(RATE, {"rate": rate, "price": price})

    def _helps(self, place: int, floor: Floor) -> bool:
        """Tell whether the option raises what a rule on gains asks for, or is money that a rule counts."""
        if floor.kind != "unit_gain":
            return floor.least is not None and place in self.members[floor.key]
        units = {self.problem.aims[effect.aim].unit for effect in self.problem.options[place].effects}
        return bool(units & self.members[floor.key])


def _values(problem: Problem, solved: Solved) -> tuple[Counter[int], Counter[int]]:
    """Return each option's share of the objective (1), and its gain in score in the last year."""
    values: dict[int, float] = defaultdict(float)
    for year, weight in enumerate(problem.year_weights):
        for (place, aim_place), gain in gains_in_year(problem, solved.purchases, set(solved.served), year).items():
            aim = problem.aims[aim_place]
            worth = problem.units[aim.unit].priority * problem.options[place].multiplier * aim.weight
            values[place] += weight * worth * gain
    gains: dict[int, float] = defaultdict(float)
    for place, aim_place, gain in solved.gains:
        gains[place] += problem.aims[aim_place].weight * gain
    return Counter(values), Counter(gains)


def _needed_by(problem: Problem, pieces: Counter[int]) -> dict[int, list[int]]:
    """Return which bought options have only this one to meet a prerequisite."""
    needed: dict[int, list[int]] = defaultdict(list)
    for place in sorted(pieces):
        for group in problem.options[place].requires:
            met = [option for option in group if pieces[option]]
            if len(met) == 1:
                needed[met[0]].append(place)
    return needed


def _last_money(solved: Solved, prices: Mapping[tuple[int, int], Price]) -> dict[int, float]:
    """Return the price of the dearest money that each option is paid from, in weighted points per 10 000 yuan."""
    last: dict[int, float] = {}
    for bought in solved.purchases:
        price = prices[bought.source, bought.year].next_fen * FEN_PER_WAN * POINTS
        last[bought.option] = max(price, last.get(bought.option, 0.0))
    return last


def _misses(problem: Problem, solved: Solved) -> Iterator[Miss]:
    """Yield what would still help, what brings most for its money first; what is barred comes last."""
    ledger = Ledger(problem, solved.purchases, set(solved.served))
    offers = [offer for place in range(len(problem.options)) if (offer := ledger.best_offer(place)) is not None]
    rates = {offer.option: _rate_with_needs(ledger, offer) for offer in offers}
    for offer in sorted(offers, key=lambda each: (ledger.is_barred(each.option), -rates[each.option], each.option)):
        if not ledger.is_pinned(offer.option):
            lacking, reason = _reason(problem, ledger, offer)
            yield Miss(offer.option, rates[offer.option], lacking, reason)


def _rate_with_needs(ledger: Ledger, offer: Offer) -> float:
    """Return weighted points per 10 000 yuan of an offer together with the cheapest thing that it needs first."""
    needed = [each for o in ledger.missing(offer.option) or () if (each := ledger.offer(o, offer.year)) is not None]
    first = min(needed, key=lambda each: each.cost_fen, default=None)
    value = offer.value + (first.value if first else 0.0)
    cost = offer.cost_fen + (first.cost_fen if first else 0)
    return value * POINTS / (cost / FEN_PER_WAN) if cost else 0.0


def _reason(problem: Problem, ledger: Ledger, offer: Offer) -> tuple[int | None, Note]:
    place = offer.option
    option: Option = problem.options[place]
    if ledger.is_barred(place):
        return None, Note(BARRED, {})
    rival = ledger.rival(place)
    if rival is not None:
        return None, Note(RIVAL, {"measure": problem.options[rival].measure})
    missing = ledger.missing(place)
    if missing is not None:
        return None, Note(MISSING, {"measure": problem.options[missing[0]].measure})
    lacking = min(ledger.lacking_fen(offer, source) for source in option.sources)
    if lacking:
        return lacking, Note(NO_MONEY, {"lacking": yuan_text(lacking)})
    broken = ledger.broken_cap(offer)
    if broken is not None:
        return 0, breaks_note(broken)
    return 0, Note(NEXT_BEST, {})
