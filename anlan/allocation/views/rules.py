"""The rules: classes of units, measures, strategy; their versions and the editor of a draft."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.accounts import queries as accounts
from anlan.allocation import access, editing
from anlan.allocation.actions import rules as actions
from anlan.allocation.queries import rule_pages, rules
from anlan.allocation.rule_tables import classes_table
from anlan.ground.versions import Conflict
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def unit_classes(request: Request) -> HttpResponse:
    county_code = access.county_for(request.user, request.GET.get("county", ""))
    if not rules.has_rules(county_code):
        return _no_rules(request, county_code)
    scope = accounts.scope_of(request.user, "allocation.read")
    context = rule_pages.classes_page(county_code, scope, request.GET.get("shown", ""))
    rows = rule_pages.classes_within(context["version"], scope)
    table = classes_table(context["table_of_rules"])
    return table.respond(request, "allocation/classes.html", rows, context | _may(request, county_code))


def _may(request: Request, county_code: str) -> dict[str, Any]:
    """Return what every page of the rules asks: whether the reader writes them, and which counties there are."""
    return {
        "may_edit": access.writes_rules(request.user, county_code),
        "county_code": county_code,
        "counties": access.counties_of(request.user),
    }


def _no_rules(request: Request, county_code: str) -> HttpResponse:
    return page(request, "allocation/no_rules.html", _may(request, county_code))


@require_GET
@login_required
def unit_classes_data(request: Request, code: str, level: str) -> HttpResponse:
    county_code = access.county_for(request.user, code)
    scope = accounts.scope_of(request.user, "allocation.read")
    return JsonResponse(rule_pages.classes_features(county_code, scope, level))


@require_GET
@login_required
def unit_class(request: Request, row_id: int) -> HttpResponse:
    return page(
        request, "allocation/unit_class.html", rule_pages.unit_page(access.unit_class_for(request.user, row_id))
    )


@require_POST
@login_required
def classify(request: Request, code: str) -> HttpResponse:
    county_code = access.county_to_rule(request.user, code)
    count = actions.classify_units(actor=request.user, county_code=county_code, at=now())
    messages.success(request, _("%(count)d units were judged by the decision table.") % {"count": count})
    return redirect("unit-classes")


@require_POST
@login_required
def take_over(request: Request, code: str) -> HttpResponse:
    county_code = access.county_to_rule(request.user, code)
    actions.load_default_rules(actor=request.user, county_code=county_code, at=now())
    messages.success(request, _("The default rules are taken over. Their prices are examples: replace them."))
    return redirect("unit-classes")


@require_GET
@login_required
def in_force(request: Request, kind: str) -> HttpResponse:
    county_code = access.county_for(request.user, request.GET.get("county", ""))
    if not rules.has_rules(county_code):
        return _no_rules(request, county_code)
    return redirect("rule-version", rules.published_version(county_code, kind).pk)


@require_GET
@login_required
def version(request: Request, version_id: int) -> HttpResponse:
    found: Any = access.rule_version_for(request.user, version_id)
    context = _may(request, found.county_code)
    return editing.PAGES[found.kind](request, found, context)


@require_POST
@login_required
def start_draft(request: Request, code: str, kind: str) -> HttpResponse:
    county_code = access.county_to_rule(request.user, code)
    draft = actions.start_draft(actor=request.user, county_code=county_code, kind=kind, at=now())
    return redirect("rule-version", draft.pk)


@require_http_methods(["GET", "POST"])
@login_required
def edit(request: Request, version_id: int, part: str) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    form = editing.form_for(draft, part, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _saved(request, draft.pk, form.edited())
        except Conflict:
            raise
        except Refusal as refused:
            form.refuse(refused)
    context = {"version": draft, "form": form, "part": part}
    return page(request, "allocation/rule_edit.html", context, status=422 if request.method == "POST" else 200)


def _saved(request: Request, version_id: int, content: dict[str, Any]) -> HttpResponse:
    actions.edit_rules(
        actor=request.user, version_id=version_id, content=content, expected_version=version_in(request), at=now()
    )
    messages.success(request, _("The draft is saved."))
    return redirect("rule-version", version_id)


@require_POST
@login_required
def arrange_row(request: Request, version_id: int, number: int, way: str) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    return _saved(request, draft.pk, editing.arranged(draft.content, number, way))


@require_POST
@login_required
def publish(request: Request, version_id: int) -> HttpResponse:
    draft = access.draft_for(request.user, version_id)
    actions.publish_rules(actor=request.user, version_id=draft.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("The version is published; plans made from now on follow it."))
    return redirect("rule-version", draft.pk)


@require_POST
@login_required
def discard(request: Request, version_id: int) -> HttpResponse:
    draft: Any = access.draft_for(request.user, version_id)
    kind = draft.kind
    actions.discard_rules(actor=request.user, version_id=draft.pk, at=now())
    messages.success(request, _("The draft is thrown away."))
    return redirect("rules-in-force", kind)
