"""News between contexts: jobs deferred by name inside the transaction that made the news.

A context names its events in its `events.py` (`ANSWER_VERIFIED = "assessment.answer_verified"`) and
calls `announce(ANSWER_VERIFIED, answer_id=7)`. A context above registers a receiver in its
`receivers.py`. Each receiver is its own job, so that one that fails is retried alone; because the
job row commits with the news, a kill after COMMIT loses nothing. Receivers may run twice.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils.module_loading import autodiscover_modules
from procrastinate import App, Blueprint, RetryStrategy
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

Receiver = Callable[..., None]
_RECEIVERS: dict[str, list[str]] = defaultdict(list)
_TASKS = Blueprint()
RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


def on(event: str) -> Callable[[Receiver], Receiver]:
    """Register a function as receiver of an event; it takes the event's ids as keywords."""

    def register(receiver: Receiver) -> Receiver:
        name = f"{receiver.__module__}.{receiver.__qualname__}"
        if name not in _RECEIVERS[event]:
            _TASKS.task(name=name, queue="news", retry=RETRY)(receiver)
            _RECEIVERS[event].append(name)
        return receiver

    return register


def announce(event: str, **ids: Any) -> int:
    """Defer one job a receiver, in the current transaction; return how many."""
    names = _RECEIVERS[event]
    for name in names:
        defer(name, queue="news", **ids)
    return len(names)


def defer(task: str, *, queue: str = "default", not_before: datetime | None = None, **arguments: Any) -> int:
    """Write a job for the task in the current transaction, to begin at once or later; return the job's number.

    A worker's own deferring goes through another connection: there a rolled-back change would still be told,
    and the job might begin before the commit. This one holds in the site and in a worker alike.
    """
    job = Job(
        id=None,
        queue=queue,
        lock=None,
        queueing_lock=None,
        task_name=task,
        task_kwargs=arguments,
        priority=0,
        scheduled_at=not_before,
    )
    return JobManager(DjangoConnector()).defer_job(job).id or 0


def ready(app: App) -> None:
    """Load every context's receivers and give them to the job queue, which calls this while it is set up."""
    autodiscover_modules("receivers")
    app.add_tasks_from(_TASKS, namespace="")
