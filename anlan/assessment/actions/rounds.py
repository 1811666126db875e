"""Preparing, opening, reminding and closing a round."""

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from anlan.assessment import events
from anlan.assessment.actions.flags import check_round
from anlan.assessment.actions.lists import fill_url, pairs_of, put_fill_tasks, put_verify_tasks, withdraw_filling
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
from anlan.assessment.queries.boards import outstanding_of
from anlan.ground.audit import audit
from anlan.ground.events import announce
from anlan.ground.publishing import PublishStatus
from anlan.ground.versions import check_version, save_version
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.records import actions as records
from anlan.web.http import Person


class RoundProblem(Refusal):
    """The round cannot be made or moved as asked."""


@transaction.atomic
def create_round(
    *, actor: Person | None, name: str, county_code: str, opens_on: date, closes_on: date, at: datetime
) -> Round:
    """Prepare a round on the published default system; the county's last round that was opened is its predecessor.

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
    earlier = Round.objects.filter(county_code=county_code, closes_on__lt=closes_on)
    previous = earlier.exclude(status=RoundStatus.DRAFT).order_by("-closes_on", "-pk").first()
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
    put_fill_tasks(actor, row, outstanding_of(row), at)
    audit(actor, "round opened", row, at=at, detail={"units": len(units)})
    announce(events.ROUND_OPENED, round_id=row.pk)
    return row


def _departments_by_level(row: Round) -> dict[str, set[str]]:
    asked: dict[str, set[str]] = defaultdict(set)
    for level, department in Leaf.objects.filter(system_version=row.system_version).values_list("level", "department"):
        asked[level].add(department)
    return asked


@transaction.atomic
def remind_round(*, actor: Person | None, round_id: int, today: date, at: datetime) -> int:
    """Remind each township's departments of what is outstanding, at most once a day; return how many."""
    row = Round.objects.select_for_update().get(pk=round_id)
    if row.status != RoundStatus.OPEN:
        raise RoundProblem("Only an open round can be reminded of")
    done = set(row.reminders.filter(sent_on=today).values_list("township_code", "department"))
    new = [
        Reminder(round=row, township_code=code, department=department, sent_on=today, outstanding=count)
        for (code, department), count in sorted(outstanding_of(row).items())
        if (code, department) not in done
    ]
    Reminder.objects.bulk_create(new)
    put_fill_tasks(actor, row, [(reminder.township_code, reminder.department) for reminder in new], at)
    for reminder in new:
        records.send_notice_to_area(
            division_code=reminder.township_code,
            department=reminder.department,
            message=mark("%(count)d units of the survey %(round)s are still outstanding"),
            values={"count": reminder.outstanding, "round": row.name},
            url=fill_url(row.pk, reminder.township_code, reminder.department),
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
    check_round(actor=actor, round_id=row.pk, at=at)
    Answer.objects.filter(round=row, status=AnswerStatus.DRAFT).update(status=AnswerStatus.SUBMITTED)
    answered = Answer.objects.given().filter(
        round=row, division=OuterRef("division"), leaf__department=OuterRef("department")
    )
    row.assignments.filter(Exists(answered), status=AssignmentStatus.OPEN).update(
        status=AssignmentStatus.SUBMITTED, submitted_at=at
    )
    row.status, row.closed_at = RoundStatus.CLOSED, at
    save_version(row, ["status", "closed_at"])
    withdraw_filling(actor, row, at)
    waiting = row.assignments.with_division().filter(status=AssignmentStatus.SUBMITTED)
    put_verify_tasks(actor, row, pairs_of(waiting), at)
    audit(actor, "round closed", row, at=at)
    announce(events.ROUND_CLOSED, round_id=row.pk)
    return row
