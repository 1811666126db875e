"""Reading any table of units, from CSV in whatever encoding or from a workbook.

GB18030 decodes almost every byte sequence, Latin-1 every one: neither fails on a text that is not its
own. So what comes out is judged by whether it looks like the language, and what was guessed is told.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from anlan.assessment.core.workbook_sheet import cell_name, plain
from anlan.assessment.core.workbook_values import CellProblem
from anlan.assessment.documents.workbook_file import OpenWorkbook, check_size
from anlan.kernel.refusal import Refusal, mark

BLANK = frozenset({"", "-", "x", "n/a", "na", "nan", "..", "缺失", "无数据"})
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LEAST_COMMON = 0.9  # share of a Chinese text's characters that stand in GB 2312
MOST_ACCENTED = 0.3  # share of a Western text's letters that carry an accent
NOT_A_NUMBER = mark("%(text)s is no number")
NO_SUCH_COLUMN = mark("the column %(name)s is missing; the table has: %(columns)s")
SAME_KEY = mark("%(name)s stood already in row %(row)d")


class BadTable(Refusal):
    """The file is no table that can be read."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text and the encoding that it was read by. `sample` is what to look at where it was guessed."""

    text: str
    encoding: str
    sample: str = ""


@dataclass(frozen=True, slots=True)
class UnitTable:
    """A table as it came: one header row, then one row a unit; all cells as text.

    `sheet` is the sheet's name in a workbook, empty for CSV; `lines` are the file's rows, counted from 0.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    encoding: str
    sample: str = ""
    sheet: str = ""
    lines: tuple[int, ...] = ()

    def names(self, column: str) -> tuple[tuple[str, ...], list[CellProblem]]:
        """Return the units' names from a column, and the names that stand there twice."""
        place = self.columns.index(column)
        seen: dict[str, int] = {}
        problems = []
        for position, row in enumerate(self.rows):
            if row[place] in seen:
                values = {"name": row[place], "row": seen[row[place]]}
                problems.append(self._problem(position, place, SAME_KEY, values))
            seen.setdefault(row[place], self.lines[position] + 1)
        return tuple(row[place] for row in self.rows), problems

    def numbers(self, column: str) -> tuple[tuple[float | None, ...], list[CellProblem]]:
        """Return a column's numbers, None where one is missing, and the cells that hold none."""
        place = self.columns.index(column)
        problems = []
        found: list[float | None] = []
        for position, row in enumerate(self.rows):
            text = row[place]
            number = _number(text)
            if number is None and text.lower() not in BLANK:
                problems.append(self._problem(position, place, NOT_A_NUMBER, {"text": text}))
            found.append(number)
        return tuple(found), problems

    def _problem(self, position: int, column: int, message: str, values: dict[str, object]) -> CellProblem:
        cell = cell_name(self.lines[position], column)
        return CellProblem(self.sheet, cell, self.rows[position][column], message, values)


def read_table(content: bytes) -> UnitTable:
    """Return the table in a CSV file or on the first sheet of a workbook.

    Raises:
        BadTable: nothing to read, a ragged row, a column named twice, or an encoding that is not known.
        BadWorkbook: the workbook cannot be opened.
    """
    check_size(len(content))
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        book = OpenWorkbook(content)
        rows = [[plain(value) for value in row] for row in book.rows(book.names[0]).rows]
        return _table(rows, "xlsx", sheet=book.names[0])
    decoded = decode(content)
    delimiter = max(",;\t", key=decoded.text.split("\n", 1)[0].count)
    return _table(list(csv.reader(StringIO(decoded.text), delimiter=delimiter)), decoded.encoding, decoded.sample)


def decode(content: bytes) -> Decoded:
    """Return the text of a file in UTF-8, UTF-16, GB18030 or Windows-1252.

    Raises:
        BadTable: it is in none of them.
    """
    for start, encoding in MARKS:
        if content.startswith(start):
            return Decoded(_strict(content, encoding) or "", encoding.removesuffix("-sig").upper())
    text = _strict(content, "utf-8")
    if text is not None and "\0" not in text:
        return Decoded(text, "UTF-8")
    text = _strict(content, "gb18030")
    if text is not None and _looks_chinese(text):
        return Decoded(text, "GB18030", _sample(text))
    text = _strict(content, "cp1252")
    if text is not None and _looks_western(text):
        return Decoded(text, "Windows-1252", _sample(text))
    raise BadTable("the encoding of the file is not known; save it as CSV UTF-8 and try again")


def _strict(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _looks_chinese(text: str) -> bool:
    foreign = [character for character in text if not character.isascii()]
    common = sum(_in_gb2312(character) for character in foreign)
    ideographs = sum("\u4e00" <= character <= "\u9fff" for character in foreign)
    return "\0" not in text and common >= LEAST_COMMON * len(foreign) and 2 * ideographs >= len(foreign)


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _looks_western(text: str) -> bool:
    letters = sum(character.isalpha() for character in text)
    foreign = [character for character in text if not character.isascii()]
    accented = sum(character.isalpha() or character in "’‘“”–—…" for character in foreign)
    return "\0" not in text and accented == len(foreign) and accented <= MOST_ACCENTED * letters


def _sample(text: str) -> str:
    """Return the first words that a wrong encoding would have spoilt."""
    words = [cell.strip(' "') for line in text.splitlines() for cell in line.split(",") if not cell.isascii()]
    return "、".join(dict.fromkeys(words[:3]))


def _table(rows: Sequence[Sequence[str]], encoding: str, sample: str = "", *, sheet: str = "") -> UnitTable:
    filled = [position for position, row in enumerate(rows) if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        raise BadTable("the table has no rows below its header")
    header = filled[0]
    columns = [cell.strip() for cell in rows[header]]
    while columns and not columns[-1]:
        columns.pop()
    twice = [name for name, count in Counter(columns).items() if count > 1 and name]
    if twice:
        raise BadTable("two columns are named %(name)s", name=twice[0])
    lines = tuple(filled[1:])
    body = tuple(_fitted(rows[line], len(columns), line) for line in lines)
    return UnitTable(tuple(columns), body, encoding, sample, sheet, lines)


def _fitted(row: Sequence[str], width: int, position: int) -> tuple[str, ...]:
    if any(cell.strip() for cell in row[width:]):
        raise BadTable("row %(row)d has more cells than the header has columns", row=position + 1)
    cells = [cell.strip() for cell in row[:width]]
    return (*cells, *[""] * (width - len(cells)))


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "").removesuffix("%"))
    except ValueError:
        return None
    scaled = number / 100 if text.endswith("%") else number
    return scaled if abs(scaled) < float("inf") else None
