"""A plan in the making: what is bought, what is left, what more would bring and what forbids it.

Source: docs/methods/allocation.md, section 4.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import inf

from anlan.allocation.core.kept import SMALL_FEN, money_by_option_fen, pieces_of
from anlan.allocation.core.money import cost_fen, is_alive, running_years, spent_by_year_fen
from anlan.allocation.core.problem import Floor, Problem, Purchase
from anlan.allocation.core.value import Served, gains_in_year

AimYear = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """So many pieces of an option in a year: what they add to the objective (1), and all that they cost."""

    option: int
    year: int
    pieces: int
    value: float
    cost_fen: int

    @property
    def ratio(self) -> float:
        """Return value per fen; what costs nothing comes first."""
        return self.value / self.cost_fen if self.cost_fen else inf


class Ledger:
    """Purchases with what they leave. Offers are judged as they come: what is bought stays as it is."""

    def __init__(self, problem: Problem, purchases: tuple[Purchase, ...] = (), served: Served | None = None) -> None:
        self.problem, self.years = problem, range(len(problem.year_weights))
        self.bought: Counter[tuple[int, int, int]] = Counter()
        self.served: Served = set(served or ())
        self.pieces = pieces_of(purchases)
        self.money = money_by_option_fen(problem, purchases)
        spent = spent_by_year_fen(problem, purchases)
        self.left_fen = [
            [budget - int(spent[s, t]) for t, budget in enumerate(source.budget_fen)]
            for s, source in enumerate(problem.sources)
        ]
        self.room: dict[AimYear, float] = {}
        for each in purchases:
            self.bought[each.option, each.source, each.year] += each.pieces
        for year in self.years:
            for (_option, aim), gain in gains_in_year(problem, purchases, self.served, year).items():
                self.room[aim, year] = self.room_of(aim, year) - gain
        self.shares = [floor for floor in problem.floors if floor.kind in {"township_share", "dimension_share"}]
        self._is_in: dict[int, set[int]] = defaultdict(set)  # option → places of the shares that count it
        for number, floor in enumerate(self.shares):
            for option in floor.members:
                self._is_in[option].add(number)
        self._share_fen = [sum(self.money[option] for option in floor.members) for floor in self.shares]
        self.whole_fen = self.money.total()
        self._barred, self._pinned = set(problem.barred), dict(problem.pinned)
        self._rivals: dict[int, set[int]] = defaultdict(set)
        for group in problem.exclusions:
            for option in group:
                self._rivals[option] |= set(group) - {option}
        # A narrow source first: what pays for little is kept for nothing else.
        breadth = Counter(source for option in problem.options for source in option.sources)
        self._sources = [sorted(option.sources, key=lambda s: (breadth[s], s)) for option in problem.options]

    def room_of(self, aim: int, year: int) -> float:
        """Return what an aim still lacks in a year."""
        return self.room.get((aim, year), self.problem.aims[aim].room)

    def purchases(self) -> tuple[Purchase, ...]:
        """Return what is bought."""
        return tuple(Purchase(*key, pieces) for key, pieces in sorted(self.bought.items()) if pieces)

    def worth(self, option: int, aim: int, year: int) -> float:
        """Return what a full leaf of the aim counts in the objective (1) when the option raises it in the year."""
        facts = self.problem.aims[aim]
        priority = self.problem.units[facts.unit].priority
        return self.problem.year_weights[year] * priority * self.problem.options[option].multiplier * facts.weight

    def offer(self, place: int, year: int, *, pieces: int | None = None) -> Offer | None:
        """Return the next pieces of an option in a year: its least where none is bought yet; None where it has most."""
        option, have = self.problem.options[place], self.pieces[place]
        wanted = pieces or max(option.least - have, 1)
        if have + wanted > option.most:
            return None
        value = sum(self.worth(place, aim, at) * gain for (aim, at), gain in self.gains(place, year, wanted).items())
        return Offer(place, year, wanted, value, cost_fen(option, year, len(self.years)) * wanted)

    def best_offer(self, place: int) -> Offer | None:
        """Return the offer of the year in which the option brings most for its money, None where it brings nothing."""
        offers = [offer for year in self.years if (offer := self.offer(place, year)) is not None]
        best = max(offers, key=lambda offer: (offer.ratio, -offer.year), default=None)
        return best if best is not None and best.value > 0 else None

    def gains(self, place: int, year: int, pieces: int) -> dict[AimYear, float]:
        """Return what so many pieces more would add to aims that still lack something."""
        option, found = self.problem.options[place], {}
        for at in self.years:
            if not is_alive(option, year, at):
                continue
            units = self._newly_served(place, at, pieces) if option.serves_most is not None else None
            for effect in option.effects:
                if units is None or self.problem.aims[effect.aim].unit in units:
                    step = effect.step * (pieces if units is None else 1)
                    found[effect.aim, at] = min(self.room_of(effect.aim, at), step)
        return found

    def _newly_served(self, place: int, year: int, pieces: int) -> set[int]:
        option = self.problem.options[place]
        worth: dict[int, float] = defaultdict(float)
        for effect in option.effects:
            unit = self.problem.aims[effect.aim].unit
            if (place, unit, year) not in self.served:
                gain = min(self.room_of(effect.aim, year), effect.step)
                worth[unit] += self.worth(place, effect.aim, year) * gain
        size = pieces * (option.serves_most or 0)
        return set(sorted(worth, key=lambda unit: (-worth[unit], unit))[:size])

    def source_for(self, offer: Offer) -> int | None:
        """Return a source that can pay for the offer, the narrowest first."""
        found = (source for source in self._sources[offer.option] if not self.lacking_fen(offer, source))
        return next(found, None)

    def lacking_fen(self, offer: Offer, source: int) -> int:
        """Return what the source lacks to pay for the offer, in the year that lacks most."""
        option = self.problem.options[offer.option]
        lacking = [offer.pieces * option.price_fen - self.left_fen[source][offer.year]]
        if option.running_fen:
            later = running_years(option, offer.year, len(self.years))
            lacking += [offer.pieces * option.running_fen - self.left_fen[source][year] for year in later]
        return max(0, *lacking)

    def is_barred(self, place: int) -> bool:
        """Tell whether a rule bars the option."""
        return place in self._barred

    def is_pinned(self, place: int) -> bool:
        """Tell whether the option's number of pieces is given by hand."""
        return place in self._pinned

    def rival(self, place: int) -> int | None:
        """Return what is bought and excludes the option, None where nothing does."""
        return next((rival for rival in sorted(self._rivals[place]) if self.pieces[rival]), None)

    def missing(self, place: int) -> tuple[int, ...] | None:
        """Return the first group of prerequisites none of which is bought, None where all are met."""
        groups = self.problem.options[place].requires
        return next((group for group in groups if not any(self.pieces[o] for o in group)), None)

    def broken_cap(self, offer: Offer, *, whole_fen: int = 0) -> Floor | None:
        """Return the rule on shares that the offer would break, None where it breaks none.

        Args:
            offer: what would be bought.
            whole_fen: all money that will be spent in the end, where it is more than what is spent now.
        """
        whole = float(max(self.whole_fen + offer.cost_fen, whole_fen))
        for number, floor in enumerate(self.shares):
            is_member = number in self._is_in[offer.option]
            mine = self._share_fen[number] + (offer.cost_fen if is_member else 0)
            if is_member and floor.most is not None and mine > floor.most * whole + SMALL_FEN:
                return floor
            if not is_member and not whole_fen and floor.least is not None and mine < floor.least * whole - SMALL_FEN:
                return floor
        return None

    def buy(self, offer: Offer, source: int) -> None:
        """Write the offer down: its money, whom it serves and the room that it fills."""
        option = self.problem.options[offer.option]
        for (aim, year), gain in self.gains(offer.option, offer.year, offer.pieces).items():
            self.room[aim, year] = self.room_of(aim, year) - gain
            if option.serves_most is not None and gain > 0:
                self.served.add((offer.option, self.problem.aims[aim].unit, year))
        self.bought[offer.option, source, offer.year] += offer.pieces
        self.pieces[offer.option] += offer.pieces
        self.money[offer.option] += offer.cost_fen
        self.whole_fen += offer.cost_fen
        for number in self._is_in[offer.option]:
            self._share_fen[number] += offer.cost_fen
        self.left_fen[source][offer.year] -= offer.pieces * option.price_fen
        for later in running_years(option, offer.year, len(self.years)) if option.running_fen else ():
            self.left_fen[source][later] -= offer.pieces * option.running_fen
