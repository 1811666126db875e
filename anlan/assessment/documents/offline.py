"""The whole job from a file: a filled-in workbook becomes scores, reports and the needs list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import yaml

from anlan.assessment.core.assess import assess
from anlan.assessment.core.system_content import system_from_content
from anlan.assessment.core.values import Result, System, Unit
from anlan.assessment.core.workbook_values import CellProblem, WorkbookReading
from anlan.assessment.documents.needs import make_needs_workbook
from anlan.assessment.documents.report import make_reports
from anlan.assessment.documents.scores import make_scores_workbook
from anlan.assessment.documents.workbook_file import BadWorkbook
from anlan.assessment.documents.workbook_read import read_workbook
from anlan.assessment.documents.workbook_words import said
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal, mark

SEED = 20_241_008  # of the weights drawn: the same workbook gives the same documents
NO_ANSWERS = mark("the workbook holds no answers")
BUREAU = mark("%(county)s emergency management bureau")

Progress = Callable[[int, int, str], None]  # done, all, what is being made
File = tuple[str, bytes]  # path in the folder, content


class Faulty(Refusal):
    """The input cannot be assessed; `problems` says why, cell by cell."""

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        super().__init__("%(count)d places of the file cannot be read", count=len(problems))
        self.problems = tuple(problems)


class BadYaml(Refusal):
    """The file is no YAML that can be read."""


def read_survey(content: bytes) -> WorkbookReading:
    """Return a workbook that stands for itself.

    Raises:
        Faulty: the file or any cell of it cannot be read, or nobody has filled it in.
    """
    try:
        reading = read_workbook(content)
    except BadWorkbook as refused:
        raise Faulty([as_problem(refused)]) from refused
    if not reading.problems and not reading.survey().answers:
        raise Faulty([CellProblem("", "", "", NO_ANSWERS)])
    if reading.problems:
        raise Faulty(reading.problems)
    return reading


def system_in(content: bytes) -> System:
    """Return the indicator system that a YAML file holds.

    Raises:
        Refusal: it is no YAML, or no indicator system.
    """
    return system_from_content(yaml_in(content))


def yaml_in(content: bytes) -> Mapping[str, Any]:
    """Return the mapping that a YAML file holds.

    Raises:
        BadYaml: it holds none.
    """
    try:
        held = yaml.safe_load(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadYaml("the file is not in UTF-8; save it as UTF-8 and try again") from None
    except yaml.YAMLError as error:
        raise BadYaml("the file is no YAML: %(words)s", words=" ".join(str(error).split())) from None
    if not isinstance(held, dict):
        raise BadYaml("the file holds no mapping of names to values")
    return held


def assess_reading(reading: WorkbookReading, method: str) -> Result:
    """Return the assessment of what was read.

    Raises:
        Faulty: the weights asked for cannot be computed.
    """
    try:
        return assess(reading.survey(), reading.scope.system, method=method, rng=np.random.default_rng(SEED))
    except Refusal as refused:
        raise Faulty([as_problem(refused)]) from refused


def documents_of(result: Result, *, issued_on: date, progress: Progress) -> Iterator[File]:
    """Yield the files of an assessment: scores, needs, the first unit's report and each township's."""
    root, *others = [unit.unit for unit in result.units]
    reported = [root, *(unit for unit in others if unit.level is not Level.VILLAGE)]
    steps = len(reported) + 2
    progress(0, steps, "assessment.xlsx")
    yield "assessment.xlsx", make_scores_workbook(result)
    progress(1, steps, "needs.xlsx")
    yield "needs.xlsx", make_needs_workbook(result)
    progress(2, steps, root.name)
    codes = [unit.code for unit in reported]
    reports = make_reports(result, codes, previous=None, boundaries=None, issued_on=issued_on, issuer=issuer_of(root))
    for number, (unit, report) in enumerate(zip(reported, reports, strict=True), 1):
        path = f"townships/{unit.code} {_as_file_name(unit.name)}" if unit is not root else "report"
        yield f"{path}.docx", report.docx
        yield f"{path}.pdf", report.pdf
        progress(number + 2, steps, unit.name)


def issuer_of(root: Unit) -> str:
    """Return who issues a report made from a file: the county's bureau."""
    return said(BUREAU, {"county": root.name}) if root.level is Level.COUNTY else root.name


def as_problem(refused: Refusal) -> CellProblem:
    """Return a refusal of the whole file as a problem to list."""
    return CellProblem("", "", "", refused.message, refused.values)


def _as_file_name(name: str) -> str:
    return "".join(character for character in name if character.isalnum()) or "-"
