"""From what a siting study knows to its answer: which points, who goes where, and what more points would bring.

D villages, S places where a point could stand. Source: docs/methods/siting.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anlan.allocation.core.siting import Ground, Siting, TooFewSites, capacitated, least_points, max_cover, p_median
from anlan.allocation.core.siting_facts import Floats, SitingFacts, Village
from anlan.allocation.core.siting_study import Absence, BadSiting, Question, SitingSettings
from anlan.kernel.refusal import mark

Integers = NDArray[np.int64]
Progress = Callable[..., None]
GAP, CURVE_GAP = 1e-4, 1e-3
CURVE_STEPS = 12
CURVE_BEYOND = 5
ROUNDING = 1e-9
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Served:
    """Who goes to one point: what it carries, from how many villages, how far they have."""

    load: float
    village_count: int
    mean_minutes: float | None
    worst_minutes: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. point: (D,) the place that each village goes to, −1 for none; minutes: (D,) to it."""

    opened: tuple[int, ...]
    point: Integers
    minutes: Floats
    absences: tuple[Absence | None, ...]
    parts: dict[int, list[tuple[int, float]]]
    figures: dict[str, Any]
    curve: list[dict[str, Any]] = field(default_factory=list)

    def served_by(self, place: int, facts: SitingFacts) -> Served:
        """Return who goes to a place; of a village that is split only its part."""
        shares = np.array([self._share_at(place, row) for row in range(len(facts.villages))])
        rows = np.flatnonzero(shares)
        load = shares[rows] * np.array([facts.villages[row].weight or 0.0 for row in rows])
        minutes = facts.minutes[rows, place]
        mean = float(minutes @ load / load.sum()) if load.sum() > 0 else None
        worst = float(minutes.max()) if mean is not None else None
        return Served(float(load.sum()), len(rows), mean, worst)

    def _share_at(self, place: int, row: int) -> float:
        if row in self.parts:
            return sum(share for site, share in self.parts[row] if site == place)
        return float(self.point[row] == place)


def quietly(done: int, total: int, doing: str = "", **values: object) -> None:
    """Tell nobody how far the work is."""


def answer_of(facts: SitingFacts, settings: SitingSettings, progress: Progress = quietly) -> Answer:
    """Return where the points shall stand.

    Raises:
        BadSiting: there is nobody or nothing to choose from, or more is asked than the places can give.
        Refusal: the solver's own.
    """
    _check_places(facts, settings)
    absences = _absences(facts, settings)
    counted = np.flatnonzero([absence is None for absence in absences])
    if not len(counted) and Absence.TOO_MANY in absences:
        raise BadSiting("Every village has more people than one point holds: let villages be split", field="capacity")
    if not len(counted):
        raise BadSiting("No village can be counted: nothing is on record, or no way leads to any place", field="way")
    progress(0, CURVE_STEPS + 1, mark("Looking for the best places"))
    case = _Case(facts, settings, counted)
    found = SOLVED_BY[settings.question](case)
    answer = _told(case, absences, found)
    return replace(answer, curve=list(_curve(case, found, progress)))


def _check_places(facts: SitingFacts, settings: SitingSettings) -> None:
    count, kept = len(facts.places), len(facts.kept)
    if not count:
        raise BadSiting("There is no candidate: no unit of those chosen has a place on record", field="candidates")
    if not facts.villages:
        raise BadSiting("Nobody needs a point: no village of the county is counted so", field="weighing")
    if settings.points is None or settings.question not in {Question.LEAST_TRAVEL, Question.MOST_COVERED}:
        return
    if settings.points < kept:
        raise BadSiting(
            "%(points)d points are asked for, but %(kept)d stand already and are kept: ask for more, or keep none",
            field="points",
            points=settings.points,
            kept=kept,
        )
    if settings.points > count:
        raise BadSiting(
            "%(points)d points are asked for; there are only %(count)d places where one could stand",
            field="points",
            points=settings.points,
            count=count,
        )


def _absences(facts: SitingFacts, settings: SitingSettings) -> list[Absence | None]:
    """Return why a village cannot be part of the question, None for those that are."""
    is_room = settings.question is Question.ENOUGH_ROOM
    reach = settings.within_minutes if is_room else np.inf
    nearest = facts.minutes.min(axis=1, initial=np.inf)
    most = np.where(facts.minutes <= reach, facts.capacity, 0.0).max(axis=1, initial=0.0)
    limit = most if is_room and settings.is_whole else np.full(len(most), np.inf)
    return [_absence(village, nearest[row], reach, limit[row]) for row, village in enumerate(facts.villages)]


