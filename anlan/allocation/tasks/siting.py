"""Solving a siting study, watched on the page of its job."""

from django.urls import reverse
from django.utils.timezone import now
from procrastinate.contrib.django import app

from anlan.accounts import queries as accounts
from anlan.allocation.actions import siting
from anlan.web.jobs import Progress, run_job


@app.task(name="allocation.solve_siting", queue="jobs")
def solve(job_id: int, siting_id: int, expected_version: int, actor_id: int) -> None:
    """Find the points of a study."""

    def work(progress: Progress) -> str:
        row = siting.solve_siting(
            actor=accounts.person_of(actor_id),
            siting_id=siting_id,
            expected_version=expected_version,
            at=now(),
            progress=progress,
        )
        return reverse("siting", args=[row.pk])

    run_job(job_id, work)
