"""A killed worker's jobs are taken up again by the next one, for real: with PostgreSQL and procrastinate."""

import asyncio

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.web import jobs, tasks
from anlan.web.models import Job
from anlan.web.tests.cast import NOON, person

pytestmark = pytest.mark.usefixtures("queue")


@app.task(name="test.finish", queue="jobs")
def finish(job_id: int, words: str) -> None:
    try:
        jobs.run_job(job_id, lambda progress: progress(1, 2, words) or "/results/")
    finally:
        connection.close()  # the worker's thread ends with the test


def run_worker():
    """Do everything that waits, as `anlan procrastinate worker` does."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        asyncio.run(drain(worker_app))


async def drain(worker_app):
    async with worker_app.open_async():
        await worker_app.run_worker_async(
            queues=["jobs"], wait=False, install_signal_handlers=False, listen_notify=False
        )


def test_a_worker_does_what_was_requested():
    job = jobs.request_job(
        actor=person("Alice"), task="test.finish", title="Report", values={}, at=NOON, words="Halfway"
    )

    run_worker()

    job.refresh_from_db()
    assert (job.state, job.result_url, job.doing) == ("done", "/results/", "Halfway")
    assert ProcrastinateJob.objects.get(task_name="test.finish").status == "succeeded"


def test_a_job_whose_worker_was_killed_is_done_after_all():
    jobs.request_job(actor=person("Alice"), task="test.finish", title="Report", values={}, at=NOON, words="x")
    with connection.cursor() as cursor:  # a worker fetched it and fell silent an hour ago
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", cursor.fetchone())

    run_worker()
    assert Job.objects.get().state == "queued"

    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        asyncio.run(resume(worker_app))
    run_worker()
    assert Job.objects.get().state == "done"


async def resume(worker_app):
    async with worker_app.open_async():
        await tasks.resume_jobs(timestamp=0)


def test_work_whose_task_does_not_exist_is_told_and_not_awaited_for_ever():
    job = jobs.request_job(actor=person("Alice"), task="test.nowhere", title="Report", values={}, at=NOON)
    run_worker()
    waiting = jobs.request_job(actor=None, task="test.finish", title="Report", values={}, at=NOON, words="x")

    count = jobs.end_abandoned_jobs()

    job.refresh_from_db()
    waiting.refresh_from_db()
    assert (count, job.state, waiting.state) == (1, "failed", "queued")


def test_rows_of_work_that_succeeded_are_forgotten_after_two_weeks():
    for _ in range(2):
        jobs.request_job(actor=None, task="test.finish", title="Report", values={}, at=NOON, words="x")
    run_worker()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_events SET at = at - interval '15 days' WHERE job_id = %s", [first_task()])

    with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
        asyncio.run(forget(worker_app))

    assert ProcrastinateJob.objects.filter(task_name="test.finish").count() == 1


def first_task():
    return ProcrastinateJob.objects.order_by("pk").values_list("pk", flat=True)[0]


async def forget(worker_app):
    async with worker_app.open_async():
        await tasks.forget_old_tasks(timestamp=0)