def _absence(village: Village, nearest: float, reach: float, most: float) -> Absence | None:
    if village.weight is None:
        return Absence.NO_COUNT
    if not village.has_place:
        return Absence.NO_PLACE
    if not np.isfinite(nearest):
        return Absence.ISLAND
    if nearest > reach:
        return Absence.FAR
    return Absence.TOO_MANY if village.weight > most else None


class _Case:
    """The question in numbers: the counted villages alone."""

    def __init__(self, facts: SitingFacts, settings: SitingSettings, counted: Integers) -> None:
        self.facts, self.settings, self.counted = facts, settings, counted
        self.minutes = facts.minutes[counted]
        self.weight = np.array([facts.villages[row].weight for row in counted], dtype=np.float64)
        known = [village.weight for village in facts.villages if village.weight is not None]
        self.total = float(sum(known))

    @property
    def ground(self) -> Ground:
        """Return the ground of the solver; one that nobody reaches counts twice the longest way."""
        return self.ground_of(self.minutes, 2 * float(self.minutes[np.isfinite(self.minutes)].max()) + 1)

    def ground_of(self, distance: Floats, left_out: float | None) -> Ground:
        return Ground(
            demands=tuple(self.facts.villages[row].name for row in self.counted),
            sites=tuple(place.name for place in self.facts.places),
            distance=distance,
            weight=self.weight,
            kept=self.facts.kept,
            left_out=left_out,
        )

    def share_within(self, opened: tuple[int, ...]) -> float:
        """Return the share of all that is counted whose nearest of these is within the minutes asked."""
        near = self.minutes[:, list(opened)].min(axis=1) <= self.settings.within_minutes
        return float(self.weight[near].sum()) / self.total if self.total > 0 else 0.0

    def mean_of(self, opened: tuple[int, ...]) -> float | None:
        """Return the mean minutes to the nearest of these, of those that reach one."""
        nearest = self.minutes[:, list(opened)].min(axis=1)
        served = np.isfinite(nearest)
        weight = self.weight[served]
        return float(nearest[served] @ weight / weight.sum()) if weight.sum() > 0 else None


def _least_travel(case: _Case) -> Siting:
    return p_median(case.ground, case.settings.points or 1, gap=GAP)


def _most_covered(case: _Case) -> Siting:
    return max_cover(case.ground, case.settings.points or 1, case.settings.within_minutes)


def _fewest_points(case: _Case) -> Siting:
    settings = case.settings
    within = case.weight[(case.minutes <= settings.within_minutes).any(axis=1)].sum()
    wanted = (settings.share or 1.0) * case.total
    if within < wanted * (1 - ROUNDING):
        raise BadSiting(
            "Even with a point at every candidate only %(share).1f %% are within %(minutes).0f minutes, "
            "%(wanted).1f %% are wanted: ask for less, allow more minutes, or more candidates",
            field="share",
            share=100 * float(within) / case.total if case.total else 0.0,
            minutes=settings.within_minutes,
            wanted=100 * (settings.share or 1.0),
        )
    share = min(1.0, wanted / float(case.weight.sum()))
    return least_points(case.ground, settings.within_minutes, share)


def _enough_room(case: _Case) -> Siting:
    """Return the cheapest room for everybody; where no choice has it, for as many as a point is worth opening for."""
    settings, facts = case.settings, case.facts
    if facts.capacity.sum() < case.weight.sum():
        raise BadSiting(
            "All places together hold %(room).0f of %(people).0f people: choose more candidates or a greater capacity",
            field="capacity",
            room=float(facts.capacity.sum()),
            people=float(case.weight.sum()),
        )
    cost = np.array([0.0 if place.is_existing else float(settings.cost_fen or 0) for place in facts.places])
    near = np.where(case.minutes <= settings.within_minutes, case.minutes * settings.minute_fen, np.inf)
    room = partial(capacitated, capacity=facts.capacity, cost=cost, is_single=settings.is_whole)
    try:
        return room(case.ground_of(near, None))
    except TooFewSites:
        # Leaving somebody out counts more than ten of the longest ways, and than a point for the smallest village.
        least, longest = float(case.weight[case.weight > 0].min()), settings.within_minutes * settings.minute_fen
        left_out = 10.0 * longest + 2.0 * max(float(cost.max()), 1.0) / least
        return room(case.ground_of(near, left_out))


SOLVED_BY: dict[Question, Callable[[_Case], Siting]] = {
    Question.LEAST_TRAVEL: _least_travel,
    Question.MOST_COVERED: _most_covered,
    Question.FEWEST_POINTS: _fewest_points,
    Question.ENOUGH_ROOM: _enough_room,
}


