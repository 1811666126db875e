"""What was found: rankings, units, needs, documents."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from anlan.accounts.queries import Scope
from anlan.assessment.core.frozen import result_from_content
from anlan.assessment.core.values import Dimension, Result, UnitResult
from anlan.assessment.core.values import Need as NeedValue
from anlan.assessment.models import Assessment, Flag, FlagStatus, Need, Report, Round, UnitScore
from anlan.assessment.queries.boards import rounds_for
from anlan.assessment.queries.surveys import system_of
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import Level


def assessments_of(row: Round) -> QuerySet[Assessment]:
    """Return a round's assessments, latest first."""
    return row.assessments.order_by("-number")


def latest_assessment(scope: Scope) -> Assessment | None:
    """Return the published assessment of the latest round that the scope reaches into."""
    return (
        Assessment.objects.filter(round__in=rounds_for(scope), status=PublishStatus.PUBLISHED)
        .select_related("round__system_version")
        .order_by("-round__closes_on", "-pk")
        .first()
    )


def scores_of(assessment: Assessment, scope: Scope) -> QuerySet[UnitScore]:
    """Return the units' scores within the scope, without their details."""
    return UnitScore.objects.filter(scope.q("code"), assessment=assessment).defer("detail").order_by("rank", "code")


def previous_scores(assessment: Assessment) -> dict[str, float]:
    """Return each unit's score of the round before, by code; empty where there was none."""
    if assessment.round.previous_id is None:
        return {}
    rows = UnitScore.objects.filter(
        assessment__round=assessment.round.previous_id,
        assessment__status=PublishStatus.PUBLISHED,
        score__isnull=False,
    )
    return dict(rows.values_list("code", "score"))


def needs_of(assessment: Assessment, scope: Scope) -> QuerySet[Need]:
    """Return the needs list within the scope, first need first."""
    return (
        Need.objects.filter(scope.q("unit_code"), assessment=assessment)
        .select_related("leaf")
        .order_by("priority", "unit_code", "pk")
    )


def need_totals(assessment: Assessment, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return count and cost of the needs by dimension and by township, and in all."""
    needs = Need.objects.filter(scope.q("unit_code"), assessment=assessment)
    figures = {"count": Count("pk"), "cost_fen": Sum("cost_fen")}
    return {
        "dimensions": list(needs.values("dimension").annotate(**figures).order_by("dimension")),
        "townships": list(
            needs.values("township_code", "township_name").annotate(**figures).order_by("-cost_fen", "township_code")
        ),
        "all": [needs.aggregate(**figures)],
    }


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
    )


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


def like_units(score: UnitScore) -> QuerySet[UnitScore]:
    """Return the units of the same level and region type, itself included."""
    return UnitScore.objects.filter(assessment=score.assessment_id, level=score.level, region=score.region)


def means_beside(score: UnitScore) -> Mapping[str, list[float | None]]:
    """Return the mean dimension scores of the county's units of this level and of like units, for the radar."""
    peers = UnitScore.objects.filter(assessment=score.assessment_id, level=score.level)
    return {"county": _means(peers), "like": _means(like_units(score))}


def _means(rows: QuerySet[UnitScore]) -> list[float | None]:
    columns = [[getattr(row, name) for row in rows.defer("detail")] for name in Dimension]
    given = [[value for value in column if value is not None] for column in columns]
    return [sum(column) / len(column) if column else None for column in given]


def children_of(score: UnitScore) -> QuerySet[UnitScore]:
    """Return the results directly below the unit."""
    below = {Level.COUNTY: Level.TOWNSHIP, Level.TOWNSHIP: Level.VILLAGE}.get(Level(score.level))
    prefix = score.code[:6] if score.level == Level.COUNTY else score.code[:9]
    rows = UnitScore.objects.filter(assessment=score.assessment_id, level=below, code__startswith=prefix)
    return rows.defer("detail").order_by("rank", "code")


def quality_of(assessment: Assessment, scope: Scope) -> dict[str, Any]:
    """Return how far the result can be relied on: completeness, verified share, doubts and flags."""
    rows = UnitScore.objects.filter(scope.q("code"), assessment=assessment).defer("detail")
    answers = assessment.content["survey"]["answers"]
    mine = [answer for answer in answers if scope.covers(answer[0])]
    return {
        "units": rows.count(),
        "complete": rows.filter(completeness__gte=1).count(),
        "ungraded": rows.filter(grade="").order_by("code"),
        "thin": rows.filter(completeness__lt=1).order_by("completeness", "code"),
        "answers": len(mine),
        "verified": sum(1 for answer in mine if answer[5]),
        "flags": Flag.objects.filter(Q(answer__round=assessment.round), status=FlagStatus.OPEN).count(),
    }


def reports_of(assessment: Assessment, scope: Scope) -> QuerySet[Report]:
    """Return the issued documents within the scope; the latest number of each first."""
    rows = Report.objects.filter(scope.q("division__code"), assessment=assessment).select_related("division")
    return rows.order_by("division__code", "kind", "media", "-number")
