"""Everything twice and shuffled by an hour, by real devices through a broker: the alarms are those of calm weather."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from django.db import connection

from anlan.telemetry.core.series import HOUR
from anlan.telemetry.models import Parcel, Quarantined
from anlan.telemetry.tests.broker import Broker
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.gateway_process import GatewayHere, wait_until
from anlan.telemetry.tests.judging import NOW, forget_story, hazards, run_until_judged
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.mqtt_devices import publish_lines
from anlan.telemetry.tests.test_judging_killed import judging
from anlan.telemetry.tests.test_judging_order import Told, keep_all, readings, register

pytestmark = pytest.mark.django_db(transaction=True)


def test_everything_twice_and_shuffled_by_an_hour_tells_the_same_alarms(broker, no_readings):
    rng = np.random.default_rng(11)
    register()
    some = readings(rng)
    keep_all(some)
    run_until_judged()
    expected = hazards()
    forget_story()
    twice = [(each[2] + rng.uniform(0, HOUR), each) for each in some for _ in range(2)]
    shuffled = [each for _, each in sorted(twice, key=lambda each: each[0])]

    gateway = GatewayHere(broker.url, clock=lambda: NOW)
    gateway.start()
    try:
        with judging():
            _publish(broker, shuffled)
            wait_until(lambda: not Parcel.objects.exists() and _count() == len(some), _count)
    finally:
        gateway.stop()

    assert expected
    assert hazards() == expected
    assert gateway.wire.keeper.counts.received == 2 * len(some)
    assert gateway.wire.keeper.counts.stored == len(some)
    assert not Quarantined.objects.exists()


def _publish(broker: Broker, told: Sequence[Told]) -> None:
    """Let each device publish its own, all at the same time; what comes between them is as it happens."""
    lines: dict[str, list[str]] = {}
    for code, element, at, value in told:
        lines.setdefault(code, []).append(json.dumps({"t": at, "v": {element: value}}))
    for code in lines:
        broker.add_account(code, f"key-{code}")
    with ThreadPoolExecutor(len(lines)) as pool:
        list(pool.map(lambda code: publish_lines(broker, lines[code], code=code), lines))


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemetry_reading")
        return int(cursor.fetchone()[0])