def _told(case: _Case, absences: list[Absence | None], found: Siting) -> Answer:
    """Return the answer in terms of all villages."""
    facts, settings = case.facts, case.settings
    point = np.full(len(facts.villages), NOBODY, dtype=np.int64)
    minutes = np.full(len(facts.villages), np.inf)
    goes = found.site if settings.question is Question.ENOUGH_ROOM else _nearest(case.minutes, found.opened)
    rows = np.flatnonzero(goes >= 0)
    point[case.counted[rows]] = goes[rows]
    minutes[case.counted[rows]] = case.minutes[rows, goes[rows]]
    reasons = [absence or _reason(case, row, int(point[row]), minutes[row]) for row, absence in enumerate(absences)]
    parts: dict[int, list[tuple[int, float]]] = {}
    for demand, site, share in found.parts:
        parts.setdefault(int(case.counted[demand]), []).append((site, share))
    return Answer(found.opened, point, minutes, tuple(reasons), parts, _figures(case, found, point, minutes))


def _reason(case: _Case, row: int, goes_to: int, minutes: float) -> Absence | None:
    """Return why a village is not near; one that only a point of its own could serve is an island."""
    settings, facts = case.settings, case.facts
    if goes_to != NOBODY:
        return Absence.FAR if minutes > settings.within_minutes else None
    if settings.question is Question.ENOUGH_ROOM:
        return Absence.FULL
    reached = np.flatnonzero(np.isfinite(facts.minutes[row]))
    is_island = all(facts.places[place].code == facts.villages[row].code for place in reached)
    return Absence.ISLAND if is_island else Absence.NO_WAY


def _nearest(minutes: Floats, opened: tuple[int, ...]) -> Integers:
    """Return (D,) the nearest open place of each village, −1 where none is reached."""
    chosen = np.array(opened, dtype=np.int64)
    nearest = chosen[minutes[:, chosen].argmin(axis=1)]
    reached = np.isfinite(minutes[np.arange(len(nearest)), nearest])
    return np.where(reached, nearest, NOBODY)


def _figures(case: _Case, found: Siting, point: Integers, minutes: Floats) -> dict[str, Any]:
    """Return what the page tells in numbers; shares of all that is counted, islands among them."""
    facts, settings = case.facts, case.settings
    weight = np.array([village.weight or 0.0 for village in facts.villages])
    served, within = point >= 0, minutes <= settings.within_minutes
    new = [place for place in found.opened if not facts.places[place].is_existing]
    worst = int(np.where(served, minutes, -1.0).argmax()) if served.any() else None
    return {
        "points": len(found.opened),
        "new": len(new),
        "existing": len(found.opened) - len(new),
        "share": float(weight[within].sum()) / case.total if case.total > 0 else 0.0,
        "total": case.total,
        "within": float(weight[within].sum()),
        "villages": len(facts.villages),
        "villages_within": int(within.sum()),
        "mean_minutes": float(minutes[served] @ weight[served] / weight[served].sum())
        if weight[served].sum() > 0
        else None,
        "worst_minutes": float(minutes[worst]) if worst is not None else None,
        "worst_name": facts.villages[worst].name if worst is not None else "",
        "cost_fen": len(new) * (settings.cost_fen or 0) if settings.question is Question.ENOUGH_ROOM else None,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "method": found.method,
        "candidates": len(facts.places) - len(facts.kept),
        "without_capacity": facts.without_capacity,
    }


def _curve(case: _Case, found: Siting, progress: Progress) -> Iterator[dict[str, Any]]:
    """Yield what each number of points brings, up to a few more than found."""
    counts = curve_counts(len(found.opened), len(case.facts.kept), len(case.facts.places))
    for done, count in enumerate(counts, 1):
        progress(done, len(counts) + 1, mark("What %(count)d points would bring"), count=count)
        if case.settings.question is Question.LEAST_TRAVEL:
            best = p_median(case.ground, count, gap=CURVE_GAP)
        else:
            best = max_cover(case.ground, count, case.settings.within_minutes, gap=CURVE_GAP)
        yield {
            "points": count,
            "share": case.share_within(best.opened),
            "mean_minutes": case.mean_of(best.opened),
            "gap": best.gap,
        }


def curve_counts(found: int, kept: int, places: int) -> list[int]:
    """Return the numbers of points to look at: from those that stand to a few more than found.

    >>> curve_counts(4, 0, 100)
    [1, 2, 3, 4, 5, 6, 7, 8, 9]
    >>> curve_counts(30, 10, 100)
    [10, 12, 15, 18, 20, 22, 25, 28, 30, 32, 35]
    """
    first, last = max(1, kept), min(places, found + CURVE_BEYOND)
    step = max(1.0, (last - first) / (CURVE_STEPS - 2))
    steps = {min(last, round(first + step * number)) for number in range(CURVE_STEPS)}
    return sorted(steps | {found})
