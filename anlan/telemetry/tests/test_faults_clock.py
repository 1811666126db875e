"""A device whose clock stands in 1970 or in 2099: kept and flagged, told to whoever looks after it, no hazard alarm."""

import json
from datetime import UTC, datetime

import pytest

from anlan.ground.fields import keyed_hash
from anlan.telemetry.core.quality import Quality
from anlan.telemetry.models import Alarm, Parcel, Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.gateway_process import GatewayHere, wait_until
from anlan.telemetry.tests.judging import book, run_until_judged
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.mqtt_devices import publish

pytestmark = pytest.mark.django_db(transaction=True)
CLOCKS = {"1970": datetime(1970, 1, 1, 0, 5, tzinfo=UTC), "2099": datetime(2099, 12, 31, 23, 0, tzinfo=UTC)}
KEY = "key-of-h1"


@pytest.fixture
def gauges(no_readings):
    """A gauge of each wire, each with a warning level."""
    book()
    for code, fields in (("D1", {}), ("H1", {"protocol": "http", "key_hash": keyed_hash(KEY)})):
        stream = make.datastream(make.device(code, at=make.station(f"R{code}"), **fields), "level")
        stream.thresholds.create(quantity="reading", colour=2, value=100.0)


def flood(at: datetime) -> str:
    """Return a level above the warning level, told at a time."""
    return json.dumps({"t": at.timestamp(), "v": {"level": 101.0}})


def is_kept_and_flagged(code: str, at: datetime) -> bool:
    found = Reading.objects.filter(datastream__device__code=code, time=at, value=101.0).first()
    return found is not None and bool(found.flags & Quality.CLOCK)


@pytest.mark.parametrize("at", CLOCKS.values(), ids=CLOCKS)
def test_by_mqtt(broker, gauges, at):
    broker.add_account("D1", "key-D1")
    gateway = GatewayHere(broker.url)
    gateway.start()
    publish(broker, flood(at))
    wait_until(Reading.objects.exists)
    gateway.stop()

    run_until_judged()

    assert is_kept_and_flagged("D1", at)
    assert not Alarm.objects.filter(rule_key="level").exists()
    assert not Quarantined.objects.exists()
    assert not Parcel.objects.exists()


@pytest.mark.parametrize("at", CLOCKS.values(), ids=CLOCKS)
def test_by_http(client, gauges, at):
    answer = client.post(
        "/telemetry/readings", flood(at), content_type="application/json", headers={"Authorization": f"Bearer {KEY}"}
    )

    run_until_judged()

    assert answer.json() == {"received": 1, "stored": 1, "refused": []}
    assert is_kept_and_flagged("H1", at)
    assert not Alarm.objects.filter(rule_key="level").exists()
    assert not Parcel.objects.exists()


def test_a_clock_that_is_right_again_is_heard_as_before(client, gauges):
    right = datetime.now(UTC).replace(microsecond=0)
    for at in (CLOCKS["2099"], right, CLOCKS["1970"]):
        client.post(
            "/telemetry/readings",
            flood(at),
            content_type="application/json",
            headers={"Authorization": f"Bearer {KEY}"},
        )

    run_until_judged(at=right)

    assert [alarm.raised_at for alarm in Alarm.objects.filter(rule_key="level")] == [right]
