"""What the relaxation leaves open is settled by halving: a site is open in one half, closed in the other.

A half whose bound has come near enough to the best sites known is done with. So is, within a half, a site that could
only take the place of a chosen one at too great a loss, and a chosen one that could only be replaced so:

    (11)  bound + worth[j] − worth of the last chosen  ≥  (1 − gap) · objective:  j stays closed

Source: docs/methods/siting.md, equation (11).
"""

from dataclasses import replace
from heapq import heappop, heappush

import numpy as np

from anlan.allocation.core.siting.interchange import cost_of
from anlan.allocation.core.siting.relaxation import Bound, Held, Incumbent, Relaxation
from anlan.allocation.core.siting.values import Integers

ROUNDS, STEP = 60, 0.25
AIM = 0.99  # of the gap that is asked, so that rounding does not miss it
Half = tuple[float, int, Held, Bound]


class Search:
    """The halves that are still open, the least bound first."""

    def __init__(self, relaxation: Relaxation, best: Incumbent, gap: float) -> None:
        self.relaxation, self.best, self.gap = relaxation, best, gap
        self.open: list[Half] = []
        self.settled = np.inf  # the least bound of the halves that are done with
        self.count = 0

    @property
    def enough(self) -> float:
        """Return the bound from which on a half is done with."""
        return self.best.objective - max(AIM * self.gap, 1e-9) * abs(self.best.objective)

    @property
    def bound(self) -> float:
        """Return what no choice of sites can better."""
        least = min((half[0] for half in self.open), default=np.inf)
        return float(min(self.best.objective, self.settled, least))

    def run(self, held: Held, root: Bound, cells: int) -> None:
        """Halve until all is settled, or so many cells have been looked at."""
        self._keep(held, root)
        while self.open and self.relaxation.cells < cells:
            value, _count, held, bound = heappop(self.open)
            if value >= self.enough:
                self.settled = min(self.settled, value)
                continue
            self._halve(held, bound)

    def _halve(self, held: Held, bound: Bound) -> None:
        is_free = ~(held.must | held.barred)
        doubt = np.where(is_free, np.abs(bound.often - 0.5), np.inf)
        site = int(np.argmin(doubt))
        for is_open in (True, False):
            half = Held(held.must.copy(), held.barred.copy())
            (half.must if is_open else half.barred)[site] = True
            raised = self.relaxation.raised(
                self.best, half, replace(bound, value=-np.inf), gap=self.gap, rounds=ROUNDS, step=STEP
            )
            self._keep(half, replace(raised, value=max(raised.value, bound.value)))

    def _keep(self, held: Held, bound: Bound) -> None:
        """Put a half among the open ones, unless it is settled."""
        if bound.value >= self.enough:
            self.settled = min(self.settled, bound.value)
            return
        held = self.reduced(held, bound)
        chosen = self._only_choice(held)
        if chosen is None:
            self.count += 1
            heappush(self.open, (bound.value, self.count, held, bound))
            return
        if len(chosen):
            self.best.offer(self.relaxation.sites[chosen], is_near=True)
            self.settled = min(self.settled, cost_of(self.relaxation.costs, chosen))

    def reduced(self, held: Held, bound: Bound) -> Held:
        """Return what holds besides in the half: (11)."""
        points, enough = self.relaxation.points, self.enough
        ranked = np.where(held.must, -np.inf, np.where(held.barred, np.inf, bound.worth))
        places = np.argsort(ranked, kind="stable")
        last, following = ranked[places[points - 1]], ranked[places[points : points + 1]]
        is_chosen = np.zeros(len(ranked), dtype=np.bool_)
        is_chosen[places[:points]] = True
        is_free = ~(held.must | held.barred)
        if not np.isfinite(last):
            return held
        shut = is_free & ~is_chosen & (bound.value + bound.worth - last >= enough)
        sure = is_free & is_chosen & (bound.value + following.min(initial=np.inf) - bound.worth >= enough)
        if (shut | sure).any():
            self.settled = min(self.settled, enough)
        return Held(held.must | sure, held.barred | shut)

    def _only_choice(self, held: Held) -> Integers | None:
        """Return the sites where there is only one way left, none where there is none; None where there are several."""
        points = self.relaxation.points
        if held.must.sum() == points:
            return np.flatnonzero(held.must)
        able = np.flatnonzero(~held.barred)
        if len(able) > points:
            return None
        return able if len(able) == points else able[:0]
