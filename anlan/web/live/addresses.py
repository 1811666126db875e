"""Where pages find the stream: at their own address, or at another port of the same host."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest


def live_origin(request: HttpRequest) -> str:
    """Return the origin of the stream; empty when it is the page's own."""
    if not settings.LIVE_PORT:
        return ""
    try:
        hostname = urlsplit(f"//{request.get_host()}").hostname or ""
    except DisallowedHost:
        return ""
    return f"{request.scheme}://{f'[{hostname}]' if ':' in hostname else hostname}:{settings.LIVE_PORT}"


def live_url(request: HttpRequest) -> str:
    """Return the address of the stream."""
    return f"{live_origin(request)}/live/events"
