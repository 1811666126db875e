"""Months of readings: made when the first reading of a month comes, dropped when they are older than is kept."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from psycopg import Cursor, sql

from anlan.telemetry.core.series import Floats

PARTITION_LOCK = 0x54454C45  # one maker of months at a time
FIRST_YEAR, LAST_YEAR = 2000, 2100  # what lies beyond is a clock gone wrong and shares one part
MonthNumber = int  # years × 12 + month − 1


def months_of(times: Floats) -> set[MonthNumber]:
    """Return the months of instants, seconds since 1970, without those that share the part beyond."""
    months = np.unique(times.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)) + 1970 * 12
    return {int(month) for month in months if FIRST_YEAR * 12 <= month < LAST_YEAR * 12}


def make_months(cursor: Cursor[Any], months: set[MonthNumber]) -> None:
    """Make the parts of months that are not there yet; what stood in the part beyond moves over."""
    if not _missing(cursor, months):
        return
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PARTITION_LOCK])
    for month in _missing(cursor, months):  # another maker may have been first
        name = table_of(month)
        bounds = {"since": sql.Literal(begins(month)), "until": sql.Literal(begins(month + 1))}
        part = sql.Identifier(name)
        cursor.execute(sql.SQL("CREATE TABLE {} (LIKE telemetry_reading INCLUDING ALL)").format(part))
        cursor.execute(
            sql.SQL(
                "WITH moved AS (DELETE FROM telemetry_reading_beyond"
                ' WHERE "time" >= {since} AND "time" < {until} RETURNING *) INSERT INTO {part} SELECT * FROM moved'
            ).format(part=part, **bounds)
        )
        cursor.execute(
            sql.SQL(
                "ALTER TABLE telemetry_reading ATTACH PARTITION {part} FOR VALUES FROM ({since}) TO ({until})"
            ).format(part=part, **bounds)
        )


def _missing(cursor: Cursor[Any], months: set[MonthNumber]) -> list[MonthNumber]:
    names = {table_of(month): month for month in sorted(months)}
    cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [list(names)])
    return sorted(names[name] for (name,) in cursor.fetchall())


def drop_month(cursor: Cursor[Any], month: MonthNumber) -> None:
    """Let go of a month of raw readings."""
    cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(table_of(month))))


def table_of(month: MonthNumber) -> str:
    """Return the table of a month.

    >>> table_of(2026 * 12 + 10)
    'telemetry_reading_2026_11'
    """
    return f"telemetry_reading_{month // 12:04d}_{month % 12 + 1:02d}"


def begins(month: MonthNumber) -> datetime:
    """Return the first instant of a month."""
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
