"""Connections of the event loop to PostgreSQL, made again whenever they are lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from django.db import connection as django_connection

LOG = logging.getLogger("anlan.live")
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 2.0
ALIKE = ("dbname", "user", "password", "host", "port", "sslmode", "sslrootcert", "service")
# A peer that vanished without a word is noticed on both sides within seconds: another takes over.
QUICK_END: dict[str, Any] = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
SERVER_OPTIONS = "-c jit=off -c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2"
Connection = psycopg.AsyncConnection[tuple[Any, ...]]


async def connect(name: str, options: str = "") -> Connection:
    """Return a connection of its own to the site's database; `name` shows in pg_stat_activity."""
    told = django_connection.get_connection_params()
    return await psycopg.AsyncConnection.connect(
        **{key: told[key] for key in ALIKE if key in told},
        **QUICK_END,
        autocommit=True,
        application_name=name,
        connect_timeout=5,
        options=f"{SERVER_OPTIONS} {options}",
    )


async def keep_connected(name: str, work: Callable[[Connection], Awaitable[None]], *, options: str = "") -> None:
    """Do the work for ever, with a new connection each time the old one is lost."""
    loop, wait = asyncio.get_running_loop(), FIRST_WAIT_S
    while True:
        began = loop.time()
        try:
            async with await connect(name, options) as connection:
                await work(connection)
        except psycopg.Error as trouble:
            LOG.warning("%s lost its database: %s", name, trouble)
        wait = FIRST_WAIT_S if loop.time() - began > LONGEST_WAIT_S else min(2 * wait, LONGEST_WAIT_S)
        await asyncio.sleep(wait)


async def wake_up(connection: Connection, patience_s: float) -> None:
    """Return at the next notification, or after the time."""
    async for _notice in connection.notifies(timeout=patience_s, stop_after=1):
        pass
