"""Every message twice, shuffled by an hour, through the broker and the gateway: the alarms are those of the order."""

import numpy as np
import pytest

from anlan.telemetry.core.series import HOUR
from anlan.telemetry.models import Parcel, Quarantined, Reading
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.fault_load import Gauge
from anlan.telemetry.tests.fault_run import DEVICES, hazards, message_of
from anlan.telemetry.tests.gateway_process import GatewayHere, wait_until
from anlan.telemetry.tests.judging import NOW, forget_story, run_until_judged
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.test_judging_order import Told, keep_all, readings, register

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateway(broker, no_readings):
    register()
    for code in DEVICES:
        broker.add_account(code, f"key-{code}")
    one = GatewayHere(broker.url, clock=lambda: NOW)
    one.start()
    yield one
    one.stop()


def test_every_message_twice_and_shuffled_by_an_hour(broker, gateway):
    rng = np.random.default_rng(11)
    some = readings(rng)
    keep_all(some)
    run_until_judged()
    expected = hazards()
    forget_story()

    shuffled = sorted(some, key=lambda each: each[2] + rng.uniform(0, HOUR))
    tell(broker.port, [each for pair in zip(shuffled, shuffled, strict=True) for each in pair])
    tell(broker.port, shuffled)
    wait_until(lambda: gateway.wire.keeper.counts.received == 3 * len(some))
    run_until_judged()

    assert {each[0] for each in expected} >= {"level", "rain", "rain-24h", "slope-speed", "slope-stage"}
    assert hazards() == expected
    assert Reading.objects.count() == len(some)
    assert not Quarantined.objects.exists()
    assert not Parcel.objects.exists()


def tell(port: int, some: list[Told]) -> None:
    """Let each device tell its part, all at the same time; return when all is acknowledged."""
    gauges = {code: Gauge(port, code, f"key-{code}") for code in DEVICES}
    for each in some:
        gauges[each[0]].tell([message_of(each)])
    for gauge in gauges.values():
        gauge.start()
    wait_until(lambda: all(gauge.is_done for gauge in gauges.values()))
    for gauge in gauges.values():
        gauge.end()
