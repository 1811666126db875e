"""Phones: the forms to download, how to connect, exports to bring in, what came of it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_POST

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.actions import phones as actions
from anlan.assessment.documents.phone_read import read_export
from anlan.assessment.documents.workbook_file import check_size
from anlan.assessment.queries import phones as queries
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page


@require_GET
@login_required
def phones(request: Request, round_id: int) -> HttpResponse:
    return _page(request, access.round_for(request.user, round_id))


def _page(request: Request, row: Any, **more: Any) -> HttpResponse:
    reads, fills = (accounts.scope_of(request.user, capability) for capability in ("survey.read", "survey.fill"))
    context = {
        "round": row,
        "address": request.build_absolute_uri(f"/openrosa/{row.pk}"),
        "forms": queries.forms_of_levels(row, fills),
        "own_forms": queries.own_forms_of(row),
        "submissions": queries.submissions_of(row, reads)[:100],
        "may_fill": bool(fills.grants),
        **more,
    }
    return page(request, "assessment/phones.html", context, status=422 if more.get("trouble") else 200)


@require_GET
@login_required
def xlsform(request: Request, round_id: int, form_id: str) -> FileResponse:
    row = access.round_for(request.user, round_id, "survey.fill")
    forms = queries.forms_of_levels(row, accounts.scope_of(request.user, "survey.fill"))
    form = access.one_of(forms, form_id)
    return FileResponse(form.file(), as_attachment=True, filename=f"{form.title}.xlsx")


@require_POST
@login_required
def import_export(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.fill")
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Refusal("Choose the export: CSV, .xlsx or JSON")
        check_size(file.size or 0)
        instances = read_export(file.name or "", file.read())
        form_id = request.POST.get("form", "")
        done = actions.import_instances(actor=request.user, row=row, instances=instances, form_id=form_id, at=now())
    except Refusal as refused:
        return _page(request, row, trouble=refused)
    return _page(request, row, done=done)
