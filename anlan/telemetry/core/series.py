"""A series of readings as the derived figures take it, and the window that late data touches."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]
HOUR = 3600.0  # s
DAY = 86400.0  # s


@dataclass(frozen=True, slots=True)
class Series:
    """Values at instants, oldest first; NaN is a missing value, never zero.

    Attributes:
        times: (T,) seconds since 1970-01-01 UTC, strictly increasing.
        values: (T,) in the unit of the datastream.
    """

    times: Floats
    values: Floats

    def __post_init__(self) -> None:
        if self.times.shape != self.values.shape or self.times.ndim != 1:
            raise ValueError(f"{self.times.shape} times and {self.values.shape} values, expected as many of each")
        if not np.all(np.diff(self.times) > 0):
            raise ValueError("times stand still or go back, expected strictly increasing")

    def known(self) -> "Series":
        """Return the series without its missing values."""
        present = np.isfinite(self.values)
        return Series(self.times[present], self.values[present])

    def within(self, after: float, until: float) -> "Series":
        """Return the readings in (after, until], seconds since 1970."""
        first, last = np.searchsorted(self.times, (after, until), side="right")
        return Series(self.times[first:last], self.values[first:last])


def series_of(readings: Iterable[tuple[float, float]]) -> Series:
    """Return the series of readings in any order; of two at one instant the later given counts.

    Args:
        readings: (seconds since 1970, value) each.
    """
    latest = dict(readings)
    times = np.array(sorted(latest), dtype=np.float64)
    return Series(times, np.array([latest[time] for time in times.tolist()], dtype=np.float64))


@dataclass(frozen=True, slots=True)
class Touched:
    """What new, late or corrected readings make stale.

    Results in [first, last] are to be computed again, from the raw readings in [reads_from, last].
    """

    first: float
    last: float
    reads_from: float


def touched(news: Iterable[float], times: Floats, *, looks_back_s: float) -> Touched | None:
    """Return which results new readings touch, None where there are none.

    Args:
        news: seconds since 1970 of the readings that came, in any order.
        times: (T,) seconds since 1970 of all known readings there are now.
        looks_back_s: how far back a result looks.

    Source: docs/methods/rain.md, equation (6).
    """
    moments = tuple(news)
    if not moments:
        return None
    first, newest = min(moments), max(moments)
    following = np.searchsorted(times, newest, side="right")
    next_one = float(times[following]) if following < len(times) else newest
    before = int(np.searchsorted(times, first, side="left")) - 1
    first = float(times[before]) if before >= 0 else first  # what is between the two is told by the later one
    opening = int(np.searchsorted(times, first - looks_back_s, side="right")) - 1
    reads_from = float(times[opening]) if opening >= 0 else first - looks_back_s
    return Touched(first, next_one + looks_back_s, reads_from)  # (6)
