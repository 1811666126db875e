"""Rounds: prepare, open, watch, remind, close."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.actions import results, rounds
from anlan.assessment.forms import RoundForm
from anlan.assessment.queries import boards, questions
from anlan.assessment.queries import results as found
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def round_list(request: Request) -> HttpResponse:
    scope = accounts.scope_of(request.user, "survey.read")
    context = {"rounds": boards.rounds_for(scope), "form": RoundForm(person=request.user)}
    return page(request, "assessment/rounds.html", context)


@require_POST
@login_required
def create(request: Request) -> HttpResponse:
    form = RoundForm(request.POST, person=request.user)
    if not form.is_valid():
        scope = accounts.scope_of(request.user, "survey.read")
        context = {"rounds": boards.rounds_for(scope), "form": form}
        return page(request, "assessment/rounds.html", context, status=422)
    row = rounds.create_round(actor=request.user, at=now(), **form.cleaned_data)
    return redirect("round", row.pk)


@require_GET
@login_required
def round_board(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id)
    board = boards.board_of(row, accounts.scope_of(request.user, "survey.read"))
    context = {
        "round": row,
        "board": board,
        "departments": boards.departments_on(board),
        "flags": questions.open_flag_count(row),
        "assessments": found.assessments_of(row),
        "may_manage": request.user.can("survey.manage", row.county_code),
        "may_assess": request.user.can("assessment.run", row.county_code),
    }
    return page(request, "assessment/round.html", context, partial="board")


@require_POST
@login_required
def open_round(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.manage")
    rounds.open_round(actor=request.user, round_id=row.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The round is open; every department has it on its work list."))
    return redirect("round", row.pk)


@require_POST
@login_required
def remind(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.manage")
    sent = rounds.remind_round(actor=request.user, round_id=row.pk, today=localdate(), at=now())
    text = ngettext("%(count)d reminder sent.", "%(count)d reminders sent.", sent)
    messages.success(request, text % {"count": sent} if sent else _("Everyone was reminded today already."))
    return redirect("round", row.pk)


@require_POST
@login_required
def close_round(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.manage")
    rounds.close_round(actor=request.user, round_id=row.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The round is closed."))
    return redirect("round", row.pk)


@require_POST
@login_required
def assess(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id, "assessment.run")
    job = results.request_assessment(
        actor=request.user, round_id=row.pk, method=request.POST.get("method", "default"), at=now()
    )
    return redirect("job", job.pk)
