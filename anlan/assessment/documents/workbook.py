"""Making the survey workbook: the one documented format for the web and for the command.

The format is told in docs/workbook.md. Sheets: how to fill in, one a level, the divisions, the
indicators, and a hidden one that says which round, which system and which answers it was made from.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from math import ceil

from django.utils.translation import gettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from anlan.assessment.core.entry import CLEAR, COUNTED, EARLIEST
from anlan.assessment.core.names import PROFILE_NAMES, REGION_NAMES
from anlan.assessment.core.system_content import system_content
from anlan.assessment.core.values import DIMENSION_NAMES, Kind, Leaf, Unit
from anlan.assessment.core.workbook_sheet import cell_name
from anlan.assessment.core.workbook_units import SURVEYED
from anlan.assessment.core.workbook_values import Key, Known, WorkbookScope
from anlan.assessment.documents import workbook_words as words
from anlan.assessment.documents.workbook_formats import Formats
from anlan.assessment.documents.workbook_pages import write_cover, write_divisions, write_notes
from anlan.kernel.canonical import canonical_json, sha256_of
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

FORMAT = "1"
BLANK_ROWS = {Level.COUNTY: 1, Level.TOWNSHIP: 40, Level.VILLAGE: 600}
CHUNK = 30_000  # a cell holds 32 767 characters

HEADER = 7  # the row of the leaf codes, counted from 0; the rows above say what they mean
FIRST_LEAF = 3
NOT_LIKE_THIS = mark("Write: %(how)s. Leave it blank to change nothing, write 清空 to clear it.")
ROW_LABELS = {
    2: mark("Dimension"),
    3: mark("Indicator"),
    4: mark("How to write it"),
    5: mark("Target"),
    6: mark("Filled in by"),
}


@dataclass(frozen=True, slots=True)
class _Making:
    book: Workbook
    formats: Formats
    scope: WorkbookScope
    answers: Mapping[Key, Known]

    def is_open(self, leaf: Leaf) -> bool:
        return self.scope.department in (None, leaf.department)


def make_workbook(scope: WorkbookScope, answers: Mapping[Key, Known] | None = None) -> bytes:
    """Return the workbook of a scope, filled with the answers there are.

    Args:
        scope: what is asked of whom; no units make a blank workbook whose divisions are typed in too.
        answers: present answers by unit code and leaf code, with their versions.
    """
    content = BytesIO()
    book = Workbook(content, {"in_memory": True})
    making = _Making(book, Formats(book), scope, answers or {})
    # The closing date as date of making: the same scope and answers give the same bytes.
    made_at = datetime(scope.closes_on.year, scope.closes_on.month, scope.closes_on.day, tzinfo=UTC)
    book.set_properties({"title": gettext("Survey workbook"), "subject": scope.round_name, "created": made_at})
    levels = levels_in(scope)
    write_cover(book, making.formats, scope, [gettext(words.LEVEL_SHEETS[level]) for level in levels])
    for level in levels:
        _write_level(making, level)
    write_divisions(book, making.formats, scope, sum(BLANK_ROWS.values()) if not scope.units else 0)
    write_notes(book, making.formats, scope)
    _write_hidden(making, levels)
    book.close()
    return content.getvalue()


def levels_in(scope: WorkbookScope) -> list[Level]:
    """Return the levels that get a sheet: those of the units, or all in a blank workbook."""
    present = {unit.level for unit in scope.units} or set(SURVEYED)
    return [level for level in SURVEYED if level in present and scope.system.at_level(level)]


def _write_level(making: _Making, level: Level) -> None:
    sheet = making.book.add_worksheet(gettext(words.LEVEL_SHEETS[level]))
    leaves = making.scope.system.at_level(level)
    units = [unit for unit in making.scope.units if unit.level == level]
    count = len(units) or BLANK_ROWS[level]
    _write_header(making, sheet, level, leaves)
    if units:
        _write_units(making, sheet, units, leaves)
    else:
        _write_blank(making, sheet, count, leaves)
    for column, leaf in enumerate(leaves, FIRST_LEAF):
        if making.is_open(leaf):
            _validate(sheet, leaf, column, HEADER + count, making.scope)
    _set_up_page(sheet, len(leaves), count, gettext(words.LEVEL_SHEETS[level]))


def _write_header(making: _Making, sheet: Worksheet, level: Level, leaves: Sequence[Leaf]) -> None:
    formats = making.formats
    sheet.write_string(0, 0, f"{making.scope.round_name} · {gettext(words.LEVEL_SHEETS[level])}", formats.title)
    hint = gettext("White cells are yours; blank leaves the answer as it is, 清空 clears it.")
    sheet.write_string(1, 0, hint, formats.quiet)
    for row, label in ROW_LABELS.items():
        sheet.write_string(row, FIRST_LEAF - 1, gettext(label), formats.label)
    for column, key in enumerate(("code", "name", "parent")):
        sheet.write_string(HEADER, column, gettext(words.LABELS[key]), formats.head)
    for column, leaf in enumerate(leaves, FIRST_LEAF):
        tint = formats.tinted(leaf.dimension)
        sheet.write_string(2, column, gettext(DIMENSION_NAMES[leaf.dimension]), tint)
        sheet.write_string(3, column, words.leaf_name(leaf), formats.tinted(leaf.dimension, bold=True))
        sheet.write_string(4, column, words.how_to_fill(leaf), tint)
        sheet.write_string(5, column, words.target_text(leaf), tint)
        sheet.write_string(6, column, words.department_name(leaf.department), tint)
        sheet.write_string(HEADER, column, leaf.code, formats.head)


def _write_units(making: _Making, sheet: Worksheet, units: Sequence[Unit], leaves: Sequence[Leaf]) -> None:
    names = {unit.code: unit.name for unit in making.scope.units}
    fixed = making.formats.fixed()
    looks = {leaf.code: making.formats.answer(leaf, is_open=making.is_open(leaf)) for leaf in leaves}
    for row, unit in enumerate(units, HEADER + 1):
        sheet.write_string(row, 0, unit.code, fixed)
        sheet.write_string(row, 1, unit.name, fixed)
        sheet.write_string(row, 2, names.get(unit.parent_code or "", making.scope.area), fixed)
        for column, leaf in enumerate(leaves, FIRST_LEAF):
            known = making.answers.get((unit.code, leaf.code))
            _write_answer(sheet, (row, column), leaf, known, looks[leaf.code])


def _write_answer(sheet: Worksheet, place: tuple[int, int], leaf: Leaf, known: Known | None, look: object) -> None:
    entered = known.entered if known else None
    if entered and entered.day:
        sheet.write_datetime(*place, entered.day, look)
    elif entered is None or entered.value is None:
        sheet.write_blank(*place, None, look)
    elif leaf.kind is Kind.BOOLEAN:
        sheet.write_string(*place, gettext("yes") if entered.value else gettext("no"), look)
    else:
        sheet.write_number(*place, entered.value, look)


def _write_blank(making: _Making, sheet: Worksheet, count: int, leaves: Sequence[Leaf]) -> None:
    for row in range(HEADER + 1, HEADER + 1 + count):
        for column in range(FIRST_LEAF):
            sheet.write_blank(row, column, None, making.formats.free())
        for column, leaf in enumerate(leaves, FIRST_LEAF):
            sheet.write_blank(row, column, None, making.formats.answer(leaf, is_open=making.is_open(leaf)))


def _validate(sheet: Worksheet, leaf: Leaf, column: int, last: int, scope: WorkbookScope) -> None:
    rule = {
        "input_title": words.leaf_name(leaf)[:32],
        "input_message": f"{words.how_to_fill(leaf)}\n{gettext('Target')}: {words.target_text(leaf)}"[:255],
        "error_title": leaf.code,
        "error_message": words.said(NOT_LIKE_THIS, {"how": words.how_to_fill(leaf)})[:255],
    }
    if leaf.kind is Kind.BOOLEAN:
        rule |= {"validate": "list", "source": [gettext("yes"), gettext("no"), CLEAR]}  # type: ignore[dict-item]
    else:
        rule |= {"validate": "custom", "value": _formula(leaf, cell_name(HEADER + 1, column), scope)}
    sheet.data_validation(HEADER + 1, column, last, column, rule)


def _formula(leaf: Leaf, cell: str, scope: WorkbookScope) -> str:
    closes, top = scope.closes_on, 1 if leaf.maximum is None and leaf.kind is Kind.RATIO else leaf.maximum
    conditions = [f"ISNUMBER({cell})"]
    if leaf.kind is Kind.DATE:
        conditions.append(f"{cell}>=DATE({EARLIEST.year},{EARLIEST.month},{EARLIEST.day})")
        conditions.append(f"{cell}<=DATE({closes.year},{closes.month},{closes.day})")
    else:
        conditions += [f"{cell}>={leaf.minimum:g}"] if leaf.minimum is not None else []
        conditions += [f"{cell}<={top:g}"] if top is not None else []
        conditions += [f"{cell}=INT({cell})"] if leaf.unit in COUNTED else []
    return f'=OR({cell}="{CLEAR}",AND({",".join(conditions)}))'


def _set_up_page(sheet: Worksheet, leaves: int, count: int, title: str) -> None:
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, FIRST_LEAF - 1, 13)
    sheet.set_column(FIRST_LEAF, FIRST_LEAF + leaves - 1, 12.5)
    sheet.set_default_row(18)
    sheet.set_row(0, 28)
    for row, height in ((3, 58), (4, 30), (5, 30), (6, 30), (HEADER, 20)):
        sheet.set_row(row, height)
    sheet.freeze_panes(HEADER + 1, FIRST_LEAF)
    sheet.autofilter(HEADER, 0, HEADER + count, FIRST_LEAF + leaves - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:A{HEADER + 1 + count}"})
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(ceil(leaves / 14), 0)
    sheet.repeat_rows(2, HEADER)
    sheet.repeat_columns(0, 1)
    sheet.set_footer(f"&L{title}&R&P / &N")


def _write_hidden(making: _Making, levels: Sequence[Level]) -> None:
    scope = making.scope
    sheet = making.book.add_worksheet(words.HIDDEN)
    content = system_content(scope.system)
    text = canonical_json(content)
    rows: list[tuple[str, str, str]] = [
        ("format", FORMAT, ""),
        ("token", scope.token, ""),
        ("round", scope.round_name, ""),
        ("closes_on", scope.closes_on.isoformat(), ""),
        ("department", scope.department or "", ""),
        ("area", scope.area, ""),
        ("system_sha256", sha256_of(content), ""),
        ("units_sheet", gettext(words.UNITS), ""),
        *(("system", text[start : start + CHUNK], "") for start in range(0, len(text), CHUNK)),
        *(("sheet", level, gettext(words.LEVEL_SHEETS[level])) for level in levels),
        *(("label", key, gettext(label)) for key, label in words.LABELS.items()),
        *(("region", key, gettext(name)) for key, name in REGION_NAMES.items()),
        *(("hazard", key, gettext(name)) for key, name in PROFILE_NAMES.items()),
        *(("base", code, known) for code, known in _known_by_unit(making.answers).items()),
    ]
    for row, cells in enumerate(rows):
        sheet.write_row(row, 0, cells)
    sheet.very_hidden()


def _known_by_unit(answers: Mapping[Key, Known]) -> dict[str, str]:
    found: dict[str, dict[str, list[object]]] = {}
    for (unit, leaf), known in answers.items():
        day = known.entered.day
        found.setdefault(unit, {})[leaf] = [known.version, known.entered.value, day and day.isoformat()]
    return {unit: json.dumps(known) for unit, known in found.items()}
