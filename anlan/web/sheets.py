"""One way to write a table into a workbook: title, frozen header, filter, page set-up, text that stays text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from io import BytesIO

from django.utils.translation import gettext
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from anlan.web.book_formats import LINE, PALE, BookFormats

A4 = 9


class Look(StrEnum):
    """How a cell reads."""

    TEXT = "text"
    WRAPPED = "wrapped"
    NUMBER = "number"
    POINTS = "points"
    FINE = "fine"
    PERCENT = "percent"
    YUAN = "yuan"
    DAY = "day"


NUMBER_FORMATS = {
    Look.TEXT: "@",
    Look.WRAPPED: "@",
    Look.NUMBER: "#,##0",
    Look.POINTS: "0.0",
    Look.FINE: "0.000",
    Look.PERCENT: "0.0%",
    Look.YUAN: "#,##0.00",
    Look.DAY: "yyyy-mm-dd",
}
LEFT = {Look.TEXT, Look.WRAPPED}
Plain = str | float | date | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell that reads otherwise than its column."""

    value: Plain
    look: Look


Cell = Plain | Shown


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title in the reader's language, its width in characters, its look."""

    title: str
    width: float
    look: Look = Look.TEXT
    is_summed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with one table: what stands above it, its columns and rows."""

    name: str
    title: str
    facts: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    frozen_columns: int = 0

    @property
    def head(self) -> int:
        """The header's row, counted from 0: below the title, the facts and the sums if there are any."""
        return 3 if any(column.is_summed for column in self.columns) else 2


def workbook_bytes(tables: Iterable[Table], *, title: str, made_on: date) -> bytes:
    """Return a workbook with a sheet for each table; the same tables give the same bytes."""
    stream = BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"title": title, "created": datetime(made_on.year, made_on.month, made_on.day)})  # noqa: DTZ001
    formats = BookFormats(book)
    for table in tables:
        sheet = book.add_worksheet(table.name)
        _write_head(sheet, formats, table)
        _write_rows(sheet, formats, table)
        _set_up_page(sheet, table)
    book.close()
    return stream.getvalue()


def _write_head(sheet: Worksheet, formats: BookFormats, table: Table) -> None:
    sheet.set_row(0, 28)
    sheet.write_string(0, 0, table.title, formats.title)
    sheet.write_string(1, 0, table.facts, formats.quiet)
    head = formats.named(
        "table head", bold=True, bg_color=PALE, border=1, border_color=LINE, align="center", text_wrap=True
    )
    sheet.set_row(table.head, 32)
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, column.width)
        sheet.write_string(table.head, position, column.title, head)
        if column.is_summed:
            _write_sum(sheet, formats, table, position)
    if table.head == 3:
        sheet.write_string(2, 0, gettext("Sum of the rows shown"), formats.named("sum label", bold=True))


def _write_sum(sheet: Worksheet, formats: BookFormats, table: Table, position: int) -> None:
    """Stands above the header, so that a filter narrows the sum and never hides it."""
    name, first = xl_col_to_name(position), table.head + 2
    last = table.head + 1 + max(len(table.rows), 1)
    total = sum(cells[position] or 0 for cells in table.rows)  # type: ignore[misc]
    look = table.columns[position].look
    cell = formats.named(f"sum {look}", bold=True, num_format=NUMBER_FORMATS[look], align="right")
    sheet.write_formula(2, position, f"=SUBTOTAL(109,{name}{first}:{name}{last})", cell, total)


def _write_rows(sheet: Worksheet, formats: BookFormats, table: Table) -> None:
    looks = [column.look for column in table.columns]
    for number, row in enumerate(table.rows, table.head + 1):
        for position, cell in enumerate(row):
            shown = cell if isinstance(cell, Shown) else Shown(cell, looks[position])
            _write_cell(sheet, formats, (number, position), shown)


def _write_cell(sheet: Worksheet, formats: BookFormats, place: tuple[int, int], cell: Shown) -> None:
    value, look = cell.value, _cell_format(formats, cell)
    if value is None:
        sheet.write_blank(*place, None, look)
    elif isinstance(value, str):
        sheet.write_string(*place, value, look)  # never a formula, whatever it begins with
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, look)
    else:
        sheet.write_number(*place, value, look)


def _cell_format(formats: BookFormats, cell: Shown) -> Format:
    shown = NUMBER_FORMATS[cell.look]
    if cell.look is Look.NUMBER and isinstance(cell.value, float) and not cell.value.is_integer():
        shown = "#,##0.0#"
    return formats.named(
        f"table {cell.look} {shown}",
        num_format=shown,
        align="left" if cell.look in LEFT else "center" if cell.look is Look.DAY else "right",
        border=1,
        border_color=LINE,
        text_wrap=cell.look is Look.WRAPPED,
    )


def _set_up_page(sheet: Worksheet, table: Table) -> None:
    last = table.head + max(len(table.rows), 1)
    sheet.freeze_panes(table.head + 1, table.frozen_columns)
    sheet.autofilter(table.head, 0, last, len(table.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.repeat_rows(table.head)
    sheet.set_footer(f"&L&A&R{gettext('Page')} &P / &N")
    sheet.hide_gridlines(2)
