"""Excel both ways: download prefilled, send back, see what it would do, take over all or none."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.actions import workbooks
from anlan.assessment.actions.answers import AnswersConflict
from anlan.assessment.core.workbook_values import Key
from anlan.assessment.documents.workbook import make_workbook
from anlan.assessment.documents.workbook_marks import marked_workbook
from anlan.assessment.queries import boards
from anlan.assessment.queries import workbooks as queries
from anlan.kernel.refusal import Refusal
from anlan.web import uploads
from anlan.web.http import Request, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@login_required
def workbook_page(request: Request, round_id: int, code: str) -> HttpResponse:
    return _page(request, access.place_to_fill(request.user, round_id, code))


def _page(request: Request, place: Any, trouble: Refusal | None = None) -> HttpResponse:
    departments = boards.departments_of(
        place.round, accounts.scope_of(request.user, "survey.fill"), place.division.code
    )
    context = {"round": place.round, "place": place.division, "departments": departments, "trouble": trouble}
    return page(request, "assessment/workbook.html", context, status=422 if trouble else 200)


@require_GET
@login_required
def download(request: Request, round_id: int, code: str) -> HttpResponse:
    place = access.place_to_fill(request.user, round_id, code)
    scope = accounts.scope_of(request.user, "survey.fill")
    department = boards.department_within(scope, code, request.GET.get("department"))
    asked = queries.workbook_scope(place.round, code, department)
    content = make_workbook(asked, queries.known_answers(place.round, code))
    return _file(content, f"{place.round.name}_{place.division.name}.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response


@require_POST
@login_required
def upload(request: Request, round_id: int, code: str) -> HttpResponse:
    place = access.place_to_fill(request.user, round_id, code)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refusal("Choose the workbook that you filled in")
        kept = workbooks.receive_workbook(actor=request.user, row=place.round, code=code, file=file, at=now())
    except Refusal as refused:
        return _page(request, place, refused)
    return redirect("survey-upload", kept.pk)


@require_GET
@login_required
def preview(request: Request, upload_id: int) -> HttpResponse:
    return _preview(request, *_opened(request, upload_id))


def _opened(request: Request, upload_id: int) -> tuple[Any, Any]:
    kept = uploads.upload_for(request.user, upload_id, workbooks.PURPOSE)
    return kept, access.place_to_fill(request.user, kept.about["round"], kept.about["code"])


def _preview(request: Request, kept: Any, place: Any, trouble: Refusal | None = None) -> HttpResponse:
    reading = workbooks.read_upload(request.user, kept, place.round)
    found = queries.preview_of(reading, place.round, place.division.code)
    context = {"round": place.round, "place": place.division, "upload": kept, "found": found, "trouble": trouble}
    return page(request, "assessment/upload.html", context, status=409 if trouble else 200)


@require_POST
@login_required
def accept(request: Request, upload_id: int) -> HttpResponse:
    kept, place = _opened(request, upload_id)
    chosen = None if "all" in request.POST else request.POST.getlist("place")
    count = workbooks.accept_cells(actor=request.user, upload=kept, row=place.round, chosen=chosen)
    messages.success(request, _("%(count)d suggestions accepted.") % {"count": count})
    return redirect("survey-upload", kept.pk)


@require_POST
@login_required
def commit(request: Request, upload_id: int) -> HttpResponse:
    kept, place = _opened(request, upload_id)
    choices = _choices(request)
    try:
        saved = workbooks.commit_workbook(actor=request.user, upload=kept, row=place.round, choices=choices, at=now())
    except (workbooks.UndecidedConflict, AnswersConflict) as refused:
        return _preview(request, kept, place, refused)
    messages.success(request, _("%(count)d answers taken over.") % {"count": len(saved.changed)})
    return redirect("survey-units", place.round_id, boards.list_code(place.division.code))


def _choices(request: Request) -> dict[Key, tuple[str, int]]:
    """Return of each conflict whose side was chosen, against which version."""
    choices = {}
    for name in (name for name in request.POST if name.startswith("choice:")):
        _choice, unit, leaf = (*name.split(":"), "", "")[:3]
        side, _colon, version = str(request.POST[name]).partition(":")
        choices[unit, leaf] = (side, int(version) if version.isdecimal() else -1)
    return choices


@require_POST
@login_required
def discard(request: Request, upload_id: int) -> HttpResponse:
    kept, place = _opened(request, upload_id)
    uploads.settle_upload(upload=kept, state="discarded", at=now())
    return redirect("survey-workbook", place.round_id, place.division.code)


@require_GET
@login_required
def marked(request: Request, upload_id: int) -> HttpResponse:
    kept, place = _opened(request, upload_id)
    problems = workbooks.read_upload(request.user, kept, place.round).problems
    return _file(marked_workbook(uploads.content_of(kept), problems), kept.name)
