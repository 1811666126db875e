"""Which state of a task may follow which, and who may move it."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from anlan.kernel.refusal import Refusal, mark


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    SIGNED_OFF = "signed_off"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[TaskState, str] = {
    TaskState.OPEN: mark("to do"),
    TaskState.DONE: mark("done"),
    TaskState.RETURNED: mark("returned"),
    TaskState.SIGNED_OFF: mark("signed off"),
    TaskState.WITHDRAWN: mark("withdrawn"),
}

# What was done, signed off or withdrawn is opened again when its context puts it on the list anew.
NEXT: Mapping[str, Collection[str]] = {
    TaskState.OPEN: {TaskState.DONE, TaskState.WITHDRAWN},
    TaskState.DONE: {TaskState.SIGNED_OFF, TaskState.RETURNED, TaskState.OPEN},
    TaskState.RETURNED: {TaskState.DONE, TaskState.WITHDRAWN},
    TaskState.SIGNED_OFF: {TaskState.OPEN},
    TaskState.WITHDRAWN: {TaskState.OPEN},
}
WAITING = frozenset({TaskState.OPEN, TaskState.RETURNED})
FINISHED = frozenset({TaskState.DONE, TaskState.SIGNED_OFF})


class BadMove(Refusal):
    """The task's state does not allow it."""


class OwnWork(Refusal):
    """Somebody would sign off what they did themselves."""


REFUSALS: Mapping[str, str] = {
    TaskState.OPEN: mark("This task is still to be done"),
    TaskState.DONE: mark("This task is done already"),
    TaskState.RETURNED: mark("This task was returned and is to be done again first"),
    TaskState.SIGNED_OFF: mark("This task is signed off already"),
    TaskState.WITHDRAWN: mark("This task was withdrawn; nothing is to be done any more"),
}


def check_move(old: str, new: str) -> None:
    """Refuse a move that the table does not hold, saying how the task stands.

    Raises:
        BadMove: `new` may not follow `old`.
    """
    if new not in NEXT[old]:
        raise BadMove(REFUSALS[old])


def check_signer(signer_id: int, done_by_id: int | None) -> None:
    """Refuse a signer who did the work.

    Raises:
        OwnWork: they are one.
    """
    if signer_id == done_by_id:
        raise OwnWork("Somebody other than who did it must sign the task off")
