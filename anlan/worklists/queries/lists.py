"""Whose list a task is on, as conditions on the table."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db.models import Case, Q, QuerySet, Value, When

from anlan.accounts import queries as accounts
from anlan.accounts.core.scope import Grant
from anlan.accounts.queries import department_names
from anlan.kernel.codes import LENGTH
from anlan.places import queries as places
from anlan.web.http import Person
from anlan.worklists.models import Task, TaskQuerySet

NOTHING = Q(pk__in=[])


class ListName(StrEnum):
    """The three lists of a person."""

    OWN = "own"
    UNIT = "unit"
    BELOW = "below"


def _any(conditions: list[Q]) -> Q:
    return reduce(or_, conditions, NOTHING) if conditions else NOTHING


def _area(grant: Grant) -> str:
    return grant.prefix.ljust(LENGTH, "0")


def _within(grant: Grant) -> Q:
    inside = Q(division_code__startswith=grant.prefix)
    return inside if grant.department is None else inside & Q(department=grant.department)


def _of_unit(grant: Grant) -> Q:
    """A department's list is its part of all units; a unit's list is its own work and what rose to it."""
    if grant.department is not None:
        return _within(grant)
    return Q(division_code=_area(grant)) | Q(list_code=_area(grant))


def _below(grant: Grant) -> Q:
    if grant.department is not None:
        return NOTHING
    return _within(grant) & ~Q(division_code=_area(grant))


CONDITIONS: Mapping[ListName, Callable[[Grant], Q]] = {ListName.UNIT: _of_unit, ListName.BELOW: _below}


def condition_of(person: Person, name: ListName) -> Q:
    """Return which tasks are on that list of the person."""
    if name == ListName.OWN:
        return Q(person_id=person.pk)
    grants = accounts.scope_of(person, "tasks.read").grants
    return _any([CONDITIONS[name](grant) for grant in grants])


def list_for(person: Person, name: ListName) -> TaskQuerySet:
    """Return a list of the person, the most urgent first."""
    return Task.objects.filter(condition_of(person, name)).order_by("due_on", "pk")


def seen_with(person: Person, capability: str) -> Q:
    """Return which tasks the capability reaches: by area, and by department where the post is a department's."""
    return _any([_within(grant) for grant in accounts.scope_of(person, capability).grants])


def tasks_for(person: Person) -> QuerySet[Task]:
    """Return every task that the person may see: their own and those of the units within their areas."""
    return Task.objects.filter(Q(person_id=person.pk) | seen_with(person, "tasks.read")).order_by("due_on", "pk")


def urgent_for(person: Person, limit: int) -> list[Task]:
    """Return what waits for the person: their own tasks first, then their unit's, each by its day."""
    whose = Case(When(person_id=person.pk, then=Value(0)), default=Value(1))
    mine = condition_of(person, ListName.OWN) | condition_of(person, ListName.UNIT)
    # What a colleague has taken is theirs to do.
    free = Q(person_id__isnull=True) | Q(person_id=person.pk)
    return list(Task.objects.waiting().filter(mine, free).order_by(whose, "due_on", "pk")[:limit])


def names_of_task(task: Task) -> Mapping[str, str]:
    """Return what the task's unit, list and department are called."""
    names = dict(places.names_of({task.division_code, task.list_code}))
    return {
        "unit": names.get(task.division_code, task.unit_name or task.division_code),
        "list": names.get(task.list_code, task.list_code),
        "department": department_names().get(task.department, task.department) if task.department else "",
    }


def late(today: date) -> QuerySet[Task]:
    """Return what waits beyond its day, the latest first."""
    return Task.objects.late(today).order_by("due_on", "pk")
