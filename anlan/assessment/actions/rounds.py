"""Preparing, opening, reminding and closing a round."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from anlan.assessment import events
from anlan.assessment.core.lifecycle import ROUND_NEXT, check_move
from anlan.assessment.models import (
    Answer,
    AnswerStatus,
    Assignment,
    AssignmentStatus,
    Leaf,
    Reminder,
    Round,
    RoundStatus,
    SystemVersion,
)
from anlan.ground.audit import audit
from anlan.ground.events import announce
from anlan.ground.publishing import PublishStatus
from anlan.ground.versions import check_version, save_version
from anlan.assessment.queries.boards import list_code
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.records import actions as records
from anlan.web.http import Person
from anlan.worklists import actions as worklists


class RoundProblem(Refusal):
    """The round cannot be made or moved as asked."""


@transaction.atomic
def create_round(
    *, actor: Person | None, name: str, county_code: str, opens_on: date, closes_on: date, at: datetime
) -> Round:
    """Prepare a round on the published default system; the county's last closed round is its predecessor.

    Raises:
        RoundProblem: the name is taken, the dates are the wrong way round or no system is published.
    """
    version = SystemVersion.objects.filter(status=PublishStatus.PUBLISHED).order_by("-published_at", "-pk").first()
    if version is None:
        raise RoundProblem("No indicator system is published yet")
    if closes_on <= opens_on:
        raise RoundProblem(
            "The round closes on %(closes)s, which is not after it opens on %(opens)s",
            closes=closes_on.isoformat(),
            opens=opens_on.isoformat(),
        )
    if Round.objects.filter(county_code=county_code, name=name).exists():
        raise RoundProblem("There is a round named %(name)s already", name=name)
    previous = Round.objects.filter(county_code=county_code, closes_on__lt=closes_on).order_by("-closes_on", "-pk").first()
    row = Round.objects.create(
        name=name,
        county_code=county_code,
        system_version=version,
        previous=previous,
        opens_on=opens_on,
        closes_on=closes_on,
    )
    audit(actor, "round prepared", row, at=at)
    return row


@transaction.atomic
def open_round(*, actor: Person | None, round_id: int, expected_version: int, at: datetime) -> Round:
    """Open a round: each unit's departments get their assignment and a place on the work list.

    Raises:
        NotAllowed: it is open already.
        RoundProblem: the county has no divisions on the opening day.
    """
    row = Round.objects.select_for_update().get(pk=round_id)
    check_version(row, expected_version)
    check_move(ROUND_NEXT, row.status, RoundStatus.OPEN)
    units = places.units_within(prefix_of(row.county_code), row.opens_on)
    if not units:
        raise RoundProblem("The county has no divisions on %(day)s; load them first", day=row.opens_on.isoformat())
    asked = _departments_by_level(row)
    Assignment.objects.bulk_create(
        (
            Assignment(round=row, division_id=unit.pk, department=department)
            for unit in units
            for department in sorted(asked[unit.level])
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
    row.status, row.opened_at, row.closed_at = RoundStatus.OPEN, at, None
    save_version(row, ["status", "opened_at", "closed_at"])
    _put_fill_tasks(actor, row, {(unit.code, department) for unit in units for department in asked[unit.level]}, at)
    audit(actor, "round opened", row, at=at, detail={"units": len(units)})
    announce(events.ROUND_OPENED, round_id=row.pk)
    return row


def _departments_by_level(row: Round) -> dict[str, set[str]]:
    asked: dict[str, set[str]] = defaultdict(set)
    for level, department in Leaf.objects.filter(system_version=row.system_version).values_list("level", "department"):
        asked[level].add(department)
    return asked


def fill_task_key(round_id: int, township_code: str, department: str) -> str:
    """Return the key that makes a fill task one."""
    return f"assessment.fill:{round_id}:{township_code}:{department}"


def _put_fill_tasks(actor: Person | None, row: Round, pairs: Iterable[tuple[str, str]], at: datetime) -> None:
    """One task a township and department: filling its units is one piece of work."""
    for township, department in sorted({(list_code(code), department) for code, department in pairs}):
        worklists.put_task(
            actor=actor,
            key=fill_task_key(row.pk, township, department),
            title=mark("Fill in the survey %(round)s"),
            values={"round": row.name},
            division_code=township,
            department=department,
            url=f"/survey/{row.pk}/fill/{township}/?department={department}",
            due_on=row.closes_on,
            at=at,
        )


@transaction.atomic
def remind_round(*, actor: Person | None, round_id: int, today: date, at: datetime) -> int:
    """Remind each township's departments of what is outstanding, at most once a day; return how many."""
    row = Round.objects.select_for_update().get(pk=round_id)
    if row.status != RoundStatus.OPEN:
        raise RoundProblem("Only an open round can be reminded of")
    outstanding: dict[tuple[str, str], int] = defaultdict(int)
    waiting = row.assignments.filter(status__in=[AssignmentStatus.OPEN, AssignmentStatus.RETURNED])
    for code, department in waiting.values_list("division__code", "department"):
        outstanding[list_code(code), department] += 1
    done = set(row.reminders.filter(sent_on=today).values_list("township_code", "department"))
    new = [
        Reminder(round=row, township_code=code, department=department, sent_on=today, outstanding=count)
        for (code, department), count in sorted(outstanding.items())
        if (code, department) not in done
    ]
    Reminder.objects.bulk_create(new)
    _put_fill_tasks(actor, row, [(reminder.township_code, reminder.department) for reminder in new], at)
    for reminder in new:
        records.send_notice_to_area(
            division_code=reminder.township_code,
            department=reminder.department,
            message=mark("%(count)d units of the survey %(round)s are still outstanding"),
            values={"count": reminder.outstanding, "round": row.name},
            url=f"/survey/{row.pk}/fill/{reminder.township_code}/?department={reminder.department}",
            at=at,
        )
    audit(actor, "round reminded", row, at=at, detail={"reminders": len(new)})
    return len(new)


@transaction.atomic
def close_round(*, actor: Person | None, round_id: int, expected_version: int, at: datetime) -> Round:
    """Close a round: what was typed is handed in as it stands; what is missing stays missing."""
    row = Round.objects.select_for_update().get(pk=round_id)
    check_version(row, expected_version)
    check_move(ROUND_NEXT, row.status, RoundStatus.CLOSED)
    Answer.objects.filter(round=row, status=AnswerStatus.DRAFT).update(status=AnswerStatus.SUBMITTED)
    row.assignments.filter(status=AssignmentStatus.OPEN, division__in=_answered_divisions(row)).update(
        status=AssignmentStatus.SUBMITTED, submitted_at=at
    )
    row.status, row.closed_at = RoundStatus.CLOSED, at
    save_version(row, ["status", "closed_at"])
    worklists.withdraw_tasks(actor=actor, key_prefix=f"assessment.fill:{row.pk}:", at=at)
    audit(actor, "round closed", row, at=at)
    announce(events.ROUND_CLOSED, round_id=row.pk)
    return row


def _answered_divisions(row: Round) -> list[int]:
    return list(Answer.objects.filter(round=row).values_list("division_id", flat=True).distinct())
