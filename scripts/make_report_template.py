"""Write the report's office template, anlan/assessment/documents/templates/report.docx.

Run it to begin the template anew; otherwise open the file in an office program, change its styles,
its order or its words, and save it. docs/report.md names what may stand between braces.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).resolve().parents[1] / "anlan/assessment/documents/templates/report.docx"
TEXT_MM = 156
LATIN = "Times New Roman"
LINE = "6B7480"
BOLD = {"方正小标宋简体", "黑体"}
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
# key → widths in mm and how the columns stand
TABLES = {
    "dimensions": ((24, 14, 17, 17, 15, 26, 20, 23), "lrrrrrrl"),
    "ranking": ((10, 28, 16, 14, 17, 17, 17, 17, 17, 18), "rlrcrrrrrr"),
    "obstacles": ((10, 46, 13, 19, 15, 15, 17, 33), "rlclrrrl"),
    "needs": ((28, 13, 20, 20, 20, 20, 20, 22), "lrrrrrrr"),
    "first_needs": ((9, 19, 31, 14, 14, 31, 14, 17, 22), "rllrrlrlc"),
}
OWN = ((19, 47, 17, 24, 13, 24, 16), "llrrrrr")
STANDS = {"l": LEFT, "c": CENTER, "r": RIGHT}


def main() -> None:
    """Build and save the template."""
    document = Document()
    set_page(document)
    set_styles(document)
    write_title(document)
    section(document, "scope")
    section(document, "conclusion")
    table_block(document, "dimensions")
    picture(document, "radar", "content.radar.caption")
    table_block(document, "ranking")
    document.add_paragraph("{%p if map %}")
    picture(document, "map", "content.map.caption")
    document.add_paragraph("{%p elif content.tables.ranking %}")
    document.add_paragraph("{{ content.no_map }}")
    document.add_paragraph("{%p endif %}")
    section(document, "strengths")
    section(document, "obstacles")
    table_block(document, "obstacles")
    section(document, "reliability")
    section(document, "comparison")
    section(document, "recommendations")
    table_block(document, "needs")
    table_block(document, "first_needs")
    write_signature(document)
    write_appendix(document)
    document.save(str(TARGET))


def set_page(document: Any) -> None:
    """A4 with the margins of official documents; page number below, title above from the second page on."""
    page = document.sections[0]
    page.start_type = WD_SECTION.NEW_PAGE
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(32), Mm(30), Mm(28), Mm(26)
    page.header_distance, page.footer_distance = Mm(16), Mm(18)
    page.different_first_page_header_footer = True
    for footer in (page.footer, page.first_page_footer):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = CENTER
        paragraph.add_run("— ")
        field(paragraph, "PAGE")
        paragraph.add_run(" —")
    head = page.header.paragraphs[0]
    head.alignment = CENTER
    head.add_run("{{ content.title }}")


def field(paragraph: Paragraph, name: str) -> None:
    """Add a field that the office program computes."""
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, name), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind or "")
        run._r.append(element)


def set_styles(document: Any) -> None:
    """Set fonts as official documents have them; a machine without them falls back to its own."""
    styles = document.styles
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    style(styles["Normal"], "仿宋", 15)
    normal = styles["Normal"].paragraph_format
    normal.line_spacing_rule, normal.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(27)
    normal.first_line_indent, normal.space_after, normal.widow_control = Pt(30), Pt(0), True
    style(styles["Title"], "方正小标宋简体", 22, space_after=8)
    style(styles["Heading 1"], "黑体", 15, space_before=8)
    styles["Heading 1"].paragraph_format.first_line_indent = Pt(30)
    style(styles["Subtitle"], "楷体", 12, space_after=14)
    style(styles["Caption"], "黑体", 10.5, space_before=8, space_after=3)
    styles["Caption"].paragraph_format.keep_with_next = True
    for name in ("Title", "Subtitle", "Caption"):
        styles[name].paragraph_format.alignment = CENTER
        styles[name].paragraph_format.first_line_indent = Pt(0)
        styles[name].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for name, size in (("Header", 9), ("Footer", 12), ("Table text", 9), ("Note", 10.5), ("Picture", 9)):
        made = styles[name] if name in styles else styles.add_style(name, 1)
        made.base_style = styles["Normal"]
        style(made, "宋体" if name != "Note" else "仿宋", size)
        made.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        made.paragraph_format.first_line_indent = Pt(21 if name == "Note" else 0)
    styles["Picture"].paragraph_format.alignment = CENTER
    styles["Picture"].paragraph_format.keep_with_next = True
    styles["Picture"].paragraph_format.space_before = Pt(8)
    lead = styles.add_style("Lead", 2)
    font(lead, "楷体")
    lead.font.bold = True


def style(target: Any, name: str, size: float, *, space_before: float = 0, space_after: float = 0) -> None:
    """Set a paragraph style's font, size and spaces."""
    font(target, name)
    target.font.size, target.font.bold, target.font.italic = Pt(size), name in BOLD or None, False
    target.font.color.rgb = RGBColor(0x11, 0x11, 0x11)
    target.paragraph_format.space_before, target.paragraph_format.space_after = Pt(space_before), Pt(space_after)
    for border in target.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def font(target: Any, name: str) -> None:
    """Set Latin and Chinese fonts."""
    target.font.name = LATIN
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def write_title(document: Any) -> None:
    """Title, survey, issuer and day."""
    document.add_paragraph("{{ content.title }}", style="Title")
    document.add_paragraph("{{ content.survey }}　{{ content.issuer }}　{{ content.day }}", style="Subtitle")


