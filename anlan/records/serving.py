"""How a kept file goes out: nothing in it may act in our name."""

from collections.abc import Mapping

from django.utils.http import content_disposition_header

from anlan.records.core.file_kinds import PDF, SHOWN_TYPES

# A browser's own viewer does not open inside a sandbox; it runs apart from the page, so a PDF gets the rest only.
SANDBOX = "default-src 'none'; sandbox"
NO_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"


def headers_for(name: str, media_type: str, *, is_saved: bool) -> Mapping[str, str]:
    """Return the headers of a file: shown in place only if it is a picture or a PDF and nobody asked to save it."""
    is_attachment = is_saved or media_type not in SHOWN_TYPES
    return {
        "Content-Disposition": content_disposition_header(is_attachment, name) or "attachment",
        "Content-Security-Policy": NO_SANDBOX if media_type == PDF.media_type else SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
