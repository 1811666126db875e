"""Reports for the office: the template that an office program can edit, filled by docxtpl."""

from datetime import datetime, time
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from anlan.assessment.documents.charts import Drawing
from anlan.assessment.documents.charts_png import png
from anlan.assessment.documents.report_content import ReportContent
from anlan.assessment.documents.report_pdf import TEMPLATES

PICTURE_MM = 150
EPOCH = (1980, 1, 1, 0, 0, 0)


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
    return _without_times(stream)


def _picture(template: DocxTemplate, drawing: Drawing) -> InlineImage:
    return InlineImage(template, BytesIO(png(drawing)), width=Mm(PICTURE_MM))


def _without_times(stream: BytesIO) -> bytes:
    """Pack the document again, every part with the same time."""
    packed = BytesIO()
    with ZipFile(stream) as old, ZipFile(packed, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, EPOCH), old.read(name), compress_type=ZIP_DEFLATED)
    return packed.getvalue()
