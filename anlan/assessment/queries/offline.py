"""A filled-in workbook as others may read it: its assessment, or what is wrong with it."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext

from anlan.assessment.core.values import Result
from anlan.assessment.documents.offline import Faulty, assess_reading, read_survey
from anlan.assessment.documents.workbook_file import check_size
from anlan.assessment.documents.workbook_marks import marked_workbook, reason_of
from anlan.kernel.refusal import Refusal

__all__ = ["Faulty", "Unreadable", "marked_errors", "result_of_workbook", "told_errors", "workbook_in"]
ERRORS_SHOWN = 10


class Unreadable(Refusal):
    """The file is absent, or may not be read."""


def workbook_in(path: Path) -> bytes:
    """Return a file's content.

    Raises:
        Unreadable: it is absent or may not be read.
        BadWorkbook: it is too large to look at.
    """
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("%(path)s cannot be read: %(words)s", path=str(path), words=error.strerror or "") from error


def result_of_workbook(content: bytes, method: str = "default") -> Result:
    """Return the assessment of a filled-in workbook.

    Raises:
        Faulty: the file or any cell of it cannot be read; `problems` says why.
    """
    return assess_reading(read_survey(content), method)


def marked_errors(content: bytes, refused: Faulty) -> bytes:
    """Return the workbook with its bad cells marked."""
    return marked_workbook(content, refused.problems)


def told_errors(refused: Faulty) -> Iterator[str]:
    """Yield the first problems as lines of text, and how many more there are."""
    for problem in refused.problems[:ERRORS_SHOWN]:
        where = " ".join(part for part in (problem.sheet, problem.cell) if part)
        yield f"{where}: {reason_of(problem)}" if where else reason_of(problem)
    if len(refused.problems) > ERRORS_SHOWN:
        yield gettext("… and %(count)d more") % {"count": len(refused.problems) - ERRORS_SHOWN}
