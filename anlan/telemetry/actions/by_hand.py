"""What an observer entered at a station: it goes before what an instrument told of the same instant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from anlan.kernel.refusal import mark
from anlan.telemetry.actions.keeping import judge_again, moment

AT_THE_STATION = mark("entered by hand at the station")
NOBODY = 0  # the protocol does not say who


@dataclass(frozen=True, slots=True)
class ByHand:
    """A value in the unit of its datastream; `time` in seconds since 1970."""

    datastream: int
    time: float
    value: float


_FIND = 'SELECT value FROM telemetry_reading WHERE datastream_id = %s AND "time" = %s'
# Sent once more, it changes nothing: a person may have corrected it since.
_SAME = 'SELECT 1 FROM telemetry_correction WHERE datastream_id = %s AND "time" = %s AND value = %s AND reason = %s'
_SUPERSEDE = (
    'UPDATE telemetry_correction SET is_current = false WHERE datastream_id = %s AND "time" = %s AND is_current'
)
_CORRECT = (
    'INSERT INTO telemetry_correction (datastream_id, "time", value, reason, by_id, by_name, "at", is_current)'
    " VALUES (%s, %s, %s, %s, %s, %s, %s, true)"
)


def correct_by_hand(connection: "Connection[Any]", entered: Sequence[ByHand], *, at: datetime) -> int:
    """Correct what stands there otherwise, before the values themselves are kept; return how many were corrected."""
    corrected = []
    for each in entered:
        where = (each.datastream, moment(each.time))
        there = connection.execute(_FIND, where).fetchone()
        if (
            there is None
            or there[0] == each.value
            or connection.execute(_SAME, (*where, each.value, AT_THE_STATION)).fetchone()
        ):
            continue
        connection.execute(_SUPERSEDE, where)
        connection.execute(_CORRECT, (*where, each.value, AT_THE_STATION, NOBODY, "", at))
        corrected.append((each.datastream, each.time))
    if corrected:
        judge_again(connection, corrected, at=at)
    return len(corrected)
