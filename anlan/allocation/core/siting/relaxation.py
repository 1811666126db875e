"""A bound for p points by Lagrangian relaxation, its prices moved along the subgradient.

Without the rule that each demand is served exactly once, every site stands for itself: open it, serve all demands whose
price exceeds their cost, and keep the p best. The prices that make this worst are what the rule is worth.

Source: docs/methods/siting.md, section 4; G. Cornuejols, M. L. Fisher and G. L. Nemhauser 1977; M. Held et al. 1974.
"""

from dataclasses import dataclass, replace

import numpy as np

from anlan.allocation.core.siting.interchange import cost_of, interchange
from anlan.allocation.core.siting.values import Floats, Integers

PATIENCE = 20  # rounds without a better bound before the step is halved
LEAST_STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The best bound, the prices (D,) that give it, what each site is worth (S,) there, and the best sites met."""

    bound: float
    prices: Floats
    worth: Floats
    opened: Integers
    objective: float


def relax(
    costs: Floats, opened: Integers, kept: tuple[int, ...] = (), *, gap: float = 0.0, rounds: int = 2_000
) -> Relaxed:
    """Return a bound for serving all demands from as many sites as are open, and perhaps better sites.

    L(u) = Σ u_i + the least sum of p values ρ_j (those kept among them), ρ_j = Σ_i min(0, c_ij − u_i).  # (10)

    Args:
        costs: (D, S) cost of serving each demand whole from each site; infinite where it cannot be.
        opened: a good choice of sites, to begin with.
        kept: open sites that stay.
        gap: (objective − bound) / objective that is small enough.
        rounds: most steps.

    Source: docs/methods/siting.md, equation (10).
    """
    state = _Search(costs, opened, kept)
    step, waited = 1.0, 0
    for _round in range(rounds):
        served, is_better = state.look()
        if state.is_close(gap) or not served.any() or step < LEAST_STEP:
            break
        waited = 0 if is_better else waited + 1
        if waited >= PATIENCE:
            step, waited = step / 2, 0
            state.search_nearby()
            state.prices = state.best.prices.copy()
            continue
        state.prices = (
            state.prices + step * (state.best.objective * 1.0001 - state.value) / float(served @ served) * served
        )
    return state.best


class _Search:
    """Prices while they move, with the best that was met."""

    def __init__(self, costs: Floats, opened: Integers, kept: tuple[int, ...]) -> None:
        self.costs, self.kept, self.points = costs, list(kept), len(opened)
        self.finite = np.where(np.isfinite(costs), costs, _beyond(costs))
        self.buffer = np.empty_like(costs)
        mine = np.partition(self.finite[:, opened], min(1, self.points - 1), axis=1)
        self.prices: Floats = mine[:, min(1, self.points - 1)].copy()
        self.value = -np.inf
        objective = cost_of(costs, opened)
        self.best = Relaxed(-np.inf, self.prices.copy(), np.zeros(costs.shape[1]), opened, objective)
        self.chosen = opened
        self.tried: set[bytes] = set()

    def look(self) -> tuple[Floats, bool]:
        """Value the present prices; return by how much each demand is served too rarely, and whether the bound rose."""
        np.subtract(self.costs, self.prices[:, None], out=self.buffer)
        np.minimum(self.buffer, 0.0, out=self.buffer)
        worth = self.buffer.sum(axis=0)
        ranked = worth.copy()
        ranked[self.kept] = -np.inf
        chosen = np.sort(np.argpartition(ranked, self.points - 1)[: self.points])
        self.value = float(self.prices.sum() + worth[chosen].sum())
        served: Floats = 1.0 - (self.buffer[:, chosen] < 0).sum(axis=1)
        is_better = self.value > self.best.bound
        if is_better:
            self.best = replace(self.best, bound=self.value, prices=self.prices.copy(), worth=worth)
        self.chosen = chosen
        if cost_of(self.costs, chosen) < self.best.objective:
            self.search_nearby()
        return served, is_better

    def search_nearby(self) -> None:
        """Exchange sites from where the relaxation stands, once for each such place."""
        if self.chosen.tobytes() in self.tried:
            return
        self.tried.add(self.chosen.tobytes())
        opened = interchange(self.finite, self.chosen, tuple(self.kept))
        objective = cost_of(self.costs, opened)
        if objective < self.best.objective:
            self.best = replace(self.best, opened=opened, objective=objective)

    def is_close(self, gap: float) -> bool:
        """Tell whether the bound has come near enough."""
        return self.best.objective - self.best.bound <= max(gap, 1e-12) * abs(self.best.objective)


def _beyond(costs: Floats) -> float:
    """Return a cost that no choice avoids reaching a demand for: more than all demands at their dearest."""
    dearest = np.where(np.isfinite(costs), costs, 0.0).max(axis=1, initial=0.0)
    return float(dearest.sum()) + 1.0
