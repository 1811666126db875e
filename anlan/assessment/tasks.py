"""Long work of the assessment, each task one action, watched on the page of its job; and the timer of reminders."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.timezone import localdate, now
from procrastinate.contrib.django import app

from anlan.accounts import queries as accounts
from anlan.assessment.actions import publication, results, rounds
from anlan.assessment.queries import reminders
from anlan.kernel.refusal import mark
from anlan.web.jobs import Progress, run_job


@app.task(name="assessment.run", queue="jobs")
def run(job_id: int, round_id: int, method: str, actor_id: int) -> None:
    """Assess a round."""

    def work(progress: Progress) -> str:
        actor = accounts.person_of(actor_id)
        found = results.assess_round(actor=actor, round_id=round_id, method=method, at=now(), progress=progress)
        return reverse("ranking", args=[found.pk])

    run_job(job_id, work)


@app.task(name="assessment.publish", queue="jobs")
def publish(job_id: int, assessment_id: int, actor_id: int) -> None:
    """Publish an assessment and issue its documents."""

    def work(progress: Progress) -> str:
        def making(done: int, total: int, name: str) -> None:
            progress(done, total, mark("Making the documents: %(name)s"), name=name)

        actor = accounts.person_of(actor_id)
        publication.issue_assessment(actor=actor, assessment_id=assessment_id, at=now(), progress=making)
        return reverse("reports", args=[assessment_id])

    run_job(job_id, work)


# At half past eight in China (times are UTC): whoever is outstanding in a round's last week is reminded once a day.
@app.periodic(cron="30 0 * * *")
@app.task(name="assessment.remind", queue="timers", pass_context=False)
def remind(timestamp: int) -> None:
    today = localdate(datetime.fromtimestamp(timestamp, UTC))
    for row in reminders.rounds_due(today):
        rounds.remind_round(actor=None, round_id=row.pk, today=today, at=now())
