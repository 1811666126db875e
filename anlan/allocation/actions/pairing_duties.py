"""Tasks and deliverables of an agreement: what one side owes, delivered, accepted by the other or sent back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from anlan.allocation.actions.pairing_agreements import LONGEST, followed, needed
from anlan.allocation.actions.pairing_tasks import finish_work, other_side, put_work, tell_unit, withdraw_work
from anlan.allocation.core.pairing_life import DutyState, check_duty
from anlan.allocation.models import Duty, DutyKind
from anlan.ground.audit import Actor, audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.web.http import Person

LONGEST_TITLE = 150
ON_THE_LIST = mark("on the work list, by whoever checks the work there")


class BadDuty(Refusal):
    """The task or deliverable lacks something."""


class OwnDelivery(Refusal):
    """Somebody would accept what they delivered themselves."""


@dataclass(frozen=True, slots=True)
class NewDuty:
    """A task or deliverable that one side owes."""

    kind: str
    side: str
    title: str
    due_on: date


@transaction.atomic
def put_duty(*, actor: Person, agreement_id: int, duty: NewDuty, at: datetime) -> Duty:
    """Put a task or a deliverable on one side's work list.

    Raises:
        NotFollowed: the agreement is not active.
        BadDuty: it has no words, its day is past, or lies after the agreement's end.
    """
    agreement = followed(agreement_id)
    today = localtime(at).date()
    if not duty.title.strip():
        raise BadDuty("Say what is to be done", field="title")
    if not today <= duty.due_on <= agreement.ends_on:
        raise BadDuty(
            "Choose a day from today to %(end)s, when the agreement ends",
            field="due_on",
            end=agreement.ends_on.isoformat(),
        )
    row = Duty.objects.create(
        agreement=agreement,
        author_id=actor.pk,
        author_name=actor.name,
        at=at,
        kind=duty.kind,
        side=duty.side,
        title=duty.title.strip()[:LONGEST_TITLE],
        due_on=duty.due_on,
    )
    audit(actor, "duty put", row, at=at, detail={"due_on": row.due_on.isoformat()})
    put_work(actor=actor, agreement=agreement, today=today, at=at)
    message = mark("Put on your list under the pairing with %(unit)s: %(title)s")
    values = {"unit": agreement.name_of(other_side(row.side)), "title": row.title}
    tell_unit(agreement, row.side, message, values, at)
    return row


def _duty(duty_id: int, expected_version: int | None = None) -> Duty:
    row = Duty.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=duty_id)
    if expected_version is not None:
        check_version(row, expected_version)
    return row


@transaction.atomic
def deliver_duty(*, actor: Person, duty_id: int, remark: str, expected_version: int, at: datetime) -> Duty:
    """Say that a task is done or a deliverable delivered; of a deliverable the other side is asked to accept it.

    Raises:
        BadMove: it is not due any more.
    """
    row = _duty(duty_id, expected_version)
    check_duty(row.state, DutyState.DELIVERED)
    _deliver(actor, row, remark, at)
    finish_work(actor=actor, agreement=row.agreement, what=f"duty:{row.pk}", at=at)
    return row


@transaction.atomic
def note_task_done(*, duty_id: int, at: datetime) -> Duty | None:
    """Take over that a duty's task was done on the work list; None when it is not due any more. Runs twice unharmed."""
    row = Duty.objects.select_for_update(of=("self",)).select_related("agreement").filter(pk=duty_id).first()
    if row is None or row.state != DutyState.DUE:
        return None
    _deliver(None, row, "", at)
    return row


@transaction.atomic
def note_task_returned(*, duty_id: int, at: datetime) -> Duty | None:
    """Take over that a duty's task was sent back on the work list; None when it is not delivered. Runs twice."""
    row = Duty.objects.select_for_update(of=("self",)).select_related("agreement").filter(pk=duty_id).first()
    if row is None or row.state != DutyState.DELIVERED:
        return None
    row.state, row.delivered_on, row.return_reason = DutyState.DUE, None, ON_THE_LIST
    save_version(row, ["state", "delivered_on", "return_reason"])
    audit(None, "duty returned", row, at=at)
    withdraw_work(actor=None, agreement=row.agreement, what=f"accept:{row.pk}", at=at)
    return row


def _deliver(actor: Actor | None, row: Duty, remark: str, at: datetime) -> None:
    row.state, row.delivered_on, row.remark = DutyState.DELIVERED, localtime(at).date(), remark.strip()[:LONGEST]
    row.delivered_by_id, row.delivered_by_name = (actor.pk, str(actor.name)) if actor else (None, "")
    save_version(row, ["state", "delivered_on", "remark", "delivered_by_id", "delivered_by_name"])
    audit(actor, "duty delivered", row, at=at, detail={"remark": row.remark} if row.remark else None)
    if row.kind == DutyKind.DELIVERABLE:
        put_work(actor=actor, agreement=row.agreement, today=localtime(at).date(), at=at)


@transaction.atomic
def accept_duty(*, actor: Person, duty_id: int, expected_version: int, at: datetime) -> Duty:
    """Accept what the other side delivered.

    Raises:
        OwnDelivery: the actor delivered it.
        BadMove: it is not delivered.
    """
    row = _duty(duty_id, expected_version)
    check_duty(row.state, DutyState.ACCEPTED)
    if row.delivered_by_id == actor.pk:
        raise OwnDelivery("Somebody other than who delivered it accepts it")
    row.state, row.accepted_on = DutyState.ACCEPTED, localtime(at).date()
    row.accepted_by_id, row.accepted_by_name = actor.pk, actor.name
    save_version(row, ["state", "accepted_on", "accepted_by_id", "accepted_by_name"])
    audit(actor, "duty accepted", row, at=at)
    finish_work(actor=actor, agreement=row.agreement, what=f"accept:{row.pk}", at=at)
    return row


@transaction.atomic
def return_duty(*, actor: Person, duty_id: int, reason: str, expected_version: int, at: datetime) -> Duty:
    """Send a delivery back: it is due again.

    Raises:
        ReasonMissing: it is not said why.
        BadMove: it is not delivered.
    """
    row = _duty(duty_id, expected_version)
    check_duty(row.state, DutyState.DUE)
    row.state, row.delivered_on, row.return_reason = DutyState.DUE, None, needed(reason)
    save_version(row, ["state", "delivered_on", "return_reason"])
    audit(actor, "duty returned", row, at=at, detail={"reason": row.return_reason})
    withdraw_work(actor=actor, agreement=row.agreement, what=f"accept:{row.pk}", at=at)
    put_work(actor=actor, agreement=row.agreement, today=localtime(at).date(), at=at)
    message = mark("%(who)s sent back “%(title)s”: %(reason)s")
    values = {"who": actor.name, "title": row.title, "reason": row.return_reason}
    tell_unit(row.agreement, row.side, message, values, at)
    return row


@transaction.atomic
def strike_duty(*, actor: Person, duty_id: int, expected_version: int, at: datetime) -> Duty:
    """Strike off what is not wanted any more.

    Raises:
        BadMove: it is delivered.
    """
    row = _duty(duty_id, expected_version)
    check_duty(row.state, DutyState.STRUCK)
    row.state = DutyState.STRUCK
    save_version(row, ["state"])
    audit(actor, "duty struck", row, at=at)
    withdraw_work(actor=actor, agreement=row.agreement, what=f"duty:{row.pk}", at=at)
    return row
