"""The sequencer: gives committed events their numbers, one process at a time.

A number is given after the commit. A transaction that was begun early and commits late therefore gets a late number,
and whoever has read up to a number has read everything below it. Numbers of one statement become visible together.
"""

import asyncio

from anlan.web.live.channels import NUMBERED, SEQUENCER_LOCK, WRITTEN
from anlan.web.live.connecting import Connection, keep_connected, wake_up

NAME = "anlan live sequencer"
AT_ONCE = 5000
TRY_AGAIN_S = 1.0
# The rows that wait are few and found by their index, whatever the table's statistics say.
OPTIONS = "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
# The first number is the clock's, so that a table that was emptied goes on above whatever a page still remembers.
NUMBER = """
WITH found AS (
    SELECT id FROM web_liveevent WHERE number IS NULL ORDER BY id LIMIT %(at_once)s
), waiting AS (
    SELECT id, row_number() OVER (ORDER BY id) AS place FROM found
), counted AS (
    INSERT INTO web_livecount AS kept (id, numbered, forgotten)
    SELECT 1, (extract(epoch FROM now()) * 1000)::bigint + count(*), 0 FROM waiting HAVING count(*) > 0
    ON CONFLICT (id) DO UPDATE SET numbered = kept.numbered + (SELECT count(*) FROM waiting)
    RETURNING numbered
)
UPDATE web_liveevent AS event
SET number = counted.numbered - (SELECT count(*) FROM waiting) + waiting.place
FROM waiting, counted
WHERE event.id = waiting.id
"""
# What is deleted is remembered by its highest number: a page that stands below it has missed something.
FORGET = """
WITH gone AS (
    DELETE FROM web_liveevent WHERE number IS NOT NULL AND keeps_until <= now() RETURNING number
)
UPDATE web_livecount SET forgotten = greatest(forgotten, (SELECT max(number) FROM gone))
WHERE EXISTS (SELECT FROM gone)
"""


async def sequence(upkeep_s: float) -> None:
    """Be the sequencer whenever no other process is."""

    async def work(connection: Connection) -> None:
        await _be_the_one(connection)
        await connection.execute(f"LISTEN {WRITTEN}")
        loop = asyncio.get_running_loop()
        tidy_at = loop.time()
        while True:
            await number_waiting(connection)
            if loop.time() >= tidy_at:
                await connection.execute(FORGET)
                tidy_at = loop.time() + upkeep_s
            await wake_up(connection, TRY_AGAIN_S)

    await keep_connected(NAME, work, options=OPTIONS)


async def _be_the_one(connection: Connection) -> None:
    """Return once this connection holds the lock: PostgreSQL frees it when its holder is gone."""
    while True:
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", [SEQUENCER_LOCK])
        if await cursor.fetchone() == (True,):
            return
        await asyncio.sleep(TRY_AGAIN_S)


async def number_waiting(connection: Connection) -> None:
    """Number all that waits, and ring for the readers."""
    count = AT_ONCE
    while count == AT_ONCE:
        count = (await connection.execute(NUMBER, {"at_once": AT_ONCE})).rowcount
        if count:
            await connection.execute("SELECT pg_notify(%s, '')", [NUMBERED])
