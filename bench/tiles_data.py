"""A province of 690 000 hazard points in a database that goes away again, two tile servers on it, and browsers."""

import asyncio
import atexit
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import asinh, pi, radians, tan
from pathlib import Path
from typing import Any

import numpy as np

from anlan.config.environment import ROOT
from bench.fresh import fresh_database

POINTS, CLIENTS = 690_000, 20
PROVINCE = "990000000000"
WEST, SOUTH, EAST, NORTH = 108.8, 24.6, 114.2, 30.1
ZOOMS = range(8, 15)
PATIENCE_S = 120.0
Place = tuple[int, int, int]

FILL = """
INSERT INTO places_hazardzone
    (code, name, kind, risk, division_code, unit_name, people, households, place, note, version)
SELECT 'H' || n, '隐患点' || n, (ARRAY['landslide', 'rockfall', 'debris_flow', 'flash_flood'])[1 + n % 4],
    CASE WHEN n % 50 = 0 THEN 4 WHEN n % 11 = 0 THEN 3 WHEN n % 3 = 0 THEN 2 ELSE 1 END,
    '99' || lpad((1 + floor(v * 14)::int)::text, 2, '0') || lpad((1 + floor(u * 10)::int)::text, 2, '0')
        || lpad((1 + 4 * mod(floor(v * 56)::int, 4) + mod(floor(u * 40)::int, 4))::text, 3, '0') || '201',
    '村', n %% 90, n %% 25, ST_SetSRID(ST_MakePoint(x, y), 4326), '', 1
FROM (
    SELECT n, x, y, (x - %(west)s) / (%(east)s - %(west)s) AS u, (y - %(south)s) / (%(north)s - %(south)s) AS v FROM (
    SELECT n, least(greatest(cx + 0.02 * (random() + random() - 1), %(west)s), %(east)s - 1e-6) AS x,
        least(greatest(cy + 0.02 * (random() + random() - 1), %(south)s), %(north)s - 1e-6) AS y
    FROM generate_series(1, %(points)s) AS n
    JOIN (SELECT k, %(west)s + random() * (%(east)s - %(west)s) AS cx,
              %(south)s + random() * (%(north)s - %(south)s) AS cy
          FROM generate_series(0, 14999) AS k) centres ON centres.k = n %% 15000
) placed) points"""
PEER_TABLE = """
CREATE TABLE bench_points AS SELECT id, code, name, kind, risk, people, place_3857 AS geom FROM places_hazardzone;
ALTER TABLE bench_points ADD PRIMARY KEY (id);
CREATE INDEX ON bench_points USING gist (geom);
"""


@cache
def province() -> Any:
    """Fill the database; return somebody who answers for all of it."""
    fresh_database()
    from django.db import connection

    from anlan.accounts.core.roles import Role
    from anlan.accounts.tests.factories import person
    from anlan.places.actions.hazards import count_squares

    box = {"west": WEST, "south": SOUTH, "east": EAST, "north": NORTH, "points": POINTS}
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.69)")
        cursor.execute(FILL.replace("n % ", "n %% "), box)
        cursor.execute(PEER_TABLE)
        count_squares(PROVINCE)
        for table in ("places_hazardzone", "places_hazardsquare", "bench_points"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return person("bench", Role.ANALYST, PROVINCE)


def tiles(count: int) -> list[Place]:
    """Return tiles of zooms 8 to 14 in which there is something, the same every time."""
    rng = np.random.default_rng(690)
    found: list[Place] = []
    while len(found) < count:
        z = int(rng.choice(list(ZOOMS)))
        found.append(tile_at(z, rng.uniform(WEST, EAST), rng.uniform(SOUTH, NORTH)))
    return found


def tile_at(z: int, longitude: float, latitude: float) -> Place:
    """Return the tile that holds a place."""
    side = 2**z
    x = (longitude + 180) / 360 * side
    y = (1 - asinh(tan(radians(latitude))) / pi) / 2 * side
    return z, int(x), int(y)


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    """A tile server that runs: its port, the address of a tile, and the head that every request has."""

    port: int
    address: str
    head: str = ""

    def request(self, place: Place) -> bytes:
        path = self.address.format(z=place[0], x=place[1], y=place[2])
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.head}\r\n".encode()


