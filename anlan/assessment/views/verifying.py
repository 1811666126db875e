"""The second person's pages: accept, return, settle flags."""

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
from anlan.assessment.queries import boards, questions
from anlan.places import access as places_access
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def waiting(request: Request, round_id: int, code: str) -> HttpResponse:
    row = access.round_for(request.user, round_id, "survey.verify")
    place = places_access.division_for(request.user, code)
    scope = accounts.scope_of(request.user, "survey.verify")
    answers = questions.answers_to_verify(row, code, request.GET.get("department"), scope)
    context = {"round": row, "place": place, "groups": questions.grouped_for_verifier(answers, request.user.pk)}
    return page(request, "assessment/verify.html", context, partial="answers")


@require_POST
@login_required
def accept(request: Request, round_id: int, code: str) -> HttpResponse:
    versions = {}
    for chosen in request.POST.getlist("answer"):
        answer_id, _dash, version = chosen.partition("-")
        versions[access.answer_for(request.user, int(answer_id), "survey.verify").pk] = int(version)
    count = verification.verify_answers(actor=request.user, versions=versions, at=now())
    messages.success(request, _("%(count)d answers verified.") % {"count": count})
    return redirect("survey-verify", round_id, code)


@require_POST
@login_required
def send_back(request: Request, answer_id: int) -> HttpResponse:
    answer = access.answer_for(request.user, answer_id, "survey.verify")
    verification.return_answer(
        actor=request.user,
        answer_id=answer.pk,
        expected_version=version_in(request),
        reason=request.POST.get("reason", ""),
        at=now(),
    )
    messages.success(request, _("The answer was returned to those who filled it in."))
    return redirect("survey-verify", answer.round_id, boards.list_code(answer.division.code))


@require_GET
@login_required
def flags(request: Request, round_id: int) -> HttpResponse:
    row = access.round_for(request.user, round_id)
    found = questions.flags_of(row, accounts.scope_of(request.user, "survey.read"), request.GET.get("status", "open"))
    context = {"round": row, "flags": found, "status": request.GET.get("status", "open")}
    return page(request, "assessment/flags.html", context, partial="flags")


@require_POST
@login_required
def settle(request: Request, flag_id: int) -> HttpResponse:
    flag = access.flag_for(request.user, flag_id, "survey.fill")
    verification.settle_flag(
        actor=request.user,
        flag_id=flag.pk,
        status=request.POST.get("status", ""),
        remark=request.POST.get("remark", ""),
        at=now(),
    )
    return redirect("survey-flags", flag.answer.round_id)
