"""Reading a survey workbook back: what was changed, and every cell that cannot be read."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from anlan.assessment.core.entry import Entered
from anlan.assessment.core.system_content import system_content, system_from_content
from anlan.assessment.core.values import System, Unit
from anlan.assessment.core.workbook_sheet import Asked, closest, patched, plain, read_level_sheet
from anlan.assessment.core.workbook_units import Words, read_units
from anlan.assessment.core.workbook_values import (
    CellProblem,
    Key,
    Known,
    Place,
    SheetRows,
    TypedCell,
    WorkbookReading,
    WorkbookScope,
)
from anlan.assessment.documents.workbook import FORMAT
from anlan.assessment.documents.workbook_file import DAMAGE, BadWorkbook, OpenWorkbook
from anlan.assessment.documents.workbook_words import HIDDEN
from anlan.kernel.canonical import sha256_of
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

NO_SHEET = mark("the sheet %(sheet)s is missing or was renamed")
OTHER_ROUND = mark("this workbook is of %(found)s, not of %(expected)s; download the workbook of this round")
IN_A_ROUND = mark("this workbook belongs to the round %(found)s of a running system; hand it in there")
OTHER_SYSTEM = mark("this workbook was made for another version of the indicator system; download a fresh one")
OTHER_DEPARTMENT = mark("this workbook was made for another department; download your own")


HASHED = {"system", "base"}


@dataclass(frozen=True, slots=True)
class _Origin:
    """What the hidden sheet says of where the workbook came from."""

    scope: WorkbookScope
    system_sha256: str
    sheets: Mapping[Level, str]
    units_sheet: str
    words: Words
    known: Mapping[Key, Known]


def read_workbook(
    content: bytes, scope: WorkbookScope | None = None, *, accepted: Mapping[Place, str] | None = None
) -> WorkbookReading:
    """Return all that a workbook says.

    Args:
        content: the file.
        scope: the one that the workbook was made for; None reads a workbook that stands for itself.
        accepted: suggestions that a person took, by sheet and cell, read in place of what was typed.

    Raises:
        BadWorkbook: the file is none of ours or cannot be opened at all.
    """
    book = OpenWorkbook(content)
    origin = _origin(book)
    problems = _foreign(origin, scope)
    if problems:
        return WorkbookReading(scope or origin.scope, (), tuple(problems))
    taken = accepted or {}
    if scope is None:
        units, problems = _units(book, origin, taken)
        scope = replace(origin.scope, units=tuple(units))
    cells: list[TypedCell] = []
    for level, name in origin.sheets.items():
        sheet = _sheet(book, name, taken, problems)
        if sheet:
            found, wrong = read_level_sheet(sheet, _asked(origin, scope, level))
            cells += found
            problems += wrong
    return WorkbookReading(scope, tuple(cells), tuple(problems))


def _foreign(origin: _Origin, scope: WorkbookScope | None) -> list[CellProblem]:
    """Return why the workbook is not the one asked for; then its cells are not looked at."""
    found = origin.scope.round_name
    if scope is None:
        return [] if origin.scope.is_offline else [CellProblem("", "", found, IN_A_ROUND, {"found": found})]
    if origin.scope.token != scope.token:
        return [CellProblem("", "", found, OTHER_ROUND, {"found": found, "expected": scope.round_name})]
    if sha256_of(system_content(scope.system)) != origin.system_sha256:
        return [CellProblem("", "", "", OTHER_SYSTEM)]
    if origin.scope.department != scope.department:
        return [CellProblem("", "", origin.scope.department or "", OTHER_DEPARTMENT)]
    return []


def _units(book: OpenWorkbook, origin: _Origin, accepted: Mapping[Place, str]) -> tuple[list[Unit], list[CellProblem]]:
    problems: list[CellProblem] = []
    sheet = _sheet(book, origin.units_sheet, accepted, problems)
    if sheet is None:
        return [], problems
    return read_units(sheet, origin.words)


def _sheet(
    book: OpenWorkbook, name: str, accepted: Mapping[Place, str], problems: list[CellProblem]
) -> SheetRows | None:
    actual = accepted.get((name, ""), name)
    if actual in book.names:
        return patched(replace(book.rows(actual), name=actual), accepted)
    problems.append(CellProblem(name, "", "", NO_SHEET, {"sheet": name}, closest(name, book.names)))
    return None


def _asked(origin: _Origin, scope: WorkbookScope, level: Level) -> Asked:
    return Asked(
        leaves={leaf.code: leaf for leaf in scope.system.at_level(level)},
        units={unit.code: unit for unit in scope.units if unit.level == level},
        closes_on=scope.closes_on,
        code_label=origin.words.labels["code"],
        name_label=origin.words.labels["name"],
        department=scope.department,
        known=origin.known,
        expired=scope.expired,
    )


def _origin(book: OpenWorkbook) -> _Origin:
    if HIDDEN not in book.names:
        raise BadWorkbook(
            "this is no survey workbook made by Anlan, or its hidden sheet was lost; "
            "copy the answers into a freshly downloaded one"
        )
    told: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in book.rows(HIDDEN).rows:
        key, first, second = (*row, None, None, None)[:3]
        # A system's text is hashed: there no sign may be folded. What is compared with a sheet's cells is.
        read = _verbatim if key in HASHED else plain
        told[plain(key)].append((read(first), read(second)))
    try:
        return _told(told)
    except DAMAGE as error:
        raise BadWorkbook(
            "the hidden sheet of this workbook was changed; copy the answers into a freshly downloaded one"
        ) from error


def _verbatim(cell: object) -> str:
    return cell if isinstance(cell, str) else plain(cell)


def _told(told: Mapping[str, Sequence[tuple[str, str]]]) -> _Origin:
    only = {key: rows[0][0] for key, rows in told.items()}
    if only["format"] != FORMAT:
        raise ValueError(only["format"])
    scope = WorkbookScope(
        system=_system("".join(chunk for chunk, _ in told["system"]), only["system_sha256"]),
        units=(),
        round_name=only["round"],
        closes_on=date.fromisoformat(only["closes_on"]),
        token=only["token"],
        department=only["department"] or None,
        area=only["area"],
    )
    return _Origin(
        scope,
        only["system_sha256"],
        {Level(level): name for level, name in told["sheet"]},
        only["units_sheet"],
        Words(
            labels=dict(told["label"]),
            regions={word: key for key, word in told["region"]},
            hazards={word: key for key, word in told["hazard"]},
        ),
        {(unit, leaf): known for unit, text in told.get("base", ()) for leaf, known in _known(text).items()},
    )


def _system(text: str, sha256: str) -> System:
    content = json.loads(text)
    if sha256_of(content) != sha256:
        raise ValueError(sha256)
    return system_from_content(content)


def _known(text: str) -> dict[str, Known]:
    found: dict[str, list[Any]] = json.loads(text)
    return {
        leaf: Known(int(version), Entered(value, day and date.fromisoformat(day)))
        for leaf, (version, value, day) in found.items()
    }
