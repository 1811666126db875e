"""`sensorthings.read`: the newest hundred observations of a datastream, beside django-ogc-sensorthings.

The same hundred of the same times and values are read from the same address of both, once from a datastream of a few
days and once from one of a year of five minutes. Ours asks for the device's key, and what a person corrected stands in
the answer; the other is as it comes, without a key. Both run two processes of granian on the same PostgreSQL and are
asked over one connection that stays open. The limit is as many bytes read from a server that does nothing.
"""

from collections.abc import Callable, Iterator
from functools import partial

from bench.frame import Measure, seconds_of
from bench.sensorthings_data import Server, bare, peer, site, with_observations

DAYS, YEAR = 2_000, 100_000
READS, PEER_READS, MOVED = 100, 5, 1000


def measures() -> Iterator[Measure]:
    """Yield the figures."""
    for observations in (DAYS, YEAR):
        yield Measure(
            f"100 of {observations} observations read, ms",
            ours=partial(_milliseconds, site, observations, READS),
            limit="as many bytes from a server that does nothing",
            probe=_limit,
            peer="django-ogc-sensorthings",
            peer_value=partial(_milliseconds, peer, observations, PEER_READS),
            times_peer=50.0,
        )


def _milliseconds(which: Callable[[], Server], observations: int, reads: int) -> float:
    server = with_observations(which(), observations)
    for _ in range(4):
        server.read()  # each process has seen it
    return 1000 * seconds_of(server.read, reads, pauses=False)


def _limit() -> float:
    size, server = len(with_observations(site(), DAYS).read()), bare()
    return 1000 * seconds_of(lambda: [server.ask("GET", f"/{size}") for _ in range(MOVED)], repeats=5) / MOVED
