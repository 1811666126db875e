"""A register as a workbook of several sheets, both ways; what is wrong is marked in the workbook that came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import gettext
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from anlan.kernel.refusal import Refusal
from anlan.web.packing import without_times
from anlan.web.row_books import BadRowBook, RowFault, RowField, in_each_language, opened_book, rows_of, write_rows

WRONG = PatternFill("solid", start_color="FFD9D6")
Rows = list[tuple[int, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One sheet: its key, its name as a message id, its columns."""

    key: str
    title: str
    fields: tuple[RowField, ...]


@dataclass(frozen=True, slots=True)
class SheetFault:
    """What is wrong in one cell of one sheet."""

    sheet: BookSheet
    fault: RowFault


class FaultySheets(Refusal):
    """Some rows are wrong; none was taken over."""

    def __init__(self, faults: Iterable[SheetFault]) -> None:
        self.faults = tuple(faults)
        count = len({(each.sheet.key, each.fault.row) for each in self.faults})
        super().__init__("%(count)d rows of the workbook are wrong; nothing was taken over", count=count)


def sheets_workbook(parts: Iterable[tuple[BookSheet, Iterable[Mapping[str, Any]]]]) -> bytes:
    """Return the sheets as a workbook in the reader's language; the same rows give the same bytes."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    for sheet, rows in parts:
        write_rows(book, book.add_worksheet(gettext(sheet.title)), sheet.fields, rows)
    book.close()
    return without_times(stream)


def sheets_in(content: bytes, sheets: Sequence[BookSheet]) -> dict[str, Rows]:
    """Return the rows of each sheet by its key; a sheet that is left out has none.

    Raises:
        BadRowBook: it is no workbook, too large, has none of the sheets, or a sheet lacks a column.
        FaultySheets: a cell holds something else than its column.
    """
    standing = _standing(opened_book(content), sheets)
    found, faults = {each.key: Rows() for each in sheets}, list[SheetFault]()
    for sheet in sheets:
        if sheet.key in standing:
            found[sheet.key], troubles = rows_of(standing[sheet.key], sheet.fields)
            faults += [SheetFault(sheet, trouble) for trouble in troubles]
    if faults:
        raise FaultySheets(faults)
    return found


def marked_workbook(content: bytes, faults: Iterable[SheetFault], sheets: Sequence[BookSheet]) -> bytes:
    """Return the workbook that came with each faulty cell coloured and its fault beside it as a comment."""
    book = openpyxl.load_workbook(BytesIO(content))
    standing = _standing(book, sheets)
    for each in faults:
        page = standing.get(each.sheet.key)
        if page is None:
            continue
        cell = page.cell(each.fault.row, _column_of(page, each))
        text = gettext(each.fault.message)
        text = text % dict(each.fault.values) if each.fault.values else text
        before = f"{cell.comment.text}\n" if cell.comment else ""
        cell.fill, cell.comment = WRONG, Comment(f"{before}{text}", "Anlan")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _standing(book: Any, sheets: Sequence[BookSheet]) -> dict[str, Any]:
    names = {title: each.key for each in sheets for title in (each.key, *in_each_language(each.title))}
    found = {names[page.title.strip()]: page for page in book.worksheets if page.title.strip() in names}
    if not found:
        wanted = ", ".join(gettext(each.title) for each in sheets)
        raise BadRowBook("The workbook has none of the sheets %(names)s", names=wanted)
    return found


def _column_of(page: Any, each: SheetFault) -> int:
    """Return the place of the faulty column, the first where the row as a whole is wrong."""
    names = {each.fault.column, *in_each_language(each.fault.column)} if each.fault.column else set()
    names |= {field.name for field in each.sheet.fields if field.title == each.fault.column}
    heads = [str(cell.value or "").strip() for cell in page[1]]
    return next((place for place, head in enumerate(heads, 1) if head in names), 1)
