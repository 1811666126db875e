"""Solving a round of pairing, watched on the page of its job."""

from django.urls import reverse
from django.utils.timezone import now
from procrastinate.contrib.django import app

from anlan.accounts import queries as accounts
from anlan.allocation.actions import pairing_solving
from anlan.web.jobs import Progress, run_job


@app.task(name="allocation.pair", queue="jobs")
def pair(job_id: int, round_id: int, actor_id: int) -> None:
    """Find the pairs of a round."""

    def work(progress: Progress) -> str:
        actor = accounts.person_of(actor_id)
        row = pairing_solving.solve_pairing(actor=actor, round_id=round_id, at=now(), progress=progress)
        return reverse("pairing_round", args=[row.pk])

    run_job(job_id, work)
