"""A workbook of several sheets, both ways, and its faults marked in it."""

from io import BytesIO

import openpyxl
import pytest

from anlan.web.row_books import BadRowBook, Kind, RowFault, RowField
from anlan.web.sheet_books import BookSheet, FaultySheets, SheetFault, marked_workbook, sheets_in, sheets_workbook

TREES = BookSheet("trees", "Trees", (RowField("name", "Name"), RowField("height", "Height", Kind.NUMBER)))
BIRDS = BookSheet("birds", "Birds", (RowField("name", "Name"),))
SHEETS = (TREES, BIRDS)
ROWS = ((TREES, [{"name": "oak", "height": 20.0}, {"name": "elm", "height": None}]), (BIRDS, [{"name": "wren"}]))


def test_what_was_written_is_read_with_the_numbers_of_its_rows():
    assert sheets_in(sheets_workbook(ROWS), SHEETS) == {
        "trees": [(2, {"name": "oak", "height": 20.0}), (3, {"name": "elm", "height": None})],
        "birds": [(2, {"name": "wren"})],
    }


def test_the_same_rows_give_the_same_bytes():
    assert sheets_workbook(ROWS) == sheets_workbook(ROWS)


def test_a_sheet_may_be_left_out_but_not_all():
    assert sheets_in(sheets_workbook(ROWS[1:]), SHEETS)["trees"] == []
    with pytest.raises(BadRowBook, match="none of the sheets"):
        sheets_in(sheets_workbook([(BookSheet("fish", "Fish", TREES.fields), [])]), SHEETS)


def test_a_cell_of_another_kind_is_told_by_sheet_and_row():
    content = sheets_workbook([(TREES, [{"name": "oak", "height": "tall"}])])

    with pytest.raises(FaultySheets, match="1 rows") as refused:
        sheets_in(content, SHEETS)

    (found,) = refused.value.faults
    assert (found.sheet.key, found.fault.row, found.fault.column) == ("trees", 2, "Height")


def test_faults_are_marked_where_they_stand():
    faults = [
        SheetFault(TREES, RowFault(3, "Height", "", "An elm is %(least)d m high", {"least": 1})),
        SheetFault(TREES, RowFault(3, "Height", "", "And grows", {})),
        SheetFault(BIRDS, RowFault(2, "", "", "No such bird", {})),
    ]

    book = openpyxl.load_workbook(BytesIO(marked_workbook(sheets_workbook(ROWS), faults, SHEETS)))

    assert book["Trees"]["B3"].comment.text == "An elm is 1 m high\nAnd grows"
    assert book["Birds"]["A2"].comment.text == "No such bird"
    assert book["Trees"]["B2"].comment is None
