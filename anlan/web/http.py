"""Requests and pages.

`page(request, "ctx/list.html", {...}, partial="rows")` renders the whole page, or for an htmx request
only the named partial of the same template.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from anlan.kernel.refusal import Refusal


class Person(Protocol):
    """Whoever uses the system, as the contexts see them; `accounts` provides it."""

    @property
    def pk(self) -> Any: ...
    @property
    def name(self) -> Any: ...
    @property
    def is_authenticated(self) -> Any: ...

    def can(self, capability: str, code: str | None = None, department: str | None = None) -> bool:
        """Tell whether the person holds the capability, for that division and department if given."""
        ...


class Request(HttpRequest):
    """A request whose user is a `Person` and that knows whether htmx sent it."""

    user: Person  # type: ignore[assignment]
    htmx: Any


class BadVersion(Refusal):
    """The form carries no version: it was not made by us."""


def version_in(request: HttpRequest) -> int:
    """Return the version that the person saw, from the form's hidden field.

    Raises:
        BadVersion: there is none.
    """
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise BadVersion("The form is incomplete; reload the page and try again")
    return int(text)


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Return where the form asks to go on to, if that is a page of this site."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if allowed else default


def wants_part(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part: not when it boosts a link or goes back in the browser's history."""
    asked = getattr(request, "htmx", None)
    return asked is not None and bool(asked) and not asked.boosted and not asked.history_restore_request


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page, or its partial when htmx asks for a part."""
    name = f"{template}#{partial}" if partial and wants_part(request) else template
    response = HttpResponse(render_to_string(name, dict(context), request=request), status=status)
    response["Vary"] = "HX-Request"
    return response
