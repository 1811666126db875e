"""Solving a round of pairing, watched on the page of its job; and the timer of reminders."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.timezone import localdate, now
from procrastinate.contrib.django import app

from anlan.accounts import queries as accounts
from anlan.allocation.actions import pairing_reminders, pairing_solving
from anlan.web.jobs import Progress, run_job


@app.task(name="allocation.pair", queue="jobs")
def pair(job_id: int, round_id: int, actor_id: int) -> None:
    """Find the pairs of a round."""

    def work(progress: Progress) -> str:
        actor = accounts.person_of(actor_id)
        row = pairing_solving.solve_pairing(actor=actor, round_id=round_id, at=now(), progress=progress)
        return reverse("pairing_round", args=[row.pk])

    run_job(job_id, work)


# At twenty to nine in China (times are UTC), and two hours later in case the worker was down: once a day each.
@app.periodic(cron="40 0,2 * * *")
@app.task(name="allocation.remind_pairs", queue="timers", pass_context=False)
def remind_pairs(timestamp: int) -> None:
    """Let agreements begin whose day has come, and remind of what is due."""
    pairing_reminders.remind_all(today=localdate(datetime.fromtimestamp(timestamp, UTC)), at=now())
