"""What was found: rankings, units, needs, documents."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Sum

from anlan.accounts.queries import Scope
from anlan.assessment.core.frozen import result_from_content
from anlan.assessment.core.values import Dimension, Note, Result, UnitResult
from anlan.assessment.core.values import Need as NeedValue
from anlan.assessment.models import Assessment, Need, Report, Round, RoundStatus, UnitScore
from anlan.assessment.queries.boards import rounds_for
from anlan.assessment.queries.surveys import system_of
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import Level


def assessments_of(row: Round) -> QuerySet[Assessment]:
    """Return a round's assessments, latest first."""
    return row.assessments.plain().order_by("-number")


def latest_assessment(scope: Scope) -> Assessment | None:
    """Return the published assessment of the latest round that the scope reaches into."""
    return (
        Assessment.objects.filter(round__in=rounds_for(scope), status=PublishStatus.PUBLISHED)
        .select_related("round__system_version")
        .plain()
        .order_by("-round__closes_on", "-pk")
        .first()
    )


def published_of_county(county_code: str) -> Assessment | None:
    """Return the published assessment of the county's latest round."""
    rows = Assessment.objects.filter(round__county_code=county_code, status=PublishStatus.PUBLISHED)
    found = rows.select_related("round__system_version__system").plain()
    return found.order_by("-round__closes_on", "-pk").first()


def assessment_by_id(assessment_id: int) -> Assessment:
    """Return an assessment for a worker, with its round and system; views go through the door."""
    return Assessment.objects.select_related("round__system_version__system").get(pk=assessment_id)


def grades_of(assessment: Assessment) -> dict[str, str]:
    """Return the grade of each unit by code, "" where none could be given."""
    return dict(assessment.unit_scores.values_list("code", "grade"))


def scores_of(assessment: Assessment, scope: Scope) -> QuerySet[UnitScore]:
    """Return the units' scores within the scope, without their details."""
    return UnitScore.objects.filter(scope.q("code"), assessment=assessment).defer("detail").order_by("rank", "code")


def needs_of(assessment: Assessment, scope: Scope) -> QuerySet[Need]:
    """Return the needs list within the scope, first need first."""
    rows = Need.objects.filter(scope.q("unit_code"), assessment=assessment).select_related("leaf")
    return rows.order_by("priority", "unit_code", "pk")


