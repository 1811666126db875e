"""Solve a problem to a proven gap, in whole pieces and whole fen."""

from dataclasses import replace

import numpy as np

from anlan.allocation.core.highs import GaveUp, Run, solver_name
from anlan.allocation.core.model import FEN_OF_ONE, GAIN_SCALE, Model, build_model
from anlan.allocation.core.money import overspent_fen
from anlan.allocation.core.problem import Problem, Solved
from anlan.allocation.core.search import bought_by, search
from anlan.allocation.core.thrift import without_waste
from anlan.allocation.core.value import value_plan
from anlan.kernel.refusal import Refusal, mark

REPAIRS = 5


class NothingFits(Refusal):
    """No plan keeps all rules; `clash` names which, and what would meet them."""


def solve(problem: Problem, *, gap: float = 1e-3, nodes: int | None = None) -> Solved:
    """Return a plan whose value is within `gap` of what no plan can exceed.

    Args:
        problem: what may be bought, for whom, from which money, under which rules.
        gap: (bound − objective) / bound at which the search may stop, 0 to 1.
        nodes: most nodes of the search; a plan found by then is returned with the gap it has.

    Raises:
        NothingFits: no plan keeps all rules (`clash.explain_clash` names them).
        GaveUp: no plan was found within the nodes.

    Source: docs/methods/allocation.md, objective (1) and constraints (2) to (12).
    """
    model = build_model(problem)
    if not model.cost:
        return _nothing(problem)
    for _attempt in range(REPAIRS):
        answer = search(problem, model, gap=gap, nodes=nodes)
        if answer.values is None:
            raise NothingFits(mark("no plan keeps all rules within this budget"))
        solved = read_plan(problem, model, answer)
        over = overspent_fen(problem, solved.purchases)
        if not over.any():
            return solved
        # A number taken for whole at 2.9999999 costs more at 3: keep that much back and solve again.
        for (source, year), row in model.budget_rows.items():
            model.row_upper[row] -= float(over[source, year]) / FEN_OF_ONE
    raise GaveUp(mark("no plan in whole pieces stays within the budget to the fen"))


def _nothing(problem: Problem) -> Solved:
    if problem.floors:
        raise NothingFits(mark("no plan keeps all rules within this budget"))
    return Solved((), (), 0.0, 0.0, 0.0, 0, solver_name())


def read_plan(problem: Problem, model: Model, answer: Run) -> Solved:
    """Round the pieces, leave out the useless ones, and reckon gains, value and money anew from whole numbers."""
    values = answer.values if answer.values is not None else np.zeros(len(model.cost))
    purchases, served = bought_by(model, values)
    purchases = without_waste(problem, purchases, served)
    return value_plan(problem, purchases, served, bound=answer.bound / GAIN_SCALE, solver=solver_name())


def with_budgets(problem: Problem, *, factor: float) -> Problem:
    """Return the problem with every budget multiplied, in whole fen."""
    sources = tuple(
        replace(source, budget_fen=tuple(round(fen * factor) for fen in source.budget_fen))
        for source in problem.sources
    )
    return replace(problem, sources=sources)
