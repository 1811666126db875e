"""Timers of the shell: work whose worker was killed is taken up again; files that nobody decided on go."""

from datetime import timedelta

from django.utils.timezone import now
from procrastinate.contrib.django import app

from anlan.web.jobs import end_abandoned_jobs
from anlan.web.live.tidying import tidy
from anlan.web.uploads import forget_uploads

KEPT_FOR = timedelta(days=14)


@app.periodic(cron="* * * * *")
@app.task(name="web.resume_jobs", queue="timers", queueing_lock="web.resume_jobs")
async def resume_jobs(timestamp: int) -> None:
    """Queue again what a killed worker left half done: every task may run twice."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(name="web.end_abandoned_jobs", queue="timers", queueing_lock="web.end_abandoned_jobs")
def end_abandoned(timestamp: int) -> None:
    """Tell those who wait for work that failed before it began."""
    end_abandoned_jobs()


@app.periodic(cron="47 3 * * *")
@app.task(name="web.forget_tasks", queue="timers", queueing_lock="web.forget_tasks")
async def forget_old_tasks(timestamp: int) -> None:
    """Delete the queue's rows of work that succeeded: the sealer alone leaves thousands a day."""
    await app.job_manager.delete_old_jobs(nb_hours=KEPT_FOR.days * 24)


@app.periodic(cron="37 * * * *")
@app.task(name="web.tidy_live", queue="timers", queueing_lock="web.tidy_live")
def tidy_live(timestamp: int) -> None:
    """Delete live events that are out of date where no process `live` does it."""
    tidy()


@app.periodic(cron="17 3 * * *")
@app.task(name="web.forget_uploads", queue="timers", queueing_lock="web.forget_uploads")
def forget_old_uploads(timestamp: int) -> None:
    """Delete files that nobody took over in time."""
    forget_uploads(before=now() - KEPT_FOR)
