"""`memory.hour`: whether any process grows while all of them work for an hour. Taken by name only.

Everything that the Procfile names runs, with a broker, on a database that goes away again. Twenty gauges speak by MQTT
fifty times a second each, so that what the judge remembers of them is full before the growth is counted; the others of
the five hundred speak once a minute. Stations report by SL 651, a device posts over HTTP, pages are open and polled.
"""

import os
import re
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from anlan.telemetry.core.sl651.clock import BEIJING
from bench import mqtt_load as load
from bench.frame import Measure
from bench.ingest_sl651 import address, frame_of

SECONDS = int(os.environ.get("ANLAN_BENCH_SECONDS", "3600"))  # noqa: TID251  less only to try it
LOUD, A_SECOND = 20, 1000
WARM_UP = SECONDS / 6  # until what is kept in memory is full
EVERY_S = max(SECONDS / 240, 1.0)
MAY_GROW, MAY_GROW_MB = 1.10, 20.0
MAY_FAIL = 0.001
VIEWERS, STATIONS = 50, 20
KEY = "key-of-the-bench"
NAMES = ("web", "live", "worker", "judge", "gateway", "mosquitto", "PostgreSQL")


def measures() -> Iterator[Measure]:
    """Yield a figure for each process: its memory at the end against that after the warm-up."""
    taken = _taken()
    for name in NAMES:
        before, after, most = taken.of(name)
        yield Measure(
            f"{name}: MB at the end of {SECONDS} s at {taken.a_second} messages a second (most {most:.0f})",
            ours=lambda after=after: after,  # type: ignore[misc]
            limit=f"MB after {WARM_UP:.0f} s",
            probe=lambda before=before: before,  # type: ignore[misc]
            at_most=max(MAY_GROW * before, before + MAY_GROW_MB),
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What was seen: seconds since the beginning and MB by process."""

    rows: list[tuple[float, Mapping[str, float]]]
    a_second: int

    def of(self, name: str) -> tuple[float, float, float]:
        """Return MB after the warm-up and at the end, each the median of five looks, and the most after it."""
        counted = [row[name] for at, row in self.rows if at >= WARM_UP]
        return median(counted[:5]), median(counted[-5:]), max(counted)


@cache
def _taken() -> Taken:
    started = _start()
    try:
        return _watched(started)
    finally:
        for process in started.processes.values():
            process.terminate()
            process.wait()


def _watched(started: "Started") -> Taken:
    rows: list[tuple[float, Mapping[str, float]]] = []
    before, began = _stored(), time.monotonic()
    with Busy(started) as busy:
        while (past := time.monotonic() - began) < SECONDS:
            fallen = [name for name, process in started.processes.items() if process.poll() is not None]
            if fallen:
                raise RuntimeError(f"{fallen[0]} fell after {past:.0f} s")
            rows.append((past, started.megabytes()))
            print("  ".join([f"{past:5.0f} s", *(f"{name} {mb:.1f}" for name, mb in rows[-1][1].items())]), flush=True)
            time.sleep(EVERY_S)
        a_second = round((_stored() - before) / (time.monotonic() - began))
    if busy.failed > MAY_FAIL * busy.done:
        raise RuntimeError(f"{busy.failed} of {busy.done} things asked of the site failed: {busy.fault}")
    return Taken(rows, a_second)


def _stored() -> int:
    with load.database() as connection:
        (count,) = connection.execute("SELECT count(*) FROM telemetry_reading").fetchone() or (0,)
    return int(count)


# What runs.


@dataclass(frozen=True, slots=True)
class Started:
    """The site: its processes, ports and the session of somebody who covers the county."""

    processes: Mapping[str, "subprocess.Popen[bytes]"]
    web: int
    live: int
    sl651: int
    cookie: str

    def megabytes(self) -> dict[str, float]:
        """Return what each process and its children hold for themselves alone."""
        found = {name: sum(map(_private_mb, [each.pid, *_children(each.pid)])) for name, each in self.processes.items()}
        found["mosquitto"] = sum(map(_private_mb, _pids("mosquitto.conf")))
        with load.database() as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()").fetchall()
        found["PostgreSQL"] = sum(_private_mb(pid) for (pid,) in rows)
        return found


def _start() -> Started:
    load.site()
    from django.test import Client

    from anlan.accounts.core.roles import Role
    from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, person
    from anlan.ground.fields import keyed_hash
    from anlan.places.actions import DivisionRow, load_divisions
    from anlan.telemetry.tests import factories as make
    from anlan.web.tests.live_process import free_port

    rows = [DivisionRow(COUNTY, "青岚县", 50_000), DivisionRow(TOWNSHIP, "柳溪镇", 30_000)]
    load_divisions(actor=None, rows=rows, valid_from=NOON.date(), at=NOON)
    for number in range(STATIONS):
        make.device(f"S{number}", at=make.station(f"S{number}"), protocol="sl651", address=address(number))
    make.datastream(make.device("H1", at=make.station("H1"), protocol="http", key_hash=keyed_hash(KEY)))
    client = Client()
    client.force_login(person("bench", Role.COMMANDER, COUNTY), backend="django.contrib.auth.backends.ModelBackend")
    web, live, sl651 = free_port(), free_port(), free_port()
    told = ("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(web), "--workers", "2", "--blocking-threads")
    processes = {
        "web": load.start_process(
            *told, "4", "--no-ws", "--log-level", "error", "anlan.config.wsgi:application", program="granian"
        ),
        "live": load.start_process("live", "--port", str(live)),
        "worker": load.start_process("procrastinate", "worker", "--concurrency", "2"),
        "judge": load.start_process("judge"),
        "gateway": load.start_process("gateway", "--sl651-port", str(sl651)),
    }
    load.until(lambda: all(map(_answers, (web, live, sl651))), "the site")
    cookie = f"anlan_session={client.cookies['anlan_session'].value}"
    return Started(processes, web, live, sl651, cookie)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _private_mb(pid: int) -> float:
    with suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
        return sum(int(kib) for kib in re.findall(r"^Private_\w+: +(\d+)", text, re.MULTILINE)) / 1024
    return 0.0


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()]
    return []


def _pids(word: str) -> list[int]:
    """Return the broker of this bench: it is started with a folder of its own."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            text = path.read_bytes().decode(errors="replace")
            if word in text and "anlan-bench-" in text:
                found.append(int(path.parent.name))
    return found


# What keeps it busy.


class Busy:
    """Keeps the site busy while the block runs, from a process and a few threads that stop with it."""

    def __init__(self, started: Started) -> None:
        self._started = started
        self._is_over = threading.Event()
        self.done = self.failed = 0
        self.fault = ""
        self._threads = [
            threading.Thread(target=self._again, args=(work, pause), daemon=True)
            for work, pause in (
                (self._report, 0.2),
                (self._post, 0.5),
                (lambda: self._get("/map/layers/stations.geojson"), 2.0),
                (lambda: self._get("/telemetry/alarms/"), 5.0),
                (self._watch, 20.0),
            )
        ]

    def __enter__(self) -> "Busy":
        self._publisher = load.in_the_background(_publish, load.port())
        for each in self._threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._publisher.kill()
        for each in self._threads:
            each.join(30)

    def _again(self, work: Callable[[], Any], pause_s: float) -> None:
        while not self._is_over.wait(pause_s):
            self.done += 1
            try:
                work()
            except OSError as fault:
                self.failed += 1
                self.fault = str(fault)

    def _get(self, address: str) -> bytes:
        request = urllib.request.Request(  # noqa: S310
            f"http://127.0.0.1:{self._started.web}{address}", headers={"Cookie": self._started.cookie}
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return bytes(response.read())

    def _post(self) -> None:
        body = b'{"t": %.3f, "v": {"level": 50.0}}' % time.time()
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        request = urllib.request.Request(  # noqa: S310
            f"http://127.0.0.1:{self._started.web}/telemetry/readings", body, headers
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            response.read()

    def _report(self) -> None:
        """One station comes, reports, is confirmed and goes, as those on batteries do."""
        at = datetime.now(BEIJING).replace(microsecond=0)
        frame = frame_of(int(time.time() * 5) % STATIONS, int(time.time()) % 60_000 + 1, at)
        with socket.create_connection(("127.0.0.1", self._started.sl651), 10) as line:
            line.sendall(frame)
            line.recv(4096)

    def _watch(self) -> None:
        """Pages come, listen for twenty seconds, and go."""
        head = f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self._started.cookie}\r\n\r\n".encode()
        lines = [socket.create_connection(("127.0.0.1", self._started.live), 10) for _ in range(VIEWERS)]
        for line in lines:
            line.sendall(head)
        ends = time.monotonic() + 20
        while time.monotonic() < ends and not self._is_over.wait(0.2):
            for line in lines:
                line.setblocking(False)
                with suppress(BlockingIOError):
                    line.recv(1 << 16)
        for line in lines:
            line.close()


def _publish(port: int) -> None:
    """Publish for ever; every twentieth second one of the gauges goes over its limit and comes back."""
    line = load.opened(port, f"gauges-{os.getpid()}")
    line.setblocking(False)
    out, began, sent, quiet = bytearray(), time.time(), 0, LOUD
    while True:
        past = time.time() - began
        for number in range(sent, int(past * A_SECOND)):
            at = began + number / A_SECOND
            level = 150.0 if int(at) % 40 < 20 and number % LOUD == int(at) // 40 % LOUD else 50.0 + number % 7 / 100
            out += load.packet(number, load.topic_of(number % LOUD), b'{"t":%.3f,"v":{"level":%.2f}}' % (at, level))
            if number % (A_SECOND // 8) == 0:
                quiet = LOUD + (quiet + 1 - LOUD) % (load.DEVICES - LOUD)
                out += load.packet(number, load.topic_of(quiet), b'{"t":%.3f,"v":{"level":50.00}}' % at)
        sent = max(sent, int(past * A_SECOND))
        load.exchange(line, out, 0.005)
        time.sleep(0.005)
