"""Statements that run with every request or parcel: prepared, with parameters apart, and columns of numbers among them.

    with cursor_for(connection) as cursor:
        cursor.execute("INSERT INTO level SELECT unnest(%s), unnest(%s)", [column(ids, INTEGER), column(values, FLOAT)])

Where plans take longer than what they plan, PostgreSQL keeps them from the second time on. Of a column numpy makes a
binary array as a whole.

Source: https://www.postgresql.org/docs/current/protocol-overview.html (formats) and src/backend/utils/adt/arrayfuncs.c,
array_recv: dimensions, whether there are nulls, type, length, lowest index, then each value after its length.
"""

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection as django
from numpy.typing import NDArray
from psycopg import Connection, Cursor
from psycopg.adapt import Dumper, PyFormat
from psycopg.pq import Format

_HEAD = struct.Struct(">iiIii")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of PostgreSQL: its number, that of its arrays, and how one value is sent."""

    oid: int
    array_oid: int
    sent: "np.dtype[Any]"


SMALLINT = Kind(21, 1005, np.dtype(">i2"))
INTEGER = Kind(23, 1007, np.dtype(">i4"))
FLOAT = Kind(701, 1022, np.dtype(">f8"))
TIMESTAMP = Kind(1184, 1185, np.dtype(">i8"))  # microseconds since 2000-01-01 UTC


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is sent."""

    array_oid: int
    sent: bytes


def column(values: NDArray[Any], kind: Kind) -> Column:
    """Return a column as a parameter.

    Args:
        values: (N,) of numbers that the kind holds.
        kind: of PostgreSQL.
    """
    cells = np.empty(len(values), dtype=[("length", ">i4"), ("value", kind.sent)])
    cells["length"], cells["value"] = kind.sent.itemsize, values
    return Column(kind.array_oid, _HEAD.pack(1, 0, kind.oid, len(values), 1) + cells.tobytes())


def own_cursor() -> Cursor[Any]:
    """Return such a cursor on Django's connection, in whose transaction it is."""
    django.close_if_health_check_failed()
    django.ensure_connection()
    return cursor_for(django.connection)


def cursor_for(connection: Connection[Any]) -> Cursor[Any]:
    """Return a cursor that takes columns, and sends parameters apart from the statement whatever others do."""
    cursor = Cursor(connection)
    cursor.adapters.register_dumper(Column, _ColumnDumper)
    return cursor


class _ColumnDumper(Dumper):
    format = Format.BINARY

    def get_key(self, obj: Column, format: PyFormat) -> Any:
        return (self.cls, obj.array_oid)  # tells the kinds apart

    def upgrade(self, obj: Column, format: PyFormat) -> Dumper:
        found = _ColumnDumper(self.cls)
        found.oid = obj.array_oid
        return found

    def dump(self, obj: Column) -> bytes:
        return obj.sent
