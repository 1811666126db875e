"""The process `live` beside the tests, on the tests' database, and a page that listens to it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from anlan.web.models import LiveCount

PATIENCE_S = 20.0
HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def holds_port(port: int) -> bool:
    """Tell whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def eventually(holds: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """Return what holds at last; fail when it does not come to hold."""
    deadline = time.monotonic() + patience_s
    while not (found := holds()):
        assert time.monotonic() < deadline, "it never came to hold"
        time.sleep(0.02)
    return found


class LiveProcess:
    """`anlan live` on a free port; sessions and old events are looked after several times a second unless told."""

    def __init__(self, upkeep_s: float = 0.5) -> None:
        self.port = free_port()
        environment: dict[str, str] = {
            **os.environ,  # noqa: TID251  the process inherits what the tests run under
            "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
            "ANLAN_DATABASE_NAME": str(settings.DATABASES["default"]["NAME"]),
            "ANLAN_SECRET_KEY": settings.SECRET_KEY,
            "ANLAN_FIELD_KEY": settings.FIELD_KEY,
            "ANLAN_LOG_LEVEL": "WARNING",
        }
        program = str(Path(sys.executable).with_name("anlan"))
        command = [program, "live", "--port", str(self.port), "--upkeep-seconds", str(upkeep_s)]
        self.process = subprocess.Popen(command, env=environment)  # noqa: S603  our own command
        try:
            eventually(self.is_well, 3 * PATIENCE_S)
        except AssertionError:
            self.kill()
            raise

    def is_well(self) -> bool:
        """Tell whether it answers and reads its database."""
        assert self.process.poll() is None, "the process ended"
        try:
            return ask(self.port, "/live/healthz")[1] == b"ok"
        except OSError:
            return False

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End it as a system does, and return what it says at the end."""
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE_S)


class Running:
    """One process for many tests; after one that ended it, the next gets another. Numbers go on from test to test."""

    def __init__(self) -> None:
        self.process: LiveProcess | None = None
        self.numbered = 0

    def now(self) -> LiveProcess:
        """Return the process."""
        if self.process is None or self.process.process.poll() is not None:
            self.process = LiveProcess()
        return self.process

    @contextmanager
    def counting(self) -> Iterator[LiveProcess]:
        """Give the process to one test, whose tables are empty: only the count is as the process knows it."""
        LiveCount.objects.create(pk=1, numbered=self.numbered)
        yield self.now()
        self.numbered = LiveCount.objects.get().numbered

    def end(self) -> None:
        if self.process:
            self.process.kill()


def lose_connections(like: str = "anlan live%") -> int:
    """Cut the process off from PostgreSQL, as a restart of it does; return how many connections it had."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE %s",
            [like],
        )
        return int(cursor.fetchone()[0])


def ask(port: int, path: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> tuple[Any, bytes]:
    """Return the answer's head, and its content where it ends."""
    asking = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)
    try:
        asking.request(method, path, headers=dict(headers or {}))
        answer = asking.getresponse()
        return answer, b"" if answer.headers.get_content_type() == "text/event-stream" else answer.read()
    finally:
        asking.close()


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as a browser gets it."""

    number: int
    kind: str
    content: Any


class Listening:
    """An open page of somebody who is logged in."""

    def __init__(self, port: int, client: Any, *, since: int | None = None, last: int | None = None) -> None:
        self.last = last
        self._line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_S)
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self._line.request("GET", "/live/events" + (f"?since={since}" if since is not None else ""), headers=headers)
        self.answer = self._line.getresponse()
        assert self.answer.status == 200, self.answer.status

    def __enter__(self) -> "Listening":
        return self

    def __exit__(self, *_error: object) -> None:
        self.answer.close()
        self._line.close()

    def next(self) -> Heard:
        """Return the next event; the end of the stream is an EOFError. Signs of life alone do not go on for ever."""
        fields: dict[str, str] = {}
        deadline = time.monotonic() + PATIENCE_S
        while line := self.answer.readline().decode():
            assert time.monotonic() < deadline or "event" in fields, "nothing but signs of life"
            name, _colon, value = line.rstrip("\n").partition(": ")
            if line == "\n" and "event" in fields:
                self.last = int(fields["id"])
                return Heard(self.last, fields["event"], json.loads(fields["data"]))
            if line == "\n":
                fields = {}
            elif name:
                fields[name] = value
        raise EOFError

    def news(self, count: int) -> list[Heard]:
        """Return the next events that are neither greetings nor signs of life."""
        found: list[Heard] = []
        deadline = time.monotonic() + PATIENCE_S
        while len(found) < count:
            assert time.monotonic() < deadline, f"only {len(found)} of {count} came: {found[-3:]}"
            event = self.next()
            if event.kind not in {"hello", "beat"}:
                found.append(event)
        return found
