"""Saying no on a page: the reason, what was typed, the way back; to htmx as a toast that leaves the form alone."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

NEVER_SHOWN = ("csrfmiddlewaretoken", "version", "password", "next")
MOST_SHOWN = 200


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what the person typed, without secrets."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if not any(word in name for word in NEVER_SHOWN)
        for value in values
        if isinstance(value, str) and value.strip()
    ][:MOST_SHOWN]


def page_before(request: HttpRequest) -> str:
    """Return the page of this site that the request came from, nothing if it came from elsewhere."""
    referer = request.headers.get("Referer", "")
    asked = getattr(request, "htmx", None)
    address = (asked.current_url if asked else None) or referer
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(address)
    return urlunsplit(("", "", parts.path, parts.query, ""))


def refuse(request: HttpRequest, text: str, *, status: int = 409, must_log_in: bool = False) -> HttpResponse:
    """Return the refusal."""
    back_url = page_before(request)
    login_url = (
        f"{reverse('login')}?{urlencode({'next': back_url or reverse('home')}, safe='/')}" if must_log_in else ""
    )
    context = {"text": text, "typed": typed_in(request), "back_url": back_url, "login_url": login_url}
    if not getattr(request, "htmx", False):
        return render(request, "web/refusal.html", context, status=status)
    response = render(request, "web/refusal_part.html", context, status=status)
    response["HX-Retarget"] = "#toasts"
    response["HX-Reswap"] = "beforeend"
    response["HX-Push-Url"] = "false"
    return response
