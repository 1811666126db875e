"""Statements with columns: they go to the database as numpy has them."""

from math import nan

import numpy as np
import pytest

from anlan.ground.statements import FLOAT, INTEGER, SMALLINT, TIMESTAMP, column, own_cursor

pytestmark = pytest.mark.django_db


def test_a_statement_takes_columns_of_every_kind_side_by_side():
    columns = [
        column(np.array([1, -(2**31)]), INTEGER),
        column(np.array([0.1, nan]), FLOAT),
        column(np.array([8, -1]), SMALLINT),
        column(np.array([0, -86_400_000_000]), TIMESTAMP),
    ]

    with own_cursor() as cursor:
        cursor.execute("SELECT unnest(%s), unnest(%s)::text, unnest(%s), unnest(%s) AT TIME ZONE 'UTC'", columns)
        rows = [(*numbers, f"{time:%F}") for *numbers, time in cursor.fetchall()]

    assert rows == [(1, "0.1", 8, "2000-01-01"), (-(2**31), "NaN", -1, "1999-12-31")]


def test_a_column_may_be_empty():
    with own_cursor() as cursor:
        cursor.execute("SELECT unnest(%s)", [column(np.zeros(0), FLOAT)])

        assert cursor.fetchall() == []
