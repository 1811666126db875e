"""The report of one unit, 《基层应急能力评估报告》: for the office as .docx and for print as .pdf."""

from dataclasses import dataclass
from datetime import date

from anlan.assessment.core.values import Result
from anlan.assessment.documents.report_content import Issue, ReportContent, report_content
from anlan.assessment.documents.report_docx import docx
from anlan.assessment.documents.report_figures import Boundaries
from anlan.assessment.documents.report_pdf import pdf


@dataclass(frozen=True, slots=True)
class Report:
    """A report as two files, and what stands in them."""

    content: ReportContent
    docx: bytes
    pdf: bytes


def make_report(
    result: Result,
    code: str,
    *,
    previous: Result | None,
    boundaries: Boundaries | None,
    issued_on: date,
    issuer: str,
) -> Report:
    """Return the report of the county or of a township in the language that is active.

    `boundaries` are GeoJSON geometries in WGS 84 by division code; `previous` is the result of the
    last round. The same arguments give the same bytes.

    Raises:
        ValueError: the result holds no such unit.
    """
    content = report_content(
        result, code, previous=previous, boundaries=boundaries, issue=Issue(issuer=issuer, issued_on=issued_on)
    )
    return Report(content, docx(content), pdf(content))
