"""A siting study from its question to the plan: begun, solved by a job, taken into the plan or withdrawn."""

from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils.timezone import localtime

from anlan.allocation.core.siting_answer import Answer, Progress, answer_of, quietly
from anlan.allocation.core.siting_facts import SitingFacts
from anlan.allocation.core.siting_study import (
    BadMove,
    BadSiting,
    SitingSettings,
    SitingStatus,
    check_move,
    check_settings,
)
from anlan.allocation.models import Siting, SitingPoint, SitingVillage
from anlan.allocation.queries.siting import settings_of, solver_version
from anlan.allocation.queries.siting_facts import lacks_roads, siting_facts
from anlan.ground.audit import audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.canonical import sha256_of
from anlan.kernel.refusal import Refusal, mark
from anlan.web.http import Person
from anlan.web.jobs import request_job
from anlan.web.models import Job

WGS_84 = 4326
ENUMS = ("question", "weighing", "candidates", "way")


class NoRoads(Refusal):
    """Ways along roads are asked for where no road is on record."""


@transaction.atomic
def begin_siting(*, actor: Person, county_code: str, settings: SitingSettings, at: datetime) -> Siting:
    """Begin a study of a county.

    Raises:
        BadSiting: the question is not complete, or the county has a study of that name.
    """
    check_settings(settings)
    _check_name(county_code, settings.name, None)
    row = Siting(
        county_code=county_code,
        created_at=at,
        created_by_id=actor.pk,
        created_by_name=actor.name,
        **_fields(settings),
    )
    row.save()
    audit(actor, mark("siting begun"), row, at=at)
    return row


