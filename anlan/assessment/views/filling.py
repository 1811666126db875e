"""Filling in: the list of units and one unit's form, saved answer by answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.actions import verification
from anlan.assessment.actions.answers import AnswersConflict
from anlan.assessment.actions.entries import Entry, enter_answer
from anlan.assessment.core.entry import BadEntry
from anlan.assessment.queries import boards, questions
from anlan.assessment.queries.questions import Attempt
from anlan.assessment.views.ticks import ticked
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def units(request: Request, round_id: int, code: str) -> HttpResponse:
    place = access.place_for(request.user, round_id, code)
    scopes = accounts.scope_of(request.user, "survey.read"), accounts.scope_of(request.user, "survey.fill")
    department = request.GET.get("department")
    lines = boards.units_in(place.round, code, department, scopes)
    context = {
        "round": place.round,
        "place": place.division,
        "department": department,
        "lines": lines,
        "total": boards.total_of(line.progress for line in lines),
        "ready": [line for line in lines if line.may_hand_in],
        **access.rights_at(request.user, code),
    }
    return page(request, "assessment/units.html", context)


@require_GET
@login_required
def unit_form(request: Request, round_id: int, code: str, department: str) -> HttpResponse:
    assignment = access.assignment_for(request.user, round_id, code, department, "survey.read")
    scope = accounts.scope_of(request.user, "survey.fill")
    return page(request, "assessment/unit_form.html", questions.form_of(assignment, scope))


@require_POST
@login_required
def save_answer(request: Request, round_id: int, code: str, department: str, leaf_code: str) -> HttpResponse:
    assignment = access.assignment_for(request.user, round_id, code, department, "survey.fill")
    entry = Entry(assignment, leaf_code, request.POST.get("value", ""), version_in(request))
    trouble: Refusal | None = None
    try:
        enter_answer(actor=request.user, entry=entry, at=now())
    except (BadEntry, AnswersConflict) as refused:
        trouble = refused
    if not trouble and not request.htmx:
        return redirect(f"{request.path.partition('answers/')[0]}#{leaf_code}")
    scope = accounts.scope_of(request.user, "survey.fill")
    context = questions.form_of(assignment, scope, Attempt(leaf_code, entry.typed, trouble))
    return page(request, "assessment/unit_form.html", context, partial="saved", status=422 if trouble else 200)


@require_POST
@login_required
def hand_in(request: Request, round_id: int, code: str, department: str) -> HttpResponse:
    assignment = access.assignment_for(request.user, round_id, code, department, "survey.fill")
    versions = {assignment.pk: version_in(request)}
    verification.submit_assignments(actor=request.user, versions=versions, at=now())
    messages.success(request, _("%(unit)s is handed in.") % {"unit": assignment.division.name})
    return redirect("survey-units", round_id, boards.list_code(code))


@require_POST
@login_required
def hand_in_all(request: Request, round_id: int, code: str) -> HttpResponse:
    place = access.place_for(request.user, round_id, code, "survey.fill")
    versions = {}
    for unit, department, version in ticked(request, "assignment", 3):
        found = access.assignment_for(request.user, round_id, unit, department, "survey.fill")
        versions[found.pk] = int(version)
    handed_in = verification.submit_assignments(actor=request.user, versions=versions, at=now())
    messages.success(request, _("%(count)d forms are handed in.") % {"count": len(handed_in)})
    return redirect("survey-units", round_id, place.division.code)
