"""What more or less money would bring at most: the relaxation's bound over the budget, for a quick look.

Source: docs/methods/allocation.md, section 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from anlan.allocation.core.model import FEN_OF_ONE, build_model
from anlan.allocation.core.problem import Problem
from anlan.allocation.core.shadow import Relaxation


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """All budgets times `share`: what objective (1) no plan can exceed; None where no plan keeps the rules.

    A bound, not a plan: the best plan comes a little below it.
    """

    share: float
    budget_fen: int
    bound: float | None


def frontier(problem: Problem, shares: Sequence[float]) -> tuple[FrontierPoint, ...]:
    """Return the bound at each share of the budget, in the order asked for.

    The relaxation is solved once; for each further budget the solver goes on from where it stands, from point to
    neighbouring point.

    Args:
        problem: with its whole budget.
        shares: factors of all budgets, above 0.

    Source: docs/methods/allocation.md, equation (16).
    """
    relaxation = Relaxation(build_model(problem))
    bounds: dict[float, float | None] = {}
    for share in sorted(set(shares)):
        for (source, year), row in relaxation.model.budget_rows.items():
            budget = round(problem.sources[source].budget_fen[year] * share)
            relaxation.limit(row, budget / FEN_OF_ONE)
        bounds[share] = relaxation.value()
    return tuple(FrontierPoint(share, _budget_fen(problem, share), bounds[share]) for share in shares)


def _budget_fen(problem: Problem, share: float) -> int:
    return sum(round(fen * share) for source in problem.sources for fen in source.budget_fen)
