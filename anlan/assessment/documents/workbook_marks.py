"""Giving a workbook back with every wrong cell marked, explained and listed."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from anlan.assessment.core.workbook_values import CellProblem
from anlan.assessment.documents.workbook_file import BadWorkbook, OpenWorkbook
from anlan.assessment.documents.workbook_formats import FAULT
from anlan.assessment.documents.workbook_words import PROBLEMS, said
from anlan.kernel.refusal import mark
from anlan.web.book_formats import ACCENT, PLAIN

TITLES = (
    mark("No."),
    mark("Sheet"),
    mark("Cell"),
    mark("What was written"),
    mark("Why it cannot be read"),
    mark("Suggestion"),
)
FONT = str(PLAIN["font_name"])
WIDTHS = (6, 18, 10, 24, 70, 24)
MOST_SHOWN = 500  # characters of a cell's text that the list repeats
EXPLAINED = 2_000  # comments beyond these make the file slow to open; the list still has them all


def marked_workbook(content: bytes | None, problems: Sequence[CellProblem]) -> bytes:
    """Return the workbook with its wrong cells filled, explained and listed on a sheet of their own.

    Args:
        content: the workbook as it came; what cannot be opened gives the list alone.
        problems: what is wrong with it.
    """
    book = _opened(content)
    if book is None:
        book = Workbook()
        book.remove(book.worksheets[0])
    for problem in problems[:EXPLAINED]:
        if problem.sheet in book.sheetnames and problem.cell:
            _mark(book[problem.sheet][problem.cell], problem)
    title = gettext(PROBLEMS)
    if title in book.sheetnames:
        book.remove(book[title])
    _list(book.create_sheet(title, 0), problems, book.sheetnames)
    book.active = 0
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = sheet.title == title
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def reason_of(problem: CellProblem) -> str:
    """Return why the cell cannot be read, in the reader's language."""
    return said(problem.message, problem.values)


def _opened(content: bytes | None) -> Workbook | None:
    try:
        return OpenWorkbook(content).for_marking() if content else None
    except BadWorkbook:
        return None


def _mark(cell: Cell, problem: CellProblem) -> None:
    cell.fill = PatternFill("solid", fgColor=FAULT)
    hint = f"\n{gettext('Suggestion')}: {problem.suggestion}" if problem.suggestion else ""
    cell.comment = Comment(f"{reason_of(problem)}{hint}", gettext("Anlan"), width=280, height=90)


def _list(sheet: Worksheet, problems: Iterable[CellProblem], sheets: Sequence[str]) -> None:
    sheet.append([gettext(title) for title in TITLES])
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(name=FONT, size=10, bold=True, color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor=f"FF{ACCENT[1:]}")
        sheet.column_dimensions[cell.column_letter].width = width  # type: ignore[union-attr]
    for number, problem in enumerate(problems, 1):
        texts = (problem.sheet, problem.cell, problem.value[:MOST_SHOWN], reason_of(problem), problem.suggestion or "")
        row = number + 1
        sheet.cell(row, 1, number).alignment = Alignment(horizontal="center", vertical="top")
        for column, text in enumerate(texts, 2):
            _write_text(sheet.cell(row, column), text)  # type: ignore[arg-type]
        if problem.sheet in sheets and problem.cell:
            sheet.cell(row, 3).hyperlink = f"#'{problem.sheet}'!{problem.cell}"
            sheet.cell(row, 3).font = Font(name=FONT, size=10, color=f"FF{ACCENT[1:]}", underline="single")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _write_text(cell: Cell, text: str) -> None:
    """Write text as text, even where it begins like a formula or holds what a cell may not."""
    try:
        cell.value = text
    except IllegalCharacterError:
        cell.value = "".join(character if character.isprintable() else "?" for character in text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(name=FONT, size=10)
