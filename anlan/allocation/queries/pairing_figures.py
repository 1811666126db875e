"""Figures of an agreement: visits made and due, deliverables, value given and received."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum

from anlan.allocation.core.pairing_calendar import visits_expected
from anlan.allocation.core.pairing_life import DutyState
from anlan.allocation.models import Agreement, Duty, DutyKind, GivenValue, Side, Visit
from anlan.allocation.queries.pairing_subjects import VISIT
from anlan.records import queries as records


@dataclass(frozen=True, slots=True)
class Figures:
    """How an agreement stands on a day."""

    visits: int
    visits_expected: int
    visits_outside: int
    deliverables: int
    delivered: int
    accepted: int
    overdue: int
    given_fen: int
    received_fen: int
    in_kind: int

    def content(self) -> dict[str, Any]:
        """Return the figures as JSON content."""
        return asdict(self)


def figures_of(agreement: Agreement, today: date) -> Figures:
    """Return the agreement's figures; given is what the helper gave, received what came back."""
    visits = Visit.objects.filter(agreement=agreement).aggregate(
        made=Count("pk", filter=Q(side=Side.HELPER)), outside=Count("pk", filter=Q(is_outside=True))
    )
    meant = Duty.objects.filter(agreement=agreement).exclude(state=DutyState.STRUCK)
    duties = meant.aggregate(
        all=Count("pk", filter=Q(kind=DutyKind.DELIVERABLE)),
        delivered=Count("pk", filter=Q(kind=DutyKind.DELIVERABLE) & ~Q(state=DutyState.DUE)),
        accepted=Count("pk", filter=Q(kind=DutyKind.DELIVERABLE, state=DutyState.ACCEPTED)),
        overdue=Count("pk", filter=Q(state=DutyState.DUE, due_on__lt=today)),
    )
    values = GivenValue.objects.filter(agreement=agreement).aggregate(
        given=Sum("amount_fen", filter=Q(side=Side.HELPER)),
        received=Sum("amount_fen", filter=Q(side=Side.HELPED)),
        in_kind=Count("pk", filter=Q(amount_fen__isnull=True)),
    )
    return Figures(
        visits=visits["made"],
        visits_expected=visits_expected(
            agreement.starts_on, agreement.ends_on, visits_a_year=agreement.visits_a_year, on=today
        ),
        visits_outside=visits["outside"],
        deliverables=duties["all"],
        delivered=duties["delivered"],
        accepted=duties["accepted"],
        overdue=duties["overdue"],
        given_fen=values["given"] or 0,
        received_fen=values["received"] or 0,
        in_kind=values["in_kind"],
    )


def photo_place(row: Visit) -> tuple[float | None, float | None]:
    """Return longitude and latitude of the first of a visit's photos that says where it was taken."""
    placed = (file for file in records.files_of(VISIT, row.pk) if file.longitude is not None)
    found = next(placed, None)
    return (found.longitude, found.latitude) if found else (None, None)
