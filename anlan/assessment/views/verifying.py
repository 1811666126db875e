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
from anlan.assessment.actions import flags as flag_actions
from anlan.assessment.actions import verification
from anlan.assessment.queries import boards, verifying
from anlan.assessment.views.ticks import ticked
from anlan.web.http import Request, page, version_in

STATES = ("open", "confirmed", "corrected")


@require_GET
@login_required
def waiting(request: Request, round_id: int, code: str) -> HttpResponse:
    place = access.place_for(request.user, round_id, code, "survey.verify")
    scope = accounts.scope_of(request.user, "survey.verify")
    department = request.GET.get("department")
    answers = verifying.answers_to_verify(place.round, code, department, scope)
    context = {
        "round": place.round,
        "place": place.division,
        "department": department,
        "groups": verifying.grouped_for_verifier(answers, request.user.pk),
    }
    return page(request, "assessment/verify.html", context)


@require_POST
@login_required
def accept(request: Request, round_id: int, code: str) -> HttpResponse:
    versions = {int(answer_id): int(version) for answer_id, version in ticked(request, "answer", 2)}
    answers = access.answers_for(request.user, list(versions), "survey.verify")
    count = verification.verify_answers(
        actor=request.user, versions={answer.pk: versions[answer.pk] for answer in answers}, at=now()
    )
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
    reads, fills = (accounts.scope_of(request.user, capability) for capability in ("survey.read", "survey.fill"))
    status = request.GET.get("status", "open")
    context = {
        "round": row,
        "status": status,
        "lines": verifying.flag_lines(row, reads, fills, status if status in STATES else "open"),
        "may_manage": request.user.can("survey.manage", row.county_code),
    }
    return page(request, "assessment/flags.html", context, partial="flags")


@require_POST
@login_required
def settle(request: Request, flag_id: int) -> HttpResponse:
    flag = access.flag_for(request.user, flag_id, "survey.fill")
    remark = request.POST.get("remark", "")
    flag_actions.confirm_flag(actor=request.user, flag_id=flag.pk, remark=remark, at=now())
    messages.success(request, _("The answer is confirmed as it stands."))
    return redirect("survey-flags", flag.answer.round_id)
