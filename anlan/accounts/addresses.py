"""Where a request comes from, behind as many proxies as the deployment says."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """Return the client's address; each trusted proxy has added the one before it to the right."""
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES:
            return hops[-settings.PROXIES]
    return request.META.get("REMOTE_ADDR") or None
