"""What a person does with a task: take it, do it, return it, sign it off."""

from datetime import datetime

from django.db import transaction

from anlan.ground.audit import audit
from anlan.ground.events import announce
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.records import actions as records
from anlan.web.http import Person
from anlan.worklists import events
from anlan.worklists.actions.putting import finish
from anlan.worklists.core.lifecycle import TaskState, check_move, check_signer
from anlan.worklists.models import Task

LONGEST = 500


class AlreadyTaken(Refusal):
    """Somebody else has it in hand."""


class NothingToTake(Refusal):
    """Nobody has to do it any more."""


class ReasonMissing(Refusal):
    """A return says why."""


def _locked(task_id: int, expected_version: int) -> Task:
    task = Task.objects.select_for_update().get(pk=task_id)
    check_version(task, expected_version)
    return task


def _check_free(actor: Person, task: Task) -> None:
    if task.person_id not in {None, actor.pk}:
        raise AlreadyTaken("%(who)s has taken this task", who=task.person_name)


@transaction.atomic
def take_task(*, actor: Person, task_id: int, expected_version: int, at: datetime) -> Task:
    """Take a task from the unit's list onto one's own.

    Raises:
        AlreadyTaken: somebody else has it.
        NothingToTake: it does not wait any more.
    """
    task = _locked(task_id, expected_version)
    _check_free(actor, task)
    if not task.is_waiting:
        raise NothingToTake("This task does not wait to be done any more")
    task.person_id, task.person_name = actor.pk, actor.name
    save_version(task, ["person_id", "person_name"])
    audit(actor, "task taken", task, at=at)
    return task


@transaction.atomic
def release_task(*, actor: Person, task_id: int, expected_version: int, at: datetime) -> Task:
    """Put one's own task back on the unit's list.

    Raises:
        AlreadyTaken: it is somebody else's.
        NothingToTake: it does not wait any more.
    """
    task = _locked(task_id, expected_version)
    _check_free(actor, task)
    if not task.is_waiting:
        raise NothingToTake("This task does not wait to be done any more")
    task.person_id, task.person_name = None, ""
    save_version(task, ["person_id", "person_name"])
    audit(actor, "task given back", task, at=at)
    return task


@transaction.atomic
def complete_task(*, actor: Person, task_id: int, expected_version: int, remark: str, at: datetime) -> Task:
    """Say that the work is done.

    Raises:
        AlreadyTaken: somebody else has it in hand.
        BadMove: it is done already, or was withdrawn.
    """
    task = _locked(task_id, expected_version)
    _check_free(actor, task)
    return finish(actor, task, at=at, remark=remark.strip()[:LONGEST])


@transaction.atomic
def return_task(*, actor: Person, task_id: int, expected_version: int, reason: str, at: datetime) -> Task:
    """Send done work back to be mended; who did it gets a notice.

    Raises:
        ReasonMissing: no reason was given.
        BadMove: it is not done.
    """
    if not reason.strip():
        raise ReasonMissing("Say what must be mended")
    task = _locked(task_id, expected_version)
    check_move(task.state, TaskState.RETURNED)
    task.state, task.done_at = TaskState.RETURNED, None
    task.return_reason, task.returned_by_name = reason.strip()[:LONGEST], actor.name
    save_version(task, ["state", "done_at", "return_reason", "returned_by_name"])
    audit(actor, "task returned", task, at=at, detail={"reason": task.return_reason})
    announce(events.TASK_RETURNED, task_id=task.pk, key=task.key)
    _tell_doer(task, at)
    return task


def _tell_doer(task: Task, at: datetime) -> None:
    doer = task.done_by_id or task.person_id
    if doer is None:
        return
    records.send_notice(
        to_person_id=doer,
        message=mark("The task “%(task)s” was returned by %(who)s: %(reason)s"),
        values={"task": task.heading, "who": task.returned_by_name, "reason": task.return_reason},
        url=f"/work/{task.pk}/",
        at=at,
    )


@transaction.atomic
def sign_off_task(*, actor: Person, task_id: int, expected_version: int, at: datetime) -> Task:
    """Accept done work.

    Raises:
        OwnWork: the actor did it.
        BadMove: it is not done.
    """
    task = _locked(task_id, expected_version)
    check_move(task.state, TaskState.SIGNED_OFF)
    check_signer(actor.pk, task.done_by_id)
    task.state, task.signed_off_at = TaskState.SIGNED_OFF, at
    task.signed_off_by_id, task.signed_off_by_name = actor.pk, actor.name
    save_version(task, ["state", "signed_off_at", "signed_off_by_id", "signed_off_by_name"])
    audit(actor, "task signed off", task, at=at)
    return task
