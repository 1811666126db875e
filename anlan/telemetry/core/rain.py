"""Rain over the last hours and over the rain day, from increments or from a counter that only grows.

Source: docs/methods/rain.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from anlan.telemetry.core.series import DAY, HOUR, Bools, Floats, Series

WINDOWS_H = (1, 3, 6, 24)
LEAST_COVERAGE = 0.9  # share of the window that must be measured for its sum to be a value
MOST_MM_H = 300.0  # the heaviest hour ever measured brought about as much


@dataclass(frozen=True, slots=True)
class Pieces:
    """Rain that fell in spans of time, in order, without overlap; between the pieces nothing is known.

    Attributes:
        starts: (P,) seconds since 1970; a piece is (start, end].
        ends: (P,) seconds since 1970.
        depths_mm: (P,) rain in the span, ≥ 0.
        whole: (P,) True where only the total is known, not when in the span it fell.
    """

    starts: Floats
    ends: Floats
    depths_mm: Floats
    whole: Bools


@dataclass(frozen=True, slots=True)
class Sums:
    """Rain over windows.

    Attributes:
        known_mm: (T,) rain measured in the window: no more than what fell.
        coverage: (T,) share of the window that was measured, in [0, 1].
        values_mm: (T,) the sum where the coverage suffices, else NaN.
    """

    known_mm: Floats
    coverage: Floats
    values_mm: Floats


def pieces_of_increments(series: Series, *, interval_s: float) -> Pieces:
    """Return the pieces of readings that each tell the rain since the one before, at most an interval back.

    Args:
        series: mm; a missing value leaves its span unknown.
        interval_s: the reporting interval of the datastream.

    Source: docs/methods/rain.md, equation (1).
    """
    before = np.concatenate(([-np.inf], series.times[:-1]))
    starts = np.maximum(before, series.times - interval_s)  # (1)
    present = np.isfinite(series.values) & (series.values >= 0)
    depths = series.values[present]
    return Pieces(starts[present], series.times[present], depths, np.zeros(len(depths), dtype=np.bool_))


def pieces_of_counter(series: Series, *, interval_s: float, wraps_at: float | None = None) -> Pieces:
    """Return the pieces between readings of a cumulative counter.

    After a reset the counter itself is what fell since (a lower bound), unless so much cannot have fallen: then a
    reading was wrong, and nothing is known of the span. A counter that ran over its last digit goes on from zero. A
    span longer than two intervals keeps its total, but not when it fell.

    Args:
        series: mm since some beginning.
        interval_s: the reporting interval of the datastream.
        wraps_at: mm at which the counter starts again from zero, None where unknown.

    Source: docs/methods/rain.md, equations (2) and (3).
    """
    known = series.known()
    starts, ends = known.times[:-1], known.times[1:]
    before, after = known.values[:-1], known.values[1:]
    depths = np.where(after >= before, after - before, after)  # (2)
    kept = (after >= before) | (after <= MOST_MM_H * (ends - starts) / HOUR)
    if wraps_at is not None:
        ran_over = (after < before) & (before >= 0.95 * wraps_at)
        depths = np.where(ran_over, after + wraps_at - before, depths)  # (3)
        kept |= ran_over
    return Pieces(starts[kept], ends[kept], np.maximum(depths[kept], 0.0), (ends - starts)[kept] > 2 * interval_s)


def rain_over(pieces: Pieces, at: Floats, *, window_s: float, least_coverage: float = LEAST_COVERAGE) -> Sums:
    """Return the rain in the window (t − w, t] before each instant.

    Args:
        pieces: as measured.
        at: (T,) seconds since 1970.
        window_s: w.
        least_coverage: share of the window that must be measured for a value.

    Source: docs/methods/rain.md, equation (4).
    """
    return _between(pieces, at - window_s, at, least_coverage)


def rain_sums(
    pieces: Pieces, at: Floats, *, hours: Sequence[int] = WINDOWS_H, least_coverage: float = LEAST_COVERAGE
) -> dict[int, Sums]:
    """Return the rain over each window of hours before each instant."""
    return {each: rain_over(pieces, at, window_s=each * HOUR, least_coverage=least_coverage) for each in hours}


def rain_day_of(time: float) -> date:
    """Return the rain day that holds the instant: from 08:00 Beijing time, named by the day it begins on.

    08:00 in Beijing is midnight in UTC; a reading at 08:00 sharp tells of the day that ends there.

    >>> rain_day_of(datetime(2026, 7, 2, 0, 0, tzinfo=UTC).timestamp())
    datetime.date(2026, 7, 1)

    Source: docs/methods/rain.md, equation (5).
    """
    return datetime.fromtimestamp(np.ceil(time / DAY) * DAY - DAY, UTC).date()  # (5)


def rain_of_days(pieces: Pieces, days: Sequence[date], *, least_coverage: float = LEAST_COVERAGE) -> Sums:
    """Return the rain of each rain day, 08–08 Beijing time.

    Source: docs/methods/rain.md, equation (5).
    """
    starts = np.array([datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() for day in days])
    return _between(pieces, starts, starts + DAY, least_coverage)


def rain_so_far(pieces: Pieces, at: Floats, *, least_coverage: float = LEAST_COVERAGE) -> Sums:
    """Return the rain of the running rain day at each instant, since the last 08:00 Beijing time before it.

    Source: docs/methods/rain.md, equation (5).
    """
    return _between(pieces, np.ceil(at / DAY) * DAY - DAY, at, least_coverage)


def _between(pieces: Pieces, after: Floats, until: Floats, least_coverage: float) -> Sums:
    depth_after, time_after = _so_far(pieces, after, leaves_whole_out=1)
    depth_until, time_until = _so_far(pieces, until, leaves_whole_out=0)
    # Rounded, so that the sum does not tell how many readings stood before the window.
    known = np.maximum(np.round(depth_until - depth_after, 6), 0.0)  # (4)
    coverage = np.clip((time_until - time_after) / (until - after), 0.0, 1.0)
    return Sums(known, coverage, np.where(coverage >= least_coverage, known, np.nan))


def _so_far(pieces: Pieces, at: Floats, *, leaves_whole_out: int) -> tuple[Floats, Floats]:
    """Return depth and measured time up to each instant; a whole piece cut by it counts to its end (1) or not (0)."""
    if not len(pieces.ends):
        return np.zeros(len(at)), np.zeros(len(at))
    spans = pieces.ends - pieces.starts
    depth_before = np.concatenate(([0.0], np.cumsum(pieces.depths_mm)))
    time_before = np.concatenate(([0.0], np.cumsum(spans)))
    place = np.searchsorted(pieces.ends, at, side="left")  # pieces that end before the instant
    inside = np.minimum(place, len(spans) - 1)
    share = np.clip((at - pieces.starts[inside]) / spans[inside], 0.0, 1.0)
    cut = pieces.whole[inside] & (share > 0.0) & (share < 1.0)
    share = np.where(cut, float(leaves_whole_out), share)
    share = np.where(place < len(spans), share, 0.0)
    return depth_before[place] + share * pieces.depths_mm[inside], time_before[place] + share * spans[inside]
