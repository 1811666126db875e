"""Reading the units that a workbook lists, so that it can be assessed without a database."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from anlan.assessment.core.entry import BadEntry, read_entry
from anlan.assessment.core.values import Dimension, Direction, Kind, Leaf, Profile, Region, Unit
from anlan.assessment.core.workbook_sheet import (
    NO_CODES,
    TWICE,
    cell_name,
    closest,
    find_header,
    plain,
    value_at,
)
from anlan.assessment.core.workbook_values import CellProblem, SheetRows
from anlan.kernel.codes import BadCode, Level, check_code, level_of, parent_of
from anlan.kernel.refusal import mark

NO_NAME = mark("%(code)s has no name")
TOO_HIGH = mark("%(code)s is neither a county, a township nor a village")
NO_PARENT = mark("the division %(parent)s above %(code)s is not on this sheet")
TWO_ROOTS = mark("%(code)s lies beside %(root)s; one workbook holds one county")
NO_UNITS = mark("no unit is listed on this sheet")
NO_SUCH_WORD = mark("%(found)s is not among: %(choices)s")

# Columns of the sheet; the first two are needed.
FIELDS = ("code", "name", "level", "parent", "population", "households", "region", "hazards")
COUNT = Leaf("COUNT", Dimension.ORG, "", "", Level.COUNTY, Kind.NUMBER, "person", 1, Direction.POSITIVE, 1)
SURVEYED = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)


@dataclass(frozen=True, slots=True)
class Words:
    """The labels and words in the language that the workbook was made in."""

    labels: Mapping[str, str]  # field → column title
    regions: Mapping[str, str]  # word → region key
    hazards: Mapping[str, str]  # word → profile key


def read_units(sheet: SheetRows, words: Words) -> tuple[list[Unit], list[CellProblem]]:
    """Return the units on the sheet and what is wrong with it."""
    wanted = [words.labels["code"], words.labels["name"]]
    header = find_header(sheet, wanted)
    titles = [plain(raw) for raw in sheet.rows[header]] if header is not None else []
    missing = [label for label in wanted if label not in titles]
    if header is None or missing:
        return [], [_missing_column(sheet, header, titles, label) for label in missing]
    columns = {key: titles.index(words.labels[key]) for key in FIELDS if words.labels[key] in titles}
    units: list[Unit] = []
    problems: list[CellProblem] = []
    places: dict[str, int] = {}
    for position in range(header + 1, len(sheet.rows)):
        texts = {key: plain(value_at(sheet.rows[position], column)) for key, column in columns.items()}
        if not texts["code"] and not texts["name"]:
            continue
        row = _Row(sheet.name, position, columns, texts)
        unit = _unit(row, words, places, problems)
        if unit:
            units.append(unit)
            places[unit.code] = position
    if not units and not problems:
        problems.append(CellProblem(sheet.name, "", "", NO_UNITS))
    if not problems:
        problems += _misplaced(sheet, units, places, columns["code"])
    codes = {unit.code for unit in units}
    return [unit if unit.parent_code in codes else replace(unit, parent_code=None) for unit in units], problems


@dataclass(frozen=True, slots=True)
class _Row:
    sheet: str
    position: int
    columns: Mapping[str, int]
    texts: Mapping[str, str]

    def problem(self, key: str, message: str, suggestion: str | None = None, **values: object) -> CellProblem:
        cell = cell_name(self.position, self.columns[key])
        return CellProblem(self.sheet, cell, self.texts[key], message, values, suggestion)


def _missing_column(sheet: SheetRows, header: int | None, titles: Sequence[str], label: str) -> CellProblem:
    near = closest(label, titles)
    cell = cell_name(header, titles.index(near)) if near and header is not None else ""
    return CellProblem(sheet.name, cell, near or "", NO_CODES, {"label": label}, label if near else None)


def _unit(row: _Row, words: Words, places: Mapping[str, int], problems: list[CellProblem]) -> Unit | None:
    """Return the row's unit, None where its code or name does not stand; adds what is wrong with the row."""
    try:
        code = check_code(row.texts["code"])
    except BadCode as refused:
        problems.append(row.problem("code", refused.message, **refused.values))
        return None
    faults = list(_code_faults(row, code, places))
    problems += faults
    if faults:
        return None
    return Unit(
        code=code,
        name=row.texts["name"],
        level=level_of(code),
        parent_code=parent_of(code),
        population=_count(row, "population", problems),
        households=_count(row, "households", problems),
        region=next((Region(key) for key in _keys(row, "region", words.regions, problems)), None),
        profiles=frozenset(Profile(key) for key in _keys(row, "hazards", words.hazards, problems)),
    )


def _code_faults(row: _Row, code: str, places: Mapping[str, int]) -> Iterator[CellProblem]:
    if level_of(code) not in SURVEYED:
        yield row.problem("code", TOO_HIGH, code=code)
    if code in places:
        yield row.problem("code", TWICE, code=code, row=places[code] + 1)
    if not row.texts["name"]:
        yield row.problem("name", NO_NAME, code=code)


def _count(row: _Row, key: str, problems: list[CellProblem]) -> int:
    try:
        entered = read_entry(COUNT, row.texts.get(key), closes_on=date.max)
    except BadEntry as refused:
        problems.append(row.problem(key, refused.message, refused.suggestion, **refused.values))
        return 0
    return int(entered.value or 0) if entered else 0


def _keys(row: _Row, key: str, choices: Mapping[str, str], problems: list[CellProblem]) -> list[str]:
    """Return the keys of the words in a cell; words that are none of the choices become a problem."""
    found = [word for word in _split(row.texts.get(key, ""), choices) if word]
    strange = [word for word in found if word not in choices]
    if strange:
        mended = [word if word in choices else closest(word, choices) for word in found]
        guess = "、".join(word for word in mended if word) if all(mended) else None
        problems.append(row.problem(key, NO_SUCH_WORD, guess, found="、".join(strange), choices="、".join(choices)))
    return [choices[word] for word in found if word in choices]


def _split(text: str, choices: Mapping[str, str]) -> list[str]:
    words = [word.strip() for word in re.split("[、,;，；]", text)]
    return [part for word in words for part in ([word] if word in choices else word.split())]


def _misplaced(
    sheet: SheetRows, units: Sequence[Unit], places: Mapping[str, int], column: int
) -> Iterator[CellProblem]:
    """Yield the units that do not hang together under one root."""
    codes = {unit.code for unit in units}
    top = min((SURVEYED.index(unit.level) for unit in units), default=0)
    roots = [unit for unit in units if SURVEYED.index(unit.level) == top]
    for unit in units:
        cell = cell_name(places[unit.code], column)
        if unit in roots[1:]:
            yield CellProblem(sheet.name, cell, unit.code, TWO_ROOTS, {"code": unit.code, "root": roots[0].code})
        elif unit not in roots and unit.parent_code not in codes:
            yield CellProblem(sheet.name, cell, unit.code, NO_PARENT, {"code": unit.code, "parent": unit.parent_code})
