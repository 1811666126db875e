"""What every request goes through: an id, a content security policy, idle time-out, refusals."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from anlan.ground.logs import request_id
from anlan.kernel.refusal import Refusal
from anlan.web.templatetags.shown import refusal_text

Handler = Callable[[HttpRequest], HttpResponseBase]
LOG = logging.getLogger("anlan.requests")
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
    """Sends the strict policy with every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        return response


class IdleMiddleware:
    """Logs a person out after too long without a click."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            now = int(time.time())
            last = request.session.get("seen", now)
            if now - last > settings.IDLE_MINUTES * 60:
                logout(request)
                messages.info(request, _("You were logged out after a time without use. Please log in again."))
                return redirect(f"{settings.LOGIN_URL}")
            if now - last > 30 or "seen" not in request.session:
                request.session["seen"] = now
        return self.get_response(request)


class RefusalMiddleware:
    """Answers a `Refusal` once for all: 409 with its words; htmx gets them as a toast and keeps the form."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        typed = [
            (name, value)
            for name in request.POST
            if name not in {"csrfmiddlewaretoken", "version", "password"}
            for value in request.POST.getlist(name)
            if value
        ]
        template = "web/refusal_part.html" if getattr(request, "htmx", False) else "web/refusal.html"
        context = {"text": refusal_text(exception), "typed": typed[:40]}
        response = render(request, template, context, status=409)
        if getattr(request, "htmx", False):
            response["HX-Retarget"] = "#toasts"
            response["HX-Reswap"] = "beforeend"
        return response
