"""Readings of a round go into the rings: doubles fall away, late ones find their place, neighbours are flagged.

Of two values at one instant the one in the store holds: parcels come in the order in which the store took them, so that
the first told is the one that was kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

import numpy as np

from anlan.telemetry.core.parcels import Flags, Readings
from anlan.telemetry.core.quality import NOT_FOR_RULES, Quality, flags_of
from anlan.telemetry.core.series import Floats, Series
from anlan.telemetry.judging.rings import Ring
from anlan.telemetry.queries.watched import Stream

AT_THE_DOOR = int(Quality.RANGE | Quality.CLOCK)  # flags that are told at arrival
NEIGHBOURS = 4  # values before a reading with which it is flagged the same whenever it comes


@dataclass(slots=True)
class Touch:
    """What came of one datastream.

    Attributes:
        stream: it.
        ring: with the readings in it.
        first: place of the first reading in the ring that is new or believed otherwise.
        until: up to where it was judged before.
        arrived: when the last of it came.
        since: the earliest instant that is new or otherwise among those judged before; inf where all came in order.
    """

    stream: Stream
    ring: Ring
    first: int
    until: float
    arrived: float
    since: float = inf

    @property
    def is_late(self) -> bool:
        """Tell whether the past looks otherwise now."""
        return self.since < inf


@dataclass(frozen=True, slots=True)
class ClockWrong:
    """A device spoke with a time that cannot be."""

    stream: Stream
    arrived: float
    error_s: float


@dataclass(slots=True)
class Arrived:
    """What a round brought.

    Attributes:
        touches: of datastreams.
        flags: (datastream, time, flags) that differ from those in the store.
        long_past: datastreams with readings from before what their ring holds: from when until when.
        clocks: readings whose time cannot be.
    """

    touches: list[Touch] = field(default_factory=list)
    flags: list[tuple[int, float, int]] = field(default_factory=list)
    long_past: dict[int, tuple[float, float]] = field(default_factory=dict)
    clocks: list[ClockWrong] = field(default_factory=list)


def take_in(readings: Readings, streams: Mapping[int, Stream], rings: Mapping[int, Ring]) -> Arrived:
    """Put readings into the rings; those of datastreams out of use stay in the store unjudged."""
    found = Arrived()
    for key, part in parts_of(readings):
        stream = streams.get(key)
        if stream is None:
            continue
        ring = rings[key]
        until = ring.until
        right = (part.flags & int(Quality.CLOCK)) == 0
        if not right.all():
            part = _without_wrong_clocks(found, stream, part, right)
        if len(part):
            touch = Touch(stream, ring, len(ring), until, float(part.arrived[-1]))
            _take_part(found, touch, part)
            if touch.first < len(ring):
                found.touches.append(touch)
    return found


def parts_of(readings: Readings) -> Iterator[tuple[int, Readings]]:
    """Yield each datastream's readings, oldest first; of two at one instant the first told."""
    order = np.lexsort((readings.times, readings.datastreams))
    keys, times = readings.datastreams[order], readings.times[order]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = (np.diff(keys) != 0) | (np.diff(times) != 0)
    order = order[is_new]
    keys, times = keys[is_new], times[is_new]
    values, flags, arrived = readings.values[order], readings.flags[order], readings.arrived[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1)).tolist()
    for first, last in pairwise([*starts, len(keys)]):
        cut = slice(first, last)
        yield int(keys[first]), Readings(keys[cut], times[cut], values[cut], flags[cut], arrived[cut])


def _without_wrong_clocks(
    found: Arrived, stream: Stream, part: Readings, right: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
) -> Readings:
    wrong = ~right
    errors = np.abs(part.times[wrong] - part.arrived[wrong])
    for arrived, error in zip(part.arrived[wrong].tolist(), errors.tolist(), strict=True):
        found.clocks.append(ClockWrong(stream, arrived, error))
    return Readings(
        part.datastreams[right], part.times[right], part.values[right], part.flags[right], part.arrived[right]
    )


def _take_part(found: Arrived, touch: Touch, part: Readings) -> None:
    ring = touch.ring
    late = int(np.searchsorted(part.times, ring.until, side="right"))
    begins = inf
    if late < len(part):
        begins = float(part.times[late])
        ring.append(part.times[late:], part.values[late:], part.flags[late:], float(part.times[0]))
    if late:
        _take_late(found, touch, part.times[:late], part.values[:late], part.flags[:late])
    touch.first = int(np.searchsorted(ring.times, min(begins, touch.since)))
    if touch.first < len(ring):
        _reflag(found, touch)


