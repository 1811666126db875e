"""Reports for print: HTML and CSS set by WeasyPrint."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from anlan.assessment.documents.charts import Drawing
from anlan.assessment.documents.charts_svg import svg
from anlan.assessment.documents.report_content import ReportContent
from anlan.kernel.canonical import sha256_of

if TYPE_CHECKING:
    from weasyprint.text.fonts import FontConfiguration

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


@lru_cache(maxsize=1)
def _fonts() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def pdf(content: ReportContent) -> bytes:
    """Return the report as a PDF; the same content gives the same bytes."""
    html = (
        _environment()
        .get_template("report.html")
        .render(
            content=content,
            css=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # noqa: S704 (our own file)
            radar=_picture(content.radar.drawing),
            map=_picture(content.map.drawing) if content.map else "",
        )
    )
    identifier = sha256_of(html)[:32].encode()
    from weasyprint import HTML  # forty megabytes that only who prints loads

    made = HTML(string=html).write_pdf(font_config=_fonts(), pdf_identifier=identifier)
    return bytes(made)


def _picture(drawing: Drawing) -> Markup:
    return Markup(svg(drawing))  # noqa: S704 (our own shapes, their texts are escaped)
