"""Work on the lists of the small county."""

from datetime import date
from typing import Any

from anlan.accounts.tests.factories import NOON, TOWNSHIP
from anlan.worklists import actions
from anlan.worklists.models import Task

TODAY = date(2026, 11, 23)
YESTERDAY = date(2026, 11, 22)
NEXT_WEEK = date(2026, 11, 30)


def put(key: str = "survey:1", code: str = TOWNSHIP, **changes: Any) -> Task:
    """Put a task of the survey on a unit's list, as the assessment does."""
    asked = {
        "actor": None,
        "title": "Work of the survey %(round)s",
        "values": {"round": "2026"},
        "department": None,
        "url": "/survey/1/",
        "due_on": NEXT_WEEK,
        "at": NOON,
    }
    return actions.put_task(key=key, division_code=code, **asked | changes)


def again(task: Task) -> Task:
    """Return the task as it stands now."""
    return Task.objects.get(pk=task.pk)


def done(task: Task, by: Any) -> Task:
    task = again(task)
    return actions.complete_task(actor=by, task_id=task.pk, expected_version=task.version, remark="", at=NOON)
