"""The one way by which readings enter the store, whatever the wire: all of a batch or nothing.

A gateway fills an `Intake`, calls `keep` in a transaction, commits, and only then acknowledges what it received. What
came before with the same datastream and time stays as it was. With the readings a parcel for the rules is committed;
the process that judges wakes by NOTIFY. What cannot be taken in lies in the quarantine by the same commit.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite, isnan
from typing import Any

import numpy as np
from psycopg import Connection, Cursor
from psycopg.errors import UniqueViolation
from psycopg.pq import TransactionStatus
from psycopg.types.json import Jsonb

from anlan.ground.statements import FLOAT, INTEGER, SMALLINT, TIMESTAMP, Column, column, cursor_for
from anlan.kernel.refusal import mark
from anlan.telemetry.actions.partitions import make_months, months_of, table_of
from anlan.telemetry.core.arrivals import flags_on_arrival
from anlan.telemetry.core.parcels import Contents, Heard, Readings, pack
from anlan.telemetry.core.properties import PROPERTIES
from anlan.telemetry.core.series import Floats
from anlan.telemetry.core.wire_elements import Beginning, beginning_of
from anlan.telemetry.queries.wire import Wire, WireDevice, WireStream, wire_now

PARCEL_CHANNEL = "telemetry_parcel"
EARLIEST, LATEST = -62135596800.0, 253402300799.0  # years 1 to 9999
EPOCH_2000 = 946684800.0  # PostgreSQL counts microseconds from here
ENOUGH = 8  # readings of a datastream for which one look ahead is cheaper than comparing each
UNKNOWN_DEVICE = mark("The device is not registered")
UNKNOWN_ELEMENT = mark("The element %(element)s is not registered")
BAD_TIME = mark("The time %(time)s is none")
NOT_FINITE = mark("The value of %(element)s is not a finite number")


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that cannot be taken in, and why."""

    protocol: str
    source: str  # topic or address
    payload: bytes
    reason: str  # msgid
    values: Mapping[str, Any] = field(default_factory=dict)
    device_code: str = ""
    division_code: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of an intake: readings given, of them new in the store, and bytes put into the quarantine."""

    received: int
    stored: int
    refused: int


@dataclass(slots=True)
class Intake:
    """Collects what came until it is kept. One intake is filled and kept by one thread."""

    wire: Wire
    datastreams: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)
    lowest: list[float] = field(default_factory=list)
    highest: list[float] = field(default_factory=list)
    blocks: list[Floats] = field(default_factory=list)  # (6, N) each: what the lists hold, as columns
    heard: dict[int, Heard] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def take(self, device: WireDevice, element: str, time: float, value: float, arrived: float) -> str:
        """Take one value; return "" or the reason (msgid) for which its bytes belong into the quarantine.

        Args:
            device: that told it.
            element: its name on the wire.
            time: seconds since 1970.
            value: on the wire; NaN is a missing value that was told.
            arrived: seconds since 1970.
        """
        stream = self.wire.streams.get((device.id, element))
        if stream is None:
            return UNKNOWN_ELEMENT
        if not EARLIEST <= time <= LATEST:
            return BAD_TIME
        if not isfinite(value) and not isnan(value):
            return NOT_FINITE
        self.put(stream, time, value, arrived)
        return ""

    def put(self, stream: WireStream, time: float, value: float, arrived: float) -> None:
        """Take one value of a datastream that is known already; time and value are checked by the caller."""
        self.datastreams.append(stream.id)
        self.times.append(time)
        self.values.append(value * stream.factor + stream.offset)
        self.arrived.append(arrived)
        self.lowest.append(stream.lowest)
        self.highest.append(stream.highest)

    def put_all(self, stream: WireStream, times: Floats, values: Floats, arrived: float) -> None:
        """Take values of one datastream as columns, after all taken one by one; the caller checked times and values."""
        stored = values * stream.factor + stream.offset
        each = np.broadcast_arrays(float(stream.id), times, stored, arrived, stream.lowest, stream.highest)
        self.blocks.append(np.stack(each))

    def hear(self, device: WireDevice, at: float, sent: float | None = None) -> None:
        """Note that the device spoke, and by how much its clock differs when it told its time, seconds since 1970.

        Of what comes together the least difference counts: who catches up after an outage sends old frames as well.
        """
        error = None if sent is None else sent - at
        before = self.heard.get(device.id)
        if before is not None and before.clock_error_s is not None:
            error = before.clock_error_s if error is None else min(before.clock_error_s, error, key=abs)
        self.heard[device.id] = Heard(device.id, at, error)

    def refuse(self, refused: Refused) -> None:
        """Put bytes aside for the quarantine."""
        self.refused.append(refused)

    def readings(self) -> Readings:
        """Return what was taken as columns, times to the millisecond, flagged by range and clock."""
        told = (self.datastreams, self.times, self.values, self.arrived, self.lowest, self.highest)
        each = np.concatenate((np.array(told, dtype=np.float64), *self.blocks), axis=1)
        datastreams, times, values, arrived, lowest, highest = each
        times = np.rint(times * 1e3) / 1e3
        flags = flags_on_arrival(values, times, arrived, lowest, highest)
        return Readings(datastreams.astype(np.int32), times, values, flags, arrived)


def keep(connection: Connection[Any], intake: Intake, *, at: datetime, is_judged: bool = True) -> Kept:
    """Write an intake in the caller's transaction.

    Args:
        connection: in a transaction, which the caller commits before anything is acknowledged.
        intake: what came.
        at: now.
        is_judged: False for what is long past and shall raise no alarm.
    """
    readings, stored = intake.readings(), 0
    with cursor_for(connection) as cursor:
        if len(readings):
            stored = _insert(cursor, readings)
        _quarantine(cursor, intake.refused, at)
        if is_judged:
            _send_parcel(cursor, Contents(readings, tuple(intake.heard.values())), at)
    return Kept(len(readings), stored, len(intake.refused))


def keep_all_new(connection: Connection[Any], intake: Intake, *, at: datetime) -> bool:
    """Write an intake and commit it by one statement; False, and nothing written, where that does not go.

    It goes where much of a datastream comes of which the store has nothing yet, as a logger sends it. Everything else
    takes the way of `keep`, and so does whoever is in a transaction.
    """
    if connection.info.transaction_status is not TransactionStatus.IDLE or not connection.autocommit:
        return False
    readings = intake.readings()
    if intake.refused or not len(readings) or not _may_be_all_new(readings):
        return False
    parcel = pack(Contents(readings, tuple(intake.heard.values())))
    with cursor_for(connection) as cursor:
        try:
            cursor.execute(_KEEP_ALL_NEW, [*_look(readings), *_columns(readings), parcel, at, PARCEL_CHANNEL])
        except UniqueViolation:  # somebody else brought one of them meanwhile
            return False
        return cursor.rowcount > 0


def judge_again(connection: Connection[Any], streams: Iterable[tuple[int, float]], *, at: datetime) -> None:
    """Ask for the past of datastreams to be judged anew from an instant, seconds since 1970, each."""
    with connection.cursor() as cursor:
        _send_parcel(cursor, Contents(Intake(_NOBODY).readings(), (), tuple(streams)), at)


def begin_datastreams(connection: Connection[Any], wanted: Iterable[tuple[WireDevice, str]]) -> Wire:
    """Begin a datastream for each element that means something, in a transaction; return the register after it."""
    with connection.cursor() as cursor:
        for device, element in wanted:
            beginning = beginning_of(element, device.dialect)
            if beginning is not None:
                cursor.execute(_BEGIN, _row_of(device, element, beginning))
    return wire_now(connection)


_NOBODY = Wire({}, {}, {}, {})
_BEGIN = """
INSERT INTO telemetry_datastream (version, station_id, device_id, element, name, property, unit, factor, "offset",
    interval_s, lowest, highest, spike, stuck_s, is_counter, uniform_by_name, noise_mm, stage_limits, is_confirmed,
    is_in_use)
