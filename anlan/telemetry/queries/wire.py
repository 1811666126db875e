"""The register as a gateway needs it: who may speak, and which datastream each of its elements is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from django.db import connection
from psycopg import Connection

from anlan.ground.statements import own_cursor
from anlan.kernel.codes import prefix_of
from anlan.telemetry.core.quality import NOT_FOR_RULES
from anlan.telemetry.models import Datastream


@dataclass(frozen=True, slots=True)
class WireDevice:
    """A device that may speak."""

    id: int
    code: str
    protocol: str
    address: str
    centre: int
    dialect: Mapping[str, Any]
    key_hash: str
    station_id: int
    division_code: str


@dataclass(frozen=True, slots=True)
class WireStream:
    """A datastream that takes an element: stored value = value on the wire × factor + offset."""

    id: int
    factor: float
    offset: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Wire:
    """The register at one moment: devices by code, by SL 651 address and by hash of their key; their elements."""

    by_code: Mapping[str, WireDevice]
    by_address: Mapping[str, WireDevice]
    by_key: Mapping[str, WireDevice]
    streams: Mapping[tuple[int, str], WireStream]  # by device id and element


_DEVICES = """
SELECT d.id, d.code, d.protocol, coalesce(d.address, ''), d.centre, d.dialect, d.key_hash, s.id, s.division_code
FROM telemetry_device d JOIN telemetry_station s ON s.id = d.station_id
WHERE d.is_in_use AND s.is_in_use
"""
_STREAMS = """
SELECT device_id, element, id, factor, "offset", lowest, highest
FROM telemetry_datastream WHERE device_id IS NOT NULL AND is_in_use
"""


def wire_now(connection: "Connection[Any]") -> Wire:
    """Return the register as it stands."""
    with connection.cursor() as cursor:
        devices = [_device(row) for row in cursor.execute(_DEVICES).fetchall()]
        rows = cursor.execute(_STREAMS).fetchall()
    return Wire(
        {device.code: device for device in devices},
        {device.address: device for device in devices if device.address},
        {device.key_hash: device for device in devices if device.key_hash},
        dict(map(_stream, rows)),
    )


def wire_of(raw: "Connection[Any]", device_id: int) -> Wire:
    """Return the datastreams of one device, of whom it is known already that it may speak."""
    with raw.cursor() as cursor:
        rows = cursor.execute(_STREAMS + " AND device_id = %s", [device_id]).fetchall()
    return Wire({}, {}, {}, dict(map(_stream, rows)))


def device_with_key(key_hash: str) -> WireDevice | None:
    """Return the device in use whose key has the hash (`ground.fields.keyed_hash`), None where there is none."""
    with own_cursor() as cursor:
        row = cursor.execute(_DEVICES + " AND d.key_hash = %s AND d.key_hash <> ''", [key_hash]).fetchone()
    return None if row is None else _device(row)


def _stream(row: tuple[Any, ...]) -> tuple[tuple[int, str], WireStream]:
    device, element, number, factor, offset, lowest, highest = row
    bounds = -inf if lowest is None else lowest, inf if highest is None else highest
    return (device, element), WireStream(number, factor, offset, *bounds)


def _device(row: tuple[Any, ...]) -> WireDevice:
    number, code, protocol, address, centre, dialect, *rest = row
    # On a connection of Django's own, JSON comes as text.
    tables = json.loads(dialect) if isinstance(dialect, str) else dialect
    return WireDevice(number, code, protocol, address, centre, tables, *rest)


def stream_ids(county_code: str) -> Mapping[tuple[str, str], int]:
    """Return the ids of a county's datastreams by their device's code and their element."""
    found = Datastream.objects.filter(device__isnull=False, station__division_code__startswith=prefix_of(county_code))
    return {(code, element): pk for code, element, pk in found.values_list("device__code", "element", "pk")}


def values_last_told(county_code: str, until: datetime) -> Mapping[tuple[str, str], float]:
    """Return the last believable value of a county's datastreams, by their device's code and their element."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_TOLD, [until, int(NOT_FOR_RULES), f"{prefix_of(county_code)}%"])
        return {(code, element): value for code, element, value in cursor.fetchall() if value is not None}


_LAST_TOLD = """
SELECT d.code, s.element, (
    SELECT r.value FROM telemetry_reading r
    WHERE r.datastream_id = s.id AND r."time" <= %s AND r.flags & %s = 0 AND r.value <> 'NaN'
    ORDER BY r."time" DESC LIMIT 1)
FROM telemetry_datastream s JOIN telemetry_device d ON d.id = s.device_id
JOIN telemetry_station t ON t.id = s.station_id WHERE t.division_code LIKE %s
"""
