"""Solve a problem to a proven gap, in whole pieces and whole fen."""

from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.model import FEN_OF_ONE, GAIN_SCALE, Model, build_model
from anlan.allocation.core.money import overspent_fen
from anlan.allocation.core.problem import Problem, Purchase, Solved
from anlan.allocation.core.thrift import without_waste
from anlan.allocation.core.value import value_plan
from anlan.kernel.refusal import Refusal, mark

SEED = 20_260_101
REPAIRS = 5


class NothingFits(Refusal):
    """No plan keeps all rules; `clash` names which, and what would meet them."""


class GaveUp(Refusal):
    """The solver reached its limit of nodes without a plan, or met a fault of its own."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the solver answered: its columns' values, the bound that it proved, and whether any plan exists."""

    values: NDArray[np.float64] | None
    bound: float
    is_infeasible: bool
    row_duals: NDArray[np.float64] | None = None


def solver_name() -> str:
    """Return the solver with its version, as kept beside each plan."""
    version = highspy.Highs().version()  # type: ignore[no-untyped-call]
    return f"HiGHS {version}"


def fresh_solver(gap: float, nodes: int | None) -> highspy.Highs:
    """Return a solver that answers the same question always with the same plan: one thread, one seed, no clock."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    options: dict[str, Any] = {"output_flag": False, "threads": 1, "random_seed": SEED % 2**31, "parallel": "off"}
    options |= {"mip_rel_gap": gap, "mip_abs_gap": 0.0, "mip_feasibility_tolerance": 1e-7, "simplex_scale_strategy": 0}
    if nodes is not None:
        options["mip_max_nodes"] = nodes
    for name, value in options.items():
        solver.setOptionValue(name, value)
    return solver


def run(
    model: Model,
    *,
    gap: float,
    nodes: int | None = None,
    is_relaxed: bool = False,
) -> Run:
    """Hand the model to the solver and read its answer."""
    solver = fresh_solver(gap, nodes)
    if solver.passModel(model.as_lp(is_relaxed=is_relaxed)) == highspy.HighsStatus.kError:
        raise ValueError("the solver does not accept the model")
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return Run(None, 0.0, is_infeasible=True)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise GaveUp(mark("the solver found no plan within %(nodes)s nodes"), nodes=nodes or 0)
    solution = solver.getSolution()
    bound = info.objective_function_value if is_relaxed else info.mip_dual_bound
    duals = np.array(solution.row_dual) if is_relaxed else None
    return Run(np.array(solution.col_value), float(bound), is_infeasible=False, row_duals=duals)


def search(model: Model, *, gap: float, nodes: int | None) -> Run:
    """Search in three steps, each the start of the next: the relaxation's bound, the plans beside it, all plans.

    The relaxation buys most things whole already. Leaving those as they are and choosing anew among the broken ones
    takes a moment and nearly always comes within the gap of the relaxation's bound, which holds for every plan.
    """
    relaxed = run(model, gap=gap, is_relaxed=True)
    if relaxed.values is None:
        return relaxed
    beside = run(_beside(model, relaxed.values), gap=gap / 4, nodes=nodes)
    if beside.values is not None:
        value = float(np.dot(model.cost, beside.values))
        if relaxed.bound - value <= gap * abs(relaxed.bound):
            return replace(beside, bound=relaxed.bound)
    # Not told where to start: HiGHS 1.16 may take a start for better than it is, and the bound with it.
    whole = run(model, gap=gap, nodes=nodes)
    return replace(whole, bound=min(whole.bound, relaxed.bound))


def _beside(model: Model, values: NDArray[np.float64]) -> Model:
    """Return the model with each whole variable kept within one of the relaxation's value."""
    whole = np.array(model.is_integer)
    lower, upper = np.array(model.lower), np.array(model.upper)
    near = np.round(values)
    is_near = whole & (np.abs(values - near) < 1e-6)
    low = np.where(is_near, near, np.floor(values))
    high = np.where(is_near, near, np.ceil(values))
    return replace(
        model,
        lower=np.where(whole, np.maximum(low, lower), lower).tolist(),
        upper=np.where(whole, np.minimum(high, upper), upper).tolist(),
    )


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
        answer = search(model, gap=gap, nodes=nodes)
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


def read_pieces(model: Model, values: NDArray[np.float64]) -> tuple[Purchase, ...]:
    """Return what the solver's columns buy, in whole pieces."""
    return tuple(
        Purchase(place, source, year, int(round(values[column])))
        for (place, source, year), column in model.pieces.items()
        if round(values[column]) > 0
    )


def read_plan(problem: Problem, model: Model, answer: Run) -> Solved:
    """Round the pieces, leave out the useless ones, and reckon gains, value and money anew from whole numbers."""
    values = answer.values if answer.values is not None else np.zeros(len(model.cost))
    served = {key for key, column in model.served.items() if values[column] > 0.5}
    purchases = without_waste(problem, read_pieces(model, values), served)
    return value_plan(problem, purchases, served, bound=answer.bound / GAIN_SCALE, solver=solver_name())


def with_budgets(problem: Problem, *, factor: float) -> Problem:
    """Return the problem with every budget multiplied, in whole fen."""
    sources = tuple(
        replace(source, budget_fen=tuple(round(fen * factor) for fen in source.budget_fen))
        for source in problem.sources
    )
    return replace(problem, sources=sources)
