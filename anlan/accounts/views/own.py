"""Logging in and out, and one's own account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.accounts import access, queries
from anlan.accounts.access import Account
from anlan.accounts.actions import own
from anlan.accounts.actions.own import BadToken, Origin
from anlan.accounts.addresses import address_of
from anlan.accounts.forms import LogInForm, PasswordForm, TokenForm
from anlan.web.home import ask_shell
from anlan.web.http import Request, page, safe_next

YEAR_SECONDS = 365 * 24 * 3600


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def log_in(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = LogInForm(request.POST or None, request=request)
    if form.is_bound and form.is_valid():
        return _let_in(request, access.account_of(form.person))
    if form.is_bound and "username" in form.cleaned_data:
        own.note_failed_log_in(username=form.cleaned_data["username"], origin=_origin(request), at=now())
    context = {"form": form, "next": safe_next(request), "county_name": ask_shell("county_name", request.user, "")}
    return page(request, "accounts/log_in.html", context, status=422 if form.is_bound else 200)


def _let_in(request: Request, person: Account) -> HttpResponse:
    login(request, person)
    key = request.session.session_key or ""
    own.note_log_in(person=person, origin=_origin(request), session_key=key, at=now())
    response = redirect(safe_next(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        person.language,
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _origin(request: HttpRequest) -> Origin:
    return Origin(address_of(request), request.headers.get("User-Agent", "").replace("\x00", ""))


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.info(request, _("You are logged out."))
    return redirect("login")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@login_required
def change_password(request: Request) -> HttpResponse:
    person = access.account_of(request.user)
    is_first = person.must_change_password
    form = PasswordForm(request.POST or None, person=person)
    if form.is_bound and form.is_valid():
        _change_password(request, person, form.cleaned_data["password"])
        messages.success(request, _("The new password is in force; other browsers are logged out."))
        return redirect("home" if is_first else "my-account")
    status = 422 if form.is_bound else 200
    return page(request, "accounts/password.html", {"form": form, "is_first": is_first}, status=status)


def _change_password(request: Request, person: Account, password: str) -> None:
    before = request.session.session_key or ""
    changed = own.change_own_password(actor=person, password=password, at=now())
    update_session_auth_hash(request, changed)
    own.note_new_session_key(person=changed, old=before, new=request.session.session_key or "")


@never_cache
@require_GET
@login_required
def my_account(request: Request) -> HttpResponse:
    return _account(request, TokenForm())


def _account(request: Request, form: TokenForm, text: str = "", status: int = 200) -> HttpResponse:
    at, person = now(), access.account_of(request.user)
    context = {
        "form": form,
        "token_text": text,
        "holdings": queries.holdings_of(person.pk, localdate()),
        "log_ins": queries.log_ins_of(person.pk),
        "tokens": queries.tokens_of(person.pk, at),
        "languages": settings.LANGUAGES,
    }
    return page(request, "accounts/account.html", context, status=status)


@never_cache
@require_POST
@login_required
def make_token(request: Request) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account(request, form, status=422)
    try:
        _row, text = own.make_token(actor=access.account_of(request.user), at=now(), **form.cleaned_data)
    except BadToken as refused:
        form.refuse(refused)
        return _account(request, form, status=422)
    return _account(request, TokenForm(), text)


@require_POST
@login_required
def revoke_token(request: Request, token_id: int) -> HttpResponse:
    token = access.token_for(request.user, token_id)
    own.revoke_token(actor=access.account_of(request.user), token_id=token.pk, at=now())
    messages.success(request, _("The token %(name)s opens nothing any more.") % {"name": token.name})
    return redirect("my-account")
