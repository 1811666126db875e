"""Reading one level's sheet of a survey workbook: unit rows against leaf columns.

Columns are found by their leaf code and rows by their division code, so that both may be moved,
hidden or stand beside columns of somebody's own.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from anlan.assessment.core.entry import BadEntry, Entered, entry_text, read_entry
from anlan.assessment.core.values import Leaf, Unit
from anlan.assessment.core.workbook_values import (
    CellProblem,
    Key,
    Known,
    Place,
    SheetRows,
    TypedCell,
    same_entry,
)
from anlan.kernel.codes import BadCode, check_code
from anlan.kernel.refusal import mark

HEADER_WITHIN = 30  # rows searched for the leaf codes

NO_HEADER = mark("no row with the indicator codes was found on this sheet")
NO_CODES = mark("the column %(label)s was not found")
NO_COLUMN = mark("the column %(code)s %(name)s is missing or was renamed")
TWO_COLUMNS = mark("the column %(code)s stands here twice")
MERGED = mark("the cells %(range)s are merged; unmerge them and fill each one in")
NO_CODE = mark("this row has answers but no division code")
UNKNOWN_CODE = mark("%(code)s is none of the divisions that this workbook is for")
EXPIRED_CODE = mark("%(code)s is no longer valid: the division was merged or renamed into %(successor)s")
TWICE = mark("%(code)s stood already in row %(row)d of this sheet")
OTHER_NAME = mark("%(code)s is %(expected)s, but the row says %(found)s; code and name were mixed up")
NOT_YOURS = mark("%(leaf)s is filled in by another department; leave the cell as it was")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a level's sheet is read against."""

    leaves: Mapping[str, Leaf]
    units: Mapping[str, Unit]
    closes_on: date
    code_label: str
    name_label: str
    department: str | None = None
    known: Mapping[Key, Known] = field(default_factory=dict)
    expired: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Columns:
    header: int
    code: int
    name: int | None
    leaves: Mapping[str, int]


def read_level_sheet(sheet: SheetRows, asked: Asked) -> tuple[list[TypedCell], list[CellProblem]]:
    """Return the answers on a sheet and what is wrong with it."""
    columns, problems = _columns(sheet, asked)
    if columns is None:
        return [], problems
    problems += _merged(sheet, columns)
    cells: list[TypedCell] = []
    for position, unit in _unit_rows(sheet, columns, asked, problems):
        for code, column in columns.leaves.items():
            raw = value_at(sheet.rows[position], column)
            if raw is None:
                continue
            found = _cell(asked.leaves[code], unit, raw, asked)
            if isinstance(found, TypedCell):
                cells.append(replace(found, sheet=sheet.name, cell=cell_name(position, column)))
            elif found:
                problems.append(replace(found, sheet=sheet.name, cell=cell_name(position, column)))
    return cells, problems


def patched(sheet: SheetRows, accepted: Mapping[Place, str]) -> SheetRows:
    """Return the sheet with accepted suggestions in place of what was typed."""
    here = {cell: text for (name, cell), text in accepted.items() if name == sheet.name and cell}
    if not here:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for cell, text in here.items():
        position, column = cell_position(cell)
        if position < len(rows) and column < len(rows[position]):
            rows[position][column] = text
    return replace(sheet, rows=tuple(tuple(row) for row in rows))


def cell_name(row: int, column: int) -> str:
    """Return the name of the cell, both counted from 0: (8, 3) is D9."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def cell_position(name: str) -> tuple[int, int]:
    """Return row and column of a cell's name, counted from 0."""
    letters = name.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(name[len(letters) :]) - 1, column - 1


