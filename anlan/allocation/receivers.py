"""What the allocation does at news of other contexts. Each runs twice without harm."""

from django.utils.timezone import now

from anlan.allocation.actions import pairing_duties
from anlan.allocation.actions.pairing_tasks import duty_in
from anlan.ground.events import on
from anlan.worklists.events import TASK_DONE, TASK_RETURNED


@on(TASK_DONE)
def deliver_what_was_done(task_id: int, key: str) -> None:
    """A duty whose task was done on the work list is delivered."""
    duty_id = duty_in(key)
    if duty_id is not None:
        pairing_duties.note_task_done(duty_id=duty_id, at=now())


@on(TASK_RETURNED)
def take_back_what_was_returned(task_id: int, key: str) -> None:
    """A duty whose task was sent back on the work list is due again."""
    duty_id = duty_in(key)
    if duty_id is not None:
        pairing_duties.note_task_returned(duty_id=duty_id, at=now())
