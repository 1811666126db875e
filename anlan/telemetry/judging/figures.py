"""The figures that a round makes new, and which of them are worth a closer look.

Where all is calm, what stays short of every limit changes nothing: a look at the largest value is enough.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf

import numpy as np

from anlan.telemetry.core.derived import Figures, derive_many
from anlan.telemetry.core.quantities import QUANTITIES, RAIN_HOURS, Quantity
from anlan.telemetry.core.series import DAY, Floats, Series
from anlan.telemetry.core.thinning import thinned
from anlan.telemetry.judging.arriving import Touch
from anlan.telemetry.queries.watched import AimKey, Check, Stream

Alike = tuple[Quantity, tuple[object, ...]]
RAIN = frozenset({*RAIN_HOURS, Quantity.RAIN_DAY})


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
    together: dict[Alike, list[tuple[Touch, Series, Floats]]] = defaultdict(list)
    checks: dict[tuple[int, Quantity], list[Check]] = defaultdict(list)
    for touch in touches:
        for quantity, some in _by_quantity(touch.stream).items():
            if quantity is Quantity.SILENCE:
                continue
            if quantity is Quantity.READING:
                yield from _plain(touch, some, is_live)
                continue
            some = [each for each in some if touch.is_late or is_live(each.aim) or each.least <= _most(touch, quantity)]
            if not some:
                continue
            series, at = _window(touch, quantity)
            if len(at):
                together[_alike(quantity, touch.stream)].append((touch, series, at))
                checks[touch.stream.id, quantity] = some
    for (quantity, _), members in together.items():
        yield from _derived(quantity, members, checks, is_live)


def _by_quantity(stream: Stream) -> dict[Quantity, list[Check]]:
    found: dict[Quantity, list[Check]] = {}
    for check in stream.checks:
        found.setdefault(check.quantity, []).append(check)
    return found


def _plain(touch: Touch, checks: Iterable[Check], is_live: Callable[[AimKey], bool]) -> Iterator[Look]:
    ring = touch.ring
    times, values = ring.times[touch.first :], ring.believed[touch.first :]
    for check in checks:
        look = Look(touch, check, Figures(times, values, values, np.isfinite(values)))
        if is_live(check.aim) or touch.is_late or not look.is_calm:
            yield look


def _derived(
    quantity: Quantity,
    members: list[tuple[Touch, Series, Floats]],
    checks: Mapping[tuple[int, Quantity], list[Check]],
    is_live: Callable[[AimKey], bool],
) -> Iterator[Look]:
    source = members[0][0].stream.source
    found = derive_many(quantity, [each[1] for each in members], [each[2] for each in members], source)
    for (touch, _, _), figures in zip(members, found, strict=True):
        for check in checks[touch.stream.id, quantity]:
            look = Look(touch, check, figures)
            if is_live(check.aim) or touch.is_late or not look.is_calm:
                yield look


def _alike(quantity: Quantity, stream: Stream) -> Alike:
    """Return what datastreams share whose figures may be computed in one go."""
    source = stream.source
    if source.point is not None:
        return quantity, (stream.id,)
    return quantity, (source.interval_s, source.is_counter, source.wraps_at)


def _window(touch: Touch, quantity: Quantity) -> tuple[Series, Floats]:
    """Return the readings that the new figures need, and the instants of these figures."""
    ring, source = touch.ring, touch.stream.source
    begins = float(ring.times[touch.first])
    back = begins - QUANTITIES[quantity].looks_back_s - 2 * source.interval_s
    first = max(int(np.searchsorted(ring.times, back)) - 1, 0)
    series = thinned(Series(ring.times[first:], ring.believed[first:]), quantity)
    return series, series.times[np.searchsorted(series.times, begins, side="left") :]


def _most(touch: Touch, quantity: Quantity) -> float:
    """Return what a sum of rain cannot exceed: all that fell in the window; infinity where nothing can be said."""
    if quantity not in RAIN:
        return inf
    ring = touch.ring
    first = int(np.searchsorted(ring.times, ring.times[touch.first] - DAY - 2 * touch.stream.source.interval_s))
    values = ring.believed[max(first - 1, 0) :]
    known = values[np.isfinite(values)]
    if not touch.stream.source.is_counter:
        return float(known[known > 0].sum())
    steps = np.diff(known)
    return float(known[-1] - known[0]) if len(known) and bool((steps >= 0).all()) else inf
