"""What a forecast looks at: the level and the rain of each gauge, hour by hour, NaN where nothing was measured.

Source: docs/methods/level-forecast.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from anlan.telemetry.core.rain import Pieces, rain_over
from anlan.telemetry.core.series import HOUR, Floats, Series

LONGEST_FILL_H = 3  # a gap of the level up to here, between two readings, is drawn through
_AROUND = 2  # reports before and after one that tell its spacing
LATE_S = 1.5 * HOUR  # how long a report may be on its way before it counts as missing


@dataclass(frozen=True, slots=True)
class Hours:
    """T hours in a row of one level and the rain of G gauges; NaN is missing, never zero.

    Attributes:
        last_s: the last hour, seconds since 1970; hour i is last_s − (T − 1 − i) · 3600.
        level_m: (T,) level at the hour.
        rain_mm: (G, T) rain of the hour that ends with it.
    """

    last_s: float
    level_m: Floats
    rain_mm: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        if not len(self.level_m):
            raise ValueError("no hours, expected at least one")
        if not self.rain_mm.size and self.rain_mm.shape != (0, len(self.level_m)):
            object.__setattr__(self, "rain_mm", np.zeros((0, len(self.level_m))))
        if self.rain_mm.shape[1:] != self.level_m.shape or self.level_m.ndim != 1:
            raise ValueError(f"rain {self.rain_mm.shape} beside levels {self.level_m.shape}, expected as many hours")
        if np.any(self.rain_mm < 0):
            raise ValueError(f"rain of {np.nanmin(self.rain_mm)} mm, expected none below 0")

    def __len__(self) -> int:
        return len(self.level_m)

    @property
    def times_s(self) -> Floats:
        """The hours, seconds since 1970."""
        return self.last_s - HOUR * np.arange(len(self) - 1, -1, -1, dtype=np.float64)

    @property
    def known(self) -> int:
        """How many levels were measured."""
        return int(np.isfinite(self.level_m).sum())

    def part(self, first: int, stop: int) -> "Hours":
        """Return the hours first ≤ i < stop."""
        return Hours(self.last_s - HOUR * (len(self) - stop), self.level_m[first:stop], self.rain_mm[:, first:stop])


def increments_of(series: Series, *, interval_s: float) -> Pieces:
    """Return the pieces of a gauge that tells increments, by the spacing that it kept at the time.

    A station may report each hour in dry weather and every few minutes in rain: what counts as silence is told by the
    reports around it, up to an hour.

    Args:
        series: mm; a missing value leaves its span unknown.
        interval_s: the reporting interval of the datastream; no shorter spacing is asked for.

    Source: docs/methods/level-forecast.md, equation (1a).
    """
    if not len(series.times):
        return Pieces(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_))
    between = np.diff(series.times)
    gaps = np.concatenate((between[:1] if len(between) else [interval_s], between))  # the first as the next
    around = np.pad(np.minimum(gaps, HOUR), _AROUND, mode="edge")
    spacing = np.median(sliding_window_view(around, 2 * _AROUND + 1), axis=1)
    starts = series.times - np.minimum(gaps, np.maximum(spacing, interval_s))  # (1a)
    present = np.isfinite(series.values) & (series.values >= 0)
    depths = series.values[present]
    return Pieces(starts[present], series.times[present], depths, np.zeros(len(depths), dtype=np.bool_))


def origin_of(level: Series, gauges: Sequence[Pieces], at: float) -> float:
    """Return from which instant a forecast is made: the newest of which the level and some rain have come.

    Args:
        level: metres.
        gauges: the rain of each gauge.
        at: now, seconds since 1970; what is late since then is missing.

    Source: docs/methods/level-forecast.md, section 1.
    """
    known = level.known().times
    levels = known[known <= at]
    newest = float(levels[-1]) if len(levels) else -np.inf
    told = [float(gauge.ends[gauge.ends <= at].max(initial=-np.inf)) for gauge in gauges]
    rain = max(told, default=newest)
    newest = min(newest, rain) if at - rain <= LATE_S else newest
    return newest if at - newest <= LATE_S else at


def hours_until(last_s: float, count: int, level: Series, gauges: Sequence[Pieces]) -> Hours:
    """Return the hours before an instant, from readings at any spacing.

    Args:
        last_s: the last of the hours, seconds since 1970; it need not be a whole one.
        count: how many.
        level: metres.
        gauges: the rain of each gauge.

    Source: docs/methods/level-forecast.md, equation (1).
    """
    times = last_s - HOUR * np.arange(count - 1, -1, -1, dtype=np.float64)
    rain = [rain_over(gauge, times, window_s=HOUR).values_mm for gauge in gauges]
    return Hours(last_s, level_at(level, times), np.array(rain).reshape(len(gauges), count))


def level_at(level: Series, times: Floats) -> Floats:
    """Return the last reading of the hour that ends at each instant, NaN where there is none.

    Source: docs/methods/level-forecast.md, equation (1).
    """
    known = level.known()
    if not len(known.times):
        return np.full(len(times), np.nan)
    place = np.searchsorted(known.times, times, side="right") - 1
    fresh = (place >= 0) & (known.times[np.maximum(place, 0)] > times - HOUR)
    return np.where(fresh, known.values[np.maximum(place, 0)], np.nan)  # (1)


def bridged(level_m: Floats, *, longest_h: int = LONGEST_FILL_H) -> Floats:
    """Return the level with its short gaps drawn through; both ends of a gap are readings.

    Source: docs/methods/level-forecast.md, equation (2).
    """
    known = np.flatnonzero(np.isfinite(level_m))
    if len(known) < 2:
        return level_m.copy()
    places = np.arange(len(level_m))
    drawn = np.interp(places, known, level_m[known])  # (2)
    after = np.searchsorted(known, places)
    inside = (after > 0) & (after < len(known))
    width = np.zeros(len(level_m))
    width[inside] = known[after[inside]] - known[after[inside] - 1] - 1
    return np.where(inside & (width <= longest_h), drawn, level_m)


def shared_rain(rain_mm: Floats) -> Floats:
    """Return the rain with what one gauge missed taken from the mean of those that measured that hour.

    Source: docs/methods/level-forecast.md, equation (3).
    """
    measured = np.isfinite(rain_mm)
    counts = measured.sum(axis=0)
    means = np.where(counts > 0, np.where(measured, rain_mm, 0.0).sum(axis=0) / np.maximum(counts, 1), np.nan)
    return np.where(measured, rain_mm, means)  # (3)


def before(values: Floats, hours: int) -> Floats:
    """Return at each hour the value so many hours before, NaN where the series has not begun."""
    if hours == 0:
        return values.copy()
    return np.concatenate((np.full(min(hours, len(values)), np.nan), values[:-hours]))


def after(values: Floats, hours: int) -> Floats:
    """Return at each hour the value so many hours later, NaN where the series has ended."""
    return np.concatenate((values[hours:], np.full(min(hours, len(values)), np.nan)))
