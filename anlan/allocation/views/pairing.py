"""Rounds of pairing: prepare, solve, change by hand, confirm; noted conflicts; the list of agreements."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.accounts import queries as accounts
from anlan.allocation import pairing_access as access
from anlan.allocation.actions import pairing as actions
from anlan.allocation.actions import pairing_agreements as agreements
from anlan.allocation.pairing_forms import ConflictForm, RoundForm, TermsForm, WishForm
from anlan.allocation.pairing_tables import AGREEMENTS, DUTIES, PAIRS, VISITS
from anlan.allocation.pairing_words import rules_lines
from anlan.allocation.queries import pairing, pairing_maps, pairing_pages
from anlan.ground.versions import Conflict
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.web.http import Request, page, version_in

REFUSED = 422


@require_GET
@login_required
def pairings(request: Request) -> HttpResponse:
    scope, today = access.scope_to_read(request.user), localdate()
    seen = access.counties_with(request.user, "pairing.read")
    context = {
        "totals": pairing_pages.totals_within(scope, today),
        "rounds": [row for code, _name in seen for row in pairing.rounds_of(code)],
        "managed": access.counties_with(request.user, "pairing.manage"),
        "today": today,
        "duties": pairing_pages.duties_of(accounts.scope_of(request.user, "pairing.act")),
    }
    rows = pairing_pages.agreements_within(scope, today)
    return AGREEMENTS.respond(request, "allocation/pairings.html", rows, context)


@require_GET
@login_required
def duties(request: Request) -> HttpResponse:
    rows = pairing_pages.duties_within(access.scope_to_read(request.user))
    return DUTIES.respond(request, "allocation/pairing_list.html", rows, {"heading": mark("Tasks and deliverables")})


@require_GET
@login_required
def visits(request: Request) -> HttpResponse:
    rows = pairing_pages.visits_within(access.scope_to_read(request.user))
    return VISITS.respond(request, "allocation/pairing_list.html", rows, {"heading": mark("Visits")})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: Request) -> HttpResponse:
    counties = access.counties_with(request.user, "pairing.manage")
    if not counties:
        raise Http404
    form = RoundForm(request.POST or None, counties=counties)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("pairing_round", _prepared(request, form).pk)
        except Refusal as refused:
            form.refuse(refused)
    status = REFUSED if form.errors else 200
    return page(request, "allocation/pairing_new.html", {"form": form}, status=status)


def _prepared(request: Request, form: RoundForm) -> Any:
    typed = form.cleaned_data
    return actions.prepare_pairing(
        actor=request.user,
        county_code=access.county_to_pair(request.user, typed["county_code"]),
        name=typed["name"],
        rules=form.rules(),
        at=now(),
    )


@require_GET
@login_required
def pairing_round(request: Request, round_id: int) -> HttpResponse:
    row = access.pairing_round_for(request.user, round_id)
    return _round_page(request, row)


def _round_page(
    request: Request, row: Any, wish: WishForm | None = None, terms: TermsForm | None = None
) -> HttpResponse:
    context = pairing_pages.round_page(row)
    asked = {f"{side}_code": request.GET.get(side, "") for side in ("helper", "helped")}
    context |= {
        "rules_lines": rules_lines(context["rules"]),
        "wish_form": wish or WishForm(helpers=context["helpers"], helped=context["helped"], initial=asked),
        "terms_form": terms or TermsForm(initial={"starts_on": localdate()}),
        "may_manage": request.user.can("pairing.manage", row.county_code),
    }
    response = PAIRS.respond(request, "allocation/pairing_round.html", pairing_pages.pairs_of(row), context)
    response.status_code = REFUSED if wish or terms else 200
    return response


@require_GET
@login_required
def pairing_round_data(request: Request, round_id: int, layer: str) -> HttpResponse:
    features = pairing_maps.round_features(access.pairing_round_for(request.user, round_id), layer)
    if features is None:
        raise Http404
    return JsonResponse(features)


@require_POST
@login_required
def solve(request: Request, round_id: int) -> HttpResponse:
    row = access.pairing_round_for(request.user, round_id, "pairing.manage")
    job = actions.request_pairs(actor=request.user, round_id=row.pk, expected_version=version_in(request), at=now())
    return redirect("job", job.pk)


@require_POST
@login_required
def wish(request: Request, round_id: int) -> HttpResponse:
    row: Any = access.pairing_round_for(request.user, round_id, "pairing.manage")
    sides = pairing_pages.sides_of_round(row)
    form = WishForm(request.POST, **sides)
    if form.is_valid():
        try:
            _wished(request, row.pk, form)
            return redirect("pairing_round", row.pk)
        except Conflict:
            raise
        except Refusal as refused:
            form.refuse(refused)
    return _round_page(request, row, wish=form)


def _wished(request: Request, round_id: int, form: WishForm) -> None:
    version = version_in(request)
    actions.wish_pair(actor=request.user, round_id=round_id, expected_version=version, wish=form.wish(), at=now())
    messages.success(request, _("Kept. Solve the round again for a proposal that follows it."))


@require_POST
@login_required
def let_go(request: Request, round_id: int, wish_id: int) -> HttpResponse:
    row: Any = access.pairing_round_for(request.user, round_id, "pairing.manage")
    if not row.wishes.filter(pk=wish_id).exists():
        raise Http404
    actions.let_pair_go(
        actor=request.user, round_id=row.pk, wish_id=wish_id, expected_version=version_in(request), at=now()
    )
    return redirect("pairing_round", row.pk)


@require_POST
@login_required
def confirm(request: Request, round_id: int) -> HttpResponse:
    row: Any = access.pairing_round_for(request.user, round_id, "pairing.manage")
    form = TermsForm(request.POST)
    if form.is_valid():
        try:
            return _confirmed(request, row.pk, form)
        except agreements.BadTerms as refused:
            form.refuse(refused)
    return _round_page(request, row, terms=form)


def _confirmed(request: Request, round_id: int, form: TermsForm) -> HttpResponse:
    made = agreements.confirm_pairing(
        actor=request.user, round_id=round_id, expected_version=version_in(request), terms=form.terms(), at=now()
    )
    messages.success(
        request, _("%(count)d agreements wait for their units, on the work lists of both.") % {"count": len(made)}
    )
    return redirect("pairings")


@require_POST
@login_required
def drop(request: Request, round_id: int) -> HttpResponse:
    row = access.pairing_round_for(request.user, round_id, "pairing.manage")
    actions.drop_pairing(actor=request.user, round_id=row.pk, expected_version=version_in(request), at=now())
    return redirect("pairings")


@require_http_methods(["GET", "POST"])
@login_required
def conflicts(request: Request, code: str) -> HttpResponse:
    county_code = access.county_to_pair(request.user, code)
    form = ConflictForm(request.POST or None, units=places.names_within(prefix_of(county_code)))
    if request.method == "POST" and form.is_valid():
        try:
            _noted(request, county_code, form.cleaned_data)
            return redirect("pairing_conflicts", county_code)
        except Refusal as refused:
            form.refuse(refused)
    context = {"form": form, "conflicts": pairing_pages.conflicts_of(county_code), "county_code": county_code}
    return page(request, "allocation/pairing_conflicts.html", context, status=REFUSED if form.errors else 200)


def _noted(request: Request, county_code: str, typed: dict[str, Any]) -> None:
    codes = (typed["one_code"], typed["other_code"])
    actions.note_conflict(actor=request.user, county_code=county_code, codes=codes, reason=typed["reason"], at=now())


@require_POST
@login_required
def strike_conflict(request: Request, conflict_id: int) -> HttpResponse:
    row: Any = access.conflict_to_manage(request.user, conflict_id)
    county_code = row.county_code
    actions.strike_conflict(actor=request.user, conflict_id=row.pk, at=now())
    return redirect("pairing_conflicts", county_code)
