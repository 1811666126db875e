"""`ingest.sl651`: five hundred stations on TCP lines, each frame decoded, committed and only then confirmed.

The stations run in a process of their own. Each sends its next report when the one before is confirmed, as M2 wants it;
a report has four elements. The limit is a bare echo over the same lines with the same frames.
"""

import asyncio
import multiprocessing
import selectors
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function, StationClass
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.values import Frame, Item, Report, StationMark, TimeMark
from bench.frame import Measure
from bench.fresh import fresh_database

if TYPE_CHECKING:
    from anlan.telemetry.gateway.sl651_server import Sl651Server

LINES, REPORTS = 500, 60
FRAMES = LINES * REPORTS
PER_SECOND = 5000
BEGINS_AT = datetime(2026, 7, 1, tzinfo=BEIJING)
STEP = timedelta(minutes=5)
VALUES = ((0x20, 0.5), (0x26, 120.5), (0x39, 101.25), (0x38, 12.6))
CONFIRMATION, REPORT = 25, 60  # bytes
ROUNDS = count()


def measures() -> Iterator[Measure]:
    """Yield the figure."""
    try:
        yield Measure(
            f"{FRAMES} reports over {LINES} lines, decoded, committed and confirmed, s",
            ours=_ours,
            limit="asyncio echoes the same frames over the same lines",
            probe=lambda: _seconds(_echo(), 0, REPORT),
            at_most=FRAMES / PER_SECOND,
        )
    finally:
        if _server.cache_info().currsize:
            asyncio.run_coroutine_threadsafe(_server().stop(), _loop()).result()


def address(number: int) -> str:
    """Return the address of a station."""
    return f"00{30_000_000 + number:08d}"


def frames_of(number: int, first: int) -> list[bytes]:
    """Return the reports of one station, one after the other, from so many steps on."""
    return [frame_of(number, place + 1, BEGINS_AT + STEP * (first + place)) for place in range(REPORTS)]


def frame_of(number: int, serial: int, at: datetime) -> bytes:
    """Return one report of a station."""
    values = tuple(reading(code, value + (serial - 1) % 7 * 0.1) for code, value in VALUES)
    items: tuple[Item, ...] = (StationMark(address(number), StationClass.RIVER), TimeMark(at), *values)
    head = (Encoding.HEX, Direction.UP, 1, address(number), 0x1234, Function.TIMED)
    return encode(Frame(*head, Report(serial, at, items), Control.ETX))


# The stations, in a process of their own.


def _stations(port: int, first: int, answer: int, pipe: Any) -> None:
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(LINES)]
    waiting = [frames_of(number, first) for number in range(LINES)]
    selector = selectors.DefaultSelector()
    for number, line in enumerate(lines):
        line.setblocking(False)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting[number].reverse()
        selector.register(line, selectors.EVENT_READ, number)
    missing = [answer] * LINES
    began, left = perf_counter(), FRAMES
    for number, line in enumerate(lines):
        line.send(waiting[number].pop())
    while left:
        for key, _ in selector.select():
            number = key.data
            missing[number] -= len(key.fileobj.recv(4096))  # type: ignore[union-attr]
            if missing[number] > 0:
                continue
            left -= 1
            missing[number] = answer
            if waiting[number]:
                key.fileobj.send(waiting[number].pop())  # type: ignore[union-attr]
    pipe.send(perf_counter() - began)
    for line in lines:
        line.close()


def _seconds(port: int, first: int, answer: int) -> float:
    """Return the seconds from the first report sent to the last answer received."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    stations = multiprocessing.get_context("spawn").Process(target=_stations, args=(port, first, answer, theirs))
    stations.start()
    seconds = float(ours.recv())
    stations.join()
    return seconds


# The limit.


class _Echo(asyncio.Protocol):
    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(data)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return loop


@cache
def _echo() -> int:
    async def begin() -> int:
        server = await _loop().create_server(_Echo, "127.0.0.1", 0, backlog=LINES)
        return int(server.sockets[0].getsockname()[1])

    return asyncio.run_coroutine_threadsafe(begin(), _loop()).result()


# Ours.


def _ours() -> float:
    from django.db import connection

    first = next(ROUNDS) * REPORTS
    seconds = _seconds(_server().port, first, CONFIRMATION)
    since = BEGINS_AT + STEP * first
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM telemetry_reading WHERE "time" >= %s AND "time" < %s',
            [since, since + STEP * REPORTS],
        )
        stored = cursor.fetchone()[0]
    if stored != FRAMES * len(VALUES):
        raise ValueError(f"{stored} readings were stored, expected {FRAMES * len(VALUES)}")
    return seconds


@cache
def _server() -> "Sl651Server":
    _site()
    from anlan.telemetry.gateway.connecting import connect
    from anlan.telemetry.gateway.sl651_keeping import FrameKeeper
    from anlan.telemetry.gateway.sl651_server import Sl651Server

    def clock() -> datetime:
        return datetime.now(UTC)

    keeper = FrameKeeper(connect=lambda: connect("bench"), clock=clock)
    server = Sl651Server(host="127.0.0.1", port=0, keeper=keeper, clock=clock)
    asyncio.run_coroutine_threadsafe(server.start(), _loop()).result()
    while not server.is_well:
        sleep(0.05)  # the port opens when it is known who may speak
    return server


@cache
def _site() -> None:
    """Register the stations in a database that goes away again."""
    fresh_database()
    from anlan.telemetry.tests import factories as make

    for number in range(LINES):
        make.device(f"B{number}", at=make.station(f"B{number}"), protocol="sl651", address=address(number))
