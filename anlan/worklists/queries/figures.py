"""How much waits, and how much was done in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q
from django.db.models.functions import Substr

from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level
from anlan.places import queries as places
from anlan.web.http import Person
from anlan.worklists.core.lifecycle import TaskState
from anlan.worklists.models import ALL_WAITING, Task
from anlan.worklists.queries.lists import ListName, condition_of, seen_with


@dataclass(frozen=True, slots=True)
class TownshipRow:
    """One line of the board: a township with its villages, or what is the county's own."""

    code: str
    name: str
    waiting: int
    late: int
    done: int
    signed_off: int


def counts_for(person: Person, today: date) -> Mapping[str, int]:
    """Return how many tasks wait on each list of the person, and how many of them are late (`own`, `own_late`, …)."""
    counts = {}
    for name in ListName:
        waits = condition_of(person, name) & Q(state__in=ALL_WAITING)
        counts[name.value] = Count("pk", filter=waits)
        counts[f"{name.value}_late"] = Count("pk", filter=waits & Q(due_on__lt=today))
    return Task.objects.waiting().aggregate(**counts)


def on_time_share(prefix: str, since: date, until: date) -> float | None:
    """Return the share of tasks due in [since, until) that were done by their day, None if none were due.

    What is still to be done counts as not done in time; what was withdrawn does not count.
    """
    due = Task.objects.meant().within(prefix).filter(due_on__gte=since, due_on__lt=until)
    figures = due.aggregate(due=Count("pk"), in_time=Count("pk", filter=Q(done_at__date__lte=F("due_on"))))
    return figures["in_time"] / figures["due"] if figures["due"] else None


def board_for(person: Person, today: date) -> list[TownshipRow]:
    """Return where the work of each township that the person manages stands, by code."""
    rows = (
        Task.objects.meant()
        .filter(seen_with(person, "tasks.manage"))
        .annotate(township=Substr("division_code", 1, PREFIX_LENGTH[Level.TOWNSHIP]))
        .order_by("township")
        .values("township")
        .annotate(
            waiting=Count("pk", filter=Q(state__in=ALL_WAITING)),
            late=Count("pk", filter=Q(state__in=ALL_WAITING, due_on__lt=today)),
            done=Count("pk", filter=Q(state=TaskState.DONE)),
            signed_off=Count("pk", filter=Q(state=TaskState.SIGNED_OFF)),
        )
    )
    found = [(row["township"].ljust(LENGTH, "0"), row) for row in rows]
    names = dict(places.names_of(code for code, _row in found))
    return [
        TownshipRow(code, names.get(code, code), row["waiting"], row["late"], row["done"], row["signed_off"])
        for code, row in found
    ]


def work_by_unit(prefix: str, digits: int, today: date) -> dict[str, TownshipRow]:
    """Return how much work stands within each unit below a prefix, by its code; `digits` say how deep a unit is.

    What is the prefix's own is told under its own code.
    """
    rows = (
        Task.objects.meant()
        .within(prefix)
        .annotate(unit=Substr("division_code", 1, digits))
        .order_by("unit")
        .values("unit")
        .annotate(
            waiting=Count("pk", filter=Q(state__in=ALL_WAITING)),
            late=Count("pk", filter=Q(state__in=ALL_WAITING, due_on__lt=today)),
            done=Count("pk", filter=Q(state=TaskState.DONE)),
            signed_off=Count("pk", filter=Q(state=TaskState.SIGNED_OFF)),
        )
    )
    found = [(row["unit"].ljust(LENGTH, "0"), row) for row in rows]
    return {
        code: TownshipRow(
            code, "", row["waiting"], row["late"], row["done"], row["signed_off"]
        )  # names are the caller's
        for code, row in found
    }


def waiting_at(code: str, limit: int) -> list[Task]:
    """Return what waits on a unit's own list, the most urgent first."""
    own = Q(division_code=code) | Q(list_code=code)
    return list(Task.objects.waiting().filter(own).order_by("due_on", "pk")[:limit])
