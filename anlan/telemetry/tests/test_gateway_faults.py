"""Whatever is killed, cut or away: what the broker acknowledged to a device is in the store, once."""

import time

import paho.mqtt.client as paho
import pytest
from django.db import connection
from paho.mqtt.enums import CallbackAPIVersion

from anlan.telemetry.gateway.connecting import connect
from anlan.telemetry.tests.broker import Broker
from anlan.telemetry.tests.broker import broker as broker  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.fault_proxy import FaultProxy
from anlan.telemetry.tests.gateway_process import GatewayHere, GatewayProcess, wait_until
from anlan.telemetry.tests.mqtt_devices import T, level, levels, publish, publish_lines, stored
from anlan.telemetry.tests.mqtt_devices import devices as devices  # noqa: PLC0414  the fixture
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def process(broker, devices, tmp_path):
    """The gateway as a process of its own, to be killed."""
    one = GatewayProcess(tmp_path, url=broker.url)
    one.start()
    yield one
    one.kill()


def test_nothing_is_acknowledged_before_it_is_kept_and_nothing_is_kept_twice(broker, process):
    with connect("a test") as other, other.transaction(force_rollback=True):
        other.execute("LOCK TABLE telemetry_reading IN EXCLUSIVE MODE")  # the gateway gets no further than its INSERT
        publish_lines(broker, levels(200))
        wait_until(_waits_for_the_table, process.words)
        process.kill()
    assert stored() == []

    process.start()

    wait_until(lambda: len(stored()) == 200)
    assert stored() == [float(value) for value in range(200)]


def _waits_for_the_table() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'anlan gateway mqtt'"
            " AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone() != (0,)


def test_a_gateway_that_is_killed_three_times_in_the_middle_loses_nothing(broker, process):
    for round_ in range(3):
        publish_lines(broker, levels(2000, 2000 * round_))
        process.kill()
        process.start()

    wait_until(lambda: len(stored()) == 6000)
    assert stored() == [float(value) for value in range(6000)]


def test_what_comes_while_the_gateway_is_away_waits_at_the_broker(broker, process):
    assert process.stop() == 0
    publish_lines(broker, levels(50))

    process.start()

    wait_until(lambda: len(stored()) == 50)


def test_while_postgresql_is_away_nothing_is_lost(broker, devices, tmp_path):
    database = connection.settings_dict
    with FaultProxy(int(database["PORT"])) as line:
        gateway = GatewayProcess(tmp_path, url=broker.url)
        gateway.tell(DATABASE_URL=f"postgresql://{database['USER']}:{database['PASSWORD']}@127.0.0.1:{line.port}/any")
        gateway.start()
        publish_lines(broker, levels(100))
        line.is_refusing = True
        line.cut()
        publish_lines(broker, levels(400, 100))
        time.sleep(2)
        before = len(stored())
        line.is_refusing = False

        wait_until(lambda: len(stored()) == 500)
        gateway.kill()

    assert before <= 100
    assert stored() == [float(value) for value in range(500)]


def test_a_line_that_is_cut_again_and_again_loses_nothing(broker, devices):
    with FaultProxy(broker.port) as line:
        gateway = GatewayHere(broker.url.replace(str(broker.port), str(line.port)))
        gateway.start()
        for round_ in range(4):
            publish_lines(broker, levels(300, 300 * round_))
            line.cut()

        wait_until(lambda: len(stored()) == 1200)
        gateway.stop()

    assert stored() == [float(value) for value in range(1200)]


@pytest.fixture
def gateway(broker, devices):
    one = GatewayHere(broker.url)
    one.start()
    yield one
    one.stop()


def test_a_broker_that_is_killed_in_the_middle_has_handed_on_what_it_acknowledged(broker, gateway):
    begun = time.time()
    wait_until(lambda: max((each.stat().st_mtime for each in broker.folder.glob("mosquitto.db")), default=0) > begun)
    # From here on the broker knows on disk who listens: as with every gateway that has run for more than a second.
    accepted = _published_until_the_kill(broker)
    broker.start()
    wait_until(lambda: gateway.wire.is_well)
    publish(broker, level(-1, T - 1))

    wait_until(lambda: -1.0 in stored())
    assert accepted
    assert accepted - set(stored()) == set()
    assert len(stored()) == len(set(stored()))


def _published_until_the_kill(broker: Broker) -> set[float]:
    """Publish for a second, kill the broker, and return what it acknowledged."""
    numbers: dict[int, float] = {}
    accepted: set[float] = set()
    client = paho.Client(CallbackAPIVersion.VERSION2, "gauge")
    client.username_pw_set("D1", "key-D1")
    client.on_publish = lambda _client, _data, number, _reason, _properties: accepted.add(numbers[number])
    client.connect("127.0.0.1", broker.port)
    ends = time.monotonic() + 1
    for value in range(20_000):
        if time.monotonic() > ends:
            break
        numbers[client.publish("anlan/up/D1/readings", level(value, T + value), qos=1).mid] = float(value)
        client.loop(0)
    broker.kill()
    client.loop(0.1)
    return accepted
