"""Making the documents of an assessment, and issuing them with its publication."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from anlan.assessment.actions.results import publish_assessment
from anlan.assessment.core.values import Result
from anlan.assessment.documents.needs import make_needs_workbook
from anlan.assessment.documents.report import make_report
from anlan.assessment.documents.scores import make_scores_workbook
from anlan.assessment.models import Assessment, Report
from anlan.assessment.queries.pictures import documents_context
from anlan.assessment.queries.results import result_of
from anlan.ground.audit import audit
from anlan.kernel.codes import Level
from anlan.places import queries as places
from anlan.web.http import Person

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """One document before it is issued."""

    code: str
    kind: str
    media: str
    name: str
    content: bytes


def make_documents(assessment: Assessment, *, issued_at: datetime, progress: Progress) -> list[Made]:
    """Return the county's and each township's report, the needs list and the scores, from the frozen result."""
    result = result_of(assessment)
    previous = _previous_result(assessment)
    shapes = documents_context(assessment)["boundaries"]
    codes = [unit.unit.code for unit in result.units if unit.unit.level != Level.VILLAGE]
    made = list(_workbooks(assessment, result))
    for number, code in enumerate(codes, start=1):
        name = next(unit.unit.name for unit in result.units if unit.unit.code == code)
        progress(number, len(codes), name)
        report = make_report(
            result,
            code,
            previous=previous,
            boundaries=shapes,
            issued_on=issued_at.date(),
            issuer=assessment.published_by_name or assessment.computed_by_name,
        )
        title = f"{name}基层应急能力评估报告（{assessment.round.name}）"
        made.append(Made(code, "report", "docx", f"{title}.docx", report.docx))
        made.append(Made(code, "report", "pdf", f"{title}.pdf", report.pdf))
    return made


def _previous_result(assessment: Assessment) -> Result | None:
    if assessment.round.previous_id is None:
        return None
    before = Assessment.objects.filter(round=assessment.round.previous_id, status="published").first()
    return result_of(before) if before else None


def _workbooks(assessment: Assessment, result: Result) -> Iterator[Made]:
    county = assessment.round.county_code
    suffix = f"（{assessment.round.name}）.xlsx"
    yield Made(county, "needs", "xlsx", f"帮扶需求清单{suffix}", make_needs_workbook(result))
    yield Made(county, "scores", "xlsx", f"评估结果{suffix}", make_scores_workbook(result))


def issue_assessment(*, actor: Person | None, assessment_id: int, at: datetime, progress: Progress) -> list[Report]:
    """Publish the assessment and issue its documents; issuing again makes new numbers and edits nothing.

    Files are written before the rows that name them: a crash between leaves a file without a row,
    which the next issue overwrites with the same content, and never a row without its file.
    """
    assessment = Assessment.objects.select_related("round__system_version").get(pk=assessment_id)
    made = make_documents(assessment, issued_at=at, progress=progress)
    stored = [(document, *_keep(document.content)) for document in made]
    with transaction.atomic():
        if assessment.status == "draft":
            assessment = publish_assessment(actor=actor, assessment_id=assessment_id, at=at)
        ids = {unit.code: unit.pk for unit in places.units_within(assessment.round.county_code[:6], assessment.round.opens_on)}
        number = (assessment.reports.aggregate(last=Max("number"))["last"] or 0) + 1
        reports = Report.objects.bulk_create(
            Report(
                assessment=assessment,
                division_id=ids[document.code],
                kind=document.kind,
                media=document.media,
                number=number,
                name=document.name,
                path=path,
                sha256=digest,
                size=len(document.content),
                input_sha256=assessment.sha256,
                issued_at=at,
            )
            for document, path, digest in stored
        )
        audit(actor, "documents issued", assessment, at=at, detail={"number": number, "documents": len(reports)})
    return reports


def _keep(content: bytes) -> tuple[str, str]:
    """Store by content hash; the same content is stored once."""
    digest = hashlib.sha256(content).hexdigest()
    path = f"reports/{digest[:2]}/{digest}"
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(content))
    return path, digest
