"""What the next yuan would buy, and what each floor costs: prices of the relaxation.

The yes-or-no decisions stay as in the plan (what is bought at all, whom it serves) and only the numbers of pieces move.
The price is the dual of a budget; that it holds for more than the next yuan is checked by solving again with 1 % more.

Source: docs/methods/allocation.md, equations (13) to (15).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.highs import fresh_solver
from anlan.allocation.core.model import FEN_OF_ONE, GAIN_SCALE, INFINITE, Model, build_model
from anlan.allocation.core.problem import Problem, Solved

MORE = 0.01
_EPSILON = 1e-7


@dataclass(frozen=True, slots=True)
class Price:
    """Objective (1) per fen: of the next fen, and on average of 1 % more; None where there is no money to add to."""

    next_fen: float
    checked: float | None


class Relaxation:
    """The relaxed problem in the solver, ready to be asked again with one bound changed."""

    def __init__(self, model: Model, fixed: Mapping[int, float] | None = None) -> None:
        self.model = model
        self._solver = fresh_solver(0.0, None)
        lp = model.as_lp(is_relaxed=True)
        lower, upper = np.array(lp.col_lower_), np.array(lp.col_upper_)
        for column, value in (fixed or {}).items():
            lower[column] = upper[column] = value
        lp.col_lower_, lp.col_upper_ = lower, upper
        self._solver.passModel(lp)

    def value(self) -> float | None:
        """Return the best objective (1), None where no plan keeps the rules."""
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return float(self._solver.getInfo().objective_function_value) / GAIN_SCALE

    def row_duals(self) -> NDArray[np.float64]:
        """Return what one more on each row's bound adds to the model's objective, as last solved."""
        return np.array(self._solver.getSolution().row_dual)

    def limit(self, row: int, upper: float) -> None:
        """Set the upper bound of one row, for all values asked for from now on."""
        self.model.row_upper[row] = upper
        self._solver.changeRowBounds(row, self.model.row_lower[row], upper)

    def bound(self, row: int, lower: float, upper: float) -> None:
        """Set both bounds of one row in the solver, for all values asked for from now on."""
        self._solver.changeRowBounds(row, lower, upper)

    def value_with(self, row: int, lower: float, upper: float) -> float | None:
        """Return the value with other bounds of one row, and put the bounds back."""
        self._solver.changeRowBounds(row, lower, upper)
        found = self.value()
        self._solver.changeRowBounds(row, self.model.row_lower[row], self.model.row_upper[row])
        return found


def budget_prices(problem: Problem, solved: Solved) -> dict[tuple[int, int], Price]:
    """Return the price of each source's money in each year.

    Source: docs/methods/allocation.md, equations (13) and (14).
    """
    model = build_model(problem)
    relaxation = Relaxation(model, _decided(model, solved))
    value = relaxation.value()
    if value is None:
        return {key: Price(0.0, None) for key in model.budget_rows}
    duals = np.abs(relaxation.row_duals())
    return {key: _price(relaxation, row, value, float(duals[row])) for key, row in model.budget_rows.items()}


def _decided(model: Model, solved: Solved) -> dict[int, float]:
    """Return the columns of y and c with the plan's values."""
    pieces: Counter[int] = Counter()
    for purchase in solved.purchases:
        pieces[purchase.option] += purchase.pieces
    served = set(solved.served)
    bought = {column: float(pieces[option] > 0) for option, column in model.bought.items()}
    return bought | {column: float(key in served) for key, column in model.served.items()}


def _price(relaxation: Relaxation, row: int, value: float, dual: float) -> Price:
    next_fen = dual / GAIN_SCALE / FEN_OF_ONE  # (13)
    budget = relaxation.model.row_upper[row]
    if budget <= 0:
        return Price(next_fen, None)
    if dual < _EPSILON:
        return Price(0.0, 0.0)  # concave in the budget: what the next fen does not raise, more does not either
    more = relaxation.value_with(row, -INFINITE, budget * (1 + MORE))
    gained = None if more is None else max(more - value, 0.0)
    return Price(next_fen, None if gained is None else gained / (budget * MORE * FEN_OF_ONE))  # (14)


def floor_costs(problem: Problem) -> dict[str, float]:
    """Return what each floor costs in objective (1): the relaxation's best without it less the best with it.

    A floor whose dual is 0 costs nothing; only the others are solved again.

    Source: docs/methods/allocation.md, equation (15).
    """
    model = build_model(problem)
    relaxation = Relaxation(model)
    value = relaxation.value()
    if value is None:
        return {floor.key: 0.0 for floor in problem.floors}
    duals = np.abs(relaxation.row_duals())
    costs = {}
    for floor in problem.floors:
        rows = [row for row in model.floor_rows[floor.key] if duals[row] > _EPSILON]
        without = [relaxation.value_with(row, -INFINITE, INFINITE) for row in rows]
        costs[floor.key] = max((each - value for each in without if each is not None), default=0.0)
    return costs
