"""Pages of alarm rules: what is watched, editing a draft, trying a rule on what was stored, publishing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.telemetry import access
from anlan.telemetry.actions import rule_books
from anlan.telemetry.queries import rule_pages
from anlan.telemetry.rule_forms import RuleForm
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def rules(request: Request) -> HttpResponse:
    county = access.rules_county(request.user)
    book = rule_pages.book_of(county)
    context = {"book": book, "may_edit": request.user.can(access.RULES, county)}
    return page(request, "telemetry/rules.html", context)


@require_GET
@login_required
def version(request: Request, number: int) -> HttpResponse:
    found = rule_pages.version_of(access.rules_county(request.user), number)
    if found is None:
        raise Http404
    return page(request, "telemetry/rules_version.html", {"version": found, "lines": rule_pages.lines_of(found)})


@require_POST
@login_required
def start(request: Request) -> HttpResponse:
    county = access.rules_county(request.user, access.RULES)
    rule_books.start_draft(actor=request.user, county_code=county, at=now())
    return redirect("alarm-rules")


@require_POST
@login_required
def publish(request: Request) -> HttpResponse:
    county = access.rules_county(request.user, access.RULES)
    rule_books.publish_rules(actor=request.user, county_code=county, expected_version=version_in(request), at=now())
    messages.success(request, _("The rules are published; the sensors are judged by them from now on"))
    return redirect("alarm-rules")


@require_POST
@login_required
def discard(request: Request) -> HttpResponse:
    county = access.rules_county(request.user, access.RULES)
    rule_books.discard_draft(actor=request.user, county_code=county, expected_version=version_in(request), at=now())
    messages.success(request, _("The draft is thrown away; the rules in force stay"))
    return redirect("alarm-rules")


@require_http_methods(["GET", "POST"])
@login_required
def rule(request: Request, key: str) -> HttpResponse:
    county = access.rules_county(request.user)
    book = rule_pages.book_of(county)
    found = book.rule(key)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _save(request, RuleForm(request.POST, rule=found), book)
    return _form(request, RuleForm(rule=found), book, found)


@require_http_methods(["GET", "POST"])
@login_required
def add(request: Request) -> HttpResponse:
    county = access.rules_county(request.user, access.RULES)
    book = rule_pages.book_of(county)
    key = rule_books.new_key(line.rule.key for line in book.lines)
    if request.method == "POST":
        return _save(request, RuleForm(request.POST, key=key), book)
    return _form(request, RuleForm(key=key), book, None)


@require_POST
@login_required
def delete(request: Request, key: str) -> HttpResponse:
    county = access.rules_county(request.user, access.RULES)
    rule_books.delete_rule(
        actor=request.user, county_code=county, rule_key=key, expected_version=version_in(request), at=now()
    )
    return redirect("alarm-rules")


@require_POST
@login_required
def rehearse(request: Request) -> HttpResponse:
    county = access.rules_county(request.user)
    found = rule_pages.book_of(county).rule(request.POST.get("key", ""))
    form = RuleForm(request.POST, rule=found, key="trial")
    days = int(request.POST.get("days", "")) if request.POST.get("days", "").isdecimal() else rule_pages.SPANS_DAYS[-1]
    tried = form.rule()
    trial = rule_pages.try_rule(county, tried, min(days, rule_pages.SPANS_DAYS[-1]), now()) if tried else None
    context = {"trial": trial, "form": form, "rule": tried}
    return page(request, "telemetry/rule_trial.html", context, partial="trial")


def _save(request: Request, form: RuleForm, book: rule_pages.Book) -> HttpResponse:
    county = access.rules_county(request.user, access.RULES)
    edited = form.rule()
    if edited is None:
        return _form(request, form, book, None, status=422)
    draft = book.draft or rule_books.start_draft(actor=request.user, county_code=county, at=now())
    expected = version_in(request) if book.draft else draft.version
    rule_books.save_rule(actor=request.user, county_code=county, rule=edited, expected_version=expected, at=now())
    messages.success(request, _("Kept in the draft; it holds when the draft is published"))
    return redirect("alarm-rule", edited.key)


def _form(request: Request, form: RuleForm, book: rule_pages.Book, found: Any, *, status: int = 200) -> HttpResponse:
    county = access.rules_county(request.user)
    context = {
        "form": form,
        "book": book,
        "rule": found,
        "spans": rule_pages.SPANS_DAYS,
        "may_edit": request.user.can(access.RULES, county),
    }
    return page(request, "telemetry/rule.html", context, status=status)
