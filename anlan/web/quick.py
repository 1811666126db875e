"""Whoever was just let through is let through again, for a few seconds, to what a page asks for by the dozen.

Each tile of a map would else ask anew for session, person, posts and modules: four statements for one. A pass is made
when the whole way has let a session through to a tile; it is good for the same session and for tiles alone. Whoever is
logged out, disabled or given other posts may see tiles for so long and no longer, as an open map shows them anyway.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import resolve

from anlan.ground.brief import Brief

Handler = Callable[[HttpRequest], HttpResponseBase]
ADDRESSES = ("/map/tiles/",)
LET_THROUGH = frozenset({200, 204, 304})
MOST = 2000


class QuickMiddleware:
    """Stands before everything that asks who somebody is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.people: Brief[str, Any] = Brief(MOST)  # by session

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if not session or request.method != "GET" or not request.path_info.startswith(ADDRESSES):
            return self.get_response(request)
        person = self.people.get(session)
        if person is not None:
            try:
                return self._let_through(request, person)
            except Http404:  # the whole way says it in words
                pass
        response = self.get_response(request)
        if response.status_code in LET_THROUGH:
            self.people.put(session, request.user, settings.QUICK_PASS_S)
        return response

    def _let_through(self, request: HttpRequest, person: Any) -> HttpResponseBase:
        request.user = person
        request.resolver_match = match = resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return response
