"""What an agreement puts on the work lists of both units and of the county, and takes off again.

Each piece of work has its key under the agreement's: putting it again changes nothing that is the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse

from anlan.allocation.core.pairing_calendar import check_due, visit_due
from anlan.allocation.core.pairing_life import FOLLOWED, AgreementState, DutyState
from anlan.allocation.models import Agreement, Duty, DutyKind, Side, Visit, YearlyCheck
from anlan.ground.audit import Actor
from anlan.kernel.refusal import mark
from anlan.records import actions as records
from anlan.worklists import actions as worklists

DAYS_TO_CONFIRM = timedelta(days=10)
DAYS_TO_ACCEPT = timedelta(days=14)
KEY = "allocation.pairing"


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work as the lists take it."""

    key: str
    title: str
    values: Mapping[str, Any]
    code: str
    due_on: date


def key_of(agreement: Agreement, what: str = "") -> str:
    """Return the key of an agreement's work, or where all of it begins."""
    return f"{KEY}:{agreement.pk}:{what}"


def duty_in(key: str) -> int | None:
    """Return the duty that a finished task was about; None where it was about something else.

    >>> duty_in("allocation.pairing:7:duty:12"), duty_in("allocation.pairing:7:visit"), duty_in("survey.fill:1")
    (12, None, None)
    """
    parts = key.split(":")
    return int(parts[3]) if parts[0] == KEY and len(parts) == 4 and parts[2] == "duty" else None


def agreement_in(key: str) -> int | None:
    """Return the agreement that a task belongs to, None where it belongs to none.

    >>> agreement_in("allocation.pairing:7:confirm:helper")
    7
    """
    parts = key.split(":")
    return int(parts[1]) if parts[0] == KEY else None


def other_side(side: str) -> str:
    """Return the side across."""
    return Side.HELPED if side == Side.HELPER else Side.HELPER


def work_of(agreement: Agreement, today: date) -> list[Work]:
    """Return everything that waits to be done under the agreement now."""
    if agreement.state == AgreementState.PROPOSED:
        return list(_confirmations(agreement))
    if agreement.state not in FOLLOWED:
        return []
    return [*_visits(agreement), *_duties(agreement, today), *_checks(agreement)]


def _confirmations(agreement: Agreement) -> Iterable[Work]:
    for side in (Side.HELPER, Side.HELPED):
        if getattr(agreement, f"{side.value}_confirmed_at") is None:
            yield Work(
                key_of(agreement, f"confirm:{side.value}"),
                mark("Confirm the pairing with %(unit)s"),
                {"unit": agreement.name_of(other_side(side))},
                agreement.code_of(side),
                agreement.proposed_at.date() + DAYS_TO_CONFIRM,
            )


def _visits(agreement: Agreement) -> Iterable[Work]:
    made = Visit.objects.filter(agreement=agreement, side=Side.HELPER).count()
    due = visit_due(agreement.starts_on, agreement.ends_on, visits_a_year=agreement.visits_a_year, made=made)
    if due is not None and agreement.state == AgreementState.ACTIVE:
        title, values = mark("Visit %(unit)s (no. %(number)d)"), {"unit": agreement.helped_name, "number": made + 1}
        yield Work(key_of(agreement, "visit"), title, values, agreement.helper_code, due)


def _duties(agreement: Agreement, today: date) -> Iterable[Work]:
    for duty in Duty.objects.filter(agreement=agreement).order_by("pk"):
        across = other_side(duty.side)
        if duty.state == DutyState.DUE:
            yield Work(
                key_of(agreement, f"duty:{duty.pk}"),
                mark("%(title)s (pairing with %(unit)s)"),
                {"title": duty.title, "unit": agreement.name_of(across)},
                agreement.code_of(duty.side),
                duty.due_on,
            )
        elif duty.kind == DutyKind.DELIVERABLE and duty.state == DutyState.DELIVERED:
            yield Work(
                key_of(agreement, f"accept:{duty.pk}"),
                mark("Accept “%(title)s” of %(unit)s"),
                {"title": duty.title, "unit": agreement.name_of(duty.side)},
                agreement.code_of(across),
                (duty.delivered_on or today) + DAYS_TO_ACCEPT,
            )


def _checks(agreement: Agreement) -> Iterable[Work]:
    checked = YearlyCheck.objects.filter(agreement=agreement).count()
    is_decided = agreement.state == AgreementState.ACTIVE
    title = mark("Check the pairing %(pair)s, year %(year)d") if is_decided else mark("Decide on the pairing %(pair)s")
    yield Work(
        key_of(agreement, "check" if is_decided else "decide"),
        title,
        {"pair": str(agreement), "year": checked + 1},
        agreement.county_code,
        check_due(agreement.starts_on, agreement.ends_on, checked=checked if is_decided else max(0, checked - 1)),
    )


def put_work(*, actor: Actor | None, agreement: Agreement, today: date, at: datetime) -> None:
    """Put on the lists what waits under the agreement, and take off what does not wait any more."""
    works = work_of(agreement, today)
    for work in works:
        worklists.put_task(
            actor=actor,
            key=work.key,
            title=work.title,
            values=work.values,
            division_code=work.code,
            department=None,
            url=reverse("pairing", args=[agreement.pk]),
            due_on=work.due_on,
            at=at,
        )


def finish_work(*, actor: Actor | None, agreement: Agreement, what: str, at: datetime) -> None:
    """Note on the lists that a piece of work is done."""
    worklists.finish_task(actor=actor, key=key_of(agreement, what), at=at)


def withdraw_work(*, actor: Actor | None, agreement: Agreement, at: datetime, what: str = "") -> None:
    """Take off the lists whatever still waits under the agreement, or under a part of it."""
    worklists.withdraw_tasks(actor=actor, key_prefix=key_of(agreement, what), at=at)


def tell_unit(agreement: Agreement, side: str, message: str, values: Mapping[str, Any], at: datetime) -> None:
    """Send the people of one side's unit a notice that leads to the agreement."""
    _tell(agreement, agreement.code_of(side), message, values, at)


def tell_both(agreement: Agreement, message: str, values: Mapping[str, Any], at: datetime) -> None:
    """Send the people of both units a notice."""
    for side in (Side.HELPER, Side.HELPED):
        tell_unit(agreement, side, message, values, at)


def tell_county(agreement: Agreement, message: str, values: Mapping[str, Any], at: datetime) -> None:
    """Send the county's people a notice."""
    _tell(agreement, agreement.county_code, message, values, at)


def _tell(agreement: Agreement, code: str, message: str, values: Mapping[str, Any], at: datetime) -> None:
    records.send_notice_to_area(
        division_code=code,
        department=None,
        message=message,
        values=values,
        url=reverse("pairing", args=[agreement.pk]),
        at=at,
    )
