"""One measure, and the catalogue as a workbook."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.allocation import access
from anlan.allocation.actions import measures as actions
from anlan.allocation.documents.measures_file import measures_workbook
from anlan.allocation.queries import rule_pages
from anlan.web.http import Request, page, version_in

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@login_required
def measure(request: Request, version_id: int, code: str) -> HttpResponse:
    found = access.measure_for(request.user, version_id, code)
    may_edit = access.writes_rules(request.user, found.rule_version.county_code)
    context = rule_pages.measure_page(found.rule_version, found.code) | {"may_edit": may_edit}
    return page(request, "allocation/measure.html", context)


@require_POST
@login_required
def remove(request: Request, version_id: int, code: str) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    actions.remove_measure(
        actor=request.user, version_id=draft.pk, code=code, expected_version=version_in(request), at=now()
    )
    messages.success(request, _("The draft is saved."))
    return redirect("rule-version", draft.pk)


@require_GET
@login_required
def file(request: Request, version_id: int) -> HttpResponse:
    found = access.rule_version_for(request.user, version_id, "allocation.read")
    content = measures_workbook(found.content)
    header = content_disposition_header(as_attachment=True, filename=f"measures-v{found.number}.xlsx")
    return HttpResponse(content, content_type=WORKBOOK, headers={"Content-Disposition": header or "attachment"})


@require_POST
@login_required
def bring_in(request: Request, version_id: int) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    given = request.FILES.get("file")
    try:
        actions.replace_measures(
            actor=request.user, version_id=draft.pk, file=given, expected_version=version_in(request), at=now()
        )
    except actions.BadRows as refused:
        context = {"version": draft, "refused": refused}
        return page(request, "allocation/measure_rows.html", context, status=422)
    messages.success(request, _("The catalogue is what the workbook says. Publish it to plan by it."))
    return redirect("rule-version", draft.pk)
