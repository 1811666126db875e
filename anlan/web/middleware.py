"""What every request goes through: an id, a content security policy, idle time-out, refusals."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import translation
from django.utils.translation import gettext as _

from anlan.ground.logs import request_id
from anlan.kernel.refusal import Refusal
from anlan.web.http import wants_part
from anlan.web.live.addresses import live_origin
from anlan.web.refusing import page_before, refuse
from anlan.web.templatetags.shown import refusal_text

Handler = Callable[[HttpRequest], HttpResponseBase]
LOG = logging.getLogger("anlan.requests")
SECONDS_BETWEEN_MARKS = 30
KNOWN_ID = re.compile(r"^[\w-]{8,64}$")
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def login_url() -> str:
    """Return the address of the log-in page."""
    return str(resolve_url(settings.LOGIN_URL))


class RequestIdMiddleware:
    """Gives each request an id (or keeps a proxy's) and logs what came of it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        token = request_id.set(given if KNOWN_ID.match(given) else secrets.token_hex(8))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            figures = {
                "path": request.path,
                "method": request.method,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - began) * 1000, 1),
                "user_id": getattr(getattr(request, "user", None), "pk", None),
            }
            LOG.info("request", extra=figures)
            return response
        finally:
            request_id.reset(token)


class ContentSecurityMiddleware:
    """Sends the strict policy with every answer, a page's own or this one; pages may reach the live stream."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        policy = response.headers.get("Content-Security-Policy", POLICY)
        if live := live_origin(request):
            policy = policy.replace("connect-src 'self'", f"connect-src 'self' {live}")
        response.headers["Content-Security-Policy"] = policy
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        return response


class LanguageMiddleware:
    """Chinese first: another language only by the switch, whatever the browser prefers."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class IdleMiddleware:
    """Logs a person out after too long without a click; what they were sending is shown, never dropped silently.

    Pages that ask by themselves (`X-Quiet`) are no sign of use.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            moment = int(time.time())
            last = request.session.get("seen", moment)
            if moment - last > settings.IDLE_MINUTES * 60:
                logout(request)
                return self._tell(request, _("You were logged out after a time without use. Please log in again."))
            is_new = "seen" not in request.session
            if is_new or moment - last > SECONDS_BETWEEN_MARKS and "X-Quiet" not in request.headers:
                request.session["seen"] = moment
            return self.get_response(request)
        response = self.get_response(request)
        if self._lost_something(request, response):
            return self._tell(request, _("You are not logged in any more. Log in again; this was not done."))
        return response

    def _lost_something(self, request: HttpRequest, response: HttpResponseBase) -> bool:
        """Tell whether a form, or a part of a page, was sent to the log-in page instead of where it wanted to go."""
        is_sent_away = response.status_code == 302 and response.headers.get("Location", "").startswith(login_url())
        return is_sent_away and (request.method == "POST" or wants_part(request))

    def _tell(self, request: HttpRequest, text: str) -> HttpResponse:
        if request.method == "POST":
            return refuse(request, text, status=401, must_log_in=True)
        messages.info(request, text)
        response = redirect_to_login(page_before(request) if wants_part(request) else request.get_full_path())
        if wants_part(request):
            return HttpResponse(headers={"HX-Redirect": response.url})
        return response


class RefusalMiddleware:
    """Answers a `Refusal` once for all: 409 with its words; htmx gets them as a toast and keeps the form."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refuse(request, refusal_text(exception)) if isinstance(exception, Refusal) else None
