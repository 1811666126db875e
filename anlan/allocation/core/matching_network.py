"""The best pairs as a flow in a network, solved to its optimum on few of its edges, the others priced.

Variables: x[h,w] 1 if h helps w; f[w] 1 if w has a helper at all, m[w] how many more; q[h] how many of the least that h
owes, r[h] how many more.

    (5)  maximise  sum of v[h,w] · x[h,w]  +  B · (sum over w of 2·f[w] + m[w]  +  sum over h of q[h])
    (6)  sum over h of x[h,w] = f[w] + m[w];  f[w] ≤ 1,  m[w] ≤ wanted[w] − 1
    (7)  sum over w of x[h,w] = q[h] + r[h];  q[h] ≤ least[h],  r[h] ≤ capacity[h] − least[h]
    (8)  0 ≤ x[h,w] ≤ 1, and 0 where the two may not be a pair
    (9)  where pairs weigh differently: sum over w of load[h,w] · x[h,w] ≤ room[h], x whole

B exceeds all that values could sum to: first as many units as can be have a helper, then as many wishes as can be are
met, then the values decide. Without (9) every corner of the feasible set is whole: the relaxation is the answer.
For any prices u[h], p[w] of (7), (6) no choice exceeds

    (10) sum over h, w of max(0, v[h,w] − u[h] − p[w]) + what f, m, q, r bring at most at those prices

and where no edge that was left out has v − u − p > 0, (10) is the value found.

Source: docs/methods/pairing.md.
"""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.highs import SEED, fresh_solver
from anlan.allocation.core.matching_values import Bools, Floats, Integers

