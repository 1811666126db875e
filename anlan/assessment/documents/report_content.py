"""Everything a report shows, in words: what the office's template and the printed page are filled with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext

from anlan.assessment.core.values import Result
from anlan.assessment.documents import narrative, narrative_findings, narrative_measures, narrative_trust
from anlan.assessment.documents.charts import Drawing
from anlan.assessment.documents.narrative import Paragraph
from anlan.assessment.documents.report_appendix import comparisons, own_leaves
from anlan.assessment.documents.report_figures import Boundaries, unit_map, unit_radar
from anlan.assessment.documents.report_losses import unit_of
from anlan.assessment.documents.report_tables import (
    ReportTable,
    dimension_table,
    first_needs_table,
    needs_table,
    obstacle_table,
    ranking_table,
)
from anlan.assessment.documents.report_words import day_text, say, say_all
from anlan.assessment.documents.workbook_words import in_chinese, said
from anlan.kernel.refusal import mark

TITLE = mark("Assessment report of the grassroots emergency capability of %(unit)s")
HEADINGS = {
    "scope": mark("1. About this assessment"),
    "conclusion": mark("2. Conclusion"),
    "strengths": mark("3. Strengths"),
    "obstacles": mark("4. Main obstacles"),
    "reliability": mark("5. Reliability of the result"),
    "comparison": mark("6. Comparison with the last round"),
    "recommendations": mark("7. Needs and recommended measures"),
}
TABLE_CAPTION = mark("Table %(number)d: %(caption)s")
APPENDIX_CAPTION = mark("Appendix table %(number)d: %(caption)s")


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph in words, after a lead where it has one."""

    lead: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption."""

    caption: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Issue:
    """Who issues a report and when."""

    issuer: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class ReportContent:
    """A report in words, figures and tables; a table or figure that has nothing to show is None."""

    language: str
    title: str
    survey: str
    issuer: str
    day: str
    issued_on: date
    sections: Mapping[str, Section]
    tables: Mapping[str, ReportTable | None]
    radar: Figure
    map: Figure | None
    no_map: str
    appendix: Section
    appendix_tables: tuple[ReportTable, ...]


def report_content(
    result: Result, code: str, *, previous: Result | None, boundaries: Boundaries | None, issue: Issue
) -> ReportContent:
    """Return the report of one unit in the language that is active."""
    unit = unit_of(result, code)
    drawn = unit_map(result, unit, boundaries)
    name = {"unit": unit.unit.name}
    map_caption = said(mark("Figure 2: scores within %(unit)s"), name)
    return ReportContent(
        language="zh" if in_chinese() else "en",
        title=said(TITLE, name),
        survey=result.survey_name,
        issuer=issue.issuer,
        day=day_text(issue.issued_on),
        issued_on=issue.issued_on,
        sections=_sections(result, code, previous),
        tables=_tables(result, code),
        radar=Figure(
            said(mark("Figure 1: the five dimensions of %(unit)s, points of 100"), name), unit_radar(result, unit)
        ),
        map=Figure(map_caption, drawn) if drawn else None,
        no_map=gettext("No boundaries of the units below are on record, so there is no map."),
        appendix=_appendix(result),
        appendix_tables=_numbered(APPENDIX_CAPTION, [own_leaves(result, unit), *comparisons(result, unit)]),
    )


def bureau_of(result: Result) -> str:
    """Return the name of the county's emergency management bureau."""
    return said(mark("Emergency Management Bureau of %(county)s"), {"county": result.units[0].unit.name})


def _sections(result: Result, code: str, previous: Result | None) -> dict[str, Section]:
    unit = unit_of(result, code)
    parts = {
        "scope": (narrative.scope(result, unit),),
        "conclusion": narrative.conclusion(result, unit),
        "strengths": narrative_findings.strengths(result, unit),
        "obstacles": narrative_findings.obstacles(result, unit),
        "reliability": narrative_trust.reliability(result, unit),
        "comparison": narrative_trust.comparison(result, unit, previous),
        "recommendations": narrative_measures.recommendations(result, unit),
    }
    return {key: Section(gettext(HEADINGS[key]), tuple(_texts(paragraphs))) for key, paragraphs in parts.items()}


def _texts(paragraphs: Iterable[Paragraph]) -> Iterable[Text]:
    for paragraph in paragraphs:
        if paragraph.sentences:
            yield Text(say(paragraph.lead) if paragraph.lead else "", say_all(paragraph.sentences))


def _tables(result: Result, code: str) -> dict[str, ReportTable | None]:
    """Number the tables in the order in which they stand, leaving out those with nothing to show."""
    unit = unit_of(result, code)
    made = {
        "dimensions": dimension_table(result, unit),
        "ranking": ranking_table(result, unit),
        "obstacles": obstacle_table(result, unit),
        "needs": needs_table(result, unit),
        "first_needs": first_needs_table(result, unit),
    }
    numbered = iter(_numbered(TABLE_CAPTION, [table for table in made.values() if table]))
    return {key: next(numbered) if table else None for key, table in made.items()}


def _numbered(caption: str, tables: Iterable[ReportTable]) -> tuple[ReportTable, ...]:
    return tuple(
        replace(table, caption=said(caption, {"number": number, "caption": table.caption}))
        for number, table in enumerate(tables, 1)
    )


def _appendix(result: Result) -> Section:
    notes = (
        Text(
            "",
            gettext(
                "Scores are points of 100. Missing answers are left out and the other weights scaled up. Where records "
                "contradict an answer the records were scored. The workbook of scores lists every answer of every unit."
            ),
        ),
        Text(
            "",
            said(
                mark("Computed from the frozen answers %(answers)s and the indicator system %(system)s (SHA-256)."),
                {"answers": result.input_sha256[:16], "system": result.system_sha256[:16]},
            ),
        ),
    )
    return Section(gettext("Appendix: all indicators"), notes)
