"""The survey workbook's pages beside the answers: how to fill in, the divisions, the indicators."""

from collections.abc import Sequence

from django.utils.translation import gettext
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from anlan.assessment.core.entry import CLEAR
from anlan.assessment.core.names import LEVEL_NAMES, PROFILE_NAMES, REGION_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES, Unit
from anlan.assessment.core.workbook_units import FIELDS
from anlan.assessment.core.workbook_values import WorkbookScope
from anlan.assessment.documents import workbook_words as words
from anlan.assessment.documents.workbook_formats import Formats
from anlan.kernel.refusal import mark

STEPS = (
    mark("Open each sheet of indicators. One row is one division, one column is one indicator."),
    mark("Fill in the white cells. Grey cells belong to others or are fixed: they cannot be changed."),
    mark("A blank cell leaves the answer as it is. What is not known stays blank: missing is not zero."),
    mark("To take an answer away, write 清空 into its cell."),
    mark("Yes or no is chosen from the list. Ratios are written 37% or 0.37, dates 2026-03-01."),
    mark("Do not merge cells, write formulas, rename sheets or change the row of indicator codes."),
    mark(
        "Save as an Excel workbook (.xlsx) and hand it in. Every cell is checked; if one is wrong, nothing "
        "is taken over and the workbook comes back with each wrong cell marked and explained."
    ),
)
UNIT_WIDTHS = (15, 18, 10, 18, 12, 12, 14, 30)


def write_cover(book: Workbook, formats: Formats, scope: WorkbookScope, sheets: Sequence[str]) -> None:
    """Write the page that says what the workbook is for and how it is filled in."""
    sheet = book.add_worksheet(gettext(words.COVER))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 84)
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, gettext("Survey of grassroots emergency capability"), formats.title)
    row = _write_facts(sheet, formats, scope, 2)
    row = _write_steps(sheet, formats, row + 1)
    row = _write_legend(sheet, formats, row + 1)
    sheet.write_string(row + 1, 0, gettext("Sheets"), formats.label)
    for position, name in enumerate([*sheets, gettext(words.UNITS), gettext(words.NOTES)], row + 1):
        sheet.write_url(position, 1, f"internal:'{name}'!A1", string=name)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.protect()


def _write_facts(sheet: Worksheet, formats: Formats, scope: WorkbookScope, row: int) -> int:
    department = words.department_name(scope.department) if scope.department else gettext("all departments")
    facts = (
        (
            gettext("Purpose"),
            gettext("The answers are scored by indicator, compared with the target and turned into priced needs."),
        ),
        (gettext("Round"), scope.round_name),
        (gettext("Area covered"), scope.area or gettext("to be entered on the sheet of divisions")),
        (gettext("Filled in by"), department),
        (gettext("Closing date"), scope.closes_on.isoformat()),
        (gettext("Indicator system"), scope.system.name_zh if words.in_chinese() else scope.system.name_en),
    )
    for position, (label, text) in enumerate(facts, row):
        sheet.write_string(position, 0, label, formats.label)
        sheet.write_string(position, 1, text, formats.text)
    return row + len(facts)


def _write_steps(sheet: Worksheet, formats: Formats, row: int) -> int:
    for number, step in enumerate(STEPS, 1):
        sheet.write_string(row, 0, str(number), formats.label)
        sheet.write_string(row, 1, gettext(step), formats.text)
        sheet.set_row(row, 32 if len(gettext(step)) > 44 else 18)
        row += 1
    return row


def _write_legend(sheet: Worksheet, formats: Formats, row: int) -> int:
    legend = (
        (formats.free(), "", gettext("yours to fill in")),
        (formats.fixed(), "", gettext("locked: fixed, or filled in by another department")),
        (formats.free(), CLEAR, gettext("takes the answer away")),
    )
    sheet.write_string(row, 0, gettext("Legend"), formats.label)
    for position, (look, text, meaning) in enumerate(legend, row + 1):
        sheet.write_string(position, 0, text, look)
        sheet.write_string(position, 1, meaning, formats.text)
    return row + 1 + len(legend)