def section(document: Any, key: str) -> None:
    """One section: its heading and its paragraphs."""
    document.add_paragraph(f"{{{{ content.sections.{key}.heading }}}}", style="Heading 1")
    document.add_paragraph(f"{{%p for text in content.sections.{key}.paragraphs %}}")
    paragraph = document.add_paragraph()
    paragraph.add_run("{{ text.lead }}", style="Lead")
    paragraph.add_run("{{ text.text }}")
    document.add_paragraph("{%p endfor %}")


def picture(document: Any, name: str, caption: str) -> None:
    """A picture with its caption below."""
    document.add_paragraph(f"{{{{ {name} }}}}", style="Picture")
    below = document.add_paragraph(f"{{{{ {caption} }}}}", style="Caption")
    below.paragraph_format.keep_with_next = False


def table_block(document: Any, key: str) -> None:
    """A table that may have nothing to show."""
    name = f"content.tables.{key}"
    document.add_paragraph(f"{{%p if {name} %}}")
    fixed_table(document, name, *TABLES[key])
    document.add_paragraph("{%p endif %}")


def fixed_table(document: Any, name: str, widths: tuple[int, ...], stands: str) -> None:
    """A caption and a table of known columns: head, a row for each of `rows`, the total if there is one."""
    document.add_paragraph(f"{{{{ {name}.caption }}}}", style="Caption")
    table = bare_table(document, 7, len(widths))
    heads = [f"{{{{ {name}.columns[{number}].text }}}}" for number in range(len(widths))]
    fill(table, 0, heads, "c" * len(widths), bold=True)
    repeat_head(table)
    fill(table, 1, [f"{{%tr for row in {name}.rows %}}"], "l")
    fill(table, 2, [f"{{{{ row[{number}] }}}}" for number in range(len(widths))], stands)
    fill(table, 3, ["{%tr endfor %}"], "l")
    fill(table, 4, [f"{{%tr if {name}.total %}}"], "l")
    fill(table, 5, [f"{{{{ {name}.total[{number}] }}}}" for number in range(len(widths))], stands, bold=True)
    fill(table, 6, ["{%tr endif %}"], "l")
    set_widths(table, widths)
    after_table(document)


def loop_table(document: Any) -> None:
    """A table whose columns are the units that are compared: the first three are fixed."""
    document.add_paragraph("{{ table.caption }}", style="Caption")
    table = bare_table(document, 4, 6)
    heads = [
        *(f"{{{{ table.columns[{number}].text }}}}" for number in range(3)),
        "{%tc for column in table.columns[3:] %}",
    ]
    fill(table, 0, [*heads, "{{ column.text }}", "{%tc endfor %}"], "cccccc", bold=True)
    repeat_head(table)
    fill(table, 1, ["{%tr for row in table.rows %}"], "l")
    cells = [*(f"{{{{ row[{number}] }}}}" for number in range(3)), "{%tc for cell in row[3:] %}"]
    fill(table, 2, [*cells, "{{ cell }}", "{%tc endfor %}"], "lrrrrr")
    fill(table, 3, ["{%tr endfor %}"], "l")
    set_widths(table, (44, 13, 15, 14, 14, 14))
    after_table(document)


def bare_table(document: Any, rows: int, columns: int) -> Table:
    """An empty table with thin lines, centred."""
    table: Table = document.add_table(rows, columns)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", LINE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    margins = OxmlElement("w:tblCellMar")
    for edge, width in (("top", 28), ("left", 57), ("bottom", 28), ("right", 57)):
        margin = OxmlElement(f"w:{edge}")
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(borders)
    table._tbl.tblPr.append(margins)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def fill(table: Table, row: int, texts: list[str], stands: str, *, bold: bool = False) -> None:
    """Write a row's cells."""
    for cell, text, stand in zip(table.rows[row].cells, texts, stands, strict=False):
        paragraph = cell.paragraphs[0]
        paragraph.style = "Table text"
        paragraph.alignment = STANDS[stand]
        paragraph.add_run(text).bold = bold or None
        middle(cell)
        if row == 0:
            shade(cell, "EEF2F7")


def middle(cell: _Cell) -> None:
    """Let a cell's words stand in the middle of its height."""
    place = OxmlElement("w:vAlign")
    place.set(qn("w:val"), "center")
    cell._tc.get_or_add_tcPr().append(place)


def shade(cell: _Cell, colour: str) -> None:
    """Give a cell a quiet ground."""
    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().insert(1, shading)


def repeat_head(table: Table) -> None:
    """Repeat the first row on each page."""
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def set_widths(table: Table, widths: tuple[int, ...]) -> None:
    """Set the columns' widths in millimetres, scaled to the text's width."""
    scale = TEXT_MM / sum(widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width * scale)
        for cell in column.cells:
            cell.width = Mm(width * scale)


def after_table(document: Any) -> None:
    """Leave a little room below a table."""
    document.add_paragraph("", style="Table text")


def write_signature(document: Any) -> None:
    """Issuer and day at the end of the text."""
    for text in ("{{ content.issuer }}", "{{ content.day }}"):
        paragraph = document.add_paragraph(text)
        paragraph.alignment = RIGHT
        paragraph.paragraph_format.right_indent = Pt(45)
        paragraph.paragraph_format.keep_with_next = text != "{{ content.day }}"


def write_appendix(document: Any) -> None:
    """Every indicator, on new pages."""
    heading = document.add_paragraph("{{ content.appendix.heading }}", style="Heading 1")
    heading.paragraph_format.page_break_before = True
    document.add_paragraph("{%p for text in content.appendix.paragraphs %}")
    document.add_paragraph("{{ text.text }}", style="Note")
    document.add_paragraph("{%p endfor %}")
    fixed_table(document, "content.appendix_tables[0]", *OWN)
    document.add_paragraph("{%p for table in content.appendix_tables[1:] %}")
    loop_table(document)
    document.add_paragraph("{%p endfor %}")


if __name__ == "__main__":
    main()
