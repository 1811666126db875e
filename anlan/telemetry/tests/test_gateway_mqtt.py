"""MQTT through a real broker into the store: acknowledged only after COMMIT, nothing lost, nothing twice."""

import json
import subprocess

import pytest
from django.db import connection

from anlan.telemetry.core.properties import Property
from anlan.telemetry.models import Datastream, Parcel, Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import Broker
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.gateway_process import GatewayHere, GatewayProcess, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
T = 1782864000  # 2026-07-01 08:00 in Beijing


@pytest.fixture(autouse=True)
def no_readings(transactional_db):
    """The table of readings is not Django's, so that nobody else empties it."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE telemetry_reading")
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE telemetry_reading")


@pytest.fixture
def devices(broker: Broker) -> None:
    for code in ("D1", "D2"):
        station = make.station(f"R{code}")
        make.datastream(make.device(code, at=station), "level")
        broker.add_account(code, f"key-{code}")


@pytest.fixture
def gateway(broker, devices):
    """The gateway's threads in this process."""
    one = GatewayHere(broker.url)
    one.start()
    yield one
    one.stop()


@pytest.fixture
def process(broker, devices, tmp_path):
    """The gateway as a process of its own, to be killed."""
    one = GatewayProcess(tmp_path, url=broker.url)
    one.start()
    yield one
    one.kill()


def publish(broker: Broker, payload: str | bytes, *, code: str = "D1", topic: str = "", more: tuple = ()) -> None:
    """Publish as mosquitto_pub does; returns after PUBACK."""
    command = ["mosquitto_pub", "-p", str(broker.port), "-u", code, "-P", f"key-{code}", "-q", "1", *more]
    command += ["-t", topic or f"anlan/up/{code}/readings", "-s"]
    content = payload.encode() if isinstance(payload, str) else payload
    subprocess.run(command, input=content, timeout=20, check=True)  # noqa: S603


def publish_lines(broker: Broker, lines: list[str], *, code: str = "D1") -> None:
    """Publish each line as a message of its own."""
    command = ["mosquitto_pub", "-p", str(broker.port), "-u", code, "-P", f"key-{code}", "-q", "1", "-l"]
    content = "\n".join(lines).encode() + b"\n"
    subprocess.run([*command, "-t", f"anlan/up/{code}/readings"], input=content, timeout=60, check=True)  # noqa: S603


def level(value: float, at: int = T) -> str:
    return json.dumps({"t": at, "v": {"level": value}})


def stored() -> list[float]:
    return list(Reading.objects.order_by("time", "datastream_id").values_list("value", flat=True))


def test_what_a_device_publishes_is_in_the_store_with_a_parcel_for_the_rules(broker, gateway):
    publish(broker, level(101.5))

    wait_until(lambda: stored() == [101.5])
    assert Parcel.objects.count() == 1


@pytest.mark.parametrize(
    "payload",
    [
        '{"t": "2026-07-01T08:00:00+08:00", "v": {"level": 101.5}}',
        '{"t": "2026-07-01T08:00:00", "v": {"level": 101.5}}',
        '{"t": "2026-07-01T00:00:00Z", "v": {"level": 101.5}, "battery": 3}',
        '{"t": 1782864000000, "v": {"level": 101.5}}',
        '{"t": 1782864000, "name": "level", "value": 101.5}',
        '[{"t": 1782864000, "v": {"level": 101.5}}]',
    ],
)
def test_each_way_of_telling_is_understood(broker, gateway, payload):
    publish(broker, payload)

    wait_until(lambda: stored() == [101.5])
    assert int(Reading.objects.get().time.timestamp()) == T


def test_an_element_that_means_something_begins_a_datastream(broker, gateway):
    publish(broker, json.dumps({"t": T, "v": {"level": 101.5, "rain": 0.5}}))

    wait_until(lambda: len(stored()) == 2)
    assert Datastream.objects.get(element="rain").property == Property.RAIN
    assert not Quarantined.objects.exists()


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("{", "The message is not as agreed: %(fault)s"),
        ("[]", "The message holds no value"),
        ('{"t": NaN, "v": {"level": 1}}', "The message is not as agreed: %(fault)s"),
        ('{"t": 1782864000, "v": {"level": Infinity}}', "The message is not as agreed: %(fault)s"),
        ('{"t": 1782864000, "v": {"level": 1e400}}', "The message is not as agreed: %(fault)s"),
        ('{"t": 1e300, "v": {"level": 1}}', "The time %(time)s is none"),
        ('{"t": "noon", "v": {"level": 1}}', "%(time)s is no time"),
        ('{"t": 1782864000, "v": {"colo\\u0000ur": 1}}', "The element %(element)s is not registered"),
        (b"\x00\xff\xfe", "The message is not as agreed: %(fault)s"),
    ],
)
def test_poison_lies_in_the_quarantine_with_its_bytes_and_its_reason(broker, gateway, payload, reason):
    publish(broker, payload)
    publish(broker, level(101.5))

    wait_until(lambda: stored() == [101.5])
    row = Quarantined.objects.get()
    assert bytes(row.payload) == (payload if isinstance(payload, bytes) else payload.encode())
    assert (row.reason, row.source, row.device_code) == (reason, "anlan/up/D1/readings", "D1")


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


def test_nothing_is_acknowledged_before_it_is_kept_and_a_killed_gateway_loses_nothing_and_keeps_nothing_twice(
    broker, process
):
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE telemetry_reading IN EXCLUSIVE MODE")  # the gateway gets no further than its INSERT
        publish_lines(broker, [level(at, T + at) for at in range(200)])
        wait_until(lambda: _waits_for_the_table())
        process.kill()
        cursor.execute("ROLLBACK")
    assert stored() == []

    process.start()

    wait_until(lambda: len(stored()) == 200)
    assert stored() == [float(value) for value in range(200)]


def _waits_for_the_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'telemetry_reading'::regclass")
        return cursor.fetchone() == (1,)


def test_what_comes_while_the_gateway_is_away_waits_at_the_broker(broker, process):
    assert process.stop() == 0
    publish_lines(broker, [level(at, T + at) for at in range(50)])

    process.start()

    wait_until(lambda: len(stored()) == 50)


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
    publish_lines(broker, [level(at, T + at) for at in range(20)])
    wait_until(lambda: len(stored()) == 20)
    gateway.stop()
    publish(broker, level(7, T + 100))

    again = GatewayHere(broker.url, version=version)
    again.start()

    wait_until(lambda: len(stored()) == 21)
    again.stop()
