"""A county of gauges behind a broker, for the benches of MQTT: a database and a broker that go away again, and load.

Messages are published by raw packets from a process of their own, far quicker than a client library would, so that the
publisher bounds nothing.
"""

import atexit
import multiprocessing
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import broker as own  # scripts/broker.py
import psycopg
from cluster import is_free  # scripts/cluster.py

from anlan.telemetry.core import mqtt_packets
from anlan.telemetry.core.mqtt_packets import Kind, Reader, Version
from anlan.telemetry.tests.certificates import Authority
from bench.fresh import fresh_database

DEVICES = 500
WINDOW = 2000  # messages that the publisher leaves unacknowledged
PASSWORD = "bench"  # noqa: S105
USER = "bench"
AUTHORITY = "authority"
PATIENCE_S = 120.0
Message = tuple[bytes, bytes]  # topic and payload


def topic_of(device: int) -> bytes:
    """Return under which topic a gauge speaks."""
    return b"anlan/up/B%d/readings" % device


# The broker.


@cache
def home() -> Path:
    """Start a broker with the settings of a deployment, and a second port that speaks TLS; return its folder."""
    folder = Path(tempfile.mkdtemp(prefix="anlan-bench-"))
    free = (number for number in range(own.FIRST_PORT + 50, own.LAST_PORT) if is_free(number))
    number, secure = next(free), next(free)
    certificate, key = Authority(folder, AUTHORITY).certify("localhost", address="127.0.0.1")
    own.furnish(folder, number, {USER: PASSWORD, own.GATEWAY: PASSWORD})
    with (folder / "mosquitto.conf").open("a", encoding="utf-8") as settings:
        settings.write(f"listener {secure} 127.0.0.1\ntls_version tlsv1.2\ncertfile {certificate}\nkeyfile {key}\n")
    with (folder / "acl").open("a", encoding="utf-8") as acl:
        acl.write(f"\nuser {USER}\ntopic readwrite anlan/#\n")
    own.run(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(own.end, folder, signal.SIGKILL)
    return folder


def port() -> int:
    """Return the port of the broker, which is started at the first call."""
    return int(own.port_of(home()))


def tls_port() -> int:
    """Return the port on which it speaks TLS."""
    return int(re.findall(r"listener (\d+)", (home() / "mosquitto.conf").read_text(encoding="utf-8"))[1])


def authority() -> str:
    """Return the file of the authority that gave the broker its certificate."""
    return str(home() / f"{AUTHORITY}.crt")


def opened(at: int, session: str, *, subscribes: bool = False) -> socket.socket:
    """Return a line to the broker at a port, with a lasting session of a name."""
    line = socket.create_connection(("127.0.0.1", at))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    hello = mqtt_packets.connect(Version.V5, session, user=USER, password=PASSWORD, keep_alive_s=0, window=50_000)
    _ask(line, hello, Kind.CONNACK)
    if subscribes:
        _ask(line, mqtt_packets.subscribe(Version.V5, ["anlan/up/#"]), Kind.SUBACK)
    return line


def _ask(line: socket.socket, packet: bytes, wanted: Kind) -> None:
    line.sendall(packet)
    reader = Reader(Version.V5)
    while all(kind != wanted for kind, _ in reader.feed(line.recv(65536)).others):
        continue


def preload(at: int, session: str, messages: Sequence[Message]) -> None:
    """Let the broker hold messages for a session that is away."""
    line = opened(at, session, subscribes=True)
    line.sendall(mqtt_packets.disconnect())
    line.close()
    publish(at, messages)


def forget(session: str, at: int | None = None) -> None:
    """Let the broker forget a session and what waits for it; at a port, where another process started it."""
    line = socket.create_connection(("127.0.0.1", port() if at is None else at))
    hello = mqtt_packets.connect(Version.V311, session, user=USER, password=PASSWORD, keep_alive_s=0, window=0)
    flags = hello.index(b"MQTT") + 5
    line.sendall(hello[:flags] + bytes([hello[flags] | 0x02]) + hello[flags + 1 :])  # a clean session
    line.recv(4)
    line.close()


# Publishing.


def publish(at: int, messages: Sequence[Message], per_second: float = 0.0) -> None:
    """Publish at QoS 1 from this process, as quickly as the broker takes it or at a rate; return when all is acked."""
    line = opened(at, f"publisher-{os.getpid()}")
    line.setblocking(False)
    packets = [packet(number, *message) for number, message in enumerate(messages)]
    sent, octets, out, began = 0, 0, bytearray(), time.perf_counter()
    while octets < 4 * len(packets):
        due = int((time.perf_counter() - began) * per_second) + 1 if per_second else len(packets)
        until = min(due, len(packets), octets // 4 + WINDOW, sent + 500)
        if until > sent:
            out += b"".join(packets[sent:until])
            sent = until
        octets += exchange(line, out, 0.002 if per_second else 0.05)
    line.sendall(mqtt_packets.disconnect())
    line.close()


def exchange(line: socket.socket, out: bytearray, patience_s: float) -> int:
    """Send what the line takes; return the octets of acknowledgement that came (four a message, as nobody is alone)."""
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ | (selectors.EVENT_WRITE if out else 0))
        came = 0
        for _, events in selector.select(patience_s):
            if events & selectors.EVENT_WRITE:
                del out[: line.send(out)]
            if events & selectors.EVENT_READ:
                came += len(line.recv(1 << 18))
    return came


def packet(number: int, topic: bytes, payload: bytes) -> bytes:
    """Return a message as a publisher of version 5 sends it."""
    body = len(topic).to_bytes(2, "big") + topic + (number % 65_000 + 1).to_bytes(2, "big") + b"\0" + payload
    size = len(body)
    head = bytes([0x32, size]) if size < 128 else bytes([0x32, size & 0x7F | 0x80, size >> 7])
    return head + body


def in_the_background(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run a function in a process of its own and return the process."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=arguments)
    process.start()
    return process


def in_a_process(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run a function in a process of its own and return what it returns."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_answer, args=(theirs, work, arguments))
    process.start()
    result = ours.recv()
    process.join()
    return result


def _answer(pipe: Any, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    pipe.send(work(*arguments))


# The site.


@cache
def site() -> dict[int, int]:
    """Register the gauges in a database that goes away again; return the datastream of each."""
    fresh_database()
    from anlan.telemetry.tests import factories as make
    from anlan.telemetry.tests.judging import book

    book()
    streams = {}
    for number in range(DEVICES):
        stream = make.datastream(make.device(f"B{number}", at=make.station(f"B{number}")), "level", interval_s=60.0)
        stream.thresholds.create(quantity="reading", colour=2, value=100.0)
        streams[number] = stream.pk
    return streams


def database() -> "psycopg.Connection[Any]":
    """Return a connection to that database."""
    from anlan.telemetry.gateway.connecting import connect

    return connect("bench")


def start_process(*arguments: str, program: str = "anlan", **others: str) -> "subprocess.Popen[bytes]":
    """Start one of our commands, or another program with its environment, on that database and that broker."""
    from django.conf import settings
    from django.db import connection

    environment = {
        **os.environ,  # noqa: TID251  a program started by hand has it too
        "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
        "ANLAN_SECRET_KEY": settings.SECRET_KEY,
        "ANLAN_FIELD_KEY": settings.FIELD_KEY,
        "ANLAN_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "ANLAN_MQTT_URL": f"mqtt://{own.GATEWAY}:{PASSWORD}@127.0.0.1:{port()}",
        "ANLAN_MQTT_ACCOUNTS": "",
        "ANLAN_LOG_LEVEL": "WARNING",
        **others,
    }
    path = str(Path(sys.executable).with_name(program))
    process = subprocess.Popen([path, *arguments], env=environment)  # noqa: S603
    atexit.register(_end, process)
    _STARTED.append(process)
    return process


_STARTED: "list[subprocess.Popen[bytes]]" = []


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def until(holds: Callable[[], object], what: str) -> None:
    """Return as soon as it holds.

    Raises:
        TimeoutError: it never does, or one of the processes fell.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline or any((each.poll() or 0) > 0 for each in _STARTED):
            raise TimeoutError(f"{what}: not within {PATIENCE_S:g} s")
        time.sleep(0.005)


def by_tls() -> dict[str, str]:
    """Return what makes a gateway speak TLS to that broker."""
    url = f"mqtts://{own.GATEWAY}:{PASSWORD}@127.0.0.1:{tls_port()}"
    return {"ANLAN_MQTT_URL": url, "ANLAN_MQTT_CA": authority()}


def is_judging(connection: "psycopg.Connection[Any]") -> bool:
    """Return whether a judge holds its lock on that database."""
    from anlan.telemetry.judging.process import JUDGE_LOCK

    found = connection.execute(
        "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
        " WHERE locktype = 'advisory' AND objid = %s AND datname = current_database() AND granted",
        [JUDGE_LOCK],
    ).fetchone()
    return found is not None


def is_heard(connection: "psycopg.Connection[Any]") -> bool:
    """Return whether a gateway is there: it has its connection."""
    found = connection.execute(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'anlan gateway mqtt'"
    ).fetchone()
    return found is not None


def rounds() -> Iterator[int]:
    """Yield a number for each run, so that no two tell the same readings."""
    number = 0
    while True:
        number += 1
        yield number
