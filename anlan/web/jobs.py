"""Long work on a page of its own: requested in the change's transaction, done by a worker, watched meanwhile.

A context requests it by the name of its task and redirects to the page `job`; the task hands its work to
`run_job`. Progress is written outside the working transaction, so that the page sees it.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from django.http import Http404
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.ground.events import announce, defer
from anlan.kernel.refusal import Refusal, mark
from anlan.web.events import JOB_ENDED
from anlan.web.http import Person
from anlan.web.models import Job, JobState, LenientEncoder

LOG = logging.getLogger("anlan.jobs")
QUEUE = "jobs"
MOST_ATTEMPTS = 3
SECONDS_BETWEEN_WRITES = 0.3
WENT_WRONG = mark("Something went wrong that is not your fault. The operator finds it in the log as job %(number)d.")
INTERRUPTED = mark("It was interrupted %(count)d times and is not tried again. Ask the operator, then start it anew.")
UPDATE = """
UPDATE web_job SET done = %s, total = %s, doing = %s, doing_values = %s WHERE id = %s AND state = 'running'
"""
Work = Callable[["Progress"], str]


def request_job(
    *, actor: Person | None, task: str, title: str, values: Mapping[str, Any], at: datetime, **arguments: Any
) -> Job:
    """Write the job and defer its task, both in the caller's transaction."""
    with transaction.atomic():
        job = Job.objects.create(
            title=title,
            values=dict(values),
            actor_id=actor.pk if actor else None,
            actor_name=str(actor.name) if actor else "",
            created_at=at,
        )
        defer(task, queue=QUEUE, job_id=job.pk, **arguments)
    return job


def job_for(person: Person, job_id: int) -> Job:
    """Return the person's own job; 404 for anybody else's."""
    found = Job.objects.filter(pk=job_id, actor_id=person.pk).first()
    if found is None:
        raise Http404
    return found


def time_left(job: Job, at: datetime) -> timedelta | None:
    """Return about how long a running job still takes; None while nobody can tell."""
    if job.state != JobState.RUNNING or not job.started_at or not job.done:
        return None
    return (at - job.started_at) * ((job.total - job.done) / job.done)


class Progress:
    """Tells the waiting person how far the work is: `progress(3, 12, mark("Reports of the townships"))`."""

    def __init__(self, job_id: int, writer: BaseDatabaseWrapper) -> None:
        self._job_id = job_id
        self._writer = writer
        self._doing = ""
        self._written_at = 0.0

    def __call__(self, done: int, total: int, doing: str = "", **values: Any) -> None:
        """Write it, at most a few times a second: steps of a loop may call this each time."""
        moment = time.monotonic()
        if doing == self._doing and done < total and moment - self._written_at < SECONDS_BETWEEN_WRITES:
            return
        self._doing, self._written_at = doing, moment
        words = LenientEncoder().encode(values)
        with self._writer.cursor() as cursor:
            cursor.execute(UPDATE, [min(done, total), total, doing, words, self._job_id])


@contextmanager
def _writer() -> Iterator[BaseDatabaseWrapper]:
    """Give a connection whose writes are seen at once; inside a transaction there is no other than its own."""
    if connection.in_atomic_block:
        yield connection
        return
    own = connection.copy()
    try:
        yield own
    finally:
        own.close()


def run_job(job_id: int, work: Work) -> None:
    """Do the work of a job and keep what came of it; a job that is over is left alone.

    The work returns the address of its result. A `Refusal` is kept for the person and ends the job; anything else
    is a bug: the person is told that the operator knows, and it rises into the log.
    """
    job = _begin(job_id)
    if job is None:
        return
    try:
        with _writer() as writer:
            result_url = work(Progress(job_id, writer))
    except Refusal as refused:
        LOG.info("job %d refused: %s", job_id, refused)
        _end(job, state=JobState.FAILED, trouble=refused.message, trouble_values=refused.values)
    except Exception:
        LOG.exception("job %d failed", job_id)
        _end(job, state=JobState.FAILED, trouble=WENT_WRONG, trouble_values={"number": job_id})
        raise
    else:
        _end(job, state=JobState.DONE, result_url=result_url)


@transaction.atomic
def _begin(job_id: int) -> Job | None:
    """Mark the job as running; None when it is over or was interrupted too often."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.is_over:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _end(job, state=JobState.FAILED, trouble=INTERRUPTED, trouble_values={"count": job.attempts})
        return None
    job.state, job.attempts = JobState.RUNNING, job.attempts + 1
    Job.objects.filter(pk=job.pk).update(state=job.state, attempts=job.attempts, started_at=Now(), done=0)
    return job


def end_abandoned_jobs() -> int:
    """End jobs whose task failed before it could say so itself, as after a faulty release; return how many."""
    waiting = {job.pk: job for job in Job.objects.filter(ended_at__isnull=True)}
    failed = ProcrastinateJob.objects.filter(
        queue_name=QUEUE, status__in=("failed", "cancelled", "aborted"), args__job_id__in=list(waiting)
    )
    abandoned = set(failed.values_list("args__job_id", flat=True)) if waiting else set()
    for pk in abandoned:
        LOG.error("job %d was abandoned", pk)
        _end(waiting[pk], state=JobState.FAILED, trouble=WENT_WRONG, trouble_values={"number": pk})
    return len(abandoned)


@transaction.atomic
def _end(job: Job, **changes: Any) -> None:
    """Keep how the job ended and announce it."""
    Job.objects.filter(pk=job.pk).update(ended_at=Now(), **changes)
    announce(
        JOB_ENDED,
        job_id=job.pk,
        person_id=job.actor_id,
        title=job.title,
        values=job.values,
        is_done=changes["state"] == JobState.DONE,
    )
