"""A list as a workbook of one sheet, both ways: heads in the first row, one thing a row; faults are told by row."""

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter
from django.utils.translation import gettext, override

from anlan.kernel.refusal import Refusal, mark
from anlan.web.packing import without_times

MOST_BYTES = 2 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_ROWS = 5000
LANGUAGES = ("en", "zh-hans")


class Kind(StrEnum):
    """What a cell of a column holds."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class RowField:
    """A column: its title as a message id; with `choices` (key, message id) a cell names one of them."""

    name: str
    title: str
    kind: Kind = Kind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    width: float = 16


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell."""

    row: int
    column: str  # the title's message id, "" for the row as a whole
    value: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


class BadRowBook(Refusal):
    """The file is no workbook with these columns."""


class FaultyRows(Refusal):
    """Some rows are wrong; none was taken over."""

    def __init__(self, faults: Iterable[RowFault]) -> None:
        self.rows = sorted(faults, key=lambda fault: (fault.row, fault.column))
        count = len({fault.row for fault in self.rows})
        super().__init__("%(count)d rows of the sheet are wrong; nothing was taken over", count=count)


def rows_workbook(fields: Sequence[RowField], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the list as a workbook in the reader's language; the same list gives the same bytes."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    write_rows(book, book.add_worksheet(), fields, rows)
    book.close()
    return without_times(stream)


def write_rows(book: Any, sheet: Any, fields: Sequence[RowField], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the list into a sheet of a workbook."""
    bold = book.add_format({"bold": True, "bottom": 1})
    day, text = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
    for place, column in enumerate(fields):
        sheet.set_column(place, place, column.width, text if column.kind is Kind.TEXT else None)
        sheet.write_string(0, place, gettext(column.title), bold)
        if column.choices:
            words = [gettext(word) for _key, word in column.choices]
            sheet.data_validation(1, place, MOST_ROWS, place, {"validate": "list", "source": words})
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(fields):
            value = row.get(column.name)
            if isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif isinstance(value, str):
                sheet.write_string(number, place, gettext(dict(column.choices).get(value, "")) or value, text)
            elif value is not None:
                sheet.write_number(number, place, value)
    sheet.freeze_panes(1, 1)


def rows_in(content: bytes, fields: Sequence[RowField]) -> list[tuple[int, dict[str, Any]]]:
    """Return each row's number in the sheet and what it says, None where a cell is empty.

    Raises:
        BadRowBook: it is no workbook, too large, or lacks a column.
        FaultyRows: a cell holds something else than its column.
    """
    found, faults = rows_of(opened_book(content).worksheets[0], fields)
    if faults:
        raise FaultyRows(faults)
    return found


def rows_of(sheet: Any, fields: Sequence[RowField]) -> tuple[list[tuple[int, dict[str, Any]]], list[RowFault]]:
    """Return each row's number in an opened sheet and what it says, and the cells that hold something else.

    Raises:
        BadRowBook: the sheet lacks a column.
    """
    found, faults = [], list[RowFault]()
    for number, cells in _lines(sheet, fields):
        row, troubles = _read(number, cells, fields)
        found.append((number, row))
        faults += troubles
    return found, faults


def _lines(sheet: Any, fields: Sequence[RowField]) -> Iterator[tuple[int, dict[str, Any]]]:
    lines = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1)
    names = {title: column.name for column in fields for title in _titles(column)}
    heads = [names.get(str(cell or "").strip()) for cell in next(lines, ())]
    missing = [gettext(column.title) for column in fields if column.name not in heads]
    if missing:
        raise BadRowBook("The sheet lacks the columns %(columns)s", columns=", ".join(missing))
    for number, line in enumerate(lines, 2):
        cells = {head: cell for head, cell in zip(heads, line, strict=False) if head and cell not in {None, ""}}
        if cells:
            yield number, cells


def opened_book(content: bytes) -> Any:
    """Return the workbook opened for reading.

    Raises:
        BadRowBook: it is none, or too large.
    """
    if len(content) > MOST_BYTES:
        raise BadRowBook(
            "The file has %(found)d bytes; at most %(most)d are taken", found=len(content), most=MOST_BYTES
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise BadRowBook("The file unpacks to more than a list of this kind needs")
        return openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise BadRowBook("The file is no workbook: save it as .xlsx and bring it in again") from None


def _titles(column: RowField) -> Iterator[str]:
    yield column.name
    yield from in_each_language(column.title)


def in_each_language(words: str) -> Iterator[str]:
    """Yield a message in every language that a workbook may be in."""
    for language in LANGUAGES:
        with override(language):
            yield gettext(words)


def _read(number: int, cells: Mapping[str, Any], fields: Sequence[RowField]) -> tuple[dict[str, Any], list[RowFault]]:
    row, faults = {}, []
    for column in fields:
        value = cells.get(column.name)
        try:
            row[column.name] = None if value is None else _value(column, value)
        except ValueError as wrong:
            faults.append(RowFault(number, column.title, str(value), str(wrong), {"value": str(value)}))
    return row, faults


def _value(column: RowField, value: Any) -> Any:
    if column.choices:
        return _choice(column, str(value).strip())
    if column.kind is Kind.NUMBER:
        return _number(value)
    return _day(value) if column.kind is Kind.DAY else _text(value)


def _choice(column: RowField, said: str) -> str:
    for language in LANGUAGES:
        with override(language):
            for key, word in column.choices:
                if said in {key, gettext(word)}:
                    return key
    raise ValueError(mark("%(value)s is none of the words that stand here"))


def _number(value: Any) -> float:
    try:
        return float(str(value).replace(",", ""))
    except ValueError:
        raise ValueError(mark("%(value)s is no number")) from None


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    try:
        return date.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError:
        raise ValueError(mark("%(value)s is no day; write it as 2026-03-31")) from None


def _text(value: Any) -> str:
    """Return what stands in the cell as text: whole numbers without a point, as codes are often typed."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip().removeprefix("'")
