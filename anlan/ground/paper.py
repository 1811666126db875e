"""Setting a page for print.

WeasyPrint is forty megabytes that only who prints loads; the fonts that it finds are looked for once.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration


@lru_cache(maxsize=1)
def _fonts() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def pdf_of(html: str, *, identifier: bytes | None = None) -> bytes:
    """Return HTML with its styles as a PDF.

    Args:
        html: whole, with nothing to be fetched.
        identifier: of the document; the same content with the same identifier gives the same bytes.
    """
    from weasyprint import HTML

    return bytes(HTML(string=html).write_pdf(font_config=_fonts(), pdf_identifier=identifier))