@transaction.atomic
def change_siting(
    *, actor: Person, siting_id: int, expected_version: int, settings: SitingSettings, at: datetime
) -> Siting:
    """Ask a study that is not solved yet something else.

    Raises:
        BadMove: it is solved.
        Conflict: somebody changed it meanwhile.
        BadSiting: the question is not complete.
    """
    row = _draft(siting_id, expected_version)
    check_settings(settings)
    _check_name(row.county_code, settings.name, row.pk)
    changed = {name: value for name, value in _fields(settings).items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        save_version(row, changed)
        audit(actor, mark("siting changed"), row, at=at)
    return row


@transaction.atomic
def copy_siting(*, actor: Person, siting_id: int, name: str, at: datetime) -> Siting:
    """Begin a study that asks the same, to be changed."""
    source = Siting.objects.get(pk=siting_id)
    settings = settings_of(source, name=_free_name(source.county_code, name))
    return begin_siting(actor=actor, county_code=source.county_code, settings=settings, at=at)


@transaction.atomic
def discard_siting(*, actor: Person, siting_id: int, expected_version: int, at: datetime) -> None:
    """Throw away a study that was never solved.

    Raises:
        BadMove: it is solved: it is withdrawn instead.
        Conflict: somebody changed it meanwhile.
    """
    row = _draft(siting_id, expected_version)
    audit(actor, mark("siting discarded"), row, at=at)
    row.delete()


@transaction.atomic
def request_solution(*, actor: Person, siting_id: int, expected_version: int, at: datetime) -> Job:
    """Have a worker solve the study; the job's page shows how far it is.

    Raises:
        BadMove: it is solved already.
        Conflict: somebody changed it meanwhile.
        NoRoads: the county has no roads on record, and the study goes along them.
    """
    row = _draft(siting_id, expected_version)
    settings = settings_of(row)
    if lacks_roads(row.county_code, settings.way):
        raise NoRoads(
            "The county has no roads on record: bring roads in, or change the study to straight lines", field="way"
        )
    return request_job(
        actor=actor,
        task="allocation.solve_siting",
        title=mark("Siting study %(name)s"),
        values={"name": row.name},
        at=at,
        siting_id=row.pk,
        expected_version=row.version,
        actor_id=actor.pk,
    )


def solve_siting(
    *, actor: Person | None, siting_id: int, expected_version: int, at: datetime, progress: Progress = quietly
) -> Siting:
    """Find the points and keep them with what they were found from; a study that is solved stays as it is.

    Raises:
        Conflict: somebody changed the question meanwhile.
        BadSiting: the question has no answer; it says which number to change.
    """
    row = Siting.objects.get(pk=siting_id)
    if row.status != SitingStatus.DRAFT:
        return row
    check_version(row, expected_version)
    settings = settings_of(row)
    facts = siting_facts(row.county_code, settings, localtime(at).date())
    answer = answer_of(facts, settings, progress)
    return _keep(actor, row.pk, expected_version, facts, answer, at)


@transaction.atomic
def _keep(  # noqa: PLR0913  what was asked, from what, and what came of it
    actor: Person | None, siting_id: int, expected_version: int, facts: SitingFacts, answer: Answer, at: datetime
) -> Siting:
    row = Siting.objects.select_for_update().get(pk=siting_id)
    check_version(row, expected_version)
    check_move(row.status, SitingStatus.SOLVED)
    content = {"settings": settings_of(row).content(), "facts": facts.content(), "solver": solver_version()}
    row.status, row.solved_at, row.sha256 = SitingStatus.SOLVED.value, at, sha256_of(content)
    row.figures, row.curve = answer.figures | {"solver": solver_version()}, answer.curve
    save_version(row, ["status", "solved_at", "sha256", "figures", "curve"])
    _keep_villages(row, facts, answer, _keep_points(row, facts, answer))
    audit(actor, mark("siting solved"), row, at=at, detail={"count": answer.figures["points"], "sha256": row.sha256})
    return row


def _keep_points(row: Siting, facts: SitingFacts, answer: Answer) -> dict[int, SitingPoint]:
    """Write the points; return them by their place in the facts."""
    made = {}
    for index in answer.opened:
        place, served = facts.places[index], answer.served_by(index, facts)
        made[index] = SitingPoint(
            siting=row,
            code=place.code,
            name=place.name,
            place=Point(place.longitude, place.latitude, srid=WGS_84),
            is_existing=place.is_existing,
            site_id=place.site_id,
            capacity=place.capacity,
            load=served.load,
            village_count=served.village_count,
            mean_minutes=served.mean_minutes,
            worst_minutes=served.worst_minutes,
        )
    SitingPoint.objects.bulk_create(made.values())
    return made


def _keep_villages(row: Siting, facts: SitingFacts, answer: Answer, points: dict[int, SitingPoint]) -> None:
    SitingVillage.objects.bulk_create(
        SitingVillage(
            siting=row,
            division_id=village.division_id,
            code=village.code,
            name=village.name,
            weight=village.weight,
            point=points.get(int(answer.point[number])),
            minutes=float(answer.minutes[number]) if answer.point[number] >= 0 else None,
            absence=answer.absences[number] or "",
            parts=[[facts.places[place].name, share] for place, share in answer.parts.get(number, ())],
        )
        for number, village in enumerate(facts.villages)
    )


def _draft(siting_id: int, expected_version: int) -> Siting:
    row = Siting.objects.select_for_update().get(pk=siting_id)
    if row.status != SitingStatus.DRAFT:
        raise BadMove("The study is solved: it stays as it is. Copy it to ask something else")
    check_version(row, expected_version)
    return row


def _check_name(county_code: str, name: str, pk: int | None) -> None:
    if Siting.objects.filter(county_code=county_code, name=name.strip()).exclude(pk=pk or 0).exists():
        raise BadSiting("The county has a study %(name)s already", field="name", name=name.strip())


def _free_name(county_code: str, name: str) -> str:
    """Return the name, numbered where it is taken."""
    taken = set(Siting.objects.filter(county_code=county_code).values_list("name", flat=True))
    wanted = name[:56]
    numbered = (f"{wanted} {number}" for number in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(each for each in numbered if each not in taken)


def _fields(settings: SitingSettings) -> dict[str, Any]:
    content = settings.content()
    return {
        **content,
        "name": settings.name.strip(),
        **{name: content[name].value for name in ENUMS},
    }
