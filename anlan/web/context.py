"""What the shell shows on every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from anlan.web.home import ask_shell
from anlan.web.live.addresses import live_url
from anlan.web.navigation import links_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return navigation and badges for whoever is logged in; nothing for strangers."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    closed = ask_shell("closed_modules", user, frozenset())
    return {
        "navigation": links_for(user, closed, request.path),
        "home_url": reverse("home"),
        "live_url": live_url(request),
        "unread": ask_shell("unread", user, 0),
        "county_name": ask_shell("county_name", user, ""),
    }
