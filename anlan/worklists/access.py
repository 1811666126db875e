"""The doors of work: 404 for a task that is neither one's own nor within one's areas."""

from django.db.models import Q
from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.web.http import Person
from anlan.worklists import queries
from anlan.worklists.core.levels import is_own_list
from anlan.worklists.models import Task


def task_for(person: Person, task_id: int) -> Task:
    """Return a task that the person may see.

    Raises:
        Http404: there is none, or it is somebody else's in another place.
    """
    return _found(task_id, Q(person_id=person.pk) | queries.seen_with(person, "tasks.read"))


def managed_task_for(person: Person, task_id: int) -> Task:
    """Return a task of a unit whose work the person manages."""
    return _found(task_id, queries.seen_with(person, "tasks.manage"))


def _found(task_id: int, condition: Q) -> Task:
    found = Task.objects.filter(condition, pk=task_id).first()
    if found is None:
        raise Http404
    return found


def may_do(person: Person, task: Task) -> bool:
    """Tell whether the work is the person's to do: their own, or on their unit's list and taken by nobody else."""
    if task.person_id is not None:
        return bool(task.person_id == person.pk)
    grants = accounts.scope_of(person, "tasks.read").grants
    codes = {task.division_code, task.list_code}
    return any(is_own_list(grants, code, task.department or None) for code in codes)


def task_to_do_for(person: Person, task_id: int) -> Task:
    """Return a task that is the person's to do.

    Raises:
        Http404: it is not, or cannot be seen at all. What a colleague has in hand is refused in words instead.
    """
    found = task_for(person, task_id)
    if found.person_id is None and not may_do(person, found):
        raise Http404
    return found
