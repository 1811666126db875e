"""A bound for p points by Lagrangian relaxation, its prices moved along the subgradient.

Without the rule that each demand is served exactly once, every site stands for itself: open it, serve all demands whose
price exceeds their cost, and keep the p best. The prices that make this worst are what the rule is worth. Of a demand's
sites only those cheaper than its price count: they are a short beginning of the list of its sites by cost.

Source: docs/methods/siting.md, section 4; G. Cornuejols, M. L. Fisher and G. L. Nemhauser 1977; M. Held et al. 1974.
"""

from dataclasses import dataclass, replace

import numpy as np

from anlan.allocation.core.siting.interchange import cost_of, interchange
from anlan.allocation.core.siting.values import Bools, Floats, Integers

PATIENCE = 15  # rounds without a better bound before the step is halved
LEAST_STEP = 1e-3
ROOM = 0.35  # of a price: so far it may rise before the lists are cut anew
SHAKEN = 5  # every so many-th site is moved when they are shaken
TURN = 0.8  # of the last direction that goes into the next
MEMORY = 0.9  # of the running mean of what is chosen
LOOK_EVERY = 10  # rounds from one look at the chosen sites themselves to the next


@dataclass(frozen=True, slots=True)
class Held:
    """What holds at a place of the search: sites (S,) that are open in any case, and those that are not."""

    must: Bools
    barred: Bools


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound, the prices (D,) that give it, what each site is worth (S,) there, how often each was chosen (0 to 1)."""

    value: float
    prices: Floats
    worth: Floats
    often: Floats


class Incumbent:
    """The best sites known; others are offered to it, and improved by exchange once each."""

    def __init__(self, costs: Floats, opened: Integers, kept: tuple[int, ...]) -> None:
        self.costs, self.kept = costs, kept
        self.opened, self.objective = opened, cost_of(costs, opened)
        self.tried: set[bytes] = set()

    def offer(self, chosen: Integers, *, is_near: bool = False) -> None:
        """Take the sites if they are better; `is_near` exchanges from there even if they are not."""
        if chosen.tobytes() in self.tried:
            return
        if not is_near and cost_of(self.costs, chosen) >= self.objective:
            return
        self.tried.add(chosen.tobytes())
        opened = interchange(self.costs, chosen, self.kept)
        objective = cost_of(self.costs, opened)
        if objective < self.objective:
            self.opened, self.objective = opened, objective

    def shake(self, rng: np.random.Generator, times: int) -> None:
        """Put others in the place of a few sites, and exchange from there, so many times."""
        for _time in range(times):
            free = np.setdiff1d(self.opened, self.kept)
            count = min(len(free), max(2, len(free) // SHAKEN))
            others = np.setdiff1d(np.arange(self.costs.shape[1]), self.opened)
            count = min(count, len(others))
            leaves, enters = rng.choice(free, count, replace=False), rng.choice(others, count, replace=False)
            self.offer(np.sort(np.append(np.setdiff1d(self.opened, leaves), enters)), is_near=True)


class _Lists:
    """The sites of each demand by cost, and of each the beginning that is cheaper than a limit."""

    def __init__(self, costs: Floats) -> None:
        self.order = np.argsort(costs, axis=1, kind="stable")
        self.sorted = np.take_along_axis(costs, self.order, axis=1)
        self.sites = costs.shape[1]
        self.limit: Floats = np.full(len(costs), -np.inf)
        self.usual: Floats = np.zeros(len(costs))

    def reach(self, prices: Floats) -> None:
        """Cut the lists so that all that is cheaper than the prices is in them."""
        if (prices <= self.limit).all():
            return
        if not self.usual.any():
            self.usual = prices
        room = prices + ROOM * np.maximum(prices, self.usual)
        count = (self.sorted < room[:, None]).sum(axis=1)
        beyond = np.append(self.sorted, np.full((len(prices), 1), np.inf), axis=1)
        self.limit = beyond[np.arange(len(prices)), count]
        is_in = np.arange(self.sites)[None, :] < count[:, None]
        self.demand = np.repeat(np.arange(len(prices)), count)
        self.site, self.cost = self.order[is_in], self.sorted[is_in]


class Relaxation:
    """Raises bounds for one table of finite costs (D, all sites), of which only some sites (S,) count."""

    def __init__(self, costs: Floats, points: int, sites: Integers) -> None:
        self.costs, self.points, self.sites = costs[:, sites], points, sites
        self.lists = _Lists(self.costs)
        self.cells = 0  # looked at so far: the work done

    def first_prices(self, opened: Integers) -> Floats:
        """Return each demand's cost at its second nearest open site, or at the nearest if that is the only one."""
        place = min(1, len(opened) - 1)
        prices: Floats = np.partition(self.costs[:, opened], place, axis=1)[:, place]
        return prices

    def raised(self, best: Incumbent, held: Held, start: Bound, *, gap: float, rounds: int, step: float) -> Bound:
        """Return a higher bound, (10), and offer the sites met on the way.

        Args:
            best: the best sites known.
            held: what holds here.
            start: where the prices begin.
            gap: (objective − bound) / objective that is small enough.
            rounds: most steps.
            step: length of the first steps; halved where they bring nothing.

        Source: docs/methods/siting.md, equation (10).
        """
        found, prices, waited, often = start, start.prices, 0, start.often
        along = np.zeros(len(prices))
        for count in range(rounds):
            value, worth, chosen, missed = self._look(prices, held)
            often = MEMORY * often + (1 - MEMORY) * np.isin(np.arange(len(often)), chosen)
            waited += 1
            if value > found.value:
                found, waited = Bound(value, prices, worth, often), 0
            if count % LOOK_EVERY == 0 or not missed.any():
                best.offer(self.sites[chosen])
            if best.objective - found.value <= gap * abs(best.objective) or not missed.any() or step < LEAST_STEP:
                break
            if waited >= PATIENCE:
                step, waited, prices = step / 2, 0, found.prices
                best.offer(self.sites[chosen], is_near=True)
                continue
            along = missed + TURN * along
            length = step * (1.0001 * best.objective - value) / float(along @ along)
            prices = np.maximum(prices + max(length, 0.0) * along, 0.0)
        return replace(found, often=often)

    def _look(self, prices: Floats, held: Held) -> tuple[float, Floats, Integers, Floats]:
        """Return the bound at these prices, each site's worth, the chosen sites, by how much demands are missed."""
        lists = self.lists
        lists.reach(prices)
        self.cells += len(lists.cost) + len(prices)
        gains = np.minimum(lists.cost - prices[lists.demand], 0.0)
        worth = np.bincount(lists.site, weights=gains, minlength=lists.sites).astype(np.float64)
        ranked = np.where(held.must, -np.inf, np.where(held.barred, np.inf, worth))
        chosen = np.sort(np.argpartition(ranked, self.points - 1)[: self.points])
        is_chosen = np.zeros(lists.sites, dtype=np.bool_)
        is_chosen[chosen] = True
        serves = is_chosen[lists.site] & (gains < 0)
        missed: Floats = 1.0 - np.bincount(lists.demand[serves], minlength=len(prices)).astype(np.float64)
        return float(prices.sum() + worth[chosen].sum()), worth, chosen, missed
