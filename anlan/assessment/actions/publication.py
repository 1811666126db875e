"""Making the documents of an assessment, and issuing them with its publication."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.timezone import localtime
from django.utils.translation import gettext

from anlan.assessment.actions.results import ids_of_units, publish_assessment
from anlan.assessment.core.values import Result
from anlan.assessment.documents.needs import make_needs_workbook
from anlan.assessment.documents.report import make_reports
from anlan.assessment.documents.scores import make_scores_workbook
from anlan.assessment.models import Assessment, Report
from anlan.assessment.queries.comparison import previous_assessment
from anlan.assessment.queries.pictures import documents_context
from anlan.assessment.queries.results import result_of
from anlan.ground.audit import audit
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal, mark
from anlan.web.http import Person
from anlan.web.jobs import request_job
from anlan.web.models import Job
from anlan.web.uploads import keep_content

Progress = Callable[[int, int, str], None]
SUPERSEDED = mark("A later assessment took the place of this one; its documents stay as they were issued")


class Superseded(Refusal):
    """Another assessment of the round counts now."""


@dataclass(frozen=True, slots=True)
class Made:
    """One document before it is issued."""

    code: str
    kind: str
    media: str
    name: str
    content: bytes


@transaction.atomic
def request_publication(*, actor: Person, assessment_id: int, at: datetime) -> Job:
    """Have a worker publish the assessment and issue its documents; of a published one, issue them anew."""
    assessment = Assessment.objects.select_related("round").plain().get(pk=assessment_id)
    if assessment.status == PublishStatus.SUPERSEDED:
        raise Superseded(SUPERSEDED)
    return request_job(
        actor=actor,
        task="assessment.publish",
        title=mark("Publication of the assessment of %(round)s"),
        values={"round": assessment.round.name},
        at=at,
        assessment_id=assessment.pk,
        actor_id=actor.pk,
    )


def make_documents(assessment: Assessment, *, issued_at: datetime, progress: Progress) -> list[Made]:
    """Return the county's and each township's report, the needs list and the scores, from the frozen result.

    Documents are issued in the language of the site, whatever whoever issues them reads.
    """
    with translation.override(settings.LANGUAGE_CODE):
        result = result_of(assessment)
        progress(0, 1, gettext("Needs list and scores"))
        return [*_workbooks(assessment, result), *_reports(assessment, result, issued_at, progress)]


def _reports(assessment: Assessment, result: Result, issued_at: datetime, progress: Progress) -> Iterator[Made]:
    units = [unit.unit for unit in result.units if unit.unit.level != Level.VILLAGE]
    reports = make_reports(
        result,
        [unit.code for unit in units],
        previous=_previous_result(assessment),
        boundaries=documents_context(assessment)["boundaries"],
        issued_on=localtime(issued_at).date(),
    )
    for number, (unit, report) in enumerate(zip(units, reports, strict=True), start=1):
        progress(number, len(units), unit.name)
        title = f"{unit.name}基层应急能力评估报告（{assessment.round.name}）"  # noqa: RUF001
        yield Made(unit.code, "report", "docx", f"{title}.docx", report.docx)
        yield Made(unit.code, "report", "pdf", f"{title}.pdf", report.pdf)


def _previous_result(assessment: Assessment) -> Result | None:
    before = previous_assessment(assessment)
    return result_of(before) if before else None


def _workbooks(assessment: Assessment, result: Result) -> Iterator[Made]:
    county = assessment.round.county_code
    suffix = f"（{assessment.round.name}）.xlsx"
    yield Made(county, "needs", "xlsx", f"帮扶需求清单{suffix}", make_needs_workbook(result))
    yield Made(county, "scores", "xlsx", f"评估结果{suffix}", make_scores_workbook(result))


def issue_assessment(*, actor: Person | None, assessment_id: int, at: datetime, progress: Progress) -> list[Report]:
    """Publish the assessment and issue its documents; issuing again makes a new number and edits nothing.

    Files are written before the rows that name them: a crash between leaves a file without a row,
    which the next issue overwrites with the same content, and never a row without its file.
    """
    assessment = Assessment.objects.select_related("round__system_version").get(pk=assessment_id)
    made = make_documents(assessment, issued_at=at, progress=progress)
    stored = [(document, *keep_content("reports", ContentFile(document.content))) for document in made]
    with transaction.atomic():
        held = _held(assessment_id)
        if held.status == PublishStatus.DRAFT:
            publish_assessment(actor=actor, assessment_id=assessment_id, at=at)
        ids = ids_of_units(held.round)
        number = (held.reports.aggregate(last=Max("number"))["last"] or 0) + 1
        rows = [_report_row(held, ids[document.code], document, *kept) for document, *kept in stored]
        for row in rows:
            row.number, row.issued_at = number, at
        reports = Report.objects.bulk_create(rows)
        audit(actor, "documents issued", held, at=at, detail={"number": number, "documents": len(reports)})
    return reports


def _held(assessment_id: int) -> Assessment:
    """Return the assessment, held until the issue commits; refuse one whose place another took meanwhile."""
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("round").plain()
    found = rows.get(pk=assessment_id)
    if found.status == PublishStatus.SUPERSEDED:
        raise Superseded(SUPERSEDED)
    return found


def _report_row(assessment: Assessment, division_id: int, document: Made, path: str, digest: str) -> Report:
    return Report(
        assessment=assessment,
        division_id=division_id,
        kind=document.kind,
        media=document.media,
        name=document.name,
        path=path,
        sha256=digest,
        size=len(document.content),
        input_sha256=assessment.sha256,
    )
