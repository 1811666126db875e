"""News is written with the change that made it, and its receivers are known to the worker."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from procrastinate import App
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from anlan.ground import events

pytestmark = pytest.mark.django_db
HEARD: list[int] = []


@events.on("ground.stone_turned")
def look_under(stone_id: int) -> None:
    HEARD.append(stone_id)


NAME = f"{look_under.__module__}.look_under"


def test_each_receiver_gets_its_own_job():
    count = events.announce("ground.stone_turned", stone_id=7)

    assert count == 1
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name, job.args) == (NAME, "news", {"stone_id": 7})


def test_news_without_a_receiver_leaves_no_job():
    assert events.announce("ground.nobody_cares", stone_id=7) == 0
    assert not ProcrastinateJob.objects.exists()


def test_news_of_a_change_that_was_rolled_back_is_not_told():
    with transaction.atomic():
        events.announce("ground.stone_turned", stone_id=7)
        transaction.set_rollback(True)

    assert not ProcrastinateJob.objects.exists()


def test_a_job_may_wait_for_its_time():
    tomorrow = datetime(2026, 11, 24, 16, tzinfo=UTC)

    events.defer("ground.turn_stone", not_before=tomorrow, stone_id=7)

    assert ProcrastinateJob.objects.get().scheduled_at == tomorrow


def test_a_receiver_registered_twice_runs_once():
    events.on("ground.stone_turned")(look_under)

    assert events.announce("ground.stone_turned", stone_id=7) == 1


def test_the_worker_knows_the_receivers():
    app = App(connector=InMemoryConnector())

    events.ready(app)

    assert NAME in app.tasks
