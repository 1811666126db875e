"""Indicator systems: versions, the editor of a draft, differences, files."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.assessment import access
from anlan.assessment.actions import systems as actions
from anlan.assessment.queries import systems
from anlan.assessment.system_forms import form_for
from anlan.ground.versions import Conflict
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def system_list(request: Request) -> HttpResponse:
    access.check_reads_systems(request.user)
    context = {"systems": systems.systems(), "may_edit": request.user.can("system.edit")}
    return page(request, "assessment/systems.html", context)


@require_GET
@login_required
def version(request: Request, version_id: int) -> HttpResponse:
    found = access.system_version_for(request.user, version_id)
    context = systems.version_page(found) | {"may_edit": request.user.can("system.edit")}
    return page(request, "assessment/system.html", context)


@require_POST
@login_required
def start_draft(request: Request, system_id: int) -> HttpResponse:
    system = access.system_for(request.user, system_id, "system.edit")
    draft = actions.start_draft(actor=request.user, system_id=system.pk, at=now())
    return redirect("system-version", draft.pk)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, version_id: int, part: str) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    form = form_for(part, draft.content, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_draft(actor=request.user, version_id=draft.pk, content=form.edited(),
                               expected_version=version_in(request), at=now())  # fmt: skip
            return _saved(request, draft.pk)
        except Conflict:
            raise
        except Refusal as refused:
            form.refuse(refused)
    context = {"version": draft, "form": form, "part": part}
    return page(request, "assessment/system_edit.html", context, status=422 if request.method == "POST" else 200)


def _saved(request: Request, version_id: int) -> HttpResponse:
    messages.success(request, _("The draft is saved."))
    return redirect("system-version", version_id)


@require_POST
@login_required
def remove_leaf(request: Request, version_id: int, code: str) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    actions.remove_leaf(
        actor=request.user, version_id=draft.pk, code=code, expected_version=version_in(request), at=now()
    )
    return _saved(request, draft.pk)


@require_POST
@login_required
def publish(request: Request, version_id: int) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    actions.publish_version(actor=request.user, version_id=draft.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The version is published; rounds prepared from now on ask by it."))
    return redirect("system-version", draft.pk)


@require_POST
@login_required
def discard(request: Request, version_id: int) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    actions.discard_draft(actor=request.user, version_id=draft.pk, at=now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("systems")


@require_GET
@login_required
def difference(request: Request, version_id: int) -> HttpResponse:
    found = access.system_version_for(request.user, version_id)
    return page(request, "assessment/system_difference.html", systems.difference_page(found, request.GET))


@require_GET
@login_required
def file(request: Request, version_id: int, ending: str) -> HttpResponse:
    found: Any = access.system_version_for(request.user, version_id)
    name, kind, content = systems.file_of(found, ending)
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": header or "attachment"})


@require_POST
@login_required
def bring_in(request: Request, version_id: int) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    given = request.FILES.get("file")
    actions.replace_from_file(
        actor=request.user, version_id=draft.pk, file=given, expected_version=version_in(request), at=now()
    )
    return _saved(request, draft.pk)
