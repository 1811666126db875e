"""The work list as a table."""

from collections.abc import Mapping

from django.db.models import QuerySet

from anlan.kernel.refusal import mark
from anlan.web.tables import Column, Filter, Table
from anlan.worklists.core.lifecycle import STATE_NAMES
from anlan.worklists.models import Task

STATES = tuple((state.value, name) for state, name in STATE_NAMES.items())
EVERY = "all"


def place_of_work(task: Task) -> str:
    """Return where the work is done: its own page, else the task's."""
    return task.url or f"/work/{task.pk}/"


def _in_state(rows: QuerySet[Task], state: str) -> QuerySet[Task]:
    return rows if state == EVERY else rows.filter(state=state)


def task_table(departments: Mapping[str, str]) -> Table:
    """Return the work list; `departments` are their names by key in the reader's language."""
    return Table(
        "tasks",
        (
            Column("task", mark("Task"), lambda task: task.heading, cell="worklists/cells.html#task"),
            Column("due", mark("Due on"), lambda task: task.due_on, cell="worklists/cells.html#due", sort="due_on"),
            Column("state", mark("State"), Task.get_state_display, cell="worklists/cells.html#state", sort="state"),
            Column("unit", mark("Unit"), lambda task: task.unit_name or task.division_code, sort="division_code"),
            Column("department", mark("Department"), lambda task: departments.get(task.department), sort="department"),
            Column("person", mark("In hand of"), lambda task: task.person_name, sort="person_name"),
            Column("done_by", mark("Done by"), lambda task: task.done_by_name, sort="done_by_name", is_shown=False),
            Column("done_at", mark("Done at"), lambda task: task.done_at, sort="done_at", is_shown=False),
        ),
        filters=(
            Filter("state", mark("Still to do"), "state", (*STATES, (EVERY, mark("all states"))), narrow=_in_state),
            Filter("unit", mark("Unit"), "unit_name__icontains"),
        ),
        order=("due_on", "pk"),
        row_url=place_of_work,
        file_name="tasks",
        is_stacked=True,
    )
