"""News between contexts: jobs deferred by name inside the transaction that made the news.

A context names its events in its `events.py` (`ANSWER_VERIFIED = "assessment.answer_verified"`) and
calls `announce(ANSWER_VERIFIED, answer_id=7)`. A context above registers a receiver in its
`receivers.py`. Each receiver is its own job, so that one that fails is retried alone; because the
job row commits with the news, a kill after COMMIT loses nothing. Receivers may run twice.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.utils.module_loading import autodiscover_modules
from procrastinate import App, RetryStrategy
from procrastinate.contrib.django import app as jobs

Receiver = Callable[..., None]
_RECEIVERS: dict[str, list[str]] = defaultdict(list)
RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


def on(event: str) -> Callable[[Receiver], Receiver]:
    """Register a function as receiver of an event; it takes the event's ids as keywords."""

    def register(receiver: Receiver) -> Receiver:
        name = f"{receiver.__module__}.{receiver.__qualname__}"
        jobs.task(name=name, queue="news", retry=RETRY)(receiver)
        if name not in _RECEIVERS[event]:
            _RECEIVERS[event].append(name)
        return receiver

    return register


def announce(event: str, **ids: Any) -> int:
    """Defer one job a receiver, in the current transaction; return how many."""
    names = _RECEIVERS[event]
    for name in names:
        jobs.configure_task(name, queue="news").defer(**ids)
    return len(names)


def ready(app: App) -> None:
    """Load every context's receivers once the job queue is set up."""
    autodiscover_modules("receivers")
