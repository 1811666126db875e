"""Reading a list of divisions for a workbook's rows: a public table of codes, or one with more columns."""

from django.utils.translation import gettext, override

from anlan.assessment.core.names import PROFILE_NAMES, REGION_NAMES
from anlan.assessment.core.values import Unit
from anlan.assessment.core.workbook_units import Words, read_units
from anlan.assessment.core.workbook_values import CellProblem, SheetRows
from anlan.assessment.documents.tables import read_table
from anlan.assessment.documents.workbook_words import LABELS

LANGUAGES = ("zh-hans", "en")
OTHER_TITLES = {"code12": "code", "division_code": "code", "region_type": "region"}


def units_in(content: bytes) -> tuple[list[Unit], list[CellProblem], str]:
    """Return the divisions of a county from CSV or .xlsx, what is wrong with them, and the encoding.

    Columns are titled as on the workbook's own sheet of divisions, in either language, or by their keys:
    code (or code12), name, population, households, region, hazards. The first two are needed.

    Raises:
        BadTable: there is no table in the file.
        BadWorkbook: the workbook cannot be opened.
    """
    table = read_table(content)
    titles = _titles()
    header = tuple(titles.get(title.lower(), title) for title in table.columns)
    rows: list[tuple[object, ...]] = [()] * (max(table.lines) + 1)
    rows[min(table.lines) - 1] = header
    for line, row in zip(table.lines, table.rows, strict=True):
        rows[line] = row
    labels = {key: key for key in LABELS}
    words = Words(labels, _words(REGION_NAMES), _words(PROFILE_NAMES))  # type: ignore[arg-type]
    units, problems = read_units(SheetRows(table.sheet, tuple(rows)), words)
    return units, problems, table.encoding


def _titles() -> dict[str, str]:
    """Return every title that a column may have, in small letters, with its key."""
    found = dict(OTHER_TITLES)
    for language in LANGUAGES:
        with override(language):
            found |= {gettext(label).lower(): key for key, label in LABELS.items()}
    return found


def _words(names: dict[str, str]) -> dict[str, str]:
    """Return every word that a cell may hold for a choice: its key, and its name in either language."""
    found = {str(key): str(key) for key in names}
    for language in LANGUAGES:
        with override(language):
            found |= {gettext(name): str(key) for key, name in names.items()}
    return found
