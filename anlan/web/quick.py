"""Whoever was just let through is let through again, for a few seconds, to what a page asks for by the dozen.

Each tile of a map would else ask anew for session, person, posts and modules: four statements for one. A pass is made
when the whole way has let a session through to a tile; it is good for the same session and for tiles alone. Whoever is
logged out, disabled or given other posts may see tiles for so long and no longer, as an open map shows them anyway.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import resolve

Handler = Callable[[HttpRequest], HttpResponseBase]
ADDRESSES = ("/map/tiles/",)
LET_THROUGH = frozenset({200, 204, 304})
MOST = 2000


@dataclass(frozen=True, slots=True)
class Pass:
    """Who stands behind a session, and until when that need not be asked again."""

    person: Any
    until: float


class QuickMiddleware:
    """Stands before everything that asks who somebody is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.passes: dict[str, Pass] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not session or request.method != "GET" or not request.path_info.startswith(ADDRESSES):
            return self.get_response(request)
        found = self.passes.get(session)
        if found is not None and time.monotonic() < found.until:
            try:
                return self._let_through(request, found.person)
            except Http404:  # the whole way says it in words
                pass
        response = self.get_response(request)
        if response.status_code in LET_THROUGH and settings.QUICK_PASS_S:
            self._note(session, request.user)
        return response

    def _let_through(self, request: HttpRequest, person: Any) -> HttpResponseBase:
        request.user = person
        request.resolver_match = match = resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response

    def _note(self, session: str, person: Any) -> None:
        now = time.monotonic()
        if len(self.passes) >= MOST:
            self.passes = {key: each for key, each in self.passes.items() if now < each.until}
        if len(self.passes) < MOST:
            self.passes[session] = Pass(person, now + settings.QUICK_PASS_S)
