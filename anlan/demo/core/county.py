"""The county from its seed: land, settlement, roads and rivers put together with names and codes."""

import numpy as np
import shapely

from anlan.demo.core.boundaries import territories
from anlan.demo.core.divisions import Ground, all_divisions, village_facts
from anlan.demo.core.drawing import draw_rivers, draw_roads
from anlan.demo.core.gazetteer import name_townships, name_villages
from anlan.demo.core.grid import Grid
from anlan.demo.core.livelihood import live
from anlan.demo.core.rivers import streams
from anlan.demo.core.roads import lay_roads, minutes_from
from anlan.demo.core.settlement import settle
from anlan.demo.core.terrain import make_terrain
from anlan.demo.core.values import County

SEED = 3
# A spot on the globe to draw on; what stands there in truth has nothing to do with this county.
COARSE = Grid(rows=122, columns=134, cell_m=500.0, west=109.2, south=28.2)


def make_county(seed: int = SEED) -> County:
    """Return the county that the seed stands for, the same each time."""
    rng = np.random.default_rng(seed)
    terrain = make_terrain(COARSE, rng)
    settlement = settle(terrain, rng)
    stretches = lay_roads(terrain, settlement)
    minutes = minutes_from(stretches, int(settlement.village_seats[0]), settlement.village_seats)
    livelihood = live(terrain, settlement, minutes, rng)
    townships = name_townships(settlement, livelihood, minutes)
    entries = name_villages(settlement, livelihood, townships, rng)
    shapes_m = territories(terrain.grid, settlement.villages)
    villages = village_facts(Ground(terrain.grid, settlement, livelihood, minutes, shapes_m), entries)
    divisions = all_divisions(villages, townships)
    outline_m = shapely.coverage_union_all(shapes_m)
    seats = dict(zip(settlement.village_seats.tolist(), villages, strict=True))
    return County(
        divisions=divisions,
        rivers=draw_rivers(terrain.grid, streams(terrain, rng), outline_m, divisions),
        roads=draw_roads(terrain.grid, stretches, outline_m, seats),
        terrain=terrain,
    )
