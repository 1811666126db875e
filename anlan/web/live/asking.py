"""What a browser asks of the stream, read from the ASGI scope; and whether that page may ask at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import validate_host

MOST_DIGITS = 18
UNKNOWN = -1  # a number that nobody gave: the page is told to begin anew


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in words."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, list[str]]

    @property
    def session_key(self) -> str:
        return parse_cookie(self.headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")

    @property
    def since(self) -> int | None:
        """Return the last number that the page got: what the browser says goes before what the page said at first."""
        text = self.headers.get("last-event-id") or next(iter(self.query.get("since", [])), "")
        if not text:
            return None
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else UNKNOWN

    @property
    def is_for_us(self) -> bool:
        """Tell whether the host is one of the site's names."""
        return validate_host(_hostname(f"//{self.headers.get('host', '')}"), settings.ALLOWED_HOSTS)

    @property
    def is_from_elsewhere(self) -> bool:
        """Tell whether a page of another host asks: only the port may differ."""
        origin = self.headers.get("origin")
        return origin is not None and _hostname(origin) != _hostname(f"//{self.headers.get('host', '')}")

    @property
    def permission(self) -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers that let the page read the answer."""
        origin = self.headers.get("origin")
        if origin is None or self.is_from_elsewhere:
            return ((b"vary", b"Origin"),)
        return (
            (b"vary", b"Origin"),
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
        )


def _hostname(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def asked_in(scope: Mapping[str, Any]) -> Asked:
    """Return the request that an ASGI scope holds."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    query = parse_qs(scope["query_string"].decode("latin-1"))
    return Asked(scope["method"], scope["path"], headers, query)
