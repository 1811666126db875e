"""The administrator's pages: people, their posts, their log-ins."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.accounts import access, queries
from anlan.accounts.access import Account
from anlan.accounts.actions import people, posts
from anlan.accounts.forms import DisableForm, EndForm, MoveForm, PersonForm, PhoneForm
from anlan.accounts.sheets import sheet_of
from anlan.accounts.tables import people_table
from anlan.ground.versions import Conflict
from anlan.kernel.refusal import Refusal
from anlan.web.http import Request, page, version_in


@require_GET
@login_required
def people_list(request: Request) -> HttpResponse:
    administrator = access.holder_of(request.user, "accounts.manage")
    rows = queries.people_managed_by(administrator, now())
    return people_table(administrator).respond(request, "accounts/people.html", rows, {})


@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def create(request: Request) -> HttpResponse:
    administrator = access.holder_of(request.user, "accounts.manage")
    form = PersonForm(request.POST or None, administrator=administrator)
    if form.is_bound and form.is_valid():
        try:
            made, password = people.create_person(actor=administrator, person=form.person, at=now())
        except Refusal as refused:
            form.refuse(refused)
        else:
            return page(request, "accounts/handed_over.html", {"person": made, "password": password, "is_new": True})
    return page(request, "accounts/person_new.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_GET
@login_required
def person(request: Request, person_id: int) -> HttpResponse:
    return _sheet(request, access.person_for(request.user, person_id, now()))


def _sheet(request: Request, row: Account, status: int = 200, **shown: Any) -> HttpResponse:
    sheet = sheet_of(access.account_of(request.user), row, now())
    return page(request, "accounts/person.html", {**sheet, **shown}, status=status)


def _changed(request: Request, row: Account, form: Any, name: str, change: Callable[[], object]) -> HttpResponse:
    """Carry out what a valid form asks for; what is refused is shown beside the form, with what was typed."""
    if form.is_valid():
        try:
            change()
        except Conflict:
            raise
        except Refusal as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Done; it stands in the history below."))
            return redirect("person", row.pk)
    return _sheet(request, row, status=422, **{name: form})


@never_cache
@require_POST
@login_required
def reset_password(request: Request, person_id: int) -> HttpResponse:
    row = access.person_for(request.user, person_id, now())
    actor, version = access.account_of(request.user), version_in(request)
    password = people.reset_password(actor=actor, person_id=row.pk, expected_version=version, at=now())
    return page(request, "accounts/handed_over.html", {"person": row, "password": password, "is_new": False})


@require_POST
@login_required
def move_post(request: Request, person_id: int) -> HttpResponse:
    row, actor = access.person_for(request.user, person_id, now()), access.account_of(request.user)
    held, successors = queries.holdings_of(row.pk, localdate()), queries.successors_for(actor, row.pk, now())
    form = MoveForm(request.POST, administrator=actor, holdings=held, successors=successors)
    about: dict[str, Any] = {"actor": actor, "person_id": row.pk, "expected_version": version_in(request)}
    return _changed(request, row, form, "move_form", lambda: posts.move_post(move=form.move, at=now(), **about))


@require_POST
@login_required
def end_post(request: Request, person_id: int, posting_id: int) -> HttpResponse:
    posting, actor = access.posting_for(request.user, person_id, posting_id, now()), access.account_of(request.user)
    form = EndForm(request.POST, successors=queries.successors_for(actor, person_id, now()))
    about: dict[str, Any] = {"actor": actor, "person_id": person_id, "expected_version": version_in(request)}

    def change() -> None:
        posts.end_post(ending=form.ending(posting.pk), at=now(), **about)

    return _changed(request, access.person_for(actor, person_id, now()), form, "end_form", change)


@require_POST
@login_required
def disable(request: Request, person_id: int) -> HttpResponse:
    row, actor = access.person_for(request.user, person_id, now()), access.account_of(request.user)
    form = DisableForm(request.POST, successors=queries.successors_for(actor, row.pk, now()))
    about: dict[str, Any] = {"actor": actor, "person_id": row.pk, "expected_version": version_in(request)}

    def change() -> None:
        people.disable_person(successor_id=form.cleaned_data["successor"], at=now(), **about)

    return _changed(request, row, form, "disable_form", change)


@require_POST
@login_required
def enable(request: Request, person_id: int) -> HttpResponse:
    row, actor = access.person_for(request.user, person_id, now()), access.account_of(request.user)
    people.enable_person(actor=actor, person_id=row.pk, expected_version=version_in(request), at=now())
    messages.success(request, _("%(name)s may log in again.") % {"name": row.name})
    return redirect("person", row.pk)


@require_POST
@login_required
def unlock(request: Request, person_id: int) -> HttpResponse:
    row = access.person_for(request.user, person_id, now())
    people.unlock_person(actor=access.account_of(request.user), person_id=row.pk, at=now())
    messages.success(request, _("%(name)s may try again at once.") % {"name": row.name})
    return redirect("person", row.pk)


@never_cache
@require_POST
@login_required
def show_phone(request: Request, person_id: int) -> HttpResponse:
    row, form = access.person_for(request.user, person_id, now()), PhoneForm(request.POST)
    if not form.is_valid():
        return _sheet(request, row, status=422, phone_form=form)
    actor, purpose = access.account_of(request.user), form.cleaned_data["purpose"]
    return _sheet(request, row, phone=people.show_phone(actor=actor, person_id=row.pk, purpose=purpose, at=now()))
