"""Putting work on a list and taking it off again, as every context does."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from anlan.accounts import queries as accounts
from anlan.ground.audit import Actor, audit, audit_many
from anlan.ground.events import announce
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.records import actions as records
from anlan.web.http import Person
from anlan.worklists import events
from anlan.worklists.core.lifecycle import TaskState, check_move
from anlan.worklists.models import Task

FRESH: Mapping[str, Any] = {
    "state": TaskState.OPEN,
    "done_at": None,
    "done_by_id": None,
    "done_by_name": "",
    "remark": "",
    "return_reason": "",
    "returned_by_name": "",
    "signed_off_at": None,
    "signed_off_by_id": None,
    "signed_off_by_name": "",
}


class BadTask(Refusal):
    """A task by hand lacks something."""


@dataclass(frozen=True, slots=True)
class HandTask:
    """What a person gives to a unit or to somebody in it."""

    title: str
    division_code: str
    department: str
    person_id: int | None
    due_on: date


# Every context tells its work in one breath; a value object would only move these names elsewhere.
@transaction.atomic
def put_task(  # noqa: PLR0913
    *,
    actor: Actor | None,
    key: str,
    title: str,
    values: Mapping[str, Any],
    division_code: str,
    department: str | None,
    url: str,
    due_on: date,
    at: datetime,
    person_id: int | None = None,
) -> Task:
    """Put a piece of work on a unit's list, or on a person's; the same key is the same work.

    Putting it again changes what is different, and opens it again if it was done or withdrawn.
    A person who has taken it keeps it unless another is named.
    """
    wanted = {
        "title": title,
        "values": dict(values),
        "division_code": division_code,
        "department": department or "",
        "url": url,
        "due_on": due_on,
    }
    if person_id is not None:
        wanted |= {"person_id": person_id, "person_name": accounts.person_name(person_id)}
    task = _locked(key)
    if task is None:
        task, is_new = _created(actor, key, wanted, at)
        if is_new:
            return task
    return _put_again(actor, task, wanted, at)


def _locked(key: str) -> Task | None:
    return Task.objects.select_for_update().filter(key=key).first()


def _unit_name(code: str) -> str:
    return dict(places.names_of([code])).get(code, "")


def _created(actor: Actor | None, key: str, wanted: Mapping[str, Any], at: datetime) -> tuple[Task, bool]:
    """Return the new task; another transaction's, if it was quicker with the same key."""
    code = wanted["division_code"]
    try:
        with transaction.atomic():
            task = Task.objects.create(
                key=key,
                list_code=code,
                unit_name=_unit_name(code),
                put_at=at,
                put_by_name=str(actor.name) if actor else "",
                **wanted,
            )
    except IntegrityError:
        quicker = _locked(key)
        if quicker is None:
            raise
        return quicker, False
    audit(actor, "task put", task, at=at, detail={"due_on": task.due_on.isoformat()})
    return task, True


def _put_again(actor: Actor | None, task: Task, wanted: Mapping[str, Any], at: datetime) -> Task:
    changes = {name: value for name, value in wanted.items() if getattr(task, name) != value}
    is_reopened = not task.is_waiting
    if not changes and not is_reopened:
        return task
    changed = sorted(changes)
    if is_reopened:
        check_move(task.state, TaskState.OPEN)
        changes |= FRESH
    if "division_code" in changes:
        changes["unit_name"] = _unit_name(wanted["division_code"])
    # Another day or another unit begins anew on the unit's own list.
    if is_reopened or {"due_on", "division_code"} & set(changes):
        changes |= {"list_code": wanted["division_code"], "escalation": 0, "escalated_on": None}
    for name, value in changes.items():
        setattr(task, name, value)
    save_version(task, changes)
    audit(actor, "task opened again" if is_reopened else "task changed", task, at=at, detail={"changed": changed})
    return task


@transaction.atomic
def finish_task(*, actor: Actor | None, key: str, at: datetime) -> Task | None:
    """Note that the work of that key is done; None when there is none or it does not wait."""
    task = _locked(key)
    if task is None or not task.is_waiting:
        return None
    return finish(actor, task, at=at)


def finish(actor: Actor | None, task: Task, *, at: datetime, remark: str = "") -> Task:
    """Mark a locked task as done and announce it."""
    check_move(task.state, TaskState.DONE)
    task.state, task.done_at, task.remark = TaskState.DONE, at, remark
    task.done_by_id, task.done_by_name = (actor.pk, str(actor.name)) if actor else (None, "")
    save_version(task, ["state", "done_at", "done_by_id", "done_by_name", "remark"])
    audit(actor, "task done", task, at=at, detail={"remark": remark} if remark else None)
    announce(events.TASK_DONE, task_id=task.pk, key=task.key)
    return task


@transaction.atomic
def withdraw_tasks(*, actor: Actor | None, key_prefix: str, at: datetime) -> int:
    """Take off the lists whatever still waits under that beginning of keys; return how many."""
    waiting = Task.objects.select_for_update().waiting().filter(key__startswith=key_prefix).order_by("pk")
    return _withdraw(actor, waiting, at)


@transaction.atomic
def withdraw_task(*, actor: Person, task_id: int, expected_version: int, at: datetime) -> None:
    """Take one task off the lists: it need not be done any more."""
    task = Task.objects.select_for_update().get(pk=task_id)
    check_version(task, expected_version)
    check_move(task.state, TaskState.WITHDRAWN)
    _withdraw(actor, [task], at)


def _withdraw(actor: Actor | None, waiting: Iterable[Task], at: datetime) -> int:
    tasks = list(waiting)
    for task in tasks:
        task.state, task.version = TaskState.WITHDRAWN, task.version + 1
    Task.objects.bulk_update(tasks, ["state", "version"], batch_size=1000)
    audit_many(actor, "task withdrawn", [(task, {}) for task in tasks], at=at)
    return len(tasks)


@transaction.atomic
def give_task(*, actor: Person, task: HandTask, today: date, at: datetime) -> Task:
    """Give work to a unit or a person by hand; they get a notice.

    Raises:
        BadTask: it has no words, or its day lies in the past.
    """
    if not task.title.strip():
        raise BadTask("Say what is to be done")
    if task.due_on < today:
        raise BadTask("The day %(day)s lies in the past", day=task.due_on.isoformat())
    row = put_task(
        actor=actor,
        key=f"worklists.hand:{secrets.token_hex(8)}",
        title=mark("%(title)s"),
        values={"title": task.title.strip()[:150]},
        division_code=task.division_code,
        department=task.department,
        url="",
        due_on=task.due_on,
        at=at,
        person_id=task.person_id,
    )
    _tell(actor, row, at)
    return row


def _tell(actor: Person, task: Task, at: datetime) -> None:
    message = mark("%(who)s gave you a task: %(task)s, due on %(day)s")
    values = {"who": actor.name, "task": task.values["title"], "day": task.due_on.isoformat()}
    url = f"/work/{task.pk}/"
    if task.person_id is not None:
        records.send_notice(to_person_id=task.person_id, message=message, values=values, url=url, at=at)
        return
    records.send_notice_to_area(
        division_code=task.division_code,
        department=task.department or None,
        message=message,
        values=values,
        url=url,
        at=at,
    )
