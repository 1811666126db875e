"""Each budget's money as a ladder: the next best step for the next yuan, over all units, from the steepest down.

Of a unit's options only those on the upper hull of (cost, value) can be the best answer to any price of money. From one
to the next of them is a step, with its own cost and gain; its steepness is gain a fen. Sorted by steepness the steps of
all units are a ladder, and climbing it until the money ends solves the relaxation exactly.

Source: docs/methods/country-allocation.md, section 2; E. Zemel 1980, P. Sinha and A. A. Zoltners 1979.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be bought: at most one option a unit. A bundle of several things is an option of its own.

    unit: (K,) from 0 to N − 1, in any order. cost_fen: (K,) whole fen, not negative. value: (K,) in points of
    weighted capability.
    """

    units: int
    unit: Integers
    cost_fen: Integers
    value: Floats


@dataclass(frozen=True, slots=True)
class Ladder:
    """Steps of one budget, steepest first. `spent_fen` and `gain` (R + 1,) tell what the first r of R rungs come to."""

    option: Integers
    steepness: Floats
    spent_fen: Integers
    gain: Floats

    @property
    def rungs(self) -> int:
        """How many steps there are."""
        return len(self.option)

    def steeper_than(self, price: float) -> int:
        """Return how many rungs gain more a fen than the price."""
        return int(np.searchsorted(-self.steepness, -price, side="left"))

    def not_flatter_than(self, price: float) -> int:
        """Return how many rungs gain at least the price a fen."""
        return int(np.searchsorted(-self.steepness, -price, side="right"))

    def within(self, fen: int) -> int:
        """Return how many rungs the money pays for."""
        return int(np.searchsorted(self.spent_fen, fen, side="right")) - 1

    def reaching(self, gain: float) -> int:
        """Return how many rungs it takes to gain so much; more than there are if it cannot be."""
        return int(np.searchsorted(self.gain, gain, side="left"))

    def after(self, rungs: int) -> float:
        """Return the steepness of the next rung, 0 at the top."""
        return float(self.steepness[rungs]) if rungs < self.rungs else 0.0


def ladders_of(choices: Choices, budget_of_unit: Integers, budgets: int) -> list[Ladder]:
    """Return the ladder of each budget.

    Args:
        choices: K options of N units.
        budget_of_unit: (N,) which budget pays for the unit, 0 to `budgets` − 1.
        budgets: how many there are.

    Source: docs/methods/country-allocation.md, equations (8) and (9).
    """
    option, costs, gains = hull_steps(choices)
    with np.errstate(divide="ignore"):
        steepness = gains / costs  # what costs nothing is infinitely steep
    budget = budget_of_unit[choices.unit[option]]
    # Steepness strictly falls within a unit, so that a unit's steps keep their order; ties keep the order of units.
    order = np.lexsort((-steepness, budget))
    edges = np.searchsorted(budget[order], np.arange(budgets + 1))
    return [
        Ladder(option[rows], steepness[rows], _summed(costs[rows]), _summed(gains[rows]))
        for rows in (order[start:stop] for start, stop in zip(edges[:-1], edges[1:], strict=True))
    ]


def _summed(steps: NDArray[Number]) -> NDArray[Number]:
    return np.concatenate([np.zeros(1, steps.dtype), np.cumsum(steps)])


def hull_steps(choices: Choices) -> tuple[Integers, Integers, Floats]:
    """Return the options on each unit's upper hull by unit and cost, with each one's cost and gain over the one before.

    A point below the line between its neighbours is no corner of the hull, whoever the neighbours are; so all such
    points go at once, and what is left is looked at again until nothing goes. Nothing bought, at no cost, is every
    unit's first corner.

    Source: docs/methods/country-allocation.md, equation (8).
    """
    option = np.flatnonzero(choices.value > 0)
    option = option[np.lexsort((choices.cost_fen[option], choices.unit[option]))]
    while True:
        unit, cost, value = choices.unit[option], choices.cost_fen[option], choices.value[option]
        is_first = np.diff(unit, prepend=-1) > 0
        costs = np.where(is_first, cost, np.diff(cost, prepend=0))
        gains = np.where(is_first, value, np.diff(value, prepend=0.0))
        with np.errstate(divide="ignore", invalid="ignore"):
            steepness = np.where(gains > 0, gains / costs, 0.0)
        following = np.append(np.where(is_first[1:], -1.0, steepness[1:]), -1.0)[: len(option)]
        is_corner = (gains > 0) & (steepness > following)
        if is_corner.all():
            return option, costs, gains
        option = option[is_corner]
