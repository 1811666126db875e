"""A real SL 651 server on a free port beside the test, and stations that talk to it over TCP."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import psycopg
from django.db import connection

from anlan.telemetry.core.sl651.codes import Direction
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.stream import Splitter
from anlan.telemetry.core.sl651.values import Frame
from anlan.telemetry.gateway.sl651_keeping import FrameKeeper
from anlan.telemetry.gateway.sl651_server import Limits, Sl651Server

NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
PATIENCE_S = 15.0
NAME = "a gateway under test"


def connect() -> psycopg.Connection:
    """Open a connection of its own to the database of the test."""
    settings = connection.get_connection_params()
    wanted = {key: settings[key] for key in ("dbname", "user", "password", "host", "port") if settings.get(key)}
    return psycopg.connect(**wanted, autocommit=True, application_name=NAME)


def forget_readings() -> None:
    """Empty the table that Django does not manage and so does not empty after a test."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE telemetry_reading")


def keeper(**changes) -> FrameKeeper:
    return FrameKeeper(**{"connect": connect, "clock": lambda: NOW, **changes})


@contextmanager
def serving(limits: Limits = Limits(), clock=lambda: NOW, by=None, waits=True) -> Iterator[Sl651Server]:  # noqa: B008
    """Run a server in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = Sl651Server(host="127.0.0.1", port=0, keeper=by or keeper(clock=clock), clock=clock, limits=limits)
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(PATIENCE_S)
        if waits:
            until(lambda: server.is_well)
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(2 * PATIENCE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()


class Switch:
    """A way to the database that can be cut."""

    def __init__(self) -> None:
        self._is_there = True

    def connect(self) -> psycopg.Connection:
        if not self._is_there:
            raise psycopg.OperationalError("PostgreSQL is away")
        return connect()

    def cut(self) -> None:
        self._is_there = False
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [NAME])

    def mend(self) -> None:
        self._is_there = True


class Caller:
    """A station's end of a line."""

    def __init__(self, server: Sl651Server) -> None:
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
        self._splitter = Splitter(heard=Direction.DOWN)
        self._answers: list[bytes] = []

    def __enter__(self) -> "Caller":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def ask(self, data: bytes) -> bytes:
        """Send a frame and return the answer."""
        self.send(data)
        return self.answer()

    def answer(self, within: float = PATIENCE_S) -> bytes:
        """Return the next frame of the server; nothing where none comes in time or the line is closed."""
        until = time.monotonic() + within
        while not self._answers:
            self.socket.settimeout(max(until - time.monotonic(), 0.001))
            try:
                chunk = self.socket.recv(4096)
            except (TimeoutError, ConnectionError):
                return b""
            if not chunk:
                return b""
            self._answers += [piece.data for piece in self._splitter.feed(chunk)]
        return self._answers.pop(0)

    def is_closed(self, within: float = PATIENCE_S) -> bool:
        """Tell whether the server closes the line in time."""
        self.socket.settimeout(within)
        with suppress(ConnectionError):
            try:
                return self.socket.recv(4096) == b""
            except TimeoutError:
                return False
        return True


def said(data: bytes) -> Frame:
    """Return what the server said."""
    return decode(data, heard=Direction.DOWN)


def until(found: Callable[[], object], within: float = PATIENCE_S) -> object:
    """Return what is found as soon as there is something."""
    end = time.monotonic() + within
    while not (result := found()) and time.monotonic() < end:
        time.sleep(0.02)
    return result
