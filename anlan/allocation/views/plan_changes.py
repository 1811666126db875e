"""What is done with a plan: changed, computed, asked "what if", put forward, sent back, approved, thrown away."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.accounts import queries as accounts
from anlan.allocation import plan_access
from anlan.allocation.actions import plan_decisions, plan_solving
from anlan.allocation.actions import plans as actions
from anlan.allocation.core.asked import Asked, asked_from_content
from anlan.allocation.plan_forms import ReasonForm, WhatIfForm, WishesForm
from anlan.allocation.queries import plan_comparison, plan_documents
from anlan.allocation.views.plans import rights
from anlan.funds import queries as funds
from anlan.ground.versions import Conflict
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page, version_in

MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, plan_id: int) -> HttpResponse:
    found: Any = plan_access.plan_to_change(request.user, plan_id)
    asked = asked_from_content(found.asked)
    sources = funds.sources_of(found.county_code, asked.years)
    form = WishesForm(asked, sources, request.POST or None, name=found.name)
    if request.method == "POST" and form.is_valid():
        try:
            return _changed(request, found, form)
        except Conflict:
            raise
        except Refusal as refused:
            form.refuse(refused)
    context = rights(request, found) | {"form": form, "asked": asked}
    return page(request, "allocation/plan_edit.html", context, status=422 if request.method == "POST" else 200)


def _changed(request: Request, plan: Any, form: WishesForm) -> HttpResponse:
    changed = actions.change_wishes(
        actor=request.user,
        plan_id=plan.pk,
        name=form.cleaned_data["name"],
        asked=form.wished(),
        expected_version=version_in(request),
        at=now(),
    )
    if "draft" in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("plan", plan.pk)
    return _computed(request, changed.pk, changed.version)


def _computed(request: Request, plan_id: int, version: int) -> HttpResponse:
    job = plan_solving.request_solution(actor=request.user, plan_id=plan_id, expected_version=version, at=now())
    return redirect("job", job.pk)


@require_POST
@login_required
def compute(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_to_change(request.user, plan_id)
    return _computed(request, found.pk, version_in(request))


@require_POST
@login_required
def set_line(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_to_change(request.user, plan_id)
    line = (request.POST.get("unit", ""), request.POST.get("measure", ""))
    pieces = {"bar": "0", "free": ""}.get(request.POST.get("way", ""), request.POST.get("pieces", ""))
    actions.set_lines(
        actor=request.user,
        plan_id=found.pk,
        lines=[(line, int(pieces) if pieces.isdecimal() else None)],
        expected_version=version_in(request),
        at=now(),
    )
    messages.success(request, _("The line is noted. Compute the plan again to see what follows."))
    return redirect("plan", found.pk)


@require_http_methods(["GET", "POST"])
@login_required
def what_if(request: Request, plan_id: int) -> HttpResponse:
    found: Any = plan_access.plan_to_change(request.user, plan_id)
    asked = asked_from_content(found.asked)
    sources = funds.sources_of(found.county_code, asked.years)
    given = request.POST or (request.GET if "name" in request.GET else None)
    form = WhatIfForm(asked, sources, given, name=_("What if: %(plan)s") % {"plan": found.name})
    if request.method == "POST" and form.is_valid():
        return _varied(request, found, form)
    context = rights(request, found) | {"form": form} | _estimated(found, form, asked)
    return page(request, "allocation/plan_what_if.html", context, partial="estimate")


def _varied(request: Request, plan: Any, form: WhatIfForm) -> HttpResponse:
    given = {"name": form.cleaned_data["name"], "asked": form.wished(), "variant_of": plan.pk}
    variant = actions.draft_plan(actor=request.user, county_code=plan.county_code, at=now(), **given)
    return _computed(request, variant.pk, variant.version)


def _estimated(plan: Any, form: WhatIfForm, asked: Asked) -> dict[str, Any]:
    """Return the frontier for what the form asks, or why there is none."""
    if form.is_bound and not form.is_valid():
        return {"estimate": None}
    try:
        return {"estimate": plan_comparison.estimate_of(plan, form.wished() if form.is_bound else asked)}
    except Refusal as refused:
        return {"estimate": None, "refused": refused}


@require_GET
@login_required
def compare(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_for(request.user, plan_id)
    with_drafts = plan_access.sees_drafts(request.user, found.county_code)
    others = plan_comparison.others_of(found, with_drafts=with_drafts)
    wanted = request.GET.get("with", "")
    other = others.filter(pk=int(wanted)).first() if wanted.isdecimal() else others.first()
    if wanted and other is None:
        raise Http404
    context = rights(request, found) | {"others": others, "other": other}
    if other is not None:
        context |= plan_comparison.compared(found, other, accounts.scope_of(request.user, "allocation.read"))
    return page(request, "allocation/plan_compare.html", context)


@require_POST
@login_required
def put_forward(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_to_change(request.user, plan_id)
    plan_decisions.put_forward(actor=request.user, plan_id=found.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The plan is put forward; somebody else approves it or sends it back."))
    return redirect("plan", found.pk)


@require_POST
@login_required
def send_back(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_to_decide(request.user, plan_id)
    form = ReasonForm(request.POST)
    plan_decisions.send_back(
        actor=request.user,
        plan_id=found.pk,
        reason=form.cleaned_data["reason"] if form.is_valid() else "",
        expected_version=version_in(request),
        at=now(),
    )
    messages.success(request, _("The plan is sent back; whoever put it forward has a notice."))
    return redirect("plan", found.pk)


@require_POST
@login_required
def approve(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_to_decide(request.user, plan_id)
    plan_decisions.approve_plan(actor=request.user, plan_id=found.pk, expected_version=version_in(request), at=now())
    job = plan_decisions.request_documents(actor=request.user, plan_id=found.pk, at=now())
    messages.success(request, _("The plan is approved and frozen. Every unit has its work on its list."))
    return redirect("job", job.pk)


@require_POST
@login_required
def discard(request: Request, plan_id: int) -> HttpResponse:
    found = plan_access.plan_to_change(request.user, plan_id)
    actions.discard_plan(actor=request.user, plan_id=found.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("plans")


@require_GET
@login_required
def draft_file(request: Request, plan_id: int, media: str) -> HttpResponse:
    found = plan_access.solved_plan_for(request.user, plan_id)
    content, name = plan_documents.draft_of(found, media)
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=MEDIA[media], headers={"Content-Disposition": header or "attachment"})


@require_GET
@login_required
def document(request: Request, document_id: int) -> FileResponse:
    found = plan_access.document_for(request.user, document_id)
    return FileResponse(plan_documents.open_document(found), as_attachment=True, filename=found.name)
