"""A device that takes itself to be in 1970 or in 2099, on the wires that have no frame: MQTT and HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.timezone import now

from anlan.ground.fields import keyed_hash
from anlan.telemetry.core.quality import Quality
from anlan.telemetry.core.rule_content import default_rules
from anlan.telemetry.judging.rounds import Judge
from anlan.telemetry.models import Alarm, Latest, Parcel, Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.gateway_process import GatewayHere, wait_until
from anlan.telemetry.tests.judging import book, run_until_judged
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.mqtt_devices import publish

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "key-D1"
YEARS = (1970, 2099)


@pytest.fixture
def gauge(no_readings):
    """A gauge with a warning level of 105 m, and the rules for levels, silence and clocks."""
    device = make.device("D1", key_hash=keyed_hash(KEY))
    make.datastream(device, interval_s=300).thresholds.create(quantity="reading", colour=2, value=105.0)
    book(*(default_rules().of(key) for key in ("level", "silent", "clock")))
    return device


@pytest.fixture
def by_mqtt(broker, gauge):
    """What publishes a message and returns when it is kept."""
    broker.add_account("D1", KEY)
    gateway = GatewayHere(broker.url)
    gateway.start()

    def tell(message: str) -> None:
        before = Reading.objects.count()
        publish(broker, message)
        wait_until(lambda: Reading.objects.count() > before)

    yield tell
    gateway.stop()


@pytest.fixture
def by_http(client, gauge):
    """What posts a message."""
    gauge.protocol = "http"
    gauge.save()

    def tell(message: str) -> None:
        key = {"Authorization": f"Bearer {KEY}"}
        answer = client.post("/telemetry/readings", message, content_type="application/json", headers=key)
        assert answer.json() == {"received": 1, "stored": 1, "refused": []}

    return tell


def a_level(at: datetime, value: float) -> str:
    return json.dumps({"t": at.timestamp(), "v": {"level": value}})


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("wire", ["by_mqtt", "by_http"])
def test_the_readings_of_a_wrong_clock_are_kept_and_marked_and_raise_its_own_alarm_alone(request, wire, year):
    tell, begun = request.getfixturevalue(wire), now()
    tell(a_level(begun, 101.0))
    judge = run_until_judged(at=now())

    for minute in range(3):
        tell(a_level(datetime(year, 1, 1, 0, minute, tzinfo=UTC), 109.0))
        judge = run_until_judged(judge, at=now())
    judge.tick(at=now() + timedelta(minutes=1))

    kept = dict(Reading.objects.values_list("value", "flags").distinct())
    assert (Reading.objects.count(), kept[101.0], bool(kept[109.0] & Quality.CLOCK)) == (4, 0, True)
    assert not Quarantined.objects.exists()
    assert not Parcel.objects.exists()
    assert [(each.rule_key, each.kind) for each in Alarm.objects.all()] == [("clock", "device")]
    assert Latest.objects.get().value == 101.0


@pytest.mark.parametrize("year", YEARS)
def test_a_clock_put_right_is_believed_again_at_once(by_http, year):
    by_http(a_level(datetime(year, 1, 1, tzinfo=UTC), 109.0))

    by_http(a_level(now(), 109.0))
    run_until_judged(Judge(at=now()), at=now())

    assert [(each.rule_key, each.colour) for each in Alarm.objects.all()] == [("level", 2)]
    assert Latest.objects.get().value == 109.0
