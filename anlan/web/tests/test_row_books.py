"""A list of rows as a workbook, both ways."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from anlan.web.row_books import BadRowBook, FaultyRows, Kind, RowField, rows_in, rows_workbook

FIELDS = (
    RowField("name", "Name"),
    RowField("count", "Amount", Kind.NUMBER),
    RowField("day", "Day", Kind.DAY),
    RowField("colour", "Colour", choices=(("r", "Red"), ("b", "Blue"))),
)
ROW = {"name": "=1+1", "count": 12.5, "day": date(2026, 3, 1), "colour": "b"}


def book(*lines: tuple[object, ...], heads: tuple[str, ...] = ("Name", "Amount", "Day", "Colour")) -> bytes:
    made = openpyxl.Workbook()
    for line in (heads, *lines):
        made.active.append(line)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


def faults_of(*lines: tuple[object, ...]) -> list[tuple[int, str, str]]:
    with pytest.raises(FaultyRows) as refused:
        rows_in(book(*lines), FIELDS)
    return [(fault.row, fault.column, fault.message % fault.values) for fault in refused.value.rows]


def test_what_is_written_is_read_again():
    assert rows_in(rows_workbook(FIELDS, [ROW, {"name": "x"}]), FIELDS) == [
        (2, ROW),
        (3, {"name": "x", "count": None, "day": None, "colour": None}),
    ]


@given(st.text(st.characters(categories=("L", "N")), min_size=1), st.integers(-(10**9), 10**9))
def test_any_word_and_number_come_back(word, number):
    assert rows_in(rows_workbook(FIELDS, [{"name": word, "count": number}]), FIELDS)[0][1]["name"] == word


def test_the_same_list_is_the_same_file():
    assert rows_workbook(FIELDS, [ROW]) == rows_workbook(FIELDS, [ROW])


def test_heads_are_known_by_key_and_in_either_language():
    chinese = book(("甲", 1, None, "r"), heads=("名称", "count", "Day", "Colour"))

    with override("en"):
        assert rows_in(chinese, FIELDS)[0][1]["name"] == "甲"


def test_a_code_typed_as_a_number_is_text_without_a_point():
    assert rows_in(book((999901101000.0, 1, None, None)), FIELDS)[0][1]["name"] == "999901101000"


def test_empty_rows_are_passed_over():
    assert [number for number, _row in rows_in(book((None,) * 4, ("x", 1, None, None)), FIELDS)] == [3]


def test_what_is_wrong_is_told_by_row_and_column():
    assert faults_of(("x", "many", None, None), ("y", 1, "soon", "green")) == [
        (2, "Amount", "many is no number"),
        (3, "Colour", "green is none of the words that stand here"),
        (3, "Day", "soon is no day; write it as 2026-03-31"),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"no book", "no workbook"),
        (b"x" * 3_000_000, "bytes"),
        (book(heads=("Name",)), "lacks the columns"),
        (book(heads=()), "lacks the columns"),
    ],
)
def test_what_is_no_such_workbook_is_refused(content, why):
    with pytest.raises(BadRowBook, match=why):
        rows_in(content, FIELDS)
