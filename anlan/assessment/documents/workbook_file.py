"""Opening an uploaded .xlsx without trusting it: kind, size and bombs are judged before anything is parsed."""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import TypeVar

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook

from anlan.assessment.core.workbook_values import SheetRows
from anlan.kernel.refusal import Refusal

Read = TypeVar("Read")

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED = 150 * MEGABYTE
MOST_RATIO = 200  # a survey of 600 villages packs to a tenth
MOST_PARTS = 2000
MOST_ROWS = 20_000
MOST_COLUMNS = 300
MOST_SPANNED = 200_000  # cells in merged or linked ranges that are opened for marking

# What the parser raises on a damaged file; each was seen when single bytes were changed.
DAMAGE = (
    ArithmeticError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)

_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,12})')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)"')
_LINKED = re.compile(rb'<(?:\w+:)?hyperlink\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')


class BadWorkbook(Refusal):
    """The file is no workbook that can be read."""


class OpenWorkbook:
    """A workbook whose sheets are read on demand."""

    def __init__(self, content: bytes) -> None:
        """Judge the file and open it.

        Raises:
            BadWorkbook: it is of another kind, too large, packed like a bomb, with macros, or damaged.
        """
        check_file(content)
        self._content = content
        self._book = _guarded(lambda: _load(content, read_only=True))
        self._paths = {sheet.title: sheet._worksheet_path for sheet in self._book.worksheets}  # type: ignore[attr-defined]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the sheets in their order."""
        return tuple(self._paths)

    def rows(self, name: str) -> SheetRows:
        """Return a sheet's cells.

        Raises:
            BadWorkbook: the sheet is damaged or endless.
        """
        part = self._part(name)
        if any(int(number) > MOST_ROWS for number in _ROW.findall(part)):
            raise BadWorkbook(
                "the sheet %(sheet)s goes beyond row %(most)d; delete the rows below the last unit",
                sheet=name,
                most=MOST_ROWS,
            )
        merged = tuple(span.decode() for span in _MERGED.findall(part))
        return SheetRows(name, _guarded(lambda: tuple(self._values(name))), merged)

    def for_marking(self) -> Workbook | None:
        """Return the workbook to write into, None where its ranges are too large to open whole."""
        spans = [span for name in self.names for span in _spans(self._part(name))]
        if sum(_size(span) for span in spans) > MOST_SPANNED:
            return None
        return _guarded(lambda: _load(self._content, read_only=False))

    def _part(self, name: str) -> bytes:
        with zipfile.ZipFile(BytesIO(self._content)) as archive:
            return _guarded(lambda: archive.read(self._paths[name]))

    def _values(self, name: str) -> Iterator[tuple[object, ...]]:
        sheet = self._book[name]
        sheet.reset_dimensions()
        rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS)]
        while rows and not any(value is not None for value in rows[-1]):
            rows.pop()
        yield from rows


def check_file(content: bytes) -> None:
    """Refuse what is no harmless .xlsx, with what to do about it.

    Raises:
        BadWorkbook: see the class.
    """
    check_size(len(content))
    _check_kind(content)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive.infolist(), len(content))
    except zipfile.BadZipFile:
        raise BadWorkbook("the file is damaged; open it in a spreadsheet program and save it again") from None


def check_size(size: int) -> None:
    """Refuse a file that is larger than any survey.

    Raises:
        BadWorkbook: it is.
    """
    if size > MOST_BYTES:
        raise BadWorkbook(
            "the file has %(found)d MB; at most %(most)d MB are read",
            found=size // MEGABYTE,
            most=MOST_BYTES // MEGABYTE,
        )


def _check_kind(content: bytes) -> None:
    if content.startswith(b"PK\x03\x04"):
        return
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise BadWorkbook("the workbook is protected by a password; save it without one")
        raise BadWorkbook(
            "this is a workbook of the older kind (.xls or .et); open it, choose Save as, "
            "take the type Excel workbook (*.xlsx) and hand in the new file"
        )
    if not content:
        raise BadWorkbook("the file is empty")
    raise BadWorkbook("this is no .xlsx workbook; open it in a spreadsheet program and save it as .xlsx")


def _check_parts(parts: Sequence[zipfile.ZipInfo], size: int) -> None:
    names = [part.filename.lower() for part in parts]
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * size:
        raise BadWorkbook(
            "the file unpacks to %(found)d MB and was not opened; copy the answers into a fresh workbook",
            found=unpacked // MEGABYTE,
        )
    if any(name.endswith(("vbaproject.bin", ".xlm")) or "/macrosheets/" in name for name in names):
        raise BadWorkbook("the workbook has macros; save it as .xlsx without macros")
    if "xl/workbook.bin" in names:
        raise BadWorkbook("this is a binary workbook (.xlsb); save it as .xlsx")
    if "xl/workbook.xml" not in names:
        raise BadWorkbook("this is no .xlsx workbook; open it in a spreadsheet program and save it as .xlsx")


def _load(content: bytes, *, read_only: bool) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parts that are not kept, such as extensions of other programs
        return load_workbook(BytesIO(content), read_only=read_only, keep_links=False)


def _guarded(read: Callable[[], Read]) -> Read:
    try:
        return read()
    except DAMAGE as error:
        raise BadWorkbook("the file is damaged; open it in a spreadsheet program and save it again") from error


def _spans(part: bytes) -> list[str]:
    return [span.decode() for span in (*_MERGED.findall(part), *_LINKED.findall(part))]


def _size(span: str) -> int:
    left, top, right, bottom = range_boundaries(span)
    return (right - left + 1) * (bottom - top + 1)  # type: ignore[operator]
