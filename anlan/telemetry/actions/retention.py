"""Months of readings that are old enough: thinned to hours, then let go of, a month a transaction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from anlan.telemetry.actions.partitions import PARTITION_LOCK, MonthNumber, begins, drop_month, table_of
from anlan.telemetry.core.quality import NOT_FOR_RULES

LEAST_MONTHS = 2  # the figures of the rules look back 16 days
LOCK_TIMEOUT = "10s"  # rather tomorrow night than a gateway that waits
_STANDING = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = 'telemetry_reading'::regclass AND c.relname ~ '^telemetry_reading_[0-9]{4}_[0-9]{2}$'
"""
_THIN = """
INSERT INTO telemetry_hourofreadings AS kept (datastream_id, ends_at, count, lowest, mean, highest, last)
SELECT datastream_id, ends_at, count(*), min(value), avg(value), max(value),
       (array_agg(value ORDER BY "time" DESC))[1]
FROM (
    SELECT r.datastream_id, r."time",
           date_bin('1 hour', r."time" - interval '1 microsecond', '2000-01-01 00:00+00') + interval '1 hour'
               AS ends_at,
           CASE WHEN c.id IS NULL THEN r.value ELSE c.value END AS value
    FROM {month} r
    LEFT JOIN telemetry_correction c ON c.datastream_id = r.datastream_id AND c."time" = r."time" AND c.is_current
    WHERE c.id IS NOT NULL OR (r.flags & %s) = 0
) told
WHERE value IS NOT NULL AND value <> 'NaN'
GROUP BY datastream_id, ends_at
ON CONFLICT (datastream_id, ends_at) DO UPDATE SET
    count = kept.count + excluded.count,
    lowest = least(kept.lowest, excluded.lowest),
    mean = (kept.mean * kept.count + excluded.mean * excluded.count) / (kept.count + excluded.count),
    highest = greatest(kept.highest, excluded.highest),
    last = excluded.last
WHERE excluded.ends_at = %s
"""


@dataclass(frozen=True, slots=True)
class Retained:
    """What was done with one month: so many readings let go of, so many hours kept."""

    month: MonthNumber
    readings: int
    hours: int

    @property
    def name(self) -> str:
        """Return the month as people write it.

        >>> Retained(2026 * 12 + 10, 0, 0).name
        '2026-11'
        """
        return f"{self.month // 12:04d}-{self.month % 12 + 1:02d}"


def retain_readings(*, kept_months: int, at: datetime) -> list[Retained]:
    """Thin every month that is older than is kept, and let it go; return what was done, oldest month first."""
    return [_let_go(month) for month in months_to_go(kept_months=kept_months, at=at)]


def months_to_go(*, kept_months: int, at: datetime) -> list[MonthNumber]:
    """Return the months whose readings are older than is kept."""
    now = at.astimezone(UTC)
    first_kept = now.year * 12 + now.month - 1 - max(kept_months, LEAST_MONTHS)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        standing = sorted(_number(name) for (name,) in cursor.fetchall())
    return [month for month in standing if month < first_kept]


def sizes_of(months: list[MonthNumber]) -> Iterator[Retained]:
    """Yield how many readings each month holds; nothing is changed."""
    with connection.cursor() as cursor:
        for month in months:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table_of(month))))
            yield Retained(month, cursor.fetchone()[0], 0)


@transaction.atomic
def _let_go(month: MonthNumber) -> Retained:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PARTITION_LOCK])
        table = sql.Identifier(table_of(month))
        cursor.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(table))  # nothing slips in between
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(table))
        readings = cursor.fetchone()[0]
        # The first instant of a month ends an hour that began in the month before; any other hour is whole already.
        cursor.execute(sql.SQL(_THIN).format(month=table), [int(NOT_FOR_RULES), begins(month)])
        hours = cursor.rowcount
        drop_month(_raw(cursor), month)
    return Retained(month, readings, hours)


def _raw(cursor: Any) -> Any:
    """Return psycopg's own cursor, which knows composed statements."""
    return cursor.cursor


def _number(name: str) -> MonthNumber:
    year, month = name.rsplit("_", 2)[1:]
    return int(year) * 12 + int(month) - 1