@cache
def site(settings: str = "anlan.config.settings") -> Server:
    """Start the site as in production, or by other settings; every request is somebody's, through every door."""
    person = province()
    from django.test import Client

    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    port = free_port()
    _start(
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
        "--blocking-threads", "4", "--no-ws", "--log-level", "error", "anlan.config.wsgi:application",
        settings=settings,
    )  # fmt: skip
    cookie = f"Cookie: anlan_session={client.cookies['anlan_session'].value}\r\n"
    return _awaited(Server(port, "/map/tiles/hazard-zones/{z}/{x}/{y}.mvt", cookie), "/healthz")


@cache
def tipg() -> Server:
    """Start tipg on the same points, two processes as well; it caches nothing."""
    province()
    port = free_port()
    _start(
        "uvicorn", "tipg.main:app", "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--log-level", "error"
    )
    address = "/collections/public.bench_points/tiles/WebMercatorQuad/{z}/{x}/{y}"
    return _awaited(Server(port, address), "/healthz")


def _start(program: str, *arguments: str, settings: str = "anlan.config.settings") -> None:
    from django.conf import settings as own
    from django.db import connection

    known = connection.settings_dict
    environment = {
        **os.environ,  # noqa: TID251  a program started by hand has it too
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": str(ROOT),
        "ANLAN_SECRET_KEY": own.SECRET_KEY,
        "ANLAN_FIELD_KEY": own.FIELD_KEY,
        "ANLAN_DATABASE_NAME": str(known["NAME"]),
        "DATABASE_URL": "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**known),
        "ANLAN_LOG_LEVEL": "WARNING",
        "TIPG_DB_TABLES": '["public.bench_points"]',
        "TIPG_CATALOG_TTL": "100000",
    }
    path = str(Path(sys.executable).with_name(program))
    process = subprocess.Popen([path, *arguments], env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    atexit.register(_end, process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait()


def _awaited(server: Server, path: str) -> Server:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return server
    raise TimeoutError(f"nothing answers on port {server.port}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a run: seconds for a thousand tiles, and how long each took."""

    seconds_a_thousand: float
    milliseconds: Sequence[float]
    octets: int

    @property
    def p99_ms(self) -> float:
        """Return what 99 of 100 tiles stay below."""
        return float(np.percentile(self.milliseconds, 99))


def ask(server: Server, places: Sequence[Place]) -> Asked:
    """Let twenty browsers ask for the tiles, each one after the other, without conditions."""
    return asyncio.run(_ask_all(server, places))


async def _ask_all(server: Server, places: Sequence[Place]) -> Asked:
    waiting = iter([server.request(place) for place in places])
    times: list[float] = []
    began = time.perf_counter()
    octets = await asyncio.gather(*(_browser(server.port, waiting, times) for _ in range(CLIENTS)))
    return Asked((time.perf_counter() - began) / len(places) * 1000, times, sum(octets))


async def _browser(port: int, waiting: Any, times: list[float]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    octets = 0
    for request in waiting:
        began = time.perf_counter()
        writer.write(request)
        octets += await _answer(reader)
        times.append(1000 * (time.perf_counter() - began))
    writer.close()
    return octets


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if status not in {200, 204}:
        raise ValueError(f"a tile answered {status}")
    if b"content-length:" in head:
        size = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        return len(await reader.readexactly(size)) if size else 0
    if b"transfer-encoding: chunked" not in head:
        return 0
    octets = 0
    while size := int(await reader.readline(), 16):
        octets += len(await reader.readexactly(size + 2)) - 2
    await reader.readline()
    return octets