def need_totals(assessment: Assessment, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return count and cost of the needs by dimension and by township, and in all."""
    needs = Need.objects.filter(scope.q("unit_code"), assessment=assessment)
    figures = {"count": Count("pk"), "cost_fen": Sum("cost_fen")}
    parts = {"units": Count("unit_code", distinct=True)}
    return {
        "dimensions": list(needs.values("dimension").annotate(**figures, **parts).order_by("dimension")),  # type: ignore[arg-type]
        "townships": list(
            needs.values("township_code", "township_name").annotate(**figures).order_by("-cost_fen", "township_code")  # type: ignore[arg-type]
        ),
        "all": [needs.aggregate(**figures, **parts)],
    }


def needs_page(assessment: Assessment, scope: Scope) -> dict[str, Any]:
    """Return what stands around the needs list: totals, the townships to choose among, the list as issued."""
    totals = need_totals(assessment, scope)
    issued = reports_of(assessment, scope).filter(kind="needs").first()
    return {
        "totals": totals,
        "leaves": {leaf.code: leaf for leaf in system_of(assessment.round).leaves},
        "township_choices": sorted(
            (row["township_code"], row["township_name"]) for row in totals["townships"] if row["township_code"]
        ),
        "issued": issued,
    }


def needs_of_unit(score: UnitScore) -> QuerySet[Need]:
    """Return the needs of one unit itself, first need first."""
    return needs_of_code(score.assessment_id, score.code)


def unit_result(score: UnitScore) -> UnitResult:
    """Return one unit's whole result as it was computed."""
    return result_from_content(score.detail)


def result_of(assessment: Assessment) -> Result:
    """Return the whole frozen result: what documents are made from."""
    system = system_of(assessment.round)
    units = tuple(unit_result(row) for row in assessment.unit_scores.order_by("code"))
    order = {Level.COUNTY: 0, Level.TOWNSHIP: 1, Level.VILLAGE: 2}
    return Result(
        system=system,
        survey_name=assessment.round.name,
        closes_on=assessment.round.closes_on,
        method=assessment.method,
        units=tuple(sorted(units, key=lambda result: (order[result.unit.level], result.unit.code))),
        needs=tuple(_need_value(need) for need in assessment.needs.select_related("leaf").order_by("priority", "pk")),
        missing=tuple(
            (result.unit.code, leaf.leaf_code) for result in units for leaf in result.leaves if leaf.score is None
        ),
        input_sha256=assessment.sha256,
        system_sha256=assessment.system_sha256,
        notes=notes_of(assessment),
    )


def notes_of(assessment: Assessment) -> tuple[Note, ...]:
    """Return what a reader must know of how the result was computed."""
    told = Assessment.objects.filter(pk=assessment.pk).values_list("content__notes", flat=True).get()
    return tuple(Note(message, values) for message, values in told or ())


def _need_value(need: Need) -> NeedValue:
    return NeedValue(
        unit_code=need.unit_code,
        unit_name=need.unit_name,
        township_code=need.township_code or None,
        township_name=need.township_name,
        leaf_code=need.leaf.code,
        dimension=Dimension(need.dimension),
        current=need.current,
        target=need.target,
        gap=need.gap,
        loss=need.loss,
        obstacle=need.obstacle,
        measure_zh=need.measure,
        unit_price_fen=need.unit_price_fen,
        quantity=need.quantity,
        cost_fen=need.cost_fen,
        priority=need.priority,
        department=need.department,
        due_on=need.due_on,
    )


def children_of(score: UnitScore) -> QuerySet[UnitScore]:
    """Return the results directly below the unit."""
    below = {Level.COUNTY: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}.get(Level(score.level))
    prefix = score.code[:6] if score.level == Level.COUNTY else score.code[:9]
    rows = UnitScore.objects.filter(assessment=score.assessment_id, level=below, code__startswith=prefix)
    return rows.defer("detail").order_by("rank", "code")


def reports_of(assessment: Assessment, scope: Scope) -> QuerySet[Report]:
    """Return the issued documents within the scope; the latest number of each first."""
    rows = Report.objects.filter(scope.q("division__code"), assessment=assessment)
    named = rows.annotate(code=F("division__code"), unit_name=F("division__name"))
    return named.order_by("code", "kind", "media", "-number")


def reports_of_unit(score: UnitScore) -> QuerySet[Report]:
    """Return the latest issue of the unit's own report, both media."""
    rows = Report.objects.filter(assessment=score.assessment_id, division__code=score.code)
    latest = rows.values("assessment").annotate(last=Max("number")).values("last")
    return rows.filter(number__in=latest).order_by("kind", "media", "pk")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of an assessment's documents: its number, and the documents that the reader may have."""

    number: int
    documents: tuple[Report, ...]
    is_latest: bool


def issues_of(assessment: Assessment, scope: Scope) -> list[Issue]:
    """Return the issues, the latest first; issuing again makes a new number and edits nothing."""
    by_number: dict[int, list[Report]] = {}
    for report in reports_of(assessment, scope):
        by_number.setdefault(report.number, []).append(report)
    last = max(by_number, default=0)
    return [Issue(number, tuple(by_number[number]), number == last) for number in sorted(by_number, reverse=True)]


def siblings_of(assessment: Assessment) -> QuerySet[Assessment]:
    """Return every assessment of the county, the latest round and number first: what a reader chooses among."""
    rows = Assessment.objects.filter(round__county_code=assessment.round.county_code).select_related("round").plain()
    return rows.order_by("-round__closes_on", "-round_id", "-number")


def assessments_for(scope: Scope, status: str | None = None) -> QuerySet[Assessment]:
    """Return the assessments of every round that the scope reaches into, the latest round and number first."""
    rows = Assessment.objects.filter(round__in=rounds_for(scope).order_by()).select_related("round").plain()
    narrowed = rows.filter(status=status) if status else rows
    return narrowed.order_by("-round__closes_on", "-round_id", "-number")


def latest_of_unit(code: str) -> dict[str, Any] | None:
    """Return the unit's result in the latest published assessment that has it; None where none has."""
    rows = UnitScore.objects.filter(code=code, assessment__status=PublishStatus.PUBLISHED).defer("detail")
    found = rows.select_related("assessment__round").defer("detail", "assessment__content")
    row = found.order_by("-assessment__round__closes_on", "-pk").first()
    if row is None:
        return None
    held = row.assessment.round
    return {"assessment_id": row.assessment_id, "round": held.name, "closes_on": held.closes_on, "result": row}


def newer_round(assessment: Assessment) -> str:
    """Return the name of a round of the county that was opened after the assessment's own; "" if there is none."""
    own = assessment.round
    rows = Round.objects.filter(county_code=own.county_code, opens_on__gt=own.opens_on)
    found = rows.exclude(status=RoundStatus.DRAFT).order_by("-opens_on", "-pk").values_list("name", flat=True).first()
    return found or ""


def wanted_by_units(assessment: Assessment) -> dict[str, tuple[int, int]]:
    """Return how many needs each unit has and what they cost in fen, by code."""
    rows = (
        Need.objects.filter(assessment=assessment).values("unit_code").annotate(count=Count("pk"), cost=Sum("cost_fen"))
    )
    return {row["unit_code"]: (row["count"], row["cost"]) for row in rows.order_by("unit_code")}


def needs_of_code(assessment_id: int, unit_code: str) -> QuerySet[Need]:
    """Return the needs of the unit of that code, first need first."""
    rows = Need.objects.filter(assessment=assessment_id, unit_code=unit_code).select_related("leaf")
    return rows.order_by("priority", "pk")
