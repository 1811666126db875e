"""The solver of integer programmes, asked so that it answers the same question always with the same plan.

Source: docs/methods/allocation.md, section 3.
"""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.model import Model
from anlan.kernel.refusal import Refusal, mark

SEED = 20_260_101


class GaveUp(Refusal):
    """The solver reached its limit of nodes without a plan, or met a fault of its own."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the solver answered: its columns' values, None where no plan exists, and the bound that it proved.

    `reduced`: what one more of each column would add to the objective; of a relaxation only.
    """

    values: NDArray[np.float64] | None
    bound: float
    reduced: NDArray[np.float64] | None = None


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
        return Run(None, 0.0)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise GaveUp(mark("the solver found no plan within %(nodes)s nodes"), nodes=nodes or 0)
    solution = solver.getSolution()
    bound = info.objective_function_value if is_relaxed else info.mip_dual_bound
    reduced = np.array(solution.col_dual) if is_relaxed else None
    return Run(np.array(solution.col_value), float(bound), reduced)
