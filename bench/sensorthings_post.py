"""`sensorthings.post`: observations as one data array, kept and answered, beside django-ogc-sensorthings.

The same times and values are posted to the same address of both, only the datastream's id differs. Ours asks for the
device's key, judges the values' quality and writes down who sent them and when the rules have to look; the other is
as it comes, without a key, and writes its rows in bulk. Both run two processes of granian on the same PostgreSQL and
are asked over one connection that stays open; both answer with the address of each observation. The limit is the same
bytes to and fro. The goal is that of a thousand; smaller and larger arrays tell how the figure moves. The last line is
the thousand beside the bare INSERT of as many rows into the table of readings, committed.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from anlan.ground.statements import FLOAT, INTEGER, SMALLINT, TIMESTAMP, column, own_cursor
from bench.frame import Measure, seconds_of
from bench.sensorthings_data import ROWS, Server, bare, check_all_kept, peer, site

FEW, MANY = 100, 10_000
REPEATS = {FEW: 30, ROWS: 30, MANY: 5}
MOVED = 200
INSERT = """
INSERT INTO telemetry_reading (datastream_id, "time", value, flags, arrived_at)
SELECT unnest(%s), unnest(%s), unnest(%s), unnest(%s), unnest(%s)
"""
NOBODY, BEGINS, STEP_US = 2**31 - 1, 504_921_600_000_000, 1_000_000  # no datastream; January 2016


def measures() -> Iterator[Measure]:
    """Yield the figures."""
    for rows in (ROWS, FEW, MANY):
        yield Measure(
            f"{rows} observations posted as a data array, s",
            ours=lambda rows=rows: _seconds(site(), rows),  # type: ignore[misc]
            limit="the same bytes to and fro",
            probe=partial(_limit, rows),
            peer="django-ogc-sensorthings",
            peer_value=lambda rows=rows: _seconds(peer(), rows),  # type: ignore[misc]
            times_peer=10.0 if rows == ROWS else None,
        )
    yield Measure(
        f"{ROWS} observations posted as a data array, s",
        ours=lambda: _seconds(site(), ROWS),
        limit="the same rows inserted and committed",
        probe=_inserted,
    )


def _seconds(server: Server, rows: int) -> float:
    repeats = REPEATS[rows]
    bodies = iter([server.body(rows) for _ in range(2 * repeats)])
    answers = [server.post(next(bodies)) for _ in range(repeats)]  # each thread of each process has done it
    found = seconds_of(lambda: answers.append(server.post(next(bodies))), repeats, pauses=False)
    for answer in answers:  # when the clock has stopped
        check_all_kept(answer, rows)
    return found


def _limit(rows: int) -> float:
    body, server = site().body(rows), bare()
    path, moved = f"/{rows * 100}", max(MOVED * ROWS // max(rows, ROWS), 1)
    return seconds_of(lambda: [server.ask("POST", path, body) for _ in range(moved)], repeats=5) / moved


def _inserted() -> float:
    site()
    first = iter(range(0, 10**9, ROWS))
    found = seconds_of(lambda: _insert(next(first)), repeats=REPEATS[ROWS])
    with own_cursor() as cursor:
        cursor.execute("DELETE FROM telemetry_reading WHERE datastream_id = %s", [NOBODY])
    return found


def _insert(first: int) -> None:
    times = BEGINS + STEP_US * np.arange(first, first + ROWS)
    columns = [
        column(np.full(ROWS, NOBODY), INTEGER), column(times, TIMESTAMP), column(np.linspace(100, 107, ROWS), FLOAT),
        column(np.zeros(ROWS), SMALLINT), column(times, TIMESTAMP),
    ]  # fmt: skip
    with own_cursor() as cursor:
        cursor.execute(INSERT, columns)
