"""MQTT through a real broker into the store: each message kept once, or put aside with the reason."""

import json
import subprocess

import pytest

from anlan.telemetry.core.properties import Property
from anlan.telemetry.models import Datastream, Parcel, Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import Broker
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.gateway_process import GatewayHere, wait_until
from anlan.telemetry.tests.mqtt_devices import T, level, levels, publish, publish_lines, stored
from anlan.telemetry.tests.mqtt_devices import devices as devices  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gateway(broker, devices):
    """The gateway's threads in this process."""
    one = GatewayHere(broker.url)
    one.start()
    yield one
    one.stop()


def test_what_a_device_publishes_is_in_the_store_with_a_parcel_for_the_rules(broker, gateway):
    publish(broker, level(101.5))

    wait_until(lambda: stored() == [101.5])
    assert Parcel.objects.count() == 1


def test_an_element_that_means_something_begins_a_datastream(broker, gateway):
    publish(broker, json.dumps({"t": T, "v": {"level": 101.5, "rain": 0.5}}))

    wait_until(lambda: len(stored()) == 2)
    assert Datastream.objects.get(element="rain").property == Property.RAIN
    assert not Quarantined.objects.exists()


POISON = {
    b"{": "The message is not as agreed: %(fault)s",
    b"[]": "The message holds no value",
    b'{"t": NaN, "v": {"level": 1}}': "The message is not as agreed: %(fault)s",
    b'{"t": 1782864000, "v": {"level": Infinity}}': "The message is not as agreed: %(fault)s",
    b'{"t": 1e300, "v": {"level": 1}}': "The time %(time)s is none",
    b'{"t": "noon", "v": {"level": 1}}': "%(time)s is no time",
    b'{"t": 1782864000, "v": {"colo\\u0000ur": 1}}': "The element %(element)s is not registered",
    b"\x00\xff\xfe": "The message is not as agreed: %(fault)s",
}


def test_poison_lies_in_the_quarantine_with_its_bytes_and_its_reason(broker, gateway):
    for payload in POISON:
        publish(broker, payload)
    publish(broker, level(101.5))

    wait_until(lambda: stored() == [101.5])
    rows = Quarantined.objects.all()
    assert {bytes(row.payload): row.reason for row in rows} == POISON
    assert {(row.source, row.device_code) for row in rows} == {("anlan/up/D1/readings", "D1")}


def test_the_largest_number_is_kept_and_flagged(broker, gateway):
    publish(broker, '{"t": 1782864000, "v": {"level": 1e308}}')

    wait_until(lambda: stored() == [1e308])
    assert Reading.objects.get().flags


def test_a_device_that_is_not_registered_is_put_aside(broker, gateway):
    broker.add_account("D9", "key-D9")
    wait_until(lambda: not subprocess.run(_try("D9", broker), check=False).returncode)  # noqa: S603

    wait_until(lambda: Quarantined.objects.filter(device_code="D9").exists())
    assert Quarantined.objects.get().reason == "The device is not registered"


def _try(code: str, broker: Broker) -> list[str]:
    command = ["mosquitto_pub", "-p", str(broker.port), "-u", code, "-P", f"key-{code}", "-q", "1"]
    return [*command, "-t", f"anlan/up/{code}/readings", "-m", level(1)]


def test_a_device_that_was_just_registered_is_heard(broker, gateway):
    broker.add_account("D3", "key-D3")
    make.datastream(make.device("D3", at=make.station("RD3")), "level")
    wait_until(lambda: not subprocess.run(_try("D3", broker), check=False).returncode)  # noqa: S603

    wait_until(lambda: stored() == [1.0])
    assert not Quarantined.objects.exists()


def test_nobody_speaks_for_another_device(broker, gateway):
    publish(broker, level(666), code="D2", topic="anlan/up/D1/readings")
    publish(broker, level(101.5))

    wait_until(lambda: stored() == [101.5])
    assert not Quarantined.objects.exists()


def test_a_topic_that_nobody_reads_is_put_aside(broker, gateway):
    publish(broker, "hello", topic="anlan/up/D1/chat")

    wait_until(lambda: Quarantined.objects.filter(reason="Nothing is heard under this topic").exists())


def test_a_message_that_comes_twice_is_kept_once(broker, gateway):
    publish_lines(broker, [level(101.5)] * 3)
    publish(broker, level(102, T + 1))

    wait_until(lambda: stored() == [101.5, 102.0])


def test_a_retained_message_is_kept_like_any_other(broker, gateway):
    publish(broker, level(101.5), more=("-r",))
    wait_until(lambda: stored() == [101.5])
    gateway.stop()

    again = GatewayHere(broker.url)
    again.start()
    publish(broker, level(102, T + 1))

    wait_until(lambda: stored() == [101.5, 102.0])
    again.stop()


@pytest.mark.parametrize("version", ["3.1.1", "5"])
def test_both_versions_are_spoken(broker, devices, version):
    gateway = GatewayHere(broker.url, version=version)
    gateway.start()
    publish_lines(broker, levels(20))
    wait_until(lambda: len(stored()) == 20)
    gateway.stop()
    publish(broker, level(7, T + 100))

    again = GatewayHere(broker.url, version=version)
    again.start()

    wait_until(lambda: len(stored()) == 21)
    again.stop()
