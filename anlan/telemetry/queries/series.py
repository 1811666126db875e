"""Readings as people see them: raw with flags, corrected beside; charts of them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from django.db import connection

from anlan.telemetry.core.charts import Asked, Chart, Limit, Told, chart_of, looks_back_s, sums_now
from anlan.telemetry.core.derived import Source
from anlan.telemetry.core.motion import NOISY_DAYS
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.series import DAY
from anlan.telemetry.core.tangent_angle import Point
from anlan.telemetry.documents.readings_file import ReadingRow
from anlan.telemetry.models import Datastream
from anlan.telemetry.queries.judged import corrections_of, rows_between

LATE_REPORTS = 2
_TOLD = """
SELECT extract(epoch FROM r."time")::float8, r.value, r.flags, CASE WHEN c.id IS NULL THEN r.value ELSE c.value END,
       c.id IS NOT NULL
FROM telemetry_reading r
LEFT JOIN telemetry_correction c ON c.datastream_id = r.datastream_id AND c."time" = r."time" AND c.is_current
WHERE r.datastream_id = %s AND r."time" > to_timestamp(%s) AND r."time" <= to_timestamp(%s)
ORDER BY r."time"
"""
# What an hour tells: rain its sum, a counter where it stood, anything else its mean.
_HOURS = """
SELECT extract(epoch FROM h.ends_at)::float8, told.value
FROM telemetry_hourofreadings h JOIN telemetry_datastream d ON d.id = h.datastream_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN d.is_counter THEN h.last WHEN d.property = 'rain' THEN h.mean * h.count ELSE h.mean END AS value
) told
WHERE h.datastream_id = %s AND h.ends_at > to_timestamp(%s) AND h.ends_at <= to_timestamp(%s)
"""


def told_between(datastream_id: int, since: float, until: float) -> Told:
    """Return the readings of (since, until], seconds since 1970; of months let go of, one an hour."""
    connection.ensure_connection()
    rows = rows_between(connection.connection, [datastream_id], since, until)
    corrections = corrections_of(connection.connection, [datastream_id], since).get(datastream_id, {})
    values, is_corrected = rows.values.copy(), np.zeros(len(rows), dtype=np.bool_)
    for time, value in corrections.items():
        place = int(np.searchsorted(rows.times, time))
        if place < len(rows) and rows.times[place] == time:
            values[place], is_corrected[place] = value, True
    told = Told(rows.times, rows.values, rows.flags.astype(np.int64), values, is_corrected)
    return _with_hours(told, datastream_id, since, until)


def _with_hours(told: Told, datastream_id: int, since: float, until: float) -> Told:
    """Return the readings with the hours that stay of months let go of; where both stand, the reading."""
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, [datastream_id, since, until])
        hours = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 2)
    if not len(hours):
        return told
    kept = hours[~np.isin(hours[:, 0], told.times)]
    order = np.argsort(np.concatenate((told.times, kept[:, 0])))
    return Told(
        np.concatenate((told.times, kept[:, 0]))[order],
        np.concatenate((told.raw, kept[:, 1]))[order],
        np.concatenate((told.flags, np.zeros(len(kept), dtype=np.int64)))[order],
        np.concatenate((told.values, kept[:, 1]))[order],
        np.concatenate((told.is_corrected, np.zeros(len(kept), dtype=np.bool_)))[order],
    )


def chart_for(stream: Datastream, asked: Asked) -> Chart:
    """Return the chart of a datastream with its limits."""
    prop = Property(stream.property)
    told = told_between(stream.pk, asked.since - looks_back_s(prop), asked.until)
    return replace(chart_of(prop, stream.unit, told, source_of(stream), asked), limits=limits_of(stream))


def rain_now(stream: Datastream, at: float) -> tuple[float, dict[int, float | None]]:
    """Return the rain of the last 1, 3, 6 and 24 h by hours, None where it is not known whole, and until when.

    A gauge that reports by the hour is asked as of its last report: between two reports nothing new is known.
    """
    told = told_between(stream.pk, at - 2 * DAY, at)
    last = float(told.times[-1]) if len(told.times) else at
    until = last if at - last <= LATE_REPORTS * stream.interval_s else at
    return until, sums_now(told, source_of(stream), until)


def limits_of(stream: Datastream) -> list[Limit]:
    """Return the datastream's own limits, lowest colour first."""
    rows = sorted(stream.thresholds.all(), key=lambda row: (row.quantity, row.colour))
    return [Limit(Quantity(row.quantity), row.colour, row.value) for row in rows]


def source_of(stream: Datastream) -> Source:
    """Return how the datastream reports."""
    point = Point(stream.uniform_mm_d, stream.noise_mm) if stream.uniform_mm_d else None
    return Source(stream.interval_s, stream.is_counter, stream.wraps_at, point)


def lines_between(datastream_id: int, since: float, until: float) -> Iterator[ReadingRow]:
    """Yield time, raw value, flags, value now and whether it is corrected, without holding a whole year at once."""
    with connection.cursor() as cursor:
        start = since
        while start < until:
            end = min(start + NOISY_DAYS * DAY, until)
            cursor.execute(_TOLD, [datastream_id, start, end])
            yield from cursor.fetchall()
            start = end