def _take_late(found: Arrived, touch: Touch, times: Floats, values: Floats, flags: Flags) -> None:
    ring = touch.ring
    held = ring.is_whole | (times >= (ring.times[0] if len(ring) else inf))
    if not held.all():
        found.long_past[touch.stream.id] = (float(times[~held].min()), float(times[~held].max()))
        times, values, flags = times[held], values[held], flags[held]
    places = np.searchsorted(ring.times, times)
    there = ring.times[np.minimum(places, len(ring) - 1)] == times if len(ring) else np.zeros(len(times), np.bool_)
    touched = times[~there | (times <= ring.doubtful_until)]  # what came from the store may not have been judged
    if not there.all():
        ring.merge(places[~there], times[~there], values[~there], flags[~there])
    if len(touched):
        touch.since = float(touched[0])


def _reflag(found: Arrived, touch: Touch) -> None:
    """Flag what needs its neighbours: a jump there and back is seen when the reading after it has come.

    What stands still is told of readings that come in order; a late one leaves it as it is.
    """
    limits, ring = touch.stream.limits, touch.ring
    unchanged_since = inf if limits.stuck_s is None or touch.is_late else _note_changes(touch)
    is_stuck = limits.stuck_s is not None and ring.until - unchanged_since >= limits.stuck_s
    if not is_stuck and (limits.spike is None or not _may_jump(touch, limits.spike)):
        return
    first, keeps = _neighbourhood(ring, touch.first)
    series = Series(ring.times[first:], ring.values[first:])
    flags = flags_of(_as_long_as(series, unchanged_since), limits)[-len(series.times) :]
    old = ring.flags[first:].copy()
    told = AT_THE_DOOR | (0 if is_stuck else int(Quality.STUCK))
    new = np.asarray((old & told) | (flags & ~told), dtype=np.int16)
    new[: keeps - first] = old[: keeps - first]
    changed = np.flatnonzero(new != old)
    if not len(changed):
        return
    ring.set_flags(first, new)
    key = touch.stream.id
    found.flags += [(key, float(series.times[each]), int(new[each])) for each in changed.tolist()]
    believed_otherwise = changed[((new ^ old)[changed] & int(NOT_FOR_RULES)) > 0]
    if len(believed_otherwise) and first + int(believed_otherwise[0]) < touch.first:
        touch.first = first + int(believed_otherwise[0])
        touch.since = min(touch.since, float(ring.times[touch.first]))


def _may_jump(touch: Touch, height: float) -> bool:
    ring = touch.ring
    tail = ring.values[max(touch.first - 2, 0) :]
    with np.errstate(over="ignore"):  # from the largest number to the least is further than any number
        steps = np.abs(np.diff(tail))
    return not bool((steps < height).all())  # also where one is missing between


def _note_changes(touch: Touch) -> float:
    """Note since when the value has been the same; return since when it had been so before."""
    ring = touch.ring
    first = max(touch.first - 1, 0)
    changes = np.flatnonzero(np.diff(ring.values[first:]) != 0)  # a missing value differs from every other
    before = min(ring.unchanged_since, float(ring.times[first]))
    ring.unchanged_since = float(ring.times[first + changes[-1] + 1]) if len(changes) else before
    return before


def _as_long_as(series: Series, since: float) -> Series:
    """Return the series with the reading before it since which the value has stood still."""
    if since >= series.times[0]:
        return series
    return Series(np.concatenate(([since], series.times)), np.concatenate((series.values[:1], series.values)))


def _neighbourhood(ring: Ring, place: int) -> tuple[int, int]:
    """Return from where to look at readings, and from where on their flags are then known."""
    for back in (3 * NEIGHBOURS, place):
        start = max(place - back, 0)
        inside = np.isfinite(ring.values[start:place]) & ((ring.flags[start:place] & int(Quality.RANGE)) == 0)
        present = start + np.flatnonzero(inside)
        if len(present) >= NEIGHBOURS:
            return int(present[-NEIGHBOURS]), int(present[-NEIGHBOURS // 2])
    return 0, 0
