"""Hours of a level and the rain above it: from readings, and from the hours that stay of months let go of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from anlan.telemetry.core.forecast.hours import Hours, hours_until, increments_of, origin_of
from anlan.telemetry.core.rain import LEAST_COVERAGE, Pieces, pieces_of_counter, pieces_of_increments
from anlan.telemetry.core.series import HOUR, Bools, Floats, Series
from anlan.telemetry.models import Datastream, HourOfReadings
from anlan.telemetry.queries.judged import readings_between

SPREAD_S = 1.5 * HOUR  # what a counter grew by in no longer is spread over that time


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a datastream, by hours, oldest first.

    Attributes:
        ends: (T,) seconds since 1970.
        counts: (T,) readings of the hour.
        means: (T,) of them.
        lasts: (T,) the last of them.
    """

    ends: Floats
    counts: Floats
    means: Floats
    lasts: Floats

    def before(self, instant: float) -> "Kept":
        """Return the hours that ended by an instant."""
        some = self.ends <= instant
        return Kept(self.ends[some], self.counts[some], self.means[some], self.lasts[some])


def history_of(level: Datastream, gauges: Sequence[Datastream], since: float, until: float) -> Hours | None:
    """Return the hours of a level and its rain from its first reading in a span on, None where it has none.

    Args:
        level: water level.
        gauges: of rain.
        since: seconds since 1970.
        until: seconds since 1970.
    """
    ids = [level.pk, *(gauge.pk for gauge in gauges)]
    series, kept = readings_between(ids, since, until), kept_between(ids, since, until)
    levels = _level(series[level.pk].known(), kept[level.pk])
    if not len(levels.times):
        return None
    last = np.floor(levels.times[-1] / HOUR) * HOUR  # where stations report by the hour the hours are theirs
    count = max(int((last - levels.times[0]) // HOUR) + 1, 1)
    rain = [_rain(gauge, series[gauge.pk], kept[gauge.pk]) for gauge in gauges]
    return hours_until(float(last), count, levels, rain)


def recent_hours(level: Series, rain: Sequence[Pieces], at: float, count: int) -> Hours:
    """Return the hours that a forecast made at an instant looks at."""
    return hours_until(origin_of(level, rain, at), count, level, rain)


def pieces_of(gauge: Datastream, readings: Series) -> Pieces:
    """Return rain as it fell, from readings of a gauge."""
    if gauge.is_counter:
        interval = max(gauge.interval_s, SPREAD_S / 2)  # a piece longer than two of them keeps its total only
        return pieces_of_counter(readings, interval_s=interval, wraps_at=gauge.wraps_at)
    return increments_of(readings, interval_s=gauge.interval_s)


def kept_between(datastream_ids: Iterable[int], since: float, until: float) -> Mapping[int, Kept]:
    """Return what stays of each datastream in [since, until], seconds since 1970."""
    ids = list(datastream_ids)
    ends = datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(until, UTC)
    rows = HourOfReadings.objects.filter(datastream_id__in=ids, ends_at__range=ends).order_by("ends_at")
    told: dict[int, list[tuple[float, ...]]] = {key: [] for key in ids}
    for key, end, *figures in rows.values_list("datastream_id", "ends_at", "count", "mean", "last").iterator():
        told[key].append((end.timestamp(), *figures))
    return {key: Kept(*np.array(each, dtype=np.float64).reshape(-1, 4).T) for key, each in told.items()}


def _level(readings: Series, kept: Kept) -> Series:
    older = kept.before(_first(readings))
    times, values = np.concatenate((older.ends, readings.times)), np.concatenate((older.lasts, readings.values))
    return Series(times[_new(times)], values[_new(times)])


def _rain(gauge: Datastream, readings: Series, kept: Kept) -> Pieces:
    older, newer = kept.before(_first(readings)), pieces_of(gauge, readings)
    if gauge.is_counter:
        before = pieces_of_counter(Series(older.ends, older.lasts), interval_s=HOUR, wraps_at=gauge.wraps_at)
    else:
        # An hour of which too few reports came tells less than fell: it is missing.
        whole = older.counts * min(gauge.interval_s, HOUR) >= LEAST_COVERAGE * HOUR
        before = pieces_of_increments(
            Series(older.ends, np.where(whole, older.means * older.counts, np.nan)), interval_s=HOUR
        )
    seam = before.ends.max(initial=-np.inf)
    return Pieces(
        np.concatenate((before.starts, np.maximum(newer.starts, seam))),
        np.concatenate((before.ends, newer.ends)),
        np.concatenate((before.depths_mm, newer.depths_mm)),
        np.concatenate((before.whole, newer.whole)),
    )


def _first(readings: Series) -> float:
    return float(readings.times[0]) if len(readings.times) else np.inf


def _new(times: Floats) -> Bools:
    """Return which instants come after all before them: the hour at the seam ends where the readings begin."""
    return np.concatenate((np.diff(times) > 0, np.ones(min(len(times), 1), dtype=np.bool_)))
