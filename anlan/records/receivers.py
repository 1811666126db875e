"""What records do at the shell's news. Runs twice without harm."""

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import now

from anlan.ground.events import on
from anlan.records import actions
from anlan.web.events import JOB_ENDED


@on(JOB_ENDED)
def tell_who_waits(job_id: int, person_id: int | None, title: str, values: Mapping[str, Any], *, is_done: bool) -> None:
    if person_id is not None:
        actions.tell_job_ended(
            person_id=person_id, job_id=job_id, title=title, values=values, is_done=is_done, at=now()
        )
