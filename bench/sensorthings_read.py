"""`sensorthings.read`: the newest hundred observations of a datastream, beside django-ogc-sensorthings.

The same hundred of the same times and values are read from the same address of both, once from a datastream of a few
days and once from one of a year of five minutes. Ours asks for the device's key, and what a person corrected stands in
the answer; the other is as it comes, without a key. Both run two processes of granian on the same PostgreSQL and are
asked over one connection that stays open. The limit is as many bytes read from a server that does nothing.
"""

from collections.abc import Iterator

from bench.frame import Measure, seconds_of
from bench.sensorthings_data import Server, bare, peer, site, with_observations

DAYS, YEAR = 2_000, 100_000
READS, PEER_READS, MOVED = 100, 5, 1000


def measures() -> Iterator[Measure]:
    """Yield the figures."""
    for observations in (DAYS, YEAR):
        yield Measure(
            f"100 of {observations} observations read, ms",
            ours=lambda observations=observations: _milliseconds(with_observations(site(), observations), READS),  # type: ignore[misc]
            limit=f"{MOVED} times as many bytes",
            probe=_limit,
            peer="django-ogc-sensorthings",
            peer_value=lambda observations=observations: _milliseconds(
                with_observations(peer(), observations), PEER_READS
            ),  # type: ignore[misc]
            times_peer=50.0,
        )


def _milliseconds(server: Server, reads: int) -> float:
    for _ in range(4):
        server.read()  # each process has seen it
    return 1000 * seconds_of(server.read, repeats=reads)


def _limit() -> float:
    size, server = len(with_observations(site(), DAYS).read()), bare()
    return seconds_of(lambda: [server.ask("GET", f"/{size}") for _ in range(MOVED)], repeats=5)
