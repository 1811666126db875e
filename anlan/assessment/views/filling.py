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
from anlan.assessment.actions.entries import enter_answer
from anlan.assessment.core.entry import BadEntry
from anlan.assessment.queries import boards, questions
from anlan.places import access as places_access
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def units(request: Request, round_id: int, code: str) -> HttpResponse:
    row = access.round_for(request.user, round_id)
    place = places_access.division_for(request.user, code)
    scope = accounts.scope_of(request.user, "survey.fill")
    context = {"round": row, "place": place, "assignments": boards.assignments_in(row, code, scope)}
    return page(request, "assessment/units.html", context)


@require_GET
@login_required
def unit_form(request: Request, round_id: int, code: str, department: str) -> HttpResponse:
    assignment = access.assignment_for(request.user, round_id, code, department, "survey.fill")
    context = {
        "round": assignment.round,
        "assignment": assignment,
        "sections": questions.sections_of(assignment),
        "progress": boards.progress_of(assignment),
        "neighbours": boards.neighbours_of(assignment, accounts.scope_of(request.user, "survey.fill")),
    }
    return page(request, "assessment/unit_form.html", context)


@require_POST
@login_required
def save_answer(request: Request, round_id: int, code: str, department: str, leaf_code: str) -> HttpResponse:
    assignment = access.assignment_for(request.user, round_id, code, department, "survey.fill")
    typed, trouble = request.POST.get(leaf_code, ""), None
    try:
        enter_answer(actor=request.user, assignment=assignment, leaf_code=leaf_code, typed=typed,
                     expected_version=version_in(request), at=now())
    except (BadEntry, AnswersConflict) as refused:
        trouble = refused
    context = questions.question_of(assignment, leaf_code) | {"trouble": trouble, "typed": typed, "saved": not trouble}
    return page(request, "assessment/unit_form.html", context, partial="question", status=422 if trouble else 200)


@require_POST
@login_required
def hand_in(request: Request, round_id: int, code: str, department: str) -> HttpResponse:
    assignment = access.assignment_for(request.user, round_id, code, department, "survey.fill")
    verification.submit_assignment(
        actor=request.user, assignment_id=assignment.pk, expected_version=version_in(request), at=now()
    )
    messages.success(request, _("%(unit)s is handed in.") % {"unit": assignment.division.name})
    return redirect("survey-units", round_id, boards.list_code(code))
