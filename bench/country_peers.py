"""The country's problem, (1) to (6) of docs/methods/country-allocation.md, put to two solvers of integer programmes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version

import highspy
import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy.sparse import coo_array, csc_array

from anlan.allocation.core.country import Choices, Provinces, allocate_provinces
from bench.frame import Measure, seconds_of

LIMIT_S = 60.0
PASS = "one numpy pass: the best option of each unit at one price"  # noqa: S105  not a password
VALUE_SCALE = 1_000_000  # CP-SAT computes in whole numbers
FEN_OF_ONE = 1_000_000  # HiGHS counts money in 10 000 yuan


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer found, in our unit, and the time of its search without the building of the model."""

    objective: float
    seconds: float


def with_highs(choices: Choices, provinces: Provinces) -> Answer:
    """Ask HiGHS."""
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("time_limit", LIMIT_S)
    solver.setOptionValue("mip_rel_gap", 1e-7)
    solver.passModel(_programme(choices, provinces))
    began = time.perf_counter()
    solver.run()
    seconds = time.perf_counter() - began
    is_found = solver.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    return Answer(float(solver.getInfo().objective_function_value) if is_found else 0.0, seconds)


def _programme(choices: Choices, provinces: Provinces) -> highspy.HighsLp:
    matrix, upper = _rows(choices, provinces)
    options, count = len(choices.unit), len(provinces.own_fen)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = options + count, len(upper), highspy.ObjSense.kMaximize
    lp.col_cost_ = np.concatenate([choices.value, np.zeros(count)])
    lp.col_lower_ = np.concatenate([np.zeros(options), provinces.least_fen / FEN_OF_ONE])
    lp.col_upper_ = np.concatenate([np.ones(options), provinces.most_fen / FEN_OF_ONE])
    lp.row_lower_, lp.row_upper_ = np.full(len(upper), -np.inf), upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    whole, any_part = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * options + [any_part] * count
    return lp


def _rows(choices: Choices, provinces: Provinces) -> tuple[csc_array, NDArray[np.float64]]:
    """Return the rows of (2), (3), (6) and (4), all at most their upper side."""
    units, count, options = choices.units, len(provinces.own_fen), len(choices.unit)
    columns, given = np.arange(options), options + np.arange(count)
    province, every = provinces.province_of_unit[choices.unit], np.arange(count)
    money, gain, pot = units, units + count, np.full(count, units + 2 * count)
    row = np.concatenate([choices.unit, money + province, money + every, gain + province, pot])
    column = np.concatenate([columns, columns, given, columns, given])
    cost = choices.cost_fen / FEN_OF_ONE
    value = np.concatenate([np.ones(options), cost, np.full(count, -1.0), -choices.value, np.ones(count)])
    pot_upper = np.array([provinces.pot_fen / FEN_OF_ONE])
    upper = [np.ones(units), provinces.own_fen / FEN_OF_ONE, -provinces.least_gain, pot_upper]
    shape = (units + 2 * count + 1, options + count)
    return csc_array(coo_array((value, (row, column)), shape=shape)), np.concatenate(upper)


def with_cp_sat(choices: Choices, provinces: Provinces) -> Answer:
    """Ask CP-SAT, with values in millionths."""
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(len(choices.unit))]
    for rows in _groups(choices.unit, choices.units):
        model.add_at_most_one(chosen[row] for row in rows)
    values = np.round(choices.value * VALUE_SCALE).astype(np.int64)
    bounds = zip(provinces.least_fen.tolist(), provinces.most_fen.tolist(), strict=True)
    given = [model.new_int_var(least, most, "") for least, most in bounds]
    model.add(sum(given) <= provinces.pot_fen)
    count = len(provinces.own_fen)
    for place, rows in enumerate(_groups(provinces.province_of_unit[choices.unit], count)):
        mine = [chosen[row] for row in rows]
        cost = cp_model.LinearExpr.weighted_sum(mine, choices.cost_fen[rows].tolist())
        model.add(cost - given[place] <= int(provinces.own_fen[place]))
        floor = int(provinces.least_gain[place] * VALUE_SCALE)
        model.add(cp_model.LinearExpr.weighted_sum(mine, values[rows].tolist()) >= floor)
    model.maximize(cp_model.LinearExpr.weighted_sum(chosen, values.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = LIMIT_S
    status = solver.solve(model)
    is_found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Answer(solver.objective_value / VALUE_SCALE if is_found else 0.0, solver.wall_time)


def _groups(label: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    order = np.argsort(label, kind="stable")
    return np.split(order, np.searchsorted(label[order], np.arange(1, count)))


def peers(choices: Choices, provinces: Provinces) -> dict[str, Callable[[], Answer]]:
    """Return what asks each peer, once."""
    asked = {
        f"HiGHS {version('highspy')}, 60 s": with_highs,
        f"CP-SAT {version('ortools')}, 60 s": with_cp_sat,
    }
    return {name: cache(partial(ask, choices, provinces)) for name, ask in asked.items()}


def country_measures(choices: Choices, provinces: Provinces, goals: tuple[str, float, float]) -> Iterator[Measure]:
    """Yield time and gap, each beside both peers; all gaps are to our bound. Goals: what is solved, seconds, gap."""
    what, most_seconds, most_gap = goals
    plan = allocate_provinces(choices, provinces)
    for peer, ask in peers(choices, provinces).items():
        yield Measure(
            f"{what}, s",
            ours=lambda: seconds_of(lambda: allocate_provinces(choices, provinces)),
            limit=PASS,
            probe=pass_over(choices),
            peer=peer,
            peer_value=partial(_seconds, ask),
            at_most=most_seconds,
        )
        yield Measure(
            f"{what}, gap to the bound",
            ours=lambda: plan.gap,
            limit="a gap of one in ten million",
            probe=lambda: 1e-7,
            peer=peer,
            peer_value=partial(_gap, ask, plan.bound),
            at_most=most_gap,
        )


def _seconds(ask: Callable[[], Answer]) -> float:
    return ask().seconds


def _gap(ask: Callable[[], Answer], bound: float) -> float:
    """Return how far below our bound the peer's plan lies; 1 where it found none."""
    return max(1e-9, 1.0 - ask().objective / bound)


def pass_over(choices: Choices) -> Callable[[], float]:
    """Return what times one look at every option."""
    order = np.argsort(choices.unit, kind="stable")
    cost, value = choices.cost_fen[order], choices.value[order]
    starts = np.searchsorted(choices.unit[order], np.arange(choices.units))

    def best() -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.maximum.reduceat(value - 1e-8 * cost, starts)
        return found

    return lambda: seconds_of(best, 5)
