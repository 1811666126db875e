"""Late work rises: from the village's list to the township's, from there to the county's."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from anlan.ground.audit import audit_many
from anlan.ground.events import announce
from anlan.kernel.refusal import mark
from anlan.records import actions as records
from anlan.records import queries as kept
from anlan.worklists import events
from anlan.worklists.core.levels import is_due_to_rise, list_above
from anlan.worklists.models import Task


@transaction.atomic
def escalate_late(*, today: date, at: datetime) -> int:
    """Raise each late task one level, at most once a day; return how many rose.

    Those who manage the tasks of the list above get one notice with the number.
    """
    late = Task.objects.select_for_update(skip_locked=True).late(today).order_by("pk")
    rising = [(task, above) for task in late if (above := _rises_to(task, today))]
    for task, above in rising:
        task.list_code, task.escalated_on = above, today
        task.escalation, task.version = task.escalation + 1, task.version + 1
    tasks = [task for task, _above in rising]
    Task.objects.bulk_update(tasks, ["list_code", "escalated_on", "escalation", "version"], batch_size=1000)
    audit_many(None, "task escalated", [(task, {"to": task.list_code}) for task in tasks], at=at)
    for task in tasks:
        announce(events.TASK_ESCALATED, task_id=task.pk, key=task.key)
    _tell_managers(tasks, at)
    return len(tasks)


def _rises_to(task: Task, today: date) -> str | None:
    return list_above(task.list_code) if is_due_to_rise(task.due_on, task.escalated_on, today) else None


def _tell_managers(tasks: Iterable[Task], at: datetime) -> None:
    numbers = Counter((task.list_code, task.department) for task in tasks)
    told: Counter[int] = Counter()
    for (code, department), number in numbers.items():
        for person_id in kept.people_addressed(code, department or None, "tasks.manage"):
            told[person_id] += number
    for person_id, number in sorted(told.items()):
        records.send_notice(
            to_person_id=person_id,
            message=mark("Late tasks have risen to your unit's list: %(count)d"),
            values={"count": number},
            url="/work/unit/",
            at=at,
        )
