"""Work of somebody who leaves a post goes to a successor, or back to the unit's list."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from anlan.accounts import queries as accounts
from anlan.ground.audit import audit_many
from anlan.kernel.refusal import mark
from anlan.records import actions as records
from anlan.worklists.models import Task


@transaction.atomic
def hand_over(*, from_person_id: int, to_person_id: int | None, at: datetime) -> int:
    """Give everything that waits for a person to another, or back to their unit; return how much it was.

    Runs twice without harm: the second time nothing waits for the first person.
    """
    return _hand_over(_waiting_for(from_person_id), to_person_id, at)


@transaction.atomic
def give_back_unreached(*, person_id: int, at: datetime) -> int:
    """Give back to the units whatever waits for a person who no longer answers for it; return how much it was."""
    tasks = list(_waiting_for(person_id))
    places = {(task.division_code, task.department) for task in tasks}
    left = {place for place in places if not _reaches(person_id, *place)}
    return _hand_over([task for task in tasks if (task.division_code, task.department) in left], None, at)


def _reaches(person_id: int, code: str, department: str) -> bool:
    holders = accounts.people_in(code, department=department or None, capability="tasks.read")
    return any(holder.pk == person_id for holder in holders)


def _waiting_for(person_id: int) -> Iterable[Task]:
    return Task.objects.select_for_update().waiting().filter(person_id=person_id).order_by("pk")


def _hand_over(waiting: Iterable[Task], to_person_id: int | None, at: datetime) -> int:
    tasks = list(waiting)
    if not tasks:
        return 0
    name = accounts.person_name(to_person_id) if to_person_id is not None else ""
    moved = [(task, {"from": task.person_name, "to": name}) for task in tasks]
    for task in tasks:
        task.person_id, task.person_name, task.version = to_person_id, name, task.version + 1
    Task.objects.bulk_update(tasks, ["person_id", "person_name", "version"], batch_size=1000)
    audit_many(None, "task handed over", moved, at=at)
    if to_person_id is not None:
        records.send_notice(
            to_person_id=to_person_id,
            message=mark("You have taken over open tasks: %(count)d"),
            values={"count": len(tasks)},
            url="/work/",
            at=at,
        )
    return len(tasks)