FEW = 40_000  # so many edges are taken whole
NEAREST, MORE = 8, 3  # edges of a unit that are looked at first, and added at a time where many are missing
SWEEPS = 15
SHARPNESS = 50.0
SAMPLE = 200_000  # pairs by which the likely ones are told from the others
TINY = np.float32(1e-30)
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Network:
    """H helpers, W helped. values, allowed: (H, W); capacity, least: (H,); wanted: (W,); load: (H, W), room: (H,)."""

    values: Floats
    allowed: Bools
    capacity: Integers
    least: Integers
    wanted: Integers
    load: Floats | None = None
    room: Floats | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Return H and W."""
        helpers, helped = self.values.shape
        return helpers, helped


@dataclass(frozen=True, slots=True)
class Flow:
    """The pairs (E,) by helper and helped, what no choice can exceed, and what an edge lacks to be worth its prices.

    lacks: (H, W) u + p − v: by at least so much all would fall if that pair were made. `alone` is what a unit left
    without help counts among them.
    """

    helper: Integers
    helped: Integers
    bound: float
    lacks: Floats
    alone: float


def best_flow(network: Network, *, gap: float = 0.0) -> Flow:
    """Return the best pairs: (5) to (9).

    Args:
        network: who may help whom, and what that is worth.
        gap: (bound − objective) / objective at which the search may stop.
    """
    scale = float(np.abs(network.values).max(where=network.allowed, initial=0.0)) or 1.0
    programme = _Programme(network, scale)
    if network.load is None:
        return programme.priced(gap)
    return programme.whole(gap)


class _Programme:
    """The programme while edges are added to it. Columns: f, m, q, r, then the edges."""

    def __init__(self, network: Network, scale: float) -> None:
        self.network, self.scale = network, scale
        self.values = network.values / scale
        self.valued = np.where(network.allowed, self.values, -np.inf)
        helpers, helped = network.shape
        self.reward = 2.0 * (min(int(network.capacity.sum()), int(network.wanted.sum())) + 1)  # B
        self.first_edge = 2 * helped + 2 * helpers
        self.owed = np.concatenate([np.full(helped, 2.0), np.ones(helped), np.ones(helpers), np.zeros(helpers)])
        first = np.minimum(network.wanted, 1)
        self.most = np.concatenate(
            [first, network.wanted - first, network.least, network.capacity - network.least]
        ).astype(np.float64)
        self.helper = np.empty(0, dtype=np.int64)
        self.helped = np.empty(0, dtype=np.int64)
        self.is_in = np.zeros(network.shape, dtype=np.bool_)

    def priced(self, gap: float) -> Flow:
        """Solve with few edges, add those whose price is too low, and again until there are none."""
        solver = self._solver(0.0)
        self._add(solver, *self._first_edges())
        while True:
            solver.run()
            solution = solver.getSolution()
            taken, duals = np.array(solution.col_value), np.array(solution.row_dual)
            surplus = self._surplus(duals)
            above = np.flatnonzero(surplus > 0)
            bound = float(surplus.ravel()[above].sum()) + self._bound_of_others(duals) - self._rewards(taken)  # (10)
            missing = above[(surplus.ravel()[above] > ROUNDING) & ~self.is_in.ravel()[above]]
            value = self._value(taken)
            if not len(missing) or bound - value <= gap * abs(value):
                return self._flow(taken, bound, surplus)
            self._add(solver, *_dearest(surplus, missing))

    def whole(self, gap: float) -> Flow:
        """Solve with all edges as whole numbers: (9)."""
        solver = self._solver(0.0)
        self._add(solver, *_edges(self.network.allowed))
        edges = np.arange(self.first_edge, self.first_edge + len(self.helper), dtype=np.int32)
        solver.changeColsIntegrality(len(edges), edges, np.full(len(edges), highspy.HighsVarType.kInteger))
        solver.setOptionValue("mip_abs_gap", max(gap * len(self.network.wanted) / 10, ROUNDING))
        solver.run()
        taken = np.round(np.array(solver.getSolution().col_value))
        bound = float(solver.getInfo().mip_dual_bound) - self._rewards(taken)
        surplus = np.full(self.network.shape, np.nan)
        return self._flow(taken, max(bound, self._value(taken)), surplus)

    def _solver(self, gap: float) -> highspy.Highs:
        helpers, helped = self.network.shape
        solver = fresh_solver(gap, None)
        solver.setOptionValue("presolve", "off" if self.network.load is None else "on")
        solver.setOptionValue("dual_feasibility_tolerance", ROUNDING)
        lp = highspy.HighsLp()
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.num_col_, lp.num_row_ = self.first_edge, 2 * helpers + helped
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self.reward * self.owed, np.zeros(self.first_edge), self.most
        room = np.full(helpers, np.inf) if self.network.room is None else self.network.room
        still = np.zeros(helpers + helped)
        lp.row_lower_ = np.concatenate([still, np.full(helpers, -np.inf)])
        lp.row_upper_ = np.concatenate([still, room])
        rows_of_helped, rows_of_helpers = np.arange(helpers, helpers + helped), np.arange(helpers)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(self.first_edge + 1, dtype=np.int32)
        lp.a_matrix_.index_ = np.concatenate([rows_of_helped, rows_of_helped, rows_of_helpers, rows_of_helpers]).astype(
            np.int32
        )
        lp.a_matrix_.value_ = np.full(self.first_edge, -1.0)
        solver.passModel(lp)
        return solver

    def _first_edges(self) -> tuple[Integers, Integers]:
        network = self.network
        if int(network.allowed.sum()) <= FEW:
            return _edges(network.allowed)
        likely = _likely_share(network, self.values)
        sample = likely.ravel()[:: max(1, likely.size // SAMPLE)]
        kept = NEAREST * sum(network.shape) / likely.size
        return _edges((likely >= max(np.quantile(sample, 1 - min(1.0, kept)), TINY)) & network.allowed)

    def _add(self, solver: highspy.Highs, helper: Integers, helped: Integers) -> None:
        helpers, total = self.network.shape[0], self.network.shape[0] + self.network.shape[1]
        rows, factors = [helper, helpers + helped], [np.ones(len(helper)), np.ones(len(helper))]
        if self.network.load is not None:
            rows.append(total + helper)
            factors.append(self.network.load[helper, helped])
        entries = len(rows) * len(helper)
        start = np.arange(0, entries + 1, len(rows), dtype=np.int32)[:-1]
        solver.addCols(
            len(helper),
            self.values[helper, helped],
            np.zeros(len(helper)),
            np.ones(len(helper)),
            entries,
            start,
            np.column_stack(rows).ravel().astype(np.int32),
            np.column_stack(factors).ravel(),
        )
        self.helper, self.helped = np.append(self.helper, helper), np.append(self.helped, helped)
        self.is_in[helper, helped] = True

    def _surplus(self, duals: Floats) -> Floats:
        """Return v − u − p of each edge, −∞ where there is none."""
        helpers, helped = self.network.shape
        surplus = self.valued - duals[:helpers, None]
        surplus -= duals[None, helpers : helpers + helped]
        return surplus

    def _bound_of_others(self, duals: Floats) -> float:
        """Return what f, m, q, r bring at most at these prices."""
        helpers, helped = self.network.shape
        of_helper, of_helped = duals[:helpers], duals[helpers : helpers + helped]
        price = np.concatenate([of_helped, of_helped, of_helper, of_helper])
        return float(np.maximum(0.0, self.reward * self.owed + price) @ self.most)

    def _rewards(self, taken: Floats) -> float:
        return self.reward * float(self.owed @ taken[: self.first_edge])

    def _value(self, taken: Floats) -> float:
        return float(self.values[self.helper, self.helped] @ taken[self.first_edge :])

    def _flow(self, taken: Floats, bound: float, surplus: Floats) -> Flow:
        is_pair = taken[self.first_edge :] > 0.5
        helper, helped = self.helper[is_pair], self.helped[is_pair]
        order = np.lexsort((helper, helped))
        alone = self.scale * self.reward / 2
        return Flow(helper[order], helped[order], self.scale * bound, -self.scale * surplus, alone)


def _dearest(surplus: Floats, missing: Integers) -> tuple[Integers, Integers]:
    """Return the edges of those missing (by their flat place) to add: all where they are few, else the dearest."""
    is_missing = np.zeros(surplus.shape, dtype=np.bool_)
    is_missing.ravel()[missing] = True
    if len(missing) <= FEW // 4:
        return _edges(is_missing)
    return _edges(_best_of(np.where(is_missing, surplus, -np.inf), MORE) & is_missing)


def _edges(chosen: Bools) -> tuple[Integers, Integers]:
    helper, helped = np.nonzero(chosen)
    return helper.astype(np.int64), helped.astype(np.int64)


def _best_of(worth: Floats, count: int) -> Bools:
    """Return (H, W) the `count` best edges of each helper and of each helped."""
    helpers, helped = worth.shape
    best = np.zeros(worth.shape, dtype=np.bool_)
    if count >= min(helpers, helped):
        return np.ones(worth.shape, dtype=np.bool_)
    best[np.argpartition(-worth, count, axis=0)[:count], np.arange(helped)[None, :]] = True
    best[np.arange(helpers)[:, None], np.argpartition(-worth, count, axis=1)[:, :count]] = True
    return best


def _likely_share(network: Network, values: Floats) -> NDArray[np.float32]:
    """Return (H, W) how much of each pair there is in a blurred copy of the problem.

    Every pair takes part by exp(value · 50 / range); sweeps make the sums fit the capacities and wishes in turn.

    Source: M. Cuturi, Sinkhorn Distances, 2013.
    """
    reach = float(np.ptp(values[network.allowed])) or 1.0
    blurred = ((values - values.max(where=network.allowed, initial=-np.inf)) * (SHARPNESS / reach)).astype(np.float32)
    part = np.exp(np.where(network.allowed, blurred, -np.inf))
    places, wishes = network.capacity.astype(np.float32), network.wanted.astype(np.float32)
    spare, unmet = max(0.0, places.sum() - wishes.sum()), max(0.0, wishes.sum() - places.sum())
    of_helper, nobody = np.ones(len(places), dtype=np.float32), np.float32(unmet > 0)
    for _sweep in range(SWEEPS):
        of_helped = wishes / np.maximum(of_helper @ part + nobody, TINY)
        nothing = np.float32(spare) / np.maximum(of_helper.sum(), TINY)
        of_helper = places / np.maximum(part @ of_helped + nothing, TINY)
        nobody = np.float32(unmet) / np.maximum(of_helped.sum(), TINY)
    part *= of_helper[:, None]
    part *= of_helped[None, :]
    part *= 1 + np.random.default_rng(SEED).random(part.shape, dtype=np.float32)  # equal pairs are not all alike
    return part
