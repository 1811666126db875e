"""The side panel of a task: comments, files and history."""

from typing import Any

from django.urls import reverse

from anlan.records.core.panels import Panel, Subject
from anlan.worklists.access import task_for


def open_task(person: Any, pk: int) -> Subject:
    task = task_for(person, pk)
    return Subject(
        kind="worklists.task",
        pk=task.pk,
        title=task.heading,
        division_code=task.division_code,
        url=reverse("task", args=[task.pk]),
        may_write=True,
    )


TASK = Panel("worklists.task", open_task)
