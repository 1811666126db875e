"""What the accounts add to every request: a password of one's own, modules switched off, the reader's language."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.timezone import now
from django_htmx.http import HttpResponseClientRedirect

from anlan.accounts import access, queries
from anlan.accounts.actions.own import choose_language
from anlan.accounts.core.modules import module_at

Handler = Callable[[HttpRequest], HttpResponseBase]
OPEN_BEFORE_FIRST_PASSWORD = frozenset({"change-password", "logout", "language", "healthz", "readyz"})


def url_name_of(request: HttpRequest) -> str:
    """Return the name of the page that the address leads to, nothing where it leads nowhere."""
    return (request.resolver_match.url_name if request.resolver_match else None) or ""


class FirstPasswordMiddleware:
    """Leads whoever has a password that others know to the page where they choose their own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        person = request.user
        if not person.is_authenticated or not access.account_of(person).must_change_password:
            return None
        if url_name_of(request) in OPEN_BEFORE_FIRST_PASSWORD:
            return None
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(resolve_url("change-password"))
        return redirect("change-password")


class ModuleMiddleware:
    """Answers 404 for the addresses of a module that is switched off."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        key = module_at(request.path)
        if key and key in queries.closed_modules_for(request.user):
            raise Http404


class LanguageMiddleware:
    """Keeps the language that a logged-in person chooses on any page, for their next log-in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST" and url_name_of(request) == "language" and request.user.is_authenticated:
            chosen = request.POST.get("language", "")
            choose_language(actor=access.account_of(request.user), language=chosen, at=now())
        return response
