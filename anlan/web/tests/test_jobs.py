"""Long work: requested with the change, watched by its own person, told how it ended."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.kernel.refusal import Refusal
from anlan.web import jobs
from anlan.web.models import Job
from anlan.web.tests.cast import NOON, logged_in, person

pytestmark = pytest.mark.django_db


def request(actor):
    return jobs.request_job(
        actor=actor, task="test.report", title="Report of %(place)s", values={"place": "柳溪镇"}, at=NOON, round_id=7
    )


def test_a_request_leaves_a_job_and_its_task(alice):
    job = request(alice)

    deferred = ProcrastinateJob.objects.get()
    assert (deferred.task_name, deferred.queue_name) == ("test.report", "jobs")
    assert deferred.args == {"job_id": job.pk, "round_id": 7}
    assert (job.state, job.actor_id, job.actor_name) == ("queued", alice.pk, "Alice")


def test_a_request_that_is_rolled_back_leaves_neither(alice):
    with transaction.atomic():
        request(alice)
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_work_that_is_done_leaves_the_address_of_its_result(alice):
    job = request(alice)

    jobs.run_job(job.pk, lambda progress: "/results/7/")

    job.refresh_from_db()
    assert (job.state, job.result_url, job.attempts) == ("done", "/results/7/", 1)
    assert job.started_at <= job.ended_at


def test_progress_tells_how_far_it_is_and_what_is_being_done(alice):
    job, seen = request(alice), []

    def work(progress):
        progress(3, 12, "Reports of %(count)d townships", count=12)
        seen.append(Job.objects.get(pk=job.pk))
        return "/"

    jobs.run_job(job.pk, work)

    assert (seen[0].done, seen[0].total, seen[0].state) == (3, 12, "running")
    assert (seen[0].doing, seen[0].doing_values) == ("Reports of %(count)d townships", {"count": 12})


def test_steps_close_together_are_written_once_but_the_last_always(alice):
    job = request(alice)

    def work(progress):
        for step in range(1, 101):
            progress(step, 100, "Units")
        return "/"

    with CaptureUpdates() as updates:
        jobs.run_job(job.pk, work)

    assert 2 <= updates.count < 20
    assert Job.objects.get().done == 100


class CaptureUpdates:
    count = 0

    def __enter__(self):
        self._wrapper = connection.execute_wrapper(self._look)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error):
        self._wrapper.__exit__(*error)

    def _look(self, execute, sql, params, many, context):
        self.count += "UPDATE web_job SET done" in sql
        return execute(sql, params, many, context)


def test_a_refusal_is_kept_in_words_that_each_reader_gets_translated(alice):
    job = request(alice)

    def work(progress):
        raise Refusal("weights sum to %(found).3f, expected 1", found=0.9)

    jobs.run_job(job.pk, work)

    job.refresh_from_db()
    assert (job.state, job.trouble, job.trouble_values) == (
        "failed",
        "weights sum to %(found).3f, expected 1",
        {"found": 0.9},
    )
    assert "weights sum to 0.900" in logged_in(alice).get(f"/jobs/{job.pk}/").content.decode()


def test_a_bug_rises_and_the_person_is_told_without_its_details(alice):
    job = request(alice)

    with pytest.raises(ZeroDivisionError):
        jobs.run_job(job.pk, lambda progress: 1 / 0)

    content = logged_in(alice).get(f"/jobs/{job.pk}/").content.decode()
    assert "ZeroDivision" not in content
    assert f"作业 {job.pk}" in content


def test_work_that_is_over_is_not_done_again(alice):
    job, runs = request(alice), []

    for _ in range(2):
        jobs.run_job(job.pk, lambda progress: runs.append(1) or "/")

    assert runs == [1]


def test_interrupted_work_is_tried_again_and_given_up_at_last(alice):
    job = request(alice)
    Job.objects.update(state="running", attempts=2)

    jobs.run_job(job.pk, lambda progress: "/")
    assert Job.objects.get().state == "done"

    Job.objects.update(state="running", attempts=3, ended_at=None)
    jobs.run_job(job.pk, lambda progress: "/")
    assert Job.objects.get().state == "failed"
    assert "3" in logged_in(alice).get(f"/jobs/{job.pk}/").content.decode()


def test_nobody_sees_another_persons_job(alice):
    job = request(alice)

    assert logged_in(alice).get(f"/jobs/{job.pk}/").status_code == 200
    assert logged_in(person("Carol")).get(f"/jobs/{job.pk}/").status_code == 404


def test_nobody_sees_a_job_of_the_system(as_alice):
    job = request(None)

    assert as_alice.get(f"/jobs/{job.pk}/").status_code == 404


def test_a_waiting_page_asks_again_by_itself_and_a_finished_one_rests(alice, as_alice):
    job = request(alice)
    asked = {"HX-Request": "true"}

    waiting = as_alice.get(f"/jobs/{job.pk}/", headers=asked).content.decode()
    jobs.run_job(job.pk, lambda progress: "/results/7/")
    finished = as_alice.get(f"/jobs/{job.pk}/", headers=asked).content.decode()

    assert 'hx-trigger="every 1s"' in waiting
    assert "<html" not in waiting
    assert "hx-trigger" not in finished
    assert 'href="/results/7/"' in finished


def test_without_script_the_page_reloads(alice, as_alice):
    job = request(alice)

    content = as_alice.get(f"/jobs/{job.pk}/").content.decode()

    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in content
    assert "Report of 柳溪镇" in content


def test_the_time_left_follows_from_what_is_done():
    job = Job(state="running", started_at=NOON, done=25, total=100)

    assert jobs.time_left(job, NOON + timedelta(seconds=10)) == timedelta(seconds=30)
    assert jobs.time_left(Job(state="running", started_at=NOON, total=100), NOON) is None
    assert jobs.time_left(Job(state="queued", done=1, total=2), NOON) is None


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"done": 2, "total": 1}, "job_done_within_total"),
        ({"state": "lost"}, "job_ends_with_a_result_or_a_reason"),
        ({"state": "failed", "ended_at": NOON}, "job_ends_with_a_result_or_a_reason"),
        ({"state": "done"}, "job_ends_with_a_result_or_a_reason"),
    ],
)
def test_the_database_keeps_jobs_in_order(alice, changes, constraint):
    request(alice)

    with pytest.raises(IntegrityError, match=constraint):
        Job.objects.update(**changes)


def test_progress_is_seen_while_the_work_is_in_its_transaction(queue):
    job, seen = request(person("Alice")), []

    def work(progress):
        with transaction.atomic():
            progress(1, 2, "Halfway")
            other = connection.copy()
            with other.cursor() as cursor:
                cursor.execute("SELECT done, doing FROM web_job WHERE id = %s", [job.pk])
                seen.append(cursor.fetchone())
            other.close()
        return "/"

    jobs.run_job(job.pk, work)

    assert seen == [(1, "Halfway")]
