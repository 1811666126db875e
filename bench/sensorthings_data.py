"""Three servers that speak SensorThings, or only HTTP: the site as it runs, django-ogc-sensorthings, and a bare one.

Each has two processes of granian and is asked over one connection that stays open. The databases go away again.
"""

import atexit
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from anlan.config.environment import ROOT
from bench.fresh import fresh_database

KEY = "key-of-the-bench"
ROWS = 1000  # observations in a data array
BEGINS_AT = datetime(2016, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=5)
PATIENCE_S, PAUSE_S = 120.0, 10.0  # the server closes a connection that nobody uses
WSGI = ("--interface", "wsgi", "--blocking-threads", "4")
PEER_ENTITIES: dict[str, Any] = {
    "name": "R1",
    "description": "a gauge on a river",
    "Locations": [
        {
            "name": "R1",
            "description": "a bridge",
            "encodingType": "application/geo+json",
            "location": {"type": "Point", "coordinates": [110.1, 30.1]},
        }
    ],
    "Datastreams": [
        {
            "name": "level",
            "description": "water level",
            "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
            "unitOfMeasurement": {"name": "metre", "symbol": "m", "definition": "https://ucum.org/ucum#m"},
            "Sensor": {"name": "D1", "description": "a gauge", "encodingType": "text/html", "metadata": "a gauge"},
            "ObservedProperty": {"name": "level", "definition": "urn:level", "description": "water level"},
        }
    ],
}


@dataclass
class Server:
    """A server that runs, the datastream in it, and how many observations were sent there."""

    line: http.client.HTTPConnection
    root: str
    datastream: str
    database: str = ""
    settling: tuple[str, ...] = ()
    head: dict[str, str] = field(default_factory=dict)
    sent: int = 0
    used_at: float = 0.0

    def body(self, count: int = ROWS) -> bytes:
        """Return the next observations as a data array."""
        first, self.sent = self.sent, self.sent + count
        rows = [
            [f"{BEGINS_AT + STEP * (first + place):%Y-%m-%dT%H:%M:%SZ}", round(100 + place % 700 * 0.01, 2)]
            for place in range(count)
        ]
        datastream = {"@iot.id": json.loads(self.datastream.replace("'", '"'))}
        array = {"Datastream": datastream, "components": ["phenomenonTime", "result"], "dataArray": rows}
        return json.dumps([array]).encode()

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Return what is answered, over the connection that stays open; after a pause over a new one."""
        if time.monotonic() - self.used_at > PAUSE_S:
            self.line.close()
        self.line.request(method, self.root + path, body, {"Content-Type": "application/json", **self.head})
        answer = self.line.getresponse()
        content = answer.read()
        self.used_at = time.monotonic()
        if answer.status not in {200, 201}:
            raise ValueError(f"{path} answered {answer.status}: {content[:300]!r}")
        return content

    def post(self, body: bytes) -> bytes:
        """Have a data array kept; return the answer."""
        return self.ask("POST", "/CreateObservations", body)

    def read(self) -> bytes:
        """Return the newest hundred observations of the datastream."""
        return self.ask("GET", f"/Datastreams({self.datastream})/Observations?%24top=100")


def check_all_kept(answer: bytes, count: int) -> None:
    """Refuse an answer that tells of an observation that was not kept."""
    kept = json.loads(answer)
    if len(kept) != count or any(link.startswith("error") for link in kept):
        raise ValueError(f"of {count} observations not all were kept: {kept[0]}")


def with_observations(server: Server, observations: int) -> Server:
    """Return the server with at least so many observations in it; they come in as any."""
    if server.sent < observations:
        while server.sent < observations:
            check_all_kept(server.post(server.body()), ROWS)
        _settle(server)
    return server


@cache
def site() -> Server:
    """Start the site as it runs in production, with one gauge in it whose key is known."""
    name = fresh_database()
    from django.conf import settings

    environment = {
        "DJANGO_SETTINGS_MODULE": "anlan.config.settings",
        "ANLAN_SECRET_KEY": settings.SECRET_KEY,
        "ANLAN_FIELD_KEY": settings.FIELD_KEY,
        "ANLAN_DATABASE_NAME": name,
        "ANLAN_LOG_LEVEL": "WARNING",
    }
    line = _started("anlan.config.wsgi:application", "/healthz", environment, *WSGI)
    head = {"Authorization": f"Bearer {KEY}"}
    # What came when it was measured has no flag of its clock.
    settling = "UPDATE telemetry_reading SET flags = 0", "VACUUM ANALYZE telemetry_reading"
    return Server(line, "/telemetry/sensorthings/v1.1", str(_gauge()), name, settling, head)


@cache
def peer() -> Server:
    """Start django-ogc-sensorthings, with the same gauge in it."""
    name = f"{fresh_database()}_peer"
    _run(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    atexit.register(_run, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    environment = {"DJANGO_SETTINGS_MODULE": "bench.sensorthings_peer.settings", "ANLAN_DATABASE_NAME": name}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=_environment(environment), cwd=ROOT, check=True)  # noqa: S603
    root = "/sensorthings/v1.1"
    line = _started("bench.sensorthings_peer.asgi:application", root + "/", environment, "--interface", "asgi")
    server = Server(line, root, "", name, ("VACUUM ANALYZE",))
    server.ask("POST", "/Things", json.dumps(PEER_ENTITIES).encode())
    (datastream,) = json.loads(server.ask("GET", "/Datastreams"))["value"]
    server.datastream = f"'{datastream['@iot.id']}'"
    return server


@cache
def bare() -> Server:
    """Start a server that only moves bytes."""
    return Server(_started("bench.sensorthings_peer.bare:application", "/0", {}, *WSGI), "", "")


def _gauge() -> int:
    from anlan.ground.fields import keyed_hash
    from anlan.telemetry.tests import factories as make

    device = make.device("D1", at=make.station("R1"), key_hash=keyed_hash(KEY))
    return int(make.datastream(device).pk)


def _settle(server: Server) -> None:
    """Let the database know what is in it, as it would by itself after a while."""
    import psycopg
    from django.db import connection

    known = connection.settings_dict
    where = {"host": known["HOST"], "port": known["PORT"], "user": known["USER"], "password": known["PASSWORD"]}
    with psycopg.connect(**where, dbname=server.database, autocommit=True) as line:
        for statement in server.settling:
            line.execute(statement.encode())


def _run(*statements: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _environment(more: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}  # noqa: TID251  a program started by hand has it too


def _started(application: str, path: str, more: dict[str, str], *options: str) -> http.client.HTTPConnection:
    """Start two processes of a server; return a connection to it as soon as it answers."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = int(line.getsockname()[1])
    command: Sequence[str] = (
        str(Path(sys.executable).with_name("granian")), "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
        "--no-ws", "--log-level", "error", *options, application,
    )  # fmt: skip
    process = subprocess.Popen(command, env=_environment(more), cwd=ROOT)  # noqa: S603
    atexit.register(_end, process)
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return connection
    raise TimeoutError(f"{application} does not answer")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait()
