"""Every change to what is kept beside objects, and notices to people."""

from anlan.records.actions.comments import NotYourComment, add_comment, withdraw_comment
from anlan.records.actions.files import AlreadyAttached, attach_file, remove_file
from anlan.records.actions.notices import (
    mark_all_read,
    mark_read,
    send_notice,
    send_notice_to_area,
    send_notice_to_people,
    tell_job_ended,
)

__all__ = [
    "AlreadyAttached",
    "NotYourComment",
    "add_comment",
    "attach_file",
    "mark_all_read",
    "mark_read",
    "remove_file",
    "send_notice",
    "send_notice_to_area",
    "send_notice_to_people",
    "tell_job_ended",
    "withdraw_comment",
]
