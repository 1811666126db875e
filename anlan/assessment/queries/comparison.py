"""A result beside the round before it; units merged, split or renamed since are followed to what they were."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, FloatField, OuterRef, QuerySet, Subquery, Value, When

from anlan.assessment.models import Assessment, UnitScore
from anlan.ground.publishing import PublishStatus
from anlan.places import queries as places

Origin = tuple[str, float]  # code of then, share of it that went into the unit of today


@dataclass(frozen=True, slots=True)
class PastScore:
    """One round's score of a unit. `made_of` names the units of then where it did not yet stand itself."""

    round_name: str
    closes_on: date
    score: float | None
    made_of: tuple[str, ...] = ()


def previous_assessment(assessment: Assessment) -> Assessment | None:
    """Return what was published of the round before; None where there was none."""
    if assessment.round.previous_id is None:
        return None
    rows = Assessment.objects.select_related("round").plain()
    return rows.filter(round=assessment.round.previous_id, status=PublishStatus.PUBLISHED).first()


def origins_of(units: Iterable[UnitScore], before: Assessment) -> dict[str, list[Origin]]:
    """Return of each unit that was made of others since, their codes with the shares that went into it."""
    codes = {unit.division_id: unit.code for unit in units}
    made_of = places.predecessors_of(codes, before.round.opens_on)
    return {codes[division_id]: parts for division_id, parts in made_of.items()}


def previous_scores(assessment: Assessment) -> dict[str, float]:
    """Return each unit's score of the round before by the codes of today; empty where there was none."""
    before = previous_assessment(assessment)
    if before is None:
        return {}
    scores = dict(_scored(before).values_list("code", "score"))
    units = assessment.unit_scores.only("code", "division_id")
    return scores | carried_scores(origins_of(units, before), before)  # type: ignore[return-value]


def carried_scores(made_of: Mapping[str, Sequence[Origin]], before: Assessment) -> dict[str, float]:
    """Return what the units of then scored together, weighted by the people that each brought along."""
    if not made_of:
        return {}
    codes = {code for parts in made_of.values() for code, _share in parts}
    rows = {row.code: row for row in _scored(before).filter(code__in=codes).only("code", "score", "population")}
    carried = {}
    for unit, parts in made_of.items():
        known = [
            (rows[code].score or 0.0, share * (rows[code].population or 1)) for code, share in parts if code in rows
        ]
        people = sum(weight for _score, weight in known)
        if people:
            carried[unit] = sum(score * weight for score, weight in known) / people
    return carried


def _scored(assessment: Assessment) -> QuerySet[UnitScore]:
    return UnitScore.objects.filter(assessment=assessment, score__isnull=False)


def with_change(rows: QuerySet[UnitScore], assessment: Assessment) -> QuerySet[UnitScore]:
    """Return the rows with `before`, the score of the round before, and `change` since; null where there was none."""
    before = previous_assessment(assessment)
    if before is None:
        nothing = Value(None, output_field=FloatField())
        return rows.annotate(before=nothing, change=nothing)
    carried = carried_scores(origins_of(rows.order_by().only("code", "division_id"), before), before)
    same_code = _scored(before).filter(code=OuterRef("code")).values("score")[:1]
    followed = [When(code=code, then=Value(score)) for code, score in carried.items()]
    score = Case(*followed, default=Subquery(same_code), output_field=FloatField())
    return rows.annotate(before=score).annotate(change=F("score") - F("before"))


def previous_leaf_scores(score: UnitScore, before: Assessment | None) -> dict[str, float]:
    """Return the leaf scores of the unit in the round before, or of what it was made of together."""
    if before is None:
        return {}
    parts = origins_of([score], before).get(score.code) or [(score.code, 1.0)]
    shares = dict(parts)
    sums: dict[str, tuple[float, float]] = {}
    for row in UnitScore.objects.filter(assessment=before, code__in=shares).order_by("code"):
        people = shares[row.code] * (row.population or 1)
        for leaf in row.detail["leaves"]:
            if leaf["score"] is not None:
                total, weight = sums.get(leaf["leaf_code"], (0.0, 0.0))
                sums[leaf["leaf_code"]] = (total + leaf["score"] * people, weight + people)
    return {code: total / weight for code, (total, weight) in sums.items()}


def past_scores(score: UnitScore, before: Assessment | None) -> list[PastScore]:
    """Return the unit's published scores of earlier rounds and this one, first round first."""
    row = score.assessment.round
    rows = (
        UnitScore.objects.filter(
            code=score.code,
            assessment__status=PublishStatus.PUBLISHED,
            assessment__round__county_code=row.county_code,
            assessment__round__closes_on__lt=row.closes_on,
        )
        .order_by("assessment__round__closes_on", "pk")
        .values_list("assessment__round__name", "assessment__round__closes_on", "score")
    )
    past = [PastScore(name, day, found) for name, day, found in rows]
    if before is not None:
        past = _with_origins(past, score, before)
    return [*past, PastScore(row.name, row.closes_on, score.score)]


def _with_origins(past: list[PastScore], score: UnitScore, before: Assessment) -> list[PastScore]:
    """A unit that was made since the round before stands there with what it was made of."""
    made_of = origins_of([score], before)
    carried = carried_scores(made_of, before).get(score.code)
    if carried is None:
        return past
    names = tuple(name for _code, name in places.names_of(code for code, _share in made_of[score.code]))
    earlier = [one for one in past if one.closes_on != before.round.closes_on]
    return [*earlier, PastScore(before.round.name, before.round.closes_on, carried, names)]
