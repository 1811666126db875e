"""What rounding left over, filled up by the exchange that gains most, of one unit and then of two at once.

Source: docs/methods/country-allocation.md, step (10).
"""

from dataclasses import dataclass

import numpy as np

from anlan.allocation.core.ladders import Choices, Floats, Integers

PAIR_MOVES = 4_000  # of a province that are tried in pairs: those that lose least
PAIR_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Purse:
    """What is left to spend: `free_fen` (P,) is unspent in each province, `pot_fen` not yet given to any.

    given_fen, most_fen: (P,) what each province has been given, and may be at most.
    """

    free_fen: Integers
    given_fen: Integers
    pot_fen: int
    most_fen: Integers


class _Filling:
    """A plan while it changes. Row K + u stands for nothing at all for unit u."""

    def __init__(self, choices: Choices, province_of_unit: Integers, chosen: Integers, purse: Purse) -> None:
        everyone = np.arange(choices.units)
        self.unit = np.concatenate([choices.unit, everyone])
        self.cost = np.concatenate([choices.cost_fen, np.zeros_like(everyone)])
        self.value = np.concatenate([choices.value, np.zeros(choices.units)])
        self.province_of_unit = province_of_unit
        self.chosen = np.where(chosen >= 0, chosen, len(choices.unit) + everyone)
        self.free, self.given = purse.free_fen.copy(), purse.given_fen.copy()
        self.pot, self.most = purse.pot_fen, purse.most_fen

    def payable(self) -> Integers:
        """Return what each province could still spend (P,)."""
        left: Integers = self.free + np.minimum(self.most - self.given, self.pot)
        return left

    def exchanged(self, rows: Integers) -> tuple[Integers, Floats]:
        """Return what it costs and gains to put each row in the place of its unit's present one."""
        present = self.chosen[self.unit[rows]]
        return self.cost[rows] - self.cost[present], self.value[rows] - self.value[present]

    def make(self, rows: list[int]) -> None:
        """Make exchanges within one province."""
        units = self.unit[rows]
        province = int(self.province_of_unit[units[0]])
        price = int(self.exchanged(np.array(rows))[0].sum())
        drawn = max(0, price - int(self.free[province]))
        self.free[province] += drawn - price
        self.given[province] += drawn
        self.pot -= drawn
        self.chosen[units] = rows


def fill(
    choices: Choices, province_of_unit: Integers, chosen: Integers, purse: Purse, price: Floats
) -> tuple[Integers, Integers]:
    """Return the choices (N,) after every exchange that still pays, and what each province is given (P,).

    An exchange puts another option of a unit, or its first, in the place of its present one; then two units exchange at
    once. What gains most goes first; of equals, the cheaper, then the one that stands first. No exchange lowers what a
    province gains.

    Args:
        choices: K options of N units.
        province_of_unit: (N,).
        chosen: (N,) the option, −1 for none.
        purse: what is left to spend.
        price: (P,) what a fen was worth, to tell the moves that lose little.

    Source: docs/methods/country-allocation.md, step (10).
    """
    filling = _Filling(choices, province_of_unit, chosen, purse)
    _fill_one_by_one(filling)
    _fill_in_pairs(filling, price)
    return np.where(filling.chosen < len(choices.unit), filling.chosen, -1), filling.given


def _fill_one_by_one(filling: _Filling) -> None:
    rows = np.arange(len(filling.unit))
    while True:
        costs, gains = filling.exchanged(rows)
        # What is out of reach now stays so: money only shrinks, and a unit's value only grows.
        can_be = (gains > 0) & (costs <= filling.payable()[filling.province_of_unit[filling.unit[rows]]])
        rows, costs, gains = rows[can_be], costs[can_be], gains[can_be]
        if not len(rows):
            return
        best = np.flatnonzero(gains == gains.max())
        filling.make([int(rows[best[np.argmin(costs[best])]])])


def _fill_in_pairs(filling: _Filling, price: Floats) -> None:
    province = filling.province_of_unit[filling.unit]
    rows = np.arange(len(filling.unit))
    costs, gains = filling.exchanged(rows)
    lost = price[province] * costs - gains
    # Two moves pay together only if what they lose at the price is less than the money left is worth.
    rows = rows[(lost <= (price * filling.payable())[province]) & ((costs != 0) | (gains > 0))]
    rows = rows[np.lexsort((lost[rows], province[rows]))]
    edges = np.searchsorted(province[rows], np.arange(len(price) + 1))
    for place, (start, stop) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        mine = np.sort(rows[start : min(stop, start + PAIR_MOVES)])
        for _round in range(PAIR_ROUNDS):
            pair = _best_pair(filling, mine, int(filling.payable()[place]))
            if not pair:
                break
            filling.make(pair)


def _best_pair(filling: _Filling, rows: Integers, payable: int) -> list[int]:
    """Return two rows of different units that together are payable and gain most, none if none gains."""
    costs, gains = filling.exchanged(rows)
    order = np.lexsort((-gains, costs))
    rows, costs, gains = rows[order], costs[order], gains[order]
    best = np.maximum.accumulate(gains)
    where = np.maximum.accumulate(np.where(gains == best, np.arange(len(rows)), 0)) if len(rows) else rows
    partner = np.searchsorted(costs, payable - costs, side="right") - 1
    can_be = partner >= 0
    first, second = np.flatnonzero(can_be), where[partner[can_be]]
    is_pair = filling.unit[rows[first]] != filling.unit[rows[second]]
    first, second = first[is_pair], second[is_pair]
    together = gains[first] + gains[second]
    if not len(together) or together.max() <= 1e-12 * max(1.0, float(np.abs(gains).max())):
        return []
    chosen = int(np.argmax(together))
    return [int(rows[first[chosen]]), int(rows[second[chosen]])]
