"""Telling people what happened, and their reading it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from anlan.kernel.refusal import mark
from anlan.records.models import Notice
from anlan.records.queries import people_addressed
from anlan.web.http import Person

ASKED_IN_TURN = ("survey.fill", "tasks.read")


def send_notice(*, to_person_id: int, message: str, values: Mapping[str, Any], url: str, at: datetime) -> Notice:
    """Tell one person something: a message id with its values, and where it leads."""
    return Notice.objects.create(to_person_id=to_person_id, message=message, values=dict(values), url=url, at=at)


def tell_job_ended(
    *, person_id: int, job_id: int, title: str, values: Mapping[str, Any], is_done: bool, at: datetime
) -> None:
    """Tell whoever asked for long work that it ended; told twice, it arrives once."""
    message = mark("Done: %(work)s") if is_done else mark("This did not work: %(work)s")
    work = gettext(title) % values if values else gettext(title)
    notice = Notice(
        to_person_id=person_id,
        message=message,
        values={"work": work},
        url=f"/jobs/{job_id}/",
        key=f"job:{job_id}",
        at=at,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)


def send_notice_to_people(
    *, person_ids: Iterable[int], message: str, values: Mapping[str, Any], url: str, at: datetime
) -> int:
    """Tell several people the same, each once; return how many."""
    people = sorted(set(person_ids))
    Notice.objects.bulk_create(
        Notice(to_person_id=person_id, message=message, values=dict(values), url=url, at=at) for person_id in people
    )
    return len(people)


def send_notice_to_area(
    *, division_code: str, department: str | None, message: str, values: Mapping[str, Any], url: str, at: datetime
) -> int:
    """Tell the unit's own people who can do the work, else those who at least see it; return how many."""
    for capability in ASKED_IN_TURN:
        people = people_addressed(division_code, department, capability)
        if people:
            return send_notice_to_people(person_ids=people, message=message, values=values, url=url, at=at)
    return 0


def mark_read(*, actor: Person, notice_id: int, at: datetime) -> None:
    """Take one's own notice as read; reading twice keeps the first time."""
    Notice.objects.unread().filter(pk=notice_id, to_person_id=actor.pk).update(read_at=at)


def mark_all_read(*, actor: Person, at: datetime) -> int:
    """Take all one's notices as read; return how many were not."""
    return Notice.objects.unread().filter(to_person_id=actor.pk).update(read_at=at)
