"""Reports for the office: the template that an office program can edit, filled by docxtpl."""

from datetime import datetime, time
from io import BytesIO

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from anlan.assessment.documents.charts import Drawing
from anlan.assessment.documents.charts_png import png
from anlan.assessment.documents.report_content import ReportContent
from anlan.assessment.documents.report_pdf import TEMPLATES
from anlan.web.packing import without_times

PICTURE_MM = 150


def docx(content: ReportContent) -> bytes:
    """Return the report as an office document; the same content gives the same bytes."""
    template = DocxTemplate(TEMPLATES / "report.docx")
    pictures = {"radar": _picture(template, content.radar.drawing)}
    if content.map:
        pictures["map"] = _picture(template, content.map.drawing)
    template.render({"content": content, **pictures}, autoescape=True)
    known = template.docx.core_properties
    known.title, known.author, known.last_modified_by = content.title, content.issuer, content.issuer
    known.created = known.modified = datetime.combine(content.issued_on, time())
    stream = BytesIO()
    template.save(stream)
    return without_times(stream)


def _picture(template: DocxTemplate, drawing: Drawing) -> InlineImage:
    return InlineImage(template, BytesIO(png(drawing)), width=Mm(PICTURE_MM))
