"""One agreement: its page, what both sides and the county do with it, and what is written down under it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.allocation import pairing_access as access
from anlan.allocation.actions import pairing_agreements as actions
from anlan.allocation.actions import pairing_duties as duties
from anlan.allocation.actions import pairing_following as following
from anlan.allocation.pairing_forms import DutyForm, PairingForm, SideForm, TermsForm, ValueForm, VisitForm, begun
from anlan.allocation.queries import pairing_maps, pairing_pages
from anlan.ground.versions import Conflict
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page, version_in

REFUSED = 422
FORMS: dict[str, type[SideForm]] = {"duty_form": DutyForm, "value_form": ValueForm}


@require_GET
@login_required
def pairing(request: Request, agreement_id: int) -> HttpResponse:
    return _shown(request, access.agreement_for(request.user, agreement_id))


def _shown(request: Request, row: Any, **refused: PairingForm) -> HttpResponse:
    """Return the agreement's page; a refused form stands in the place of its empty one."""
    context = pairing_pages.agreement_page(row, localdate()) | _may(request, row)
    for name, form in FORMS.items():
        context[name] = refused.get(name) or begun(form, row, localdate(), side=next(iter(context["sides"]), "helper"))
    context["terms_form"] = refused.get("terms_form") or TermsForm(initial={"starts_on": localdate()})
    return page(request, "allocation/pairing.html", context, status=REFUSED if refused else 200)


def _may(request: Request, row: Any) -> dict[str, Any]:
    """Return what the reader may do with the agreement."""
    return {
        "sides": access.sides_of(request.user, row),
        "may_manage": request.user.can("pairing.manage", row.county_code),
        "may_follow": access.follows(request.user, row),
        "today": localdate(),
    }


def _back(agreement_id: int) -> HttpResponse:
    return redirect("pairing", agreement_id)


@require_POST
@login_required
def confirm(request: Request, agreement_id: int, side: str) -> HttpResponse:
    row = access.agreement_of_side(request.user, agreement_id, side)
    actions.confirm_side(
        actor=request.user, agreement_id=row.pk, side=side, expected_version=version_in(request), at=now()
    )
    return _back(row.pk)


@require_POST
@login_required
def decline(request: Request, agreement_id: int, side: str) -> HttpResponse:
    row = access.agreement_of_side(request.user, agreement_id, side)
    return _closed(request, row.pk, actions.decline_agreement)


def _closed(request: Request, agreement_id: int, act: Callable[..., Any]) -> HttpResponse:
    act(
        actor=request.user,
        agreement_id=agreement_id,
        reason=request.POST.get("reason", ""),
        expected_version=version_in(request),
        at=now(),
    )
    return _back(agreement_id)


@require_POST
@login_required
def break_off(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_manage(request.user, agreement_id)
    return _closed(request, row.pk, actions.break_off_agreement)


@require_POST
@login_required
def end(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_manage(request.user, agreement_id)
    return _closed(request, row.pk, actions.end_agreement)


@require_POST
@login_required
def check(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_manage(request.user, agreement_id)
    following.check_year(
        actor=request.user,
        agreement_id=row.pk,
        is_met=request.POST.get("result") == "met",
        reason=request.POST.get("reason", ""),
        expected_version=version_in(request),
        at=now(),
    )
    return _back(row.pk)


@require_POST
@login_required
def go_on(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_manage(request.user, agreement_id)
    actions.continue_agreement(actor=request.user, agreement_id=row.pk, expected_version=version_in(request), at=now())
    return _back(row.pk)


@require_POST
@login_required
def renew(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_manage(request.user, agreement_id)

    def act(form: Any) -> Any:
        return actions.renew_agreement(
            actor=request.user,
            agreement_id=row.pk,
            expected_version=version_in(request),
            terms=form.terms(),
            at=now(),
        ).pk

    return _written(request, row, "terms_form", TermsForm(request.POST), act)


def _written(request: Request, row: Any, name: str, form: PairingForm, act: Callable[[Any], Any]) -> HttpResponse:
    """Do what the form says and return to the agreement that it leads to; show what is refused beside the field."""
    if form.is_valid():
        try:
            return _back(act(form) or row.pk)
        except Conflict:
            raise
        except Refusal as refused:
            form.refuse(refused)
    return _shown(request, row, **{name: form})


@require_POST
@login_required
def put_duty(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_follow(request.user, agreement_id)

    def act(form: Any) -> None:
        duties.put_duty(actor=request.user, agreement_id=row.pk, duty=form.duty(), at=now())

    return _written(request, row, "duty_form", DutyForm(request.POST, agreement=row), act)


@require_http_methods(["GET", "POST"])
@login_required
def record_visit(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_follow(request.user, agreement_id)
    side = next(iter(access.sides_of(request.user, row)), "helper")
    form = VisitForm(request.POST or None, agreement=row, initial={"visited_on": localdate(), "side": side})
    if request.method == "POST" and form.is_valid():
        try:
            return _visited(request, row.pk, form)
        except Refusal as refused:
            form.refuse(refused)
    context = {"agreement": row, "form": form, "map": pairing_maps.visit_map(row)}
    return page(request, "allocation/pairing_visit.html", context, status=REFUSED if form.errors else 200)


def _visited(request: Request, agreement_id: int, form: VisitForm) -> HttpResponse:
    photos: Any = request.FILES.getlist("photos")
    following.record_visit(actor=request.user, agreement_id=agreement_id, visit=form.visit(), photos=photos, at=now())
    return redirect(f"{reverse('pairing', args=[agreement_id])}#visits")


@require_GET
@login_required
def places_of(request: Request, agreement_id: int) -> HttpResponse:
    return JsonResponse(pairing_maps.units_features(access.agreement_for(request.user, agreement_id)))


@require_POST
@login_required
def record_value(request: Request, agreement_id: int) -> HttpResponse:
    row = access.agreement_to_follow(request.user, agreement_id)

    def act(form: Any) -> None:
        following.record_value(actor=request.user, agreement_id=row.pk, value=form.value(), at=now())

    return _written(request, row, "value_form", ValueForm(request.POST, agreement=row), act)


@require_POST
@login_required
def deliver(request: Request, duty_id: int) -> HttpResponse:
    row: Any = access.duty_to_deliver(request.user, duty_id)
    duties.deliver_duty(
        actor=request.user,
        duty_id=row.pk,
        remark=request.POST.get("remark", ""),
        expected_version=version_in(request),
        at=now(),
    )
    return _back(row.agreement_id)


@require_POST
@login_required
def accept(request: Request, duty_id: int) -> HttpResponse:
    row: Any = access.duty_to_accept(request.user, duty_id)
    duties.accept_duty(actor=request.user, duty_id=row.pk, expected_version=version_in(request), at=now())
    return _back(row.agreement_id)


@require_POST
@login_required
def send_back(request: Request, duty_id: int) -> HttpResponse:
    row: Any = access.duty_to_accept(request.user, duty_id)
    duties.return_duty(
        actor=request.user,
        duty_id=row.pk,
        reason=request.POST.get("reason", ""),
        expected_version=version_in(request),
        at=now(),
    )
    return _back(row.agreement_id)


@require_POST
@login_required
def strike(request: Request, duty_id: int) -> HttpResponse:
    row: Any = access.duty_to_strike(request.user, duty_id)
    duties.strike_duty(actor=request.user, duty_id=row.pk, expected_version=version_in(request), at=now())
    return _back(row.agreement_id)
