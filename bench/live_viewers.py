"""`live.viewers`: two thousand open pages on one process, from the publisher's call until the last of them was told.

The limit is a process that does nothing but hear a NOTIFY and write it to as many sockets: no table, no numbers, no
sessions, no HTTP. The pages are the same bare sockets for both, all in this one process, on the same cores.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

from bench.county_data import COUNTY, empty_county
from bench.frame import Measure

VIEWERS, EVENTS, WARM_UP = 2000, 15, 3
TOGETHER = 50
PAUSE_S = 0.15
KIB = 1024
BELL = "anlan_bench_bare"
LIMIT = "a bare NOTIFY to as many sockets"


def measures() -> Iterator[Measure]:
    """Yield the figures."""
    for figure, of, at_most in (
        ("from the call to publish until all have it, median of 15, ms", lambda taken: taken.told_ms, 500.0),
        ("the slowest of 15, ms", lambda taken: taken.slowest_ms, 1000.0),
        ("until all are let in, s", lambda taken: taken.let_in_s, None),
        ("memory a viewer, kB", lambda taken: taken.kib, None),
    ):
        yield Measure(
            f"{VIEWERS} viewers: {figure}",
            ours=lambda of=of: of(ours()),  # type: ignore[misc]
            limit=LIMIT,
            probe=lambda of=of: of(bare()),  # type: ignore[misc]
            at_most=at_most,
        )


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run of a server with all viewers costs."""

    told_ms: float
    slowest_ms: float
    let_in_s: float
    kib: float


class Page(asyncio.Protocol):
    """An open page: asks once, then looks for marks in what it is told."""

    def __init__(self, crowd: "Crowd", request: bytes) -> None:
        self._crowd = crowd
        self._request = request

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._crowd.mark in data:
            self._crowd.note()


class Crowd:
    """All pages; tells when each of them has seen the mark."""

    def __init__(self) -> None:
        self.mark = b"hello"
        self._seen = 0
        self._all_seen = asyncio.Event()

    def expect(self, mark: bytes) -> None:
        self.mark, self._seen = mark, 0
        self._all_seen.clear()

    def note(self) -> None:
        self._seen += 1
        if self._seen == VIEWERS:
            self._all_seen.set()

    async def come(self, port: int, request: bytes) -> None:
        """Open every page, a few at a time, and wait until each was greeted."""
        loop = asyncio.get_running_loop()
        for _ in range(VIEWERS // TOGETHER):
            opening = (loop.create_connection(lambda: Page(self, request), "127.0.0.1", port) for _ in range(TOGETHER))
            await asyncio.gather(*opening)
        await self.all_told()

    async def all_told(self) -> None:
        async with asyncio.timeout(120):
            await self._all_seen.wait()


async def watch(pid: int, port: int, request: bytes, tell: Callable[[str], None]) -> Taken:
    """Take the figures of a server that runs already."""
    from django.db import connections

    loop, publisher = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    crowd, before, began = Crowd(), memory_kib(pid), time.perf_counter()
    await crowd.come(port, request)
    let_in_s = time.perf_counter() - began
    times = []
    for number in range(WARM_UP + EVENTS):
        mark = f"mark-{number}-"
        crowd.expect(mark.encode())
        began = time.perf_counter()
        await loop.run_in_executor(publisher, tell, mark)
        await crowd.all_told()
        times.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(PAUSE_S)
    await loop.run_in_executor(publisher, connections.close_all)
    counted = times[WARM_UP:]
    kib = (memory_kib(pid) - before) / VIEWERS
    return Taken(statistics.median(counted), max(counted), let_in_s, kib)


def memory_kib(pid: int) -> int:
    """Return what the process holds in memory of its own."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


@cache
def visitor() -> Any:
    """Return somebody logged in who covers the county, in a database that goes away again."""
    return empty_county(1, 1)[0]


def ours() -> Taken:
    """Take the figures of `anlan live`."""
    client = visitor()
    from django.conf import settings
    from django.utils.timezone import now

    from anlan.web.live import publish_live
    from anlan.web.tests.live_process import LiveProcess

    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    request = f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {settings.SESSION_COOKIE_NAME}={key}\r\n\r\n"

    def tell(mark: str) -> None:
        content = {"mark": mark, "station": "雨量站", "level": "orange", "value": 61.5}
        publish_live(
            kind="telemetry.alarm", division_code=COUNTY, content=content, capability="telemetry.read", at=now()
        )

    process = LiveProcess(upkeep_s=60)
    try:
        return asyncio.run(watch(process.process.pid, process.port, request.encode(), tell))
    finally:
        process.kill()


def bare() -> Taken:
    """Take the figures of the limit."""
    visitor()
    from anlan.web.tests.live_process import eventually, free_port, holds_port

    port, dsn = free_port(), _dsn()
    process = subprocess.Popen(  # noqa: S603  this very module
        [sys.executable, "-m", "bench.live_viewers", str(port), dsn]
    )
    try:
        eventually(lambda: holds_port(port))
        with psycopg.connect(dsn, autocommit=True) as line:

            def tell(mark: str) -> None:
                line.execute("SELECT pg_notify(%s, %s)", [BELL, mark])

            return asyncio.run(watch(process.pid, port, b"GET\r\n", tell))
    finally:
        process.kill()
        process.wait()


def _dsn() -> str:
    from django.db import connection

    told = connection.get_connection_params()
    named = {key: str(told[key]) for key in ("dbname", "user", "password", "host", "port") if told.get(key)}
    return psycopg.conninfo.make_conninfo(**named)


class Socket(asyncio.Protocol):
    """A viewer of the limit."""

    known: set[asyncio.Transport] = set()  # noqa: RUF012  the one set that everybody writes to

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self.known.add(transport)
        transport.write(b"data: hello\n\n")

    def connection_lost(self, error: Exception | None) -> None:
        self.known.discard(self._transport)


async def fan_out(port: int, dsn: str) -> None:
    """Write every notification to every socket, and nothing else."""
    await asyncio.get_running_loop().create_server(Socket, "127.0.0.1", port, backlog=4096)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as line:
        await line.execute(f"LISTEN {BELL}")
        async for notice in line.notifies():
            body = f"data: {notice.payload}\n\n".encode()
            for transport in Socket.known:
                transport.write(body)


if __name__ == "__main__":
    asyncio.run(fan_out(int(sys.argv[1]), sys.argv[2]))
