"""Running an assessment over a round, and publishing what it found."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import Max

import anlan
from anlan.assessment import events
from anlan.assessment.core.assess import assess
from anlan.assessment.core.chosen_weights import METHODS, UnknownMethod
from anlan.assessment.core.frozen import result_content, survey_content
from anlan.assessment.core.system_content import system_from_content
from anlan.assessment.core.values import Result, UnitResult
from anlan.assessment.documents.offline import SEED
from anlan.assessment.evidence import EVIDENCE
from anlan.assessment.models import Assessment, Evidence, Leaf, Need, Round, RoundStatus, UnitScore
from anlan.assessment.queries.quality import missing_of
from anlan.assessment.queries.surveys import survey_of
from anlan.ground.audit import audit
from anlan.ground.events import announce
from anlan.ground.publishing import PublishStatus
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.web.http import Person
from anlan.web.jobs import request_job
from anlan.web.models import Job
from anlan.worklists import actions as worklists

DIMENSIONS = ("org", "capability", "materials", "process", "digital")
STEPS = 4
Progress = Callable[..., None]  # done, total, a marked message, its values


class NothingToAssess(Refusal):
    """The round holds no answers."""


def quietly(done: int, total: int, doing: str = "", **values: object) -> None:
    """Tell nobody how far the work is."""


@transaction.atomic
def request_assessment(*, actor: Person, round_id: int, method: str, at: datetime) -> Job:
    """Have a worker assess the round; the job's page shows how far it is.

    Raises:
        UnknownMethod: there are no such weights.
        NothingToAssess: the round was never opened or nobody has answered.
    """
    row = Round.objects.get(pk=round_id)
    if method not in METHODS:
        raise UnknownMethod(
            "There are no weights by %(method)s; there are %(methods)s", method=method, methods=", ".join(METHODS)
        )
    _check_answered(row)
    return request_job(
        actor=actor,
        task="assessment.run",
        title=mark("Assessment of the survey %(round)s"),
        values={"round": row.name},
        at=at,
        round_id=row.pk,
        method=method,
        actor_id=actor.pk,
    )


def _check_answered(row: Round) -> None:
    if row.status == RoundStatus.DRAFT:
        raise NothingToAssess("The survey %(round)s was never opened", round=row.name)
    if not row.answers.given().exists():
        raise NothingToAssess("Nobody has answered anything in the survey %(round)s", round=row.name)


@transaction.atomic
def gather_evidence(*, actor: Person | None, round_id: int, at: datetime) -> int:
    """Ask the records of lower contexts for what they show at the closing date; return how many said something."""
    row = Round.objects.get(pk=round_id)
    levels = dict(Leaf.objects.filter(system_version=row.system_version_id).values_list("code", "level"))
    found = [
        Evidence(round=row, division_id=unit.pk, leaf_code=leaf, value=value, source="records", observed_at=at)
        for unit in places.units_within(prefix_of(row.county_code), row.opens_on)
        for leaf, query in EVIDENCE.items()
        if levels.get(leaf) == unit.level and (value := query(unit.code, row.closes_on)) is not None
    ]
    Evidence.objects.bulk_create(
        found,
        update_conflicts=True,
        unique_fields=["round", "division", "leaf_code"],
        update_fields=["value", "source", "observed_at"],
    )
    audit(actor, "evidence gathered", row, at=at, detail={"count": len(found)})
    return len(found)


def record_evidence(
    *, round_id: int, unit_code: str, leaf_code: str, value: float, source: str, at: datetime
) -> Evidence:
    """Keep what a context above shows, beside the self-reported answer."""
    row = Round.objects.get(pk=round_id)
    division = places.division_at(unit_code, row.opens_on)
    evidence, _ = Evidence.objects.update_or_create(
        round=row,
        division_id=division.pk,
        leaf_code=leaf_code,
        defaults={"value": value, "source": source, "observed_at": at},
    )
    return evidence


def assess_round(*, actor: Person | None, round_id: int, method: str, at: datetime, progress: Progress) -> Assessment:
    """Do the whole of a requested assessment: gather what records show, then compute and freeze."""
    progress(0, STEPS, mark("Asking the records what they show"))
    gather_evidence(actor=actor, round_id=round_id, at=at)
    return run_assessment(actor=actor, round_id=round_id, method=method, at=at, progress=progress)


@transaction.atomic
def run_assessment(
    *,
    actor: Person | None,
    round_id: int,
    method: str,
    at: datetime,
    seed: int = SEED,
    progress: Progress = quietly,
) -> Assessment:
    """Compute scores and needs from the round as it stands, and freeze inputs and results.

    The same answers give the same result: `seed` is of the shaken weights alone.

    Raises:
        NothingToAssess: no unit has answered anything.
        Refusal: the method's weights cannot be computed (`core.chosen_weights`).
    """
    row = Round.objects.select_for_update(of=("self",)).select_related("system_version").get(pk=round_id)
    _check_answered(row)
    progress(1, STEPS, mark("Reading the answers"))
    survey = survey_of(row)
    progress(2, STEPS, mark("Computing scores, grades and needs of %(count)d units"), count=len(survey.units))
    system = system_from_content(row.system_version.content)
    result = assess(survey, system, method=method, rng=np.random.default_rng(seed))
    progress(3, STEPS, mark("Keeping the result"))
    assessment = Assessment.objects.create(
        round=row,
        number=(row.assessments.aggregate(last=Max("number"))["last"] or 0) + 1,
        method=method,
        seed=seed,
        content={
            "survey": survey_content(survey),
            "method": method,
            "seed": seed,
            "notes": [[note.message, dict(note.values)] for note in result.notes],
        },
        sha256=result.input_sha256,
        system_sha256=row.system_version.sha256,
        computed_at=at,
        computed_by_name=actor.name if actor else "",
        missing_count=len(result.missing),
        program_version=anlan.__version__,
    )
    _store_scores(assessment, result, row)
    audit(actor, "assessment computed", assessment, at=at, detail={"sha256": assessment.sha256})
    return assessment


def _store_scores(assessment: Assessment, result: Result, row: Round) -> None:
    ids = ids_of_units(row)
    names = {unit.unit.code: unit.unit.name for unit in result.units}
    UnitScore.objects.bulk_create(
        (_unit_row(assessment, unit, ids[unit.unit.code], names) for unit in result.units), batch_size=500
    )
    leaves = {leaf.code: leaf.pk for leaf in Leaf.objects.filter(system_version=row.system_version)}
    Need.objects.bulk_create(_need_rows(assessment, result, ids, leaves), batch_size=1000)


def ids_of_units(row: Round) -> dict[str, int]:
    """Return the ids of the county's divisions as they stood when the round opened, by code."""
    units = places.units_within(prefix_of(row.county_code), row.opens_on)
    return dict(units.values_list("code", "pk"))


