"""Every change to the work lists."""

from anlan.worklists.actions.doing import (
    AlreadyTaken,
    ReasonMissing,
    complete_task,
    release_task,
    return_task,
    sign_off_task,
    take_task,
)
from anlan.worklists.actions.handing import give_back_unreached, hand_over
from anlan.worklists.actions.putting import finish_task, give_task, put_task, withdraw_task, withdraw_tasks
from anlan.worklists.actions.rising import escalate_late

__all__ = [
    "AlreadyTaken",
    "ReasonMissing",
    "complete_task",
    "escalate_late",
    "finish_task",
    "give_back_unreached",
    "give_task",
    "hand_over",
    "put_task",
    "release_task",
    "return_task",
    "sign_off_task",
    "take_task",
    "withdraw_task",
    "withdraw_tasks",
]
