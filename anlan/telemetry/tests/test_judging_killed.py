"""The judge is a process that may be killed at any moment: nothing is lost, nothing is told twice."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.db import connection

from anlan.telemetry.core.series import HOUR
from anlan.telemetry.models import AlarmNews, Parcel
from anlan.telemetry.tests.judging import forget_story, hazards, run_until_judged
from anlan.telemetry.tests.test_judging_order import keep_all, parts, readings, register

ANLAN = Path(sys.executable).with_name("anlan")
KILLS = 3
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def judging() -> Iterator["subprocess.Popen[bytes]"]:
    """Run a judge beside the test, on the test's database; it is killed at the end."""
    environment = {
        **os.environ,  # noqa: TID251  a program started by hand has it too
        "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
        "ANLAN_SECRET_KEY": settings.SECRET_KEY,
        "ANLAN_FIELD_KEY": settings.FIELD_KEY,
        "ANLAN_DATABASE_NAME": str(connection.settings_dict["NAME"]),
    }
    process = subprocess.Popen([ANLAN, "judge"], env=environment)  # noqa: S603  our own command
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until_judged(limit_s: float = 60.0) -> None:
    until = time.monotonic() + limit_s
    while Parcel.objects.exists():
        assert time.monotonic() < until, f"{Parcel.objects.count()} parcels still wait"
        time.sleep(0.05)


def test_killed_again_and_again_it_tells_what_it_tells_undisturbed():
    rng = np.random.default_rng(3)
    register()
    some = sorted(readings(rng), key=lambda each: each[2] + rng.uniform(0, HOUR))
    keep_all(some)
    run_until_judged()
    expected = hazards()
    forget_story()
    batches = parts(some, len(some) // (4 * KILLS))

    for kill in range(KILLS):
        with judging():
            keep_all(batches[kill * 4])
            wait_until_judged()
            for batch in batches[kill * 4 + 1 : kill * 4 + 4]:
                keep_all(batch)
            time.sleep(rng.uniform(0.0, 0.15))  # the end of the block kills it, whatever it is doing
    for batch in batches[4 * KILLS :]:
        keep_all(batch)
    with judging():
        wait_until_judged()

    assert expected
    assert hazards() == expected
    assert not AlarmNews.objects.filter(alarm__isnull=True).exists()


def test_a_second_judge_waits_and_goes_on_when_the_first_is_gone():
    register()
    some = readings(np.random.default_rng(4))
    with judging() as first, judging():
        keep_all(some[:200])
        wait_until_judged()
        first.kill()
        first.wait()
        keep_all(some[200:400])

        wait_until_judged(20.0)


def test_it_goes_on_when_the_database_drops_it():
    register()
    some = readings(np.random.default_rng(5))
    with judging() as process:
        keep_all(some[:200])
        wait_until_judged()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        keep_all(some[200:400])

        wait_until_judged()

        assert process.poll() is None
