"""Looking for the best plan and making its documents, watched on the page of the job."""

from django.urls import reverse
from django.utils.timezone import now
from procrastinate.contrib.django import app

from anlan.accounts import queries as accounts
from anlan.allocation.actions import plan_decisions, plan_solving
from anlan.web.jobs import Progress, run_job


@app.task(name="allocation.solve", queue="jobs")
def solve(job_id: int, plan_id: int, version: int, actor_id: int) -> None:
    """Find the best plan."""

    def work(progress: Progress) -> str:
        found = plan_solving.solve_plan(
            actor=accounts.person_of(actor_id), plan_id=plan_id, expected_version=version, at=now(), progress=progress
        )
        return reverse("plan", args=[found.pk])

    run_job(job_id, work)


@app.task(name="allocation.documents", queue="jobs")
def documents(job_id: int, plan_id: int, actor_id: int) -> None:
    """Make the documents of an approved plan."""

    def work(_progress: Progress) -> str:
        plan_decisions.issue_documents(actor=accounts.person_of(actor_id), plan_id=plan_id, at=now())
        return reverse("plan", args=[plan_id])

    run_job(job_id, work)
