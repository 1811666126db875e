"""What was reminded of, and which rounds a reminder is due in."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, QuerySet, Sum

from anlan.assessment.models import Round, RoundStatus

LAST_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Reminded:
    """One day's reminders of a round."""

    sent_on: date
    departments: int
    outstanding: int


def last_reminder(row: Round) -> Reminded | None:
    """Return the last day's reminders, None where nobody was reminded yet."""
    days = row.reminders.values_list("sent_on").annotate(departments=Count("pk"), units=Sum("outstanding"))
    found = days.order_by("-sent_on").first()
    return Reminded(*found) if found else None


def rounds_due(today: date) -> QuerySet[Round]:
    """Return the open rounds in their last week or overdue: these are reminded of daily by themselves."""
    return Round.objects.filter(status=RoundStatus.OPEN, closes_on__lte=today + LAST_DAYS).order_by("pk")