VALUES (1, %s, %s, %s, %s, %s, %s, 1, 0, %s, %s, %s, %s, %s, %s, '', 0, '{}', false, true)
ON CONFLICT DO NOTHING
"""


def _row_of(device: WireDevice, element: str, beginning: Beginning) -> tuple[object, ...]:
    facts = PROPERTIES[beginning.property]
    return (
        device.station_id, device.id, element, beginning.name, beginning.property.value, beginning.unit,
        beginning.interval_s, facts.lowest, facts.highest, facts.spike, facts.stuck_s, beginning.is_counter,
    )  # fmt: skip


_INSERT = """
INSERT INTO telemetry_reading (datastream_id, "time", value, flags, arrived_at)
SELECT unnest(%s), unnest(%s), unnest(%s), unnest(%s), unnest(%s)
"""
# What is all new need not be compared one by one, which takes longer than all else.
_IS_ALL_NEW = """
(SELECT coalesce(bool_and(to_regclass(name) IS NOT NULL), true) FROM unnest(%s::text[]) name) AND NOT EXISTS (
    SELECT FROM telemetry_reading WHERE datastream_id = ANY(%s) AND "time" BETWEEN %s AND %s)
"""
_INSERT_ALL_NEW = f"{_INSERT} WHERE {_IS_ALL_NEW}"


def _insert(cursor: Cursor[Any], readings: Readings) -> int:
    columns = _columns(readings)
    if _may_be_all_new(readings) and _insert_all_new(cursor, [*columns, *_look(readings)]):
        return len(readings)
    make_months(cursor, months_of(readings.times))
    cursor.execute(f"{_INSERT} ON CONFLICT DO NOTHING", columns)
    return cursor.rowcount


def _columns(readings: Readings) -> list[Column]:
    return [
        column(readings.datastreams, INTEGER), column(_microseconds(readings.times), TIMESTAMP),
        column(readings.values, FLOAT), column(readings.flags, SMALLINT),
        column(_microseconds(readings.arrived), TIMESTAMP),
    ]  # fmt: skip


def _look(readings: Readings) -> list[Any]:
    """Return where to look for what stands already: the months' parts, the datastreams, the span."""
    parts = [table_of(month) for month in months_of(readings.times)]
    span = moment(readings.times.min()), moment(readings.times.max())
    return [parts, column(np.unique(readings.datastreams), INTEGER), *span]


