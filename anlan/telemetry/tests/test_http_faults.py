"""A device posts to the site as it runs in production, while PostgreSQL is away and while workers are killed."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from anlan.ground.fields import keyed_hash
from anlan.telemetry.models import Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.broker import free_port
from anlan.telemetry.tests.fault_proxy import FaultProxy
from anlan.telemetry.tests.gateway_process import wait_until
from anlan.telemetry.tests.mqtt_devices import T
from anlan.telemetry.tests.mqtt_devices import no_readings as no_readings  # noqa: PLC0414  the fixture
from anlan.web.tests.live_process import holds_port

pytestmark = pytest.mark.django_db(transaction=True)
GRANIAN = Path(sys.executable).with_name("granian")
KEY = "key-of-h1"
PLAIN, STANDARD = "/telemetry/readings", "/telemetry/sensorthings/v1.1/Observations"
ONE_WORKER = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "4", "--no-ws"]


class Web:
    """The site as a process of its own, whose way to PostgreSQL can be cut."""

    def __init__(self, port_of_database: int) -> None:
        self.port = free_port()
        told = connection.settings_dict
        environment = {
            **os.environ,  # noqa: TID251  a program started by hand has it too
            "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
            "ANLAN_SECRET_KEY": settings.SECRET_KEY,
            "ANLAN_FIELD_KEY": settings.FIELD_KEY,
            "DATABASE_URL": f"postgresql://{told['USER']}:{told['PASSWORD']}@127.0.0.1:{port_of_database}/any",
            "ANLAN_DATABASE_NAME": str(told["NAME"]),
            "ANLAN_LOG_LEVEL": "ERROR",
        }
        command = [*map(str, (GRANIAN, *ONE_WORKER, "--port", self.port, "--log-level", "error"))]
        command += ["--respawn-failed-workers", "anlan.config.wsgi:application"]
        self.process = subprocess.Popen(command, env=environment)  # noqa: S603  our own site
        wait_until(lambda: holds_port(self.port) and self.post(99) == 200)

    def post(self, number: int, path: str = PLAIN, stream: int = 0) -> int:
        """Post a reading of its own instant; return the status, 0 where no answer came."""
        at, value = T + number, 100.0 + number
        content = {"t": at, "v": {"level": value}}
        if path == STANDARD:
            content = {"phenomenonTime": f"2026-07-01T00:{number:02d}:00Z", "result": value}
            content["Datastream"] = {"@iot.id": stream}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("POST", path, json.dumps(content), {"Authorization": f"Bearer {KEY}"})
            answer = line.getresponse()
            self.retry_after = answer.headers.get("Retry-After")
            return answer.status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in children.read_text(encoding="utf-8").split()]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def stream(no_readings):
    station = make.station("RH1")
    return make.datastream(make.device("H1", at=station, protocol="http", key_hash=keyed_hash(KEY)), "level").pk


@pytest.fixture
def way(stream):
    """The way from the site to PostgreSQL."""
    with FaultProxy(int(connection.settings_dict["PORT"])) as proxy:
        yield proxy


@pytest.fixture
def web(way):
    one = Web(way.port)
    yield one
    one.end()


def stored() -> list[float]:
    return list(Reading.objects.order_by("value").values_list("value", flat=True))


@pytest.mark.parametrize("path", [PLAIN, STANDARD])
def test_while_postgresql_is_away_nothing_is_acknowledged_and_afterwards_the_same_is_taken(web, way, stream, path):
    before = stored()
    way.is_refusing = True
    way.cut()

    assert [web.post(number, path, stream) for number in range(1, 6)] == [503] * 5
    assert web.retry_after == "5"
    assert stored() == before
    way.is_refusing = False
    accepted = [web.post(number, path, stream) for number in range(1, 6)]

    assert set(accepted) <= {200, 201}
    assert stored() == [*(100.0 + number for number in range(1, 6)), *before]


def test_a_line_cut_in_the_middle_of_a_post_acknowledges_nothing_that_is_not_kept(web, way):
    accepted = set()
    for number in range(1, 30):
        if number % 5 == 0:
            way.cut()
        if web.post(number) == 200:
            accepted.add(100.0 + number)

    assert len(accepted) >= 20
    assert accepted - set(stored()) == set()
    assert len(stored()) == len(set(stored()))


def test_a_worker_that_is_killed_comes_back_and_what_it_had_acknowledged_is_kept(web):
    accepted = set()
    for number in range(1, 40):
        if number == 20:
            for pid in web.workers():
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda number=number: web.post(number) == 200)
        accepted.add(100.0 + number)

    assert accepted - set(stored()) == set()
    assert len(stored()) == len(set(stored()))


def test_a_post_in_chunks_is_told_that_it_was_not_read(web):
    content = json.dumps({"t": T, "v": {"level": 1.0}}).encode()
    line = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
    line.request("POST", PLAIN, iter([content]), {"Authorization": f"Bearer {KEY}"}, encode_chunked=True)

    assert line.getresponse().status == 411
    line.close()
    assert 1.0 not in stored()
    assert not Quarantined.objects.exists()


def test_heads_that_never_end_keep_nobody_from_posting(web):
    slow = [socket.create_connection(("127.0.0.1", web.port)) for _ in range(100)]
    for line in slow:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")  # a head that never ends

    assert web.post(1) == 200
    for line in slow:
        line.close()
