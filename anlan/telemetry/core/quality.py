"""Quality flags of readings: what looks wrong is marked and kept, never thrown away.

Source: docs/methods/rain.md, section 5.
"""

from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from anlan.kernel.refusal import mark
from anlan.telemetry.core.series import DAY, Bools, Floats, Integers, Series


class Quality(IntFlag):
    """What is wrong with a reading; 0 is nothing."""

    GOOD = 0
    RANGE = 1
    SPIKE = 2
    STUCK = 4
    CLOCK = 8


QUALITY_NAMES = {
    Quality.RANGE: mark("out of range"),
    Quality.SPIKE: mark("a jump there and back"),
    Quality.STUCK: mark("stands still"),
    Quality.CLOCK: mark("clock wrong"),
}
MOST = 1e9  # no datastream shows more, whatever its unit
NOT_FOR_RULES = Quality.RANGE | Quality.SPIKE | Quality.CLOCK  # such a reading raises no alarm and enters no sum


@dataclass(frozen=True, slots=True)
class Limits:
    """What a datastream may show; None asks nothing, but that a number be one of this world.

    Attributes:
        lowest: least value, in the unit of the datastream.
        highest: largest value.
        spike: least height of a jump there and back.
        stuck_s: how long the same value is suspicious, seconds; None for rain, which may stay at 0.
        ahead_s: how far the clock of a device may be ahead of the time of arrival, seconds.
        behind_s: how old a reading may be when it comes, seconds: past it the clock is taken for wrong.
    """

    lowest: float | None = None
    highest: float | None = None
    spike: float | None = None
    stuck_s: float | None = None
    ahead_s: float = 600.0
    behind_s: float = 400 * DAY


def flags_of(series: Series, limits: Limits, *, arrived: Floats | None = None) -> Integers:
    """Return the flags of each reading.

    Range and clock ask one reading only. A spike is seen when the reading after it has come; a value that stands
    still when it has stood long enough: give the readings before and after a window with it, so that they are
    judged the same whenever they come.

    Args:
        series: in the unit of the datastream; a missing value has no flags but the clock's.
        limits: of the datastream.
        arrived: (T,) seconds since 1970 when each came; None leaves the clock alone.

    Returns:
        (T,) of `Quality`.

    Source: docs/methods/rain.md, equations (9)–(12).
    """
    flags = np.zeros(len(series.times), dtype=np.int64)
    flags[_out_of_range(series.values, limits)] |= Quality.RANGE
    present = np.flatnonzero(np.isfinite(series.values))
    inside = present[(flags[present] & Quality.RANGE) == 0]  # what is out of range is no measure for its neighbours
    times, values = series.times[inside], series.values[inside]
    if limits.spike is not None:
        flags[inside[_spikes(values, limits.spike)]] |= Quality.SPIKE
    if limits.stuck_s is not None:
        flags[inside[_stuck(times, values, limits.stuck_s)]] |= Quality.STUCK
    if arrived is not None:
        flags[_clock_wrong(series.times, arrived, limits)] |= Quality.CLOCK
    return flags


def believed(series: Series, flags: Integers, *, without: Quality = NOT_FOR_RULES) -> Series:
    """Return the series with the readings of these flags missing."""
    return Series(series.times, np.where((flags & int(without)) > 0, np.nan, series.values))


def _out_of_range(values: Floats, limits: Limits) -> Bools:
    low = -MOST if limits.lowest is None else limits.lowest
    high = MOST if limits.highest is None else limits.highest
    return np.asarray((values < low) | (values > high))  # (9)


def _spikes(values: Floats, height: float) -> Bools:
    found = np.zeros(len(values), dtype=np.bool_)
    if len(values) >= 3:
        before, middle, after = sliding_window_view(values, 3).T
        away = np.minimum(np.abs(middle - before), np.abs(middle - after))
        found[1:-1] = (away >= height) & (np.abs(after - before) < height)  # (10)
    return found


def _stuck(times: Floats, values: Floats, stuck_s: float) -> Bools:
    if not len(values):
        return np.zeros(0, dtype=np.bool_)
    changes = np.concatenate(([True], np.diff(values) != 0))
    since = times[np.maximum.accumulate(np.where(changes, np.arange(len(values)), 0))]
    return np.asarray(times - since >= stuck_s)  # (11)


def _clock_wrong(times: Floats, arrived: Floats, limits: Limits) -> Bools:
    return np.asarray((times - arrived > limits.ahead_s) | (arrived - times > limits.behind_s))  # (12)
