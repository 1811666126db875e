"""The figures that a round makes new, and which of them are worth a closer look.

Where all is calm, what stays short of every limit changes nothing: a look at the largest value is enough.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from anlan.telemetry.core.derived import Figures, derive_many
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.series import DAY, HOUR, Floats, Series
from anlan.telemetry.core.thinning import steepest_m_h, thinned
from anlan.telemetry.judging.arriving import Touch
from anlan.telemetry.queries.watched import AimKey, Check, Stream

Alike = tuple[Quantity, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Look:
    """What a rule is to look at of a datastream in this round.

    Attributes:
        touch: what came.
        check: of which rule.
        figures: at the instants that are new or otherwise.
    """

    touch: Touch
    check: Check
    figures: Figures

    @property
    def is_calm(self) -> bool:
        """Tell whether every value is short of every limit."""
        return not bool((self.check.sign * self.figures.values >= self.check.least).any())


def looks_of(touches: Iterable[Touch], is_live: Callable[[AimKey], bool]) -> Iterator[Look]:
    """Yield what the rules have to look at; what is calm at a place that is calm is left out."""
    asked = _Asked(is_live)
    for touch in touches:
        most = _most_rain(touch) if touch.stream.measures is Property.RAIN else inf
        for quantity, checks in _by_quantity(touch.stream).items():
            if quantity is Quantity.READING:
                yield from _plain(touch, checks, is_live)
            elif quantity is Quantity.TANGENT_STAGE and not touch.is_late:
                asked.ask_stage(touch, checks)
            elif quantity is not Quantity.SILENCE:
                asked.ask(touch, quantity, asked.that_matter(touch, quantity, checks, most))
    yield from asked.looks()


def _by_quantity(stream: Stream) -> dict[Quantity, list[Check]]:
    found: dict[Quantity, list[Check]] = {}
    for check in stream.checks:
        found.setdefault(check.quantity, []).append(check)
    return found


class _Asked:
    """Figures asked for, those of datastreams that report alike in one go.

    A slope reaches no stage below a speed of its own: its stage is asked for where the speed is.
    """

    def __init__(self, is_live: Callable[[AimKey], bool]) -> None:
        self.is_live = is_live
        self.members: dict[Alike, list[tuple[Touch, Series, Floats, list[Check]]]] = defaultdict(list)
        self.stages: dict[int, tuple[Touch, list[Check]]] = {}

    def that_matter(self, touch: Touch, quantity: Quantity, checks: list[Check], most: float) -> list[Check]:
        """Return the checks that a figure may change which is at most so much, or as its readings allow."""
        if touch.is_late or any(self.is_live(each.aim) for each in checks):
            return checks
        if quantity is Quantity.RISE_RATE:
            most = min(most, steepest_m_h(_believed_since(touch, HOUR)))
        return [each for each in checks if each.least <= most]

    def ask(self, touch: Touch, quantity: Quantity, checks: list[Check]) -> None:
        """Ask for a figure."""
        if checks:
            self._add(touch, quantity, checks)

    def ask_stage(self, touch: Touch, checks: list[Check]) -> None:
        """Ask for the stage of a slope, by its speed first."""
        self.stages[touch.stream.id] = (touch, checks)
        if not any(each.quantity is Quantity.SPEED for each in touch.stream.checks):
            self._add(touch, Quantity.SPEED, [])

    def looks(self) -> Iterator[Look]:
        """Compute what was asked for."""
        for (quantity, _), members in list(self.members.items()):
            yield from self._derived(quantity, members)
        later = [alike for alike in self.members if alike[0] is Quantity.TANGENT_STAGE]
        for alike in later:
            yield from self._derived(Quantity.TANGENT_STAGE, self.members[alike])

    def _derived(self, quantity: Quantity, members: list[tuple[Touch, Series, Floats, list[Check]]]) -> Iterator[Look]:
        source = members[0][0].stream.source
        found = derive_many(quantity, [each[1] for each in members], [each[2] for each in members], source)
        for (touch, _, _, checks), figures in zip(members, found, strict=True):
            for check in checks:
                look = Look(touch, check, figures)
                if self.is_live(check.aim) or touch.is_late or not look.is_calm:
                    yield look
            if quantity is Quantity.SPEED:
                self._go_on_to_stage(touch, figures)

    def _go_on_to_stage(self, touch: Touch, speeds: Figures) -> None:
        stage, checks = self.stages.pop(touch.stream.id, (touch, []))
        point = stage.stream.source.point
        if not checks or point is None:
            return
        least = min(point.speed_to_reach(each) for each in point.limits)
        if any(self.is_live(each.aim) for each in checks) or bool((speeds.values >= least).any()):
            self._add(touch, Quantity.TANGENT_STAGE, checks)

    def _add(self, touch: Touch, quantity: Quantity, checks: list[Check]) -> None:
        series, at = _window(touch, quantity)
        if len(at):
            self.members[_alike(quantity, touch.stream)].append((touch, series, at, checks))


def _plain(touch: Touch, checks: Iterable[Check], is_live: Callable[[AimKey], bool]) -> Iterator[Look]:
    ring = touch.ring
    times, values = ring.times[touch.first :], ring.believed[touch.first :]
    for check in checks:
        look = Look(touch, check, Figures(times, values, values, np.isfinite(values)))
        if is_live(check.aim) or touch.is_late or not look.is_calm:
            yield look


def _alike(quantity: Quantity, stream: Stream) -> Alike:
    """Return what datastreams share whose figures may be computed in one go."""
    source = stream.source
    if quantity is Quantity.TANGENT_STAGE:
        return quantity, (stream.id,)
    days = None if source.point is None else source.point.days
    return quantity, (source.interval_s, source.is_counter, source.wraps_at, days)


def _window(touch: Touch, quantity: Quantity) -> tuple[Series, Floats]:
    """Return the readings that the new figures need, and the instants of these figures."""
    ring, source = touch.ring, touch.stream.source
    begins = float(ring.times[touch.first])
    back = begins - QUANTITIES[quantity].looks_back_s - 2 * source.interval_s
    first = max(int(np.searchsorted(ring.times, back)) - 1, 0)
    series = thinned(Series(ring.times[first:], ring.believed[first:]), quantity)
    return series, series.times[np.searchsorted(series.times, begins, side="left") :]


def _most_rain(touch: Touch) -> float:
    """Return what a sum of rain cannot exceed: all that fell in a day; infinity where nothing can be said."""
    values = _believed_since(touch, DAY)
    known = values[np.isfinite(values)]
    if not touch.stream.source.is_counter:
        return float(known[known > 0].sum())
    steps = np.diff(known)
    return float(known[-1] - known[0]) if len(known) and bool((steps >= 0).all()) else inf


def _believed_since(touch: Touch, back_s: float) -> Floats:
    ring = touch.ring
    begins = ring.times[touch.first] - back_s - 2 * touch.stream.source.interval_s
    return ring.believed[max(int(np.searchsorted(ring.times, begins)) - 1, 0) :]
