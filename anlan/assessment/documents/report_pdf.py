"""Reports for print: HTML and CSS set by WeasyPrint."""

from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from anlan.assessment.documents.charts import Drawing
from anlan.assessment.documents.charts_svg import svg
from anlan.assessment.documents.report_content import ReportContent
from anlan.ground.paper import pdf_of
from anlan.kernel.canonical import sha256_of

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)


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
    return pdf_of(html, identifier=sha256_of(html)[:32].encode())


def _picture(drawing: Drawing) -> Markup:
    return Markup(svg(drawing))  # noqa: S704 (our own shapes, their texts are escaped)