def write_divisions(book: Workbook, formats: Formats, scope: WorkbookScope, blank_rows: int) -> None:
    """Write the page of the divisions and what weighs and classes them."""
    sheet = book.add_worksheet(gettext(words.UNITS))
    for column, key in enumerate(FIELDS):
        sheet.write_string(0, column, gettext(words.LABELS[key]), formats.head)
        sheet.set_column(column, column, UNIT_WIDTHS[column])
    for row, unit in enumerate(scope.units, 1):
        _write_unit(sheet, formats, row, unit, scope)
    for row in range(1, blank_rows + 1):
        for column in range(len(FIELDS)):
            sheet.write_blank(row, column, None, formats.free(number_format="@" if column < 4 else "General"))
    last = max(len(scope.units), blank_rows)
    sheet.data_validation(1, 6, last, 6, {"validate": "list", "source": [gettext(n) for n in REGION_NAMES.values()]})
    hazards = "、".join(gettext(name) for name in PROFILE_NAMES.values())
    hint = {"validate": "any", "input_title": gettext(words.LABELS["hazards"]), "input_message": hazards[:255]}
    sheet.data_validation(1, 7, last, 7, hint)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(FIELDS) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A1:A{last + 1}"})
    sheet.protect("", {"autofilter": True, "format_columns": True})
    _set_up_table_page(sheet)


def _write_unit(sheet: Worksheet, formats: Formats, row: int, unit: Unit, scope: WorkbookScope) -> None:
    parent = next((above.name for above in scope.units if above.code == unit.parent_code), "")
    fixed = formats.fixed()
    free = (formats.free if scope.is_offline else formats.fixed)(number_format="General")
    sheet.write_string(row, 0, unit.code, fixed)
    sheet.write_string(row, 1, unit.name, fixed)
    sheet.write_string(row, 2, gettext(LEVEL_NAMES[unit.level]), fixed)
    sheet.write_string(row, 3, parent, fixed)
    for column, count in ((4, unit.population), (5, unit.households)):
        sheet.write(row, column, count or None, free)
    sheet.write_string(row, 6, gettext(REGION_NAMES[unit.region]) if unit.region else "", free)
    sheet.write_string(row, 7, "、".join(gettext(PROFILE_NAMES[key]) for key in sorted(unit.profiles)), free)


def write_notes(book: Workbook, formats: Formats, scope: WorkbookScope) -> None:
    """Write the page that explains every indicator."""
    sheet = book.add_worksheet(gettext(words.NOTES))
    titles = (
        (gettext("Code"), 11),
        (gettext("Level"), 8),
        (gettext("Dimension"), 16),
        (gettext("Indicator"), 38),
        (gettext("How to write it"), 22),
        (gettext("Target"), 20),
        (gettext("Weight within its dimension"), 14),
        (gettext("Filled in by"), 18),
        (gettext("Evidence"), 60),
    )
    for column, (title, width) in enumerate(titles):
        sheet.write_string(0, column, title, formats.head)
        sheet.set_column(column, column, width)
    cell = formats.named("note", text_wrap=True, valign="top", border=1, border_color="#C9D1DB")
    share = formats.named("share", num_format="0%", valign="top", border=1, border_color="#C9D1DB")
    for row, leaf in enumerate(scope.system.leaves, 1):
        texts = {
            0: leaf.code,
            1: gettext(LEVEL_NAMES[leaf.level]),
            2: gettext(DIMENSION_NAMES[leaf.dimension]),
            3: words.leaf_name(leaf),
            4: words.how_to_fill(leaf),
            5: words.target_text(leaf),
            7: words.department_name(leaf.department),
            8: leaf.evidence_zh,
        }
        for column, text in texts.items():
            sheet.write_string(row, column, text, cell)
        sheet.write_number(row, 6, leaf.weight, share)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(scope.system.leaves), len(titles) - 1)
    sheet.protect("", {"autofilter": True, "format_columns": True})
    _set_up_table_page(sheet)


def _set_up_table_page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&R&P / &N")
