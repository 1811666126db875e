"""Divisions from a CSV file, by English or Chinese heads, with every fault at its row and column."""

import csv
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

from anlan.kernel.codes import BadCode, check_code, level_of, parent_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.checking import HAS_A_PARENT, RowProblem
from anlan.places.core.texts import read_text
from anlan.places.core.values import DivisionRow
from anlan.places.core.words import HAZARD_WORDS, HEADS, LANDFORM_WORDS, LEVEL_WORDS, REGION_WORDS

_COLUMN = {head: column for column, heads in HEADS.items() for head in heads}
_LIST = re.compile(r"[;；、,，|/ ]+")
MOST_ROWS = 100_000


class BadFile(Refusal):
    """The file is no list of divisions."""


@dataclass(frozen=True, slots=True)
class DivisionFile:
    """What a file says: rows by their number in it (1 is the head), faults of reading, heads not understood."""

    encoding: str
    rows: Mapping[int, DivisionRow]
    problems: tuple[RowProblem, ...]
    unknown_columns: tuple[str, ...] = ()


def read_divisions(content: bytes) -> DivisionFile:
    """Return the file's rows and faults.

    Raises:
        BadText: the encoding is not known.
        BadFile: there is no head with a code and a name, nothing below it, or far too much.
    """
    text = read_text(content)
    first_line = text.content.split("\n", 1)[0]
    lines = list(csv.reader(StringIO(text.content), delimiter=max(",;\t", key=first_line.count)))
    head = [cell.strip().lower() for cell in lines[0]] if lines else []
    columns = [_COLUMN.get(cell, "") for cell in head]
    _check_head(head, columns, len(lines))
    rows: dict[int, DivisionRow] = {}
    problems: list[RowProblem] = []
    for number, line in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in line):
            cells = dict(zip(columns, [cell.strip() for cell in line], strict=False))
            row, faults = _Reader(number, cells).row()
            problems += faults
            if row.code:  # without one nothing else can be said of it
                rows[number] = row
    unknown = tuple(cell for cell, column in zip(head, columns, strict=True) if cell and not column)
    return DivisionFile(text.encoding, rows, tuple(problems), unknown)


def _check_head(head: Sequence[str], columns: Sequence[str], lines: int) -> None:
    missing = [column for column in ("code", "name") if column not in columns]
    if missing:
        found = ", ".join(head)[:200]
        raise BadFile(
            "The first row must name the columns; %(missing)s is missing, found: %(found)s",
            missing=", ".join(missing),
            found=found or "–",
        )
    twice = sorted({column for column in columns if column and columns.count(column) > 1})
    if twice:
        raise BadFile("The column %(columns)s is there twice", columns=", ".join(twice))
    if not 1 < lines <= MOST_ROWS:
        raise BadFile("The file has %(found)d rows; 1 to %(most)d can be read", found=max(lines - 1, 0), most=MOST_ROWS)


class _Reader:
    """Reads one row's cells, noting each fault."""

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self._number = number
        self._cells = cells
        self._problems: list[RowProblem] = []

    def row(self) -> tuple[DivisionRow, list[RowProblem]]:
        code = self._code()
        row = DivisionRow(
            code=code,
            name=self._cells.get("name", ""),
            population=self._number_in("population", whole),
            households=self._number_in("households", whole),
            area_km2=self._number_in("area_km2", finite),
            landform=self._word("landform", LANDFORM_WORDS),
            urban_rural_code=self._cells.get("urban_rural_code") or None,
            region_type=self._word("region_type", REGION_WORDS),
            hazards=self._hazards(),
            seat=self._seat(),
        )
        return row, self._problems

    def _note(self, column: str, message: str, **values: Any) -> None:
        self._problems.append(RowProblem(self._number, column, self._cells.get(column, ""), message, values))

    def _code(self) -> str:
        try:
            code = check_code(self._cells.get("code", ""))
        except BadCode as fault:
            self._note("code", fault.message, **fault.values)
            return ""
        level = self._word("level", LEVEL_WORDS)
        if level and level != level_of(code).value:
            self._note("level", mark("the code is of another level"))
        given = self._cells.get("parent_code", "")
        if given and level_of(code) in HAS_A_PARENT and given.ljust(12, "0") != parent_of(code):
            self._note("parent_code", mark("by its code it lies in %(parent)s"), parent=parent_of(code))
        return code

    def _word(self, column: str, words: Mapping[str, str]) -> str | None:
        text = self._cells.get(column, "")
        if not text:
            return None
        if text.lower() not in words:
            self._note(column, mark("is not one of: %(allowed)s"), allowed=", ".join(sorted(set(words))))
            return None
        return words[text.lower()]

    def _number_in(self, column: str, read: Callable[[str], Any]) -> Any:
        text = self._cells.get(column, "").replace(",", "").replace("，", "")
        if not text:
            return None
        try:
            return read(text)
        except (ValueError, OverflowError):
            self._note(column, mark("is no number that fits here"))
            return None

    def _hazards(self) -> tuple[str, ...] | None:
        text = self._cells.get("hazards", "")
        if not text:
            return None
        words = [word for word in _LIST.split(text.lower()) if word]
        unknown = [word for word in words if word not in HAZARD_WORDS]
        if unknown:
            self._note("hazards", mark("is not one of: %(allowed)s"), allowed=", ".join(HAZARD_WORDS))
        return tuple(dict.fromkeys(HAZARD_WORDS[word] for word in words if word in HAZARD_WORDS))

    def _seat(self) -> tuple[float, float] | None:
        longitude, latitude = self._number_in("longitude", finite), self._number_in("latitude", finite)
        if longitude is None or latitude is None:
            return None
        if abs(longitude) > 180 or abs(latitude) > 90:
            self._note("longitude", mark("longitude and latitude are no place on earth"))
        return longitude, latitude


def whole(text: str) -> int:
    """Return the whole number, also written 1200.0."""
    value = finite(text)
    if value != int(value):
        raise ValueError(text)
    return int(value)


def finite(text: str) -> float:
    """Return the number; infinity and the like are none."""
    value = float(text)
    if not math.isfinite(value) or abs(value) > 2_000_000_000:
        raise ValueError(text)
    return value
