"""Where a request comes from, behind as many proxies as the deployment says."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """Return the client's address; each trusted proxy has added the one before it to the right."""
    if settings.PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.PROXIES and is_address(hops[-settings.PROXIES]):
            return hops[-settings.PROXIES]
    return request.META.get("REMOTE_ADDR") or None


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
