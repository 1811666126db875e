"""Rounds: prepare, open, watch, remind, check, close."""

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
from anlan.assessment.actions import flags, results, rounds
from anlan.assessment.actions.rounds import RoundProblem
from anlan.assessment.forms import RoundForm
from anlan.assessment.queries import boards, reminders, verifying
from anlan.assessment.queries.results import assessments_of
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def round_list(request: Request) -> HttpResponse:
    return _rounds(request, RoundForm(person=request.user))


def _rounds(request: Request, form: RoundForm, status: int = 200) -> HttpResponse:
    rows = boards.rounds_for(accounts.scope_of(request.user, "survey.read"))
    return page(request, "assessment/rounds.html", {"rounds": rows, "form": form}, status=status)


@require_POST
@login_required
def create(request: Request) -> HttpResponse:
    form = RoundForm(request.POST, person=request.user)
    if not form.is_valid():
        return _rounds(request, form, status=422)
    try:
        row = rounds.create_round(actor=request.user, at=now(), **form.cleaned_data)
    except RoundProblem as refused:
        form.refuse(refused)
        return _rounds(request, form, status=422)
    return redirect("round", row.pk)


@require_GET
@login_required
def round_board(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id)
    scope = accounts.scope_of(request.user, "survey.read")
    board = boards.board_of(row, scope)
    context = {
        "round": row,
        "board": board,
        "total": boards.total_of(line.total for line in board),
        "departments": boards.departments_on(board),
        "flags": verifying.open_flag_count(row, scope),
        "reminded": reminders.last_reminder(row),
        "assessments": assessments_of(row),
        **access.rights_at(request.user, row.county_code),
    }
    return page(request, "assessment/round.html", context, partial="board")


@require_POST
@login_required
def open_round(request: Request, round_id: int) -> HttpResponse:
    row = access.whole_round_for(request.user, round_id, "survey.manage")
    rounds.open_round(actor=request.user, round_id=row.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The round is open; every department has it on its work list."))
    return redirect("round", row.pk)


@require_POST
@login_required
def remind(request: Request, round_id: int) -> HttpResponse:
    row = access.whole_round_for(request.user, round_id, "survey.manage")
    sent = rounds.remind_round(actor=request.user, round_id=row.pk, today=localdate(), at=now())
    text = ngettext("%(count)d reminder sent.", "%(count)d reminders sent.", sent)
    messages.success(request, text % {"count": sent} if sent else _("Everyone was reminded today already."))
    return redirect("round", row.pk)


@require_POST
@login_required
def check(request: Request, round_id: int) -> HttpResponse:
    row = access.whole_round_for(request.user, round_id, "survey.manage")
    raised = flags.check_round(actor=request.user, round_id=row.pk, at=now())
    messages.success(request, _("All answers were checked; %(count)d new flags.") % {"count": raised})
    return redirect("survey-flags", row.pk)


@require_POST
@login_required
def close_round(request: Request, round_id: int) -> HttpResponse:
    row = access.whole_round_for(request.user, round_id, "survey.manage")
    rounds.close_round(actor=request.user, round_id=row.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The round is closed."))
    return redirect("round", row.pk)


@require_POST
@login_required
def assess(request: Request, round_id: int) -> HttpResponse:
    row = access.whole_round_for(request.user, round_id, "assessment.run")
    method = request.POST.get("method", "default")
    job = results.request_assessment(actor=request.user, round_id=row.pk, method=method, at=now())
    return redirect("job", job.pk)
