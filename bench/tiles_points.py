"""`tiles.points`: vector tiles of 690 000 points, zooms 8 to 14, twenty browsers at once, beside tipg.

Ours is the site as it runs, whose tiles are asked of the database each time. Beside tipg it finds out anew with every
tile who asks, their areas and the layer's stamp; as shipped it knows these for some seconds. tipg has its own lean
table of the same points in 3857 under the same kind of index, as many processes, and no cache; it draws at most ten
thousand of a tile's points, ours tells how many there are and the worst.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np

from bench.frame import Measure, seconds_of
from bench.tiles_data import PROVINCE, Asked, Server, ask, province, site, tiles, tipg

TILES, WARM_UP, ALONE = 1500, 150, 300
SHIPPED, FORGETS = "anlan.config.settings", "bench.settings_without_memory"
LIMIT = "2000 statements that ask nothing"


def measures() -> Iterator[Measure]:
    """Yield the figures."""
    for settings, words in ((FORGETS, "nothing kept"), (SHIPPED, "as shipped")):
        yield Measure(
            f"z8–z14, 20 clients, {words}, 1000 tiles, s",
            ours=lambda settings=settings: _run(site(settings)).seconds_a_thousand,  # type: ignore[misc]
            limit=LIMIT,
            probe=_nothing,
            peer="tipg",
            peer_value=lambda: _run(tipg()).seconds_a_thousand,
            times_peer=3.0,
        )
        yield Measure(
            f"z8–z14, 20 clients, {words}, 99 of 100 within, ms",
            ours=lambda settings=settings: _run(site(settings)).p99_ms,  # type: ignore[misc]
            limit=LIMIT,
            probe=_nothing,
            peer="tipg",
            peer_value=lambda: _run(tipg()).p99_ms,
            at_most=50.0,
        )
    yield Measure(
        "the statement alone, one connection, 1000 tiles, s",
        ours=_alone,
        limit=LIMIT,
        probe=_nothing,
    )


def _run(server: Server) -> Asked:
    places = tiles(TILES + WARM_UP)
    ask(server, places[:WARM_UP])
    return ask(server, places[WARM_UP:])


@cache
def _prefixes() -> tuple[str, ...]:
    province()
    return (PROVINCE[:2],)


def _alone() -> float:
    from anlan.places.core.layers import layer_of
    from anlan.places.core.tiles import Tile
    from anlan.places.queries.tiles import tile_of

    layer, prefixes = layer_of("hazard-zones"), _prefixes()
    places = [Tile(*place) for place in tiles(ALONE)]
    if layer is None:
        raise LookupError("there is no layer of hazard zones")
    took = seconds_of(lambda: [tile_of(layer, place, prefixes) for place in places], repeats=3)
    return took / ALONE * 1000


def _nothing() -> float:
    _prefixes()
    from django.db import connection

    def ask_nothing() -> None:
        with connection.cursor() as cursor:
            for number in np.arange(2000):
                cursor.execute("SELECT %s", [int(number)])

    return seconds_of(ask_nothing, repeats=5)
