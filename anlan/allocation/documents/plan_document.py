"""《资源分配方案》 as an office document: what was decided, on what grounds, who gets what and why."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from io import BytesIO

from django.utils.translation import gettext as _
from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table

from anlan.allocation.core.measures import UNIT_NAMES
from anlan.allocation.documents.plan_told import (
    ToldLine,
    ToldPlan,
    is_weak_after,
    note_text,
    reasons_text,
    townships_of,
)
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.kernel.money import wan_text
from anlan.web.packing import without_times

BODY, HEAD = "FangSong", "SimHei"
MOST_MISSES = 60
NONE = "–"  # noqa: RUF001


def plan_docx(told: ToldPlan) -> bytes:
    """Return the plan as an office document; the same plan gives the same bytes."""
    paper = _paper(told)
    _title(paper, told)
    _grounds(paper, told)
    _money(paper, told)
    _rules(paper, told)
    _townships(paper, told)
    _effects(paper, told)
    _lines(paper, told)
    _misses(paper, told)
    stream = BytesIO()
    paper.save(stream)
    return without_times(stream)


def _paper(told: ToldPlan) -> Paper:
    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin = section.bottom_margin = Cm(2.0)
    for name, size, font in (("Normal", 11, BODY), ("Heading 1", 15, HEAD), ("Heading 2", 12.5, HEAD)):
        style = paper.styles[name]
        style.font.name, style.font.size = font, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    known = paper.core_properties
    known.title, known.author = f"{told.county_name}{_('Allocation plan')}", told.county_name
    known.last_modified_by = told.county_name
    known.created = known.modified = datetime.combine(told.made_on, time())
    return paper


def _title(paper: Paper, told: ToldPlan) -> None:
    head = paper.add_heading(level=0)
    run = head.add_run(_("Allocation plan of %(county)s (%(years)s)") % _named(told))
    run.font.name, run.font.size = HEAD, Pt(22)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEAD)
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below = paper.add_paragraph(told.name)
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if told.approved_on is None:
        state = _("Draft for consultation, not approved")
    else:
        state = _("Approved by %(who)s on %(day)s") % {"who": told.approved_by, "day": told.approved_on.isoformat()}
    line = paper.add_paragraph(state)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _named(told: ToldPlan) -> dict[str, str]:
    return {"county": told.county_name, "years": told.years_text}


def _grounds(paper: Paper, told: ToldPlan) -> None:
    paper.add_heading(_("1. Grounds and result"), 1)
    units = [unit for unit in told.units if unit.line_count]
    text = _(
        "This plan follows the assessment “%(survey)s” (closing date %(day)s), the county's catalogue of measures, its "
        "classes of units and its strategy. Needs of %(needs)s × 10 000 yuan stand against a budget of %(budget)s × "
        "10 000 yuan, of which %(spent)s × 10 000 yuan are given to %(units)d units by %(lines)d lines."
    )
    values = {
        "survey": told.survey_name,
        "day": told.closes_on.isoformat(),
        "needs": wan_text(sum(unit.needs_fen for unit in told.units)),
        "budget": wan_text(told.budget_fen),
        "spent": wan_text(told.spent_fen),
        "units": len(units),
        "lines": len(told.lines),
    }
    paper.add_paragraph(text % values)
    proof = _(
        "The plan was found by %(solver)s and lies within %(gap)s %% of what no plan under the same rules can exceed. "
        "The problem that it answers is kept under the number %(digest)s; solved again it gives the same plan."
    )
    paper.add_paragraph(proof % {"solver": told.solver, "gap": f"{told.gap * 100:.3f}", "digest": told.sha256[:16]})
    if told.newer_round:
        paper.add_paragraph(
            _("A newer survey round had begun when the plan was made: %(round)s.") % {"round": told.newer_round}
        )
    for note in told.notes:
        paper.add_paragraph(note_text(note), style="List Bullet")


def _money(paper: Paper, told: ToldPlan) -> None:
    paper.add_heading(_("2. Sources of money and their use"), 1)
    _table(
        paper,
        [
            (_("Source of funds"), 8.5),
            (_("Year"), 1.8),
            (_("Budget (10 000 yuan)"), 3.2),
            (_("Spent (10 000 yuan)"), 3.2),
            (_("Left (10 000 yuan)"), 3.2),
            (_("10 000 yuan more would buy (points)"), 4.5),
        ],
        [
            [
                each.source,
                str(each.year),
                wan_text(each.budget_fen),
                wan_text(each.spent_fen),
                wan_text(each.budget_fen - each.spent_fen),
                f"{each.points_per_wan:.3f}",
            ]
            for each in told.prices
        ],
    )


def _rules(paper: Paper, told: ToldPlan) -> None:
    paper.add_heading(_("3. Rules that the plan keeps"), 1)
    if not told.floors:
        paper.add_paragraph(_("No floor and no share was asked for."))
        return
    binding = [floor for floor in told.floors if floor.is_binding]
    paper.add_paragraph(
        _("%(count)d rules are kept; %(binding)d of them decided something:")
        % {"count": len(told.floors), "binding": len(binding)}
    )
    for floor in binding:
        cost = _("costs the whole %(cost)s points") % {"cost": f"{floor.cost:.3f}"}
        paper.add_paragraph(f"{note_text(floor.words)} ({cost})", style="List Bullet")


def _townships(paper: Paper, told: ToldPlan) -> None:
    paper.add_heading(_("4. What each township gets with its villages"), 1)
    _table(
        paper,
        [
            (_("Township"), 5.0),
            (_("Lines"), 2.0),
            (_("Needs (10 000 yuan)"), 3.6),
            (_("Given (10 000 yuan)"), 3.6),
            (_("Yuan per head"), 3.0),
            (_("Score before"), 3.0),
            (_("Score after"), 3.0),
        ],
        [
            [
                each.name,
                str(each.lines),
                wan_text(each.needs_fen),
                wan_text(each.money_fen),
                NONE if each.per_head_fen is None else f"{each.per_head_fen / 100:.2f}",
                f"{each.score_before * 100:.1f}",
                f"{each.score_after * 100:.1f}",
            ]
            for each in townships_of(told.units)
        ],
    )


def _effects(paper: Paper, told: ToldPlan) -> None:
    paper.add_heading(_("5. What comes of it"), 1)
    fair = told.fairness
    weak = sum(unit.is_weak for unit in told.units)
    left = sum(unit.is_weak and is_weak_after(unit) for unit in told.units)
    text = _(
        "Of %(weak)d weak units %(left)d stay below 60 points. The Gini coefficient of the scores goes from %(before)s "
        "to %(after)s. The lowest score was %(low)s (%(whose)s) and will be %(then)s (%(who)s)."
    )
    values = {
        "weak": weak,
        "left": left,
        "before": f"{fair.gini_before:.4f}",
        "after": f"{fair.gini_after:.4f}",
        "whose": fair.worst_before[0],
        "low": f"{fair.worst_before[1] * 100:.1f}",
        "who": fair.worst_after[0],
        "then": f"{fair.worst_after[1] * 100:.1f}",
    }
    paper.add_paragraph(text % values)


def _lines(paper: Paper, told: ToldPlan) -> None:
    paper.add_heading(_("6. Lines, township by township"), 1)
    groups: dict[str, list[ToldLine]] = {}
    for line in told.lines:
        groups.setdefault(line.township_name or line.unit_name, []).append(line)
    columns = [
        (_("Unit"), 2.8),
        (_("Measure"), 5.0),
        (_("Quantity"), 1.8),
        (_("Year"), 1.5),
        (_("Cost (10 000 yuan)"), 2.3),
        (_("Source of funds"), 3.6),
        (_("Gain (points)"), 1.8),
        (_("Why"), 6.9),
    ]
    for name, lines in groups.items():
        paper.add_heading(name, 2)
        _table(paper, columns, [_line(line) for line in lines], size=8.5)


def _line(line: ToldLine) -> list[str]:
    unit = _(UNIT_NAMES.get(line.measure_unit, line.measure_unit))
    dimension = _(DIMENSION_NAMES[Dimension(line.dimension)])
    return [
        line.unit_name,
        f"{line.measure_name} ({dimension})",
        f"{line.pieces} {unit}",
        str(line.year),
        wan_text(line.total_fen),
        line.source_name,
        f"{line.gain * 100:.2f}",
        reasons_text(line.reasons),
    ]


def _misses(paper: Paper, told: ToldPlan) -> None:
    if not told.misses:
        return
    paper.add_heading(_("7. Next in line and missed"), 1)
    shown = told.misses[:MOST_MISSES]
    if len(told.misses) > len(shown):
        more = _("The first %(count)d of %(all)d; the workbook has them all.")
        paper.add_paragraph(more % {"count": len(shown), "all": len(told.misses)})
    _table(
        paper,
        [(_("Unit"), 4.0), (_("Measure"), 7.0), (_("Price (10 000 yuan)"), 3.0), (_("Why not"), 11.5)],
        [[each.unit_name, each.measure_name, wan_text(each.price_fen), note_text(each.reason)] for each in shown],
        size=9,
    )


def _table(
    paper: Paper, columns: Sequence[tuple[str, float]], rows: Iterable[Sequence[str]], *, size: float = 9.5
) -> None:
    """Write a table whose head is repeated on each page and whose rows are not torn apart."""
    held = list(rows)
    table = paper.add_table(rows=1 + len(held), cols=len(columns), style="Table Grid")
    table.autofit = False
    _repeat_head(table)
    texts = [[title for title, _width in columns], *held]
    for row, cells in zip(table.rows, texts, strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text, (_title_text, width) in zip(row.cells, cells, columns, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size = Pt(size)
            run.font.bold = row is table.rows[0]
    paper.add_paragraph()


def _repeat_head(table: Table) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
