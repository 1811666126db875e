"""`sensorthings.post`: a thousand observations as one data array, kept and answered, beside django-ogc-sensorthings.

The same times and values are posted to the same address of both, only the datastream's id differs. Ours asks for the
device's key, judges the values' quality and writes down who sent them and when the rules have to look; the other is
as it comes, without a key. Both run two processes of granian on the same PostgreSQL and are asked over one connection
that stays open; both answer with the address of each observation. The limit is the same bytes to and fro.
"""

from collections.abc import Iterator

from bench.frame import Measure, seconds_of
from bench.sensorthings_data import ROWS, Server, bare, peer, site

WARM, REPEATS, MOVED = 30, 30, 200


def measures() -> Iterator[Measure]:
    """Yield the figure."""
    yield Measure(
        f"{ROWS} observations posted as a data array, s",
        ours=lambda: _seconds(site()),
        limit="the same bytes to and fro",
        probe=_limit,
        peer="django-ogc-sensorthings",
        peer_value=lambda: _seconds(peer()),
        times_peer=10.0,
    )


def _seconds(server: Server) -> float:
    bodies = iter([server.body() for _ in range(WARM + REPEATS)])
    for _ in range(WARM):
        server.post(next(bodies))  # each thread of each process has done it
    return seconds_of(lambda: server.post(next(bodies)), repeats=REPEATS)


def _limit() -> float:
    body, server = site().body(), bare()
    path = f"/{ROWS * 100}"
    return seconds_of(lambda: [server.ask("POST", path, body) for _ in range(MOVED)], repeats=5) / MOVED