def plain(raw: object) -> str:
    """Return a cell as the text that a person sees, full-width characters folded."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return unicodedata.normalize("NFKC", str(raw)).strip()


def value_at(row: Sequence[object], column: int) -> object:
    """Return the cell, None where the row is shorter."""
    return row[column] if column < len(row) else None


def closest(text: str, choices: Iterable[str]) -> str | None:
    """Return the choice most like the text, None where none is."""
    return next(iter(get_close_matches(text, list(choices), n=1, cutoff=0.6)), None)


def find_header(sheet: SheetRows, wanted: Iterable[str]) -> int | None:
    """Return the row that holds most of the wanted texts, None where no row holds any."""
    wanted = set(wanted)
    counts = [sum(plain(raw) in wanted for raw in row) for row in sheet.rows[:HEADER_WITHIN]]
    return counts.index(max(counts)) if any(counts) else None


def _columns(sheet: SheetRows, asked: Asked) -> tuple[_Columns | None, list[CellProblem]]:
    header = find_header(sheet, asked.leaves)
    if header is None:
        return None, [CellProblem(sheet.name, "", "", NO_HEADER)]
    titles = [plain(raw) for raw in sheet.rows[header]]
    problems = [
        CellProblem(sheet.name, cell_name(header, column), title, TWO_COLUMNS, {"code": title})
        for column, title in enumerate(titles)
        if title in asked.leaves and titles.index(title) < column
    ]
    problems += _missing_columns(sheet, header, titles, asked)
    if asked.code_label not in titles:
        near = closest(asked.code_label, titles)
        cell = cell_name(header, titles.index(near)) if near else ""
        guess = asked.code_label if near else None
        problems.append(CellProblem(sheet.name, cell, near or "", NO_CODES, {"label": asked.code_label}, guess))
        return None, problems
    name = titles.index(asked.name_label) if asked.name_label in titles else None
    places = {code: titles.index(code) for code in asked.leaves if code in titles}
    return _Columns(header, titles.index(asked.code_label), name, places), problems


def _missing_columns(sheet: SheetRows, header: int, titles: Sequence[str], asked: Asked) -> Iterator[CellProblem]:
    known = {*asked.leaves, asked.code_label, asked.name_label}
    strange = [title for title in titles if title and title not in known]
    for code, leaf in asked.leaves.items():
        if code in titles:
            continue
        near = closest(code, strange) or closest(leaf.name_zh, strange)
        if near:
            strange.remove(near)
        cell = cell_name(header, titles.index(near)) if near else ""
        values = {"code": code, "name": leaf.name_zh}
        yield CellProblem(sheet.name, cell, near or "", NO_COLUMN, values, code if near else None)


def _merged(sheet: SheetRows, columns: _Columns) -> Iterator[CellProblem]:
    for span in sheet.merged:
        first, _, last = span.partition(":")
        if cell_position(last or first)[0] >= columns.header:
            yield CellProblem(sheet.name, first, "", MERGED, {"range": span})


def _unit_rows(
    sheet: SheetRows, columns: _Columns, asked: Asked, problems: list[CellProblem]
) -> Iterator[tuple[int, Unit]]:
    """Yield the rows that name a unit; the others that hold answers become problems."""
    names = Counter(plain(unit.name) for unit in asked.units.values())
    by_name = {plain(unit.name): unit.code for unit in asked.units.values() if names[plain(unit.name)] == 1}
    seen: dict[str, int] = {}
    for position in range(columns.header + 1, len(sheet.rows)):
        row = sheet.rows[position]
        if not any(plain(value_at(row, column)) for column in (columns.code, *columns.leaves.values())):
            continue
        name = plain(value_at(row, columns.name)) if columns.name is not None else ""
        problem = _row_problem(row, columns, name, asked, seen)
        code = plain(value_at(row, columns.code))
        if problem:
            guess = problem.suggestion or by_name.get(name)
            problems.append(
                replace(
                    problem,
                    sheet=sheet.name,
                    cell=cell_name(position, _named_column(columns, problem)),
                    suggestion=None if guess in seen else guess,
                )
            )
            continue
        unit = asked.units[check_code(code)]
        seen[unit.code] = position + 1
        yield position, unit


def _named_column(columns: _Columns, problem: CellProblem) -> int:
    return columns.name if problem.message == OTHER_NAME and columns.name is not None else columns.code


def _row_problem(
    row: Sequence[object], columns: _Columns, name: str, asked: Asked, seen: Mapping[str, int]
) -> CellProblem | None:
    text = plain(value_at(row, columns.code))
    if not text:
        return CellProblem("", "", "", NO_CODE)
    try:
        code = check_code(text)
    except BadCode as refused:
        return CellProblem("", "", text, refused.message, refused.values)
    if code in asked.expired:
        values = {"code": code, "successor": asked.expired[code]}
        return CellProblem("", "", text, EXPIRED_CODE, values)
    if code not in asked.units:
        return CellProblem("", "", text, UNKNOWN_CODE, {"code": code})
    if code in seen:
        return CellProblem("", "", text, TWICE, {"code": code, "row": seen[code]})
    expected = asked.units[code].name
    if name and name != plain(expected):
        values = {"code": code, "expected": expected, "found": name}
        return CellProblem("", "", name, OTHER_NAME, values, expected)
    return None


def _cell(leaf: Leaf, unit: Unit, raw: object, asked: Asked) -> TypedCell | CellProblem | None:
    base = asked.known.get((unit.code, leaf.code), Known())
    locked = asked.department is not None and leaf.department != asked.department
    try:
        entered = read_entry(leaf, raw, closes_on=asked.closes_on)
    except BadEntry as refused:
        if not locked:
            return CellProblem("", "", plain(raw), refused.message, refused.values, refused.suggestion)
        entered = None
    else:
        if entered is None:
            return None
    if locked and (entered is None or not same_entry(entered, base.entered)):
        return CellProblem("", "", plain(raw), NOT_YOURS, {"leaf": leaf.code}, entry_text(leaf, base.entered))
    return TypedCell(unit.code, leaf.code, entered or Entered(), base, "", "")
