"""The judge as a process: one at a time, woken by parcels and by changes of the register.

Who judges holds a lock of PostgreSQL for as long as its connection lives. A second process waits for the lock and goes
on when the first is gone, killed or not: what it needs is in the store.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection

from anlan.ground.outage import AWAY
from anlan.telemetry.actions.keeping import PARCEL_CHANNEL
from anlan.telemetry.judging.careful import CarefulJudge, try_again

JUDGE_LOCK = 0x4A554447  # one judge at a time
REGISTER_CHANNEL = "telemetry_register"
WAKES_EVERY_S = 1.0
AWAY_S = 1.0  # between two tries to reach the store
logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def judge_for_ever(clock: Clock, is_over: Callable[[], bool] = lambda: False) -> None:
    """Judge until told to stop; begin again when the store was away."""
    while not is_over():
        try:
            _judge_while_connected(clock, is_over)
        except AWAY as error:
            logger.warning("the store is away: %s", str(error).strip())
            connection.close()
            time.sleep(AWAY_S)


def _judge_while_connected(clock: Clock, is_over: Callable[[], bool]) -> None:
    connection.close()
    connection.ensure_connection()
    while not _locked(connection.connection):
        if is_over():
            return
        time.sleep(WAKES_EVERY_S)
    with psycopg.connect(**_parameters(), autocommit=True) as listener:
        listener.execute(f"LISTEN {PARCEL_CHANNEL}")
        listener.execute(f"LISTEN {REGISTER_CHANNEL}")
        try_again()
        careful = CarefulJudge(clock)
        logger.info("judging: %d rules at places", len(careful.judge.register.aims))
        ticked_at = 0.0
        while not is_over():
            if any(notice.channel == REGISTER_CHANNEL for notice in _notices(listener, 0.0)):
                careful.judge.reload(at=clock())
            count = careful.round()
            if count == 0 and time.monotonic() - ticked_at >= WAKES_EVERY_S:
                careful.judge.tick(at=clock())
                ticked_at = time.monotonic()
            if count == 0 and any(each.channel == REGISTER_CHANNEL for each in _notices(listener, WAKES_EVERY_S)):
                careful.judge.reload(at=clock())


def _locked(raw: "psycopg.Connection[Any]") -> bool:
    # On the connection that judges: who has lost it has lost the lock, and cannot commit a round any more.
    row = raw.execute("SELECT pg_try_advisory_lock(%s)", [JUDGE_LOCK]).fetchone()
    return bool(row and row[0])


def _notices(listener: "psycopg.Connection[Any]", timeout_s: float) -> "list[psycopg.Notify]":
    """Return what was called meanwhile; wait for the first call if there was none."""
    return list(listener.notifies(timeout=timeout_s, stop_after=1 if timeout_s else None))


def _parameters() -> dict[str, Any]:
    wanted = connection.get_connection_params()
    return {
        key: value for key, value in wanted.items() if key not in {"cursor_factory", "context", "prepare_threshold"}
    }
