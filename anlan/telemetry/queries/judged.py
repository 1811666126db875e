"""Readings as rules and people take them: corrected, and missing where they are not to be believed.

Rows leave the store as one string of bytes a datastream: a month of a station costs what a page costs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from django.db import connection
from psycopg import Connection, Cursor, sql

from anlan.telemetry.core.area import AreaMean, area_mean
from anlan.telemetry.core.derived import Source, derive
from anlan.telemetry.core.parcels import Flags, Ids
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.quality import NOT_FOR_RULES, Quality
from anlan.telemetry.core.quantities import RAIN_HOURS
from anlan.telemetry.core.series import HOUR, Bools, Floats, Series
from anlan.telemetry.models import Datastream

EPOCH_2000_US = 946_684_800_000_000  # PostgreSQL counts microseconds from here
MICROSECOND = 1e-6  # the store knows nothing shorter
NEVER, FOREVER = "-infinity", "infinity"
_READING = np.dtype([("time", ">i8"), ("value", ">f8"), ("flags", ">i2")])


@dataclass(frozen=True, slots=True)
class Rows:
    """Raw readings as columns, by datastream and time.

    Attributes:
        datastreams: (N,) ids.
        times: (N,) seconds since 1970.
        values: (N,) raw.
        flags: (N,) of `Quality`.
    """

    datastreams: Ids
    times: Floats
    values: Floats
    flags: Flags

    def __len__(self) -> int:
        return len(self.times)

    def parts(self) -> Iterable[tuple[int, "Rows"]]:
        """Yield each datastream's own rows."""
        if not len(self):
            return
        ids, starts = np.unique(self.datastreams, return_index=True)
        for key, (first, last) in zip(ids.tolist(), pairwise([*starts.tolist(), len(self)]), strict=True):
            cut = slice(first, last)
            yield key, Rows(self.datastreams[cut], self.times[cut], self.values[cut], self.flags[cut])


Corrections = Mapping[float, float]  # value by instant; NaN strikes


def rows_by(raw: "Connection[Any]", condition: sql.Composable) -> Rows:
    """Return the readings that a condition picks: a FROM clause in which `r` is the table of readings."""
    statement = sql.SQL(
        'SELECT r.datastream_id, string_agg(timestamptz_send(r."time") || float8send(r.value) || int2send(r.flags),'
        " ''::bytea ORDER BY r.\"time\") FROM {} GROUP BY r.datastream_id ORDER BY r.datastream_id"
    ).format(condition)
    with Cursor(raw) as cursor:  # Django's own gives no bytes
        parts = cursor.execute(statement, binary=True).fetchall()
    table = np.frombuffer(b"".join(content for _, content in parts), dtype=_READING)
    counts = [len(content) // _READING.itemsize for _, content in parts]
    return Rows(
        np.repeat(np.array([key for key, _ in parts], dtype=np.int32), counts),
        (table["time"].astype(np.int64) + EPOCH_2000_US) / 1e6,
        table["value"].astype(np.float64),
        table["flags"].astype(np.int16),
    )


def rows_between(raw: "Connection[Any]", datastream_ids: Iterable[int], after: float, until: float) -> Rows:
    """Return the raw readings in (after, until], seconds since 1970; infinite ends ask nothing."""
    condition = sql.SQL('telemetry_reading r WHERE r.datastream_id = ANY({}) AND r."time" > {} AND r."time" <= {}')
    return rows_by(raw, condition.format(_ids(datastream_ids), instant(after), instant(until)))


def corrections_of(raw: "Connection[Any]", datastream_ids: Iterable[int], after: float) -> dict[int, Corrections]:
    """Return what stands in the place of raw values after an instant, by datastream."""
    found: dict[int, dict[float, float]] = {}
    rows = raw.execute(
        sql.SQL(
            "SELECT datastream_id, (extract(epoch from \"time\"))::float8, coalesce(value, 'NaN')"
            ' FROM telemetry_correction WHERE is_current AND datastream_id = ANY({}) AND "time" > {}'
        ).format(_ids(datastream_ids), instant(after))
    )
    for key, time, value in rows:
        found.setdefault(key, {})[time] = value
    return dict(found)


def believed_values(rows: Rows, corrections: Corrections) -> Floats:
    """Return (N,) what is to be believed: a correction before the value, NaN where neither holds."""
    values = np.where((rows.flags & int(NOT_FOR_RULES)) > 0, np.nan, rows.values)
    for time, value in corrections.items():
        place = int(np.searchsorted(rows.times, time))
        if place < len(rows) and rows.times[place] == time:
            values[place] = value
    return values


def clock_is_right(rows: Rows) -> Bools:
    """Return (N,) where the instant is to be believed: nothing can be said of a value whose instant is not known."""
    return np.asarray((rows.flags & int(Quality.CLOCK)) == 0)


def believed_between(
    raw: "Connection[Any]", datastream_ids: Iterable[int], after: float, until: float
) -> dict[int, Series]:
    """Return the believed series of each datastream that has readings in (after, until]."""
    ids = list(datastream_ids)
    corrections = corrections_of(raw, ids, after)
    found = {}
    for key, rows in rows_between(raw, ids, after, until).parts():
        right = clock_is_right(rows)
        values = believed_values(rows, corrections.get(key, {}))
        found[key] = Series(rows.times[right], values[right])
    return found


def readings_between(datastream_ids: Iterable[int], since: float, until: float) -> dict[int, Series]:
    """Return the series of each datastream in [since, until], seconds since 1970: corrected and believed."""
    connection.ensure_connection()
    ids = list(datastream_ids)
    empty = Series(np.zeros(0), np.zeros(0))
    found = believed_between(connection.connection, ids, since - MICROSECOND, until)
    return {key: found.get(key, empty) for key in ids}


def area_rain(prefix: str, hours: int, at: float) -> AreaMean:
    """Return the mean rain of the gauges of an area over the last hours; a gauge without a whole sum is left out.

    Args:
        prefix: of the division code.
        hours: 1, 3, 6 or 24.
        at: seconds since 1970.
    """
    quantity = {each: key for key, each in RAIN_HOURS.items()}[hours]
    gauges = list(
        Datastream.objects.filter(
            property=Property.RAIN, is_in_use=True, station__is_in_use=True, station__division_code__startswith=prefix
        ).order_by("id")
    )
    if not gauges:
        return AreaMean(np.array([np.nan]), np.zeros(1))
    longest = max(gauge.interval_s for gauge in gauges)
    series = readings_between([gauge.pk for gauge in gauges], at - hours * HOUR - 2 * longest, at)
    sums = np.full((1, len(gauges)), np.nan)
    for place, gauge in enumerate(gauges):
        figures = derive(
            quantity, series[gauge.pk], np.array([at]), Source(gauge.interval_s, gauge.is_counter, gauge.wraps_at)
        )
        sums[0, place] = figures.values[0] if figures.is_whole[0] else np.nan
    return area_mean(sums)


def instant(seconds: float) -> sql.Composable:
    """Return the instant as PostgreSQL writes it."""
    if np.isinf(seconds):
        return sql.SQL("{}::timestamptz").format(sql.Literal(FOREVER if seconds > 0 else NEVER))
    return sql.SQL("to_timestamp({}::float8)").format(sql.Literal(float(seconds)))


def _ids(datastream_ids: Iterable[int]) -> sql.Composable:
    return sql.SQL("{}::int[]").format(sql.Literal([int(each) for each in datastream_ids]))