def _unit_row(assessment: Assessment, unit: UnitResult, division_id: int, names: Mapping[str, str]) -> UnitScore:
    scores = {score.dimension.value: score.score for score in unit.dimensions}
    return UnitScore(
        assessment=assessment,
        division_id=division_id,
        code=unit.unit.code,
        name=unit.unit.name,
        parent_name=names.get(unit.unit.parent_code or "", ""),
        level=unit.unit.level,
        region=unit.unit.region or "",
        profiles=sorted(unit.unit.profiles),
        population=unit.unit.population,
        score=unit.score,
        lower=unit.lower,
        upper=unit.upper,
        completeness=unit.completeness,
        grade=unit.grade or "",
        is_weak=unit.is_weak,
        rank=unit.rank,
        rank_low=unit.rank_low,
        rank_high=unit.rank_high,
        detail=result_content(unit),
        **{name: scores.get(name) for name in DIMENSIONS},
    )


def _need_rows(
    assessment: Assessment, result: Result, ids: Mapping[str, int], leaves: Mapping[str, int]
) -> Iterable[Need]:
    for need in result.needs:
        yield Need(
            assessment=assessment,
            division_id=ids[need.unit_code],
            leaf_id=leaves[need.leaf_code],
            unit_code=need.unit_code,
            unit_name=need.unit_name,
            township_code=need.township_code or "",
            township_name=need.township_name,
            dimension=need.dimension,
            current=need.current,
            target=need.target,
            gap=need.gap,
            loss=need.loss,
            obstacle=need.obstacle,
            measure=need.measure_zh,
            unit_price_fen=need.unit_price_fen,
            quantity=need.quantity,
            cost_fen=need.cost_fen,
            priority=need.priority,
            department=need.department,
            due_on=need.due_on,
        )


@transaction.atomic
def publish_assessment(*, actor: Person | None, assessment_id: int, at: datetime) -> Assessment:
    """Make an assessment the one that counts; the one before is superseded, and missing answers become tasks.

    Raises:
        NothingToAssess: it is published or superseded already.
    """
    rows = Assessment.objects.select_for_update(of=("self",)).select_related("round").plain()
    assessment = rows.get(pk=assessment_id)
    if assessment.status != PublishStatus.DRAFT:
        raise NothingToAssess("This assessment is published already")
    assessment.round.assessments.filter(status=PublishStatus.PUBLISHED).update(status=PublishStatus.SUPERSEDED)
    assessment.status, assessment.published_at = PublishStatus.PUBLISHED, at
    assessment.published_by_id = actor.pk if actor else None
    assessment.published_by_name = actor.name if actor else ""
    assessment.save(update_fields=["status", "published_at", "published_by_id", "published_by_name"])
    _ask_for_missing(actor, assessment, at)
    audit(actor, "assessment published", assessment, at=at, detail={"sha256": assessment.sha256})
    announce(events.ASSESSMENT_PUBLISHED, assessment_id=assessment.pk)
    return assessment


def _ask_for_missing(actor: Person | None, assessment: Assessment, at: datetime) -> None:
    """A missing leaf is a task to ask again (补查), never a priced need."""
    row = assessment.round
    for score in assessment.unit_scores.filter(completeness__lt=1).order_by("code"):
        missing = missing_of(score)
        if not missing:
            continue
        worklists.put_task(
            actor=actor,
            key=f"assessment.missing:{row.pk}:{score.code}",
            title=mark("Ask again for %(count)d missing answers of %(unit)s"),
            values={"count": len(missing), "unit": score.name},
            division_code=score.code,
            department=None,
            url=f"/assessments/{assessment.pk}/units/{score.code}/",
            due_on=row.closes_on,
            at=at,
        )
