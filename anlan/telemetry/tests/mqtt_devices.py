"""Two gauges that speak MQTT to a test's own broker, and what is told by them."""

import json
import subprocess
from collections.abc import Iterator, Sequence

import pytest
from django.db import connection

from anlan.telemetry.models import Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import Broker

T = 1782864000  # 2026-07-01 08:00 in Beijing


@pytest.fixture
def no_readings(transactional_db: None) -> Iterator[None]:
    """The table of readings is not Django's, so that nobody else empties it."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE telemetry_reading")


@pytest.fixture
def devices(broker: Broker, no_readings: None) -> None:
    for code in ("D1", "D2"):
        station = make.station(f"R{code}")
        make.datastream(make.device(code, at=station), "level")
        broker.add_account(code, f"key-{code}")


def publish(
    broker: Broker, payload: str | bytes, *, code: str = "D1", topic: str = "", more: Sequence[str] = ()
) -> None:
    """Publish as mosquitto_pub does; returns after PUBACK."""
    command = ["mosquitto_pub", "-p", str(broker.port), "-u", code, "-P", f"key-{code}", "-q", "1", *more]
    command += ["-t", topic or f"anlan/up/{code}/readings", "-s"]
    content = payload.encode() if isinstance(payload, str) else payload
    subprocess.run(command, input=content, timeout=20, check=True)  # noqa: S603


def publish_lines(broker: Broker, lines: Sequence[str], *, code: str = "D1") -> None:
    """Publish each line as a message of its own."""
    command = ["mosquitto_pub", "-p", str(broker.port), "-u", code, "-P", f"key-{code}", "-q", "1", "-l"]
    content = "\n".join(lines).encode() + b"\n"
    subprocess.run([*command, "-t", f"anlan/up/{code}/readings"], input=content, timeout=60, check=True)  # noqa: S603


def level(value: float, at: int = T) -> str:
    return json.dumps({"t": at, "v": {"level": value}})


def levels(count: int, first: int = 0) -> list[str]:
    """Return levels that count up, a second apart."""
    return [level(at, T + at) for at in range(first, first + count)]


def stored() -> list[float]:
    return list(Reading.objects.order_by("time", "datastream_id").values_list("value", flat=True))
