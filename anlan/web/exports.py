"""Lists as files: what is shown, as plain values that a spreadsheet never runs."""

import csv
import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from anlan.web.safety import RISKY, safe_cell

LONGEST = 32_767  # characters of a cell in a workbook
WIDEST = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """Heads, and rows of plain values."""

    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]


def plain(value: Any) -> Any:
    """Return a number, a day, a local time or text."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return localtime(value).replace(tzinfo=None)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    return str(value)


def to_csv(sheet: Sheet) -> bytes:
    """Return UTF-8 with the mark that Excel needs; risky text gets an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([safe_cell(head) for head in sheet.heads])
    for row in sheet.rows:
        writer.writerow(["" if value is None else safe_cell(plain(value)) for value in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def to_xlsx(sheet: Sheet) -> bytes:
    """Return a workbook: text stays text, the head stays in sight and filters."""
    return to_book([(None, sheet)])


def to_book(sheets: Iterable[tuple[str | None, Sheet]]) -> bytes:
    """Return a workbook of several lists, each on a page of that name."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = {
        "quoted": book.add_format({"quote_prefix": True}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for name, sheet in sheets:
        _fill(book.add_worksheet(name), sheet, head, formats)
    book.close()
    return stream.getvalue()


def _fill(page: Any, sheet: Sheet, head: Any, formats: dict[str, Any]) -> None:
    widths = [len(text) * 2 for text in sheet.heads]
    for place, text in enumerate(sheet.heads):
        page.write_string(0, place, text, head)
    last = 0
    for last, row in enumerate(sheet.rows, 1):
        for place, value in enumerate(row):
            _write(page, (last, place), plain(value), formats)
            widths[place] = max(widths[place], _width(value))
    for place, width in enumerate(widths):
        page.set_column(place, place, min(width + 2, WIDEST))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, last, max(len(sheet.heads) - 1, 0))
    page.repeat_rows(0)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def _width(value: Any) -> int:
    text = "" if value is None else str(value)
    return sum(1 if ord(letter) < 0x2E80 else 2 for letter in text[:WIDEST])


def _write(page: Any, place: tuple[int, int], value: Any, formats: dict[str, Any]) -> None:
    if value is None:
        return
    if isinstance(value, str):
        page.write_string(*place, value[:LONGEST], formats["quoted"] if value.startswith(RISKY) else None)
    elif isinstance(value, datetime):
        page.write_datetime(*place, value, formats["moment"])
    elif isinstance(value, date):
        page.write_datetime(*place, value, formats["day"])
    else:
        page.write_number(*place, float(value))


WRITERS: dict[str, tuple[Callable[[Sheet], bytes], str]] = {
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "xlsx": (to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def download(kind: str, name: str, sheet: Sheet) -> HttpResponse:
    """Return the sheet as a file to save."""
    write, content_type = WRITERS[kind]
    return attachment(write(sheet), f"{_(name)}.{kind}", content_type)


def attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    """Return content that the browser saves under that name."""
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
