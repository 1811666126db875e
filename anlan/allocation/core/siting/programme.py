"""A programme of many columns, handed to the solver as arrays."""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import coo_array, csc_array

from anlan.allocation.core.highs import fresh_solver
from anlan.allocation.core.siting.values import Bools, Floats, Integers


@dataclass(frozen=True, slots=True)
class Programme:
    """Minimise cost · v where lower ≤ v ≤ upper and row_lower ≤ matrix · v ≤ row_upper.

    cost, lower, upper, is_whole: (N,); entries: rows, columns and factors, each (E,). offset: added to the objective,
    as gaps are a share of the sum.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    is_whole: Bools
    entries: tuple[Integers, Integers, Floats]
    row_lower: Floats
    row_upper: Floats
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """Values (N,) of the best choice found and what none can better; prices: (M,) of the rows, of a relaxation only."""

    values: Floats
    bound: float
    prices: Floats


def solve_programme(
    programme: Programme, *, gap: float, start: Floats | None = None, is_relaxed: bool = False, nodes: int | None = None
) -> Outcome | None:
    """Return the best choice, None where there is none (or none was found within the nodes).

    Args:
        programme: what to minimise.
        gap: relative gap at which the search may stop.
        start: (N,) a choice that keeps all rules.
        is_relaxed: leave whole numbers out of account.
        nodes: most nodes of the search.
    """
    solver = fresh_solver(gap, nodes)
    solver.passModel(_as_lp(programme, is_relaxed))
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    solver.run()
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    found = solver.getSolution()
    bound = info.objective_function_value if is_relaxed or not programme.is_whole.any() else info.mip_dual_bound
    return Outcome(np.array(found.col_value), float(bound), np.array(found.row_dual))


def _as_lp(programme: Programme, is_relaxed: bool) -> highspy.HighsLp:
    rows, columns, factors = programme.entries
    shape = (len(programme.row_lower), len(programme.cost))
    matrix = csc_array(coo_array((factors, (rows, columns)), shape=shape))
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = shape
    lp.offset_ = programme.offset
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = programme.cost, programme.lower, programme.upper
    lp.row_lower_, lp.row_upper_ = programme.row_lower, programme.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if not is_relaxed and programme.is_whole.any():
        kinds = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
        lp.integrality_ = [kinds[kind] for kind in programme.is_whole.tolist()]
    return lp