def _may_be_all_new(readings: Readings) -> bool:
    """Tell whether nothing comes twice, and enough of each datastream that a look ahead is cheaper than to compare."""
    order = np.lexsort((readings.times, readings.datastreams))
    ids, times = readings.datastreams[order], readings.times[order]
    is_next = ids[1:] == ids[:-1]
    is_much = (len(ids) - int(is_next.sum())) * ENOUGH <= len(ids)
    return is_much and not np.any(is_next & (times[1:] == times[:-1]))


def _insert_all_new(cursor: Cursor[Any], given: list[Any]) -> bool:
    """Write readings where every month has its part and the store has nothing of the span that comes; tell whether."""
    cursor.execute("SAVEPOINT all_new")
    try:
        cursor.execute(_INSERT_ALL_NEW, given)
    except UniqueViolation:  # somebody else brought one of them meanwhile
        cursor.execute("ROLLBACK TO SAVEPOINT all_new")
        return False
    is_written = cursor.rowcount > 0
    cursor.execute("RELEASE SAVEPOINT all_new")
    return is_written


def _microseconds(times: "np.ndarray[Any, np.dtype[np.float64]]") -> "np.ndarray[Any, np.dtype[np.int64]]":
    # Whole milliseconds: a float of seconds is no truer, and the same instant told twice must be the same.
    return np.rint((times - EPOCH_2000) * 1e3).astype(np.int64) * 1000


def _quarantine(cursor: Cursor[Any], refused: Iterable[Refused], at: datetime) -> None:
    for each in refused:
        cursor.execute(
            "INSERT INTO telemetry_quarantined (protocol, device_code, division_code, source, payload, sha256, reason,"
            ' "values", times, first_at, last_at, state, settled_by_name)'
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 1, %s, %s, 'waiting', '')"
            " ON CONFLICT (sha256, reason, source) DO UPDATE SET times = telemetry_quarantined.times + 1,"
            " last_at = excluded.last_at, state = 'waiting', settled_at = NULL, settled_by_name = ''",
            [
                each.protocol,
                each.device_code[:40],
                each.division_code,
                each.source[:200],
                each.payload,
                hashlib.sha256(each.payload).hexdigest(),
                each.reason,
                Jsonb(dict(each.values)),
                at,
                at,
            ],  # fmt: skip
        )


# The rows that are written are not handed on: to gather a thousand takes longer than the look.
_KEEP_ALL_NEW = f"""
WITH look AS MATERIALIZED (SELECT {_IS_ALL_NEW} AS is_all_new),
written AS ({_INSERT} WHERE (SELECT is_all_new FROM look)),
sent AS (INSERT INTO telemetry_parcel (content, created_at) SELECT %b, %s FROM look WHERE is_all_new RETURNING id)
SELECT pg_notify(%s, '') FROM sent
"""  # noqa: S608  a constant


def _send_parcel(cursor: Cursor[Any], contents: Contents, at: datetime) -> None:
    if not (len(contents.readings) or contents.heard or contents.again):
        return
    cursor.execute(_SEND, [pack(contents), at, PARCEL_CHANNEL])


_SEND = """
WITH sent AS (INSERT INTO telemetry_parcel (content, created_at) VALUES (%b, %s) RETURNING id)
SELECT pg_notify(%s, '') FROM sent
"""


def moment(seconds: float) -> datetime:
    """Return the instant of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)
