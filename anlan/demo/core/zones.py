"""The demo county's hazard zones: slopes above mountain villages, floods along the streams, and who lives there."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import shapely

from anlan.assessment.core.values import Profile
from anlan.demo.core.grid import METRES_PER_DEGREE
from anlan.demo.core.sensor_net import SLOPES, Network
from anlan.demo.core.values import County
from anlan.kernel.codes import Level
from anlan.places.core.hazard_values import HazardKind
from anlan.places.core.hazards import HazardRow
from anlan.telemetry.core.properties import StationKind

FLOODS_FROM_KM2, OTHER_SLOPES = 30.0, 40
LONG_M, WIDE_M = 260.0, 140.0
SIDES = 24


def make_zones(county: County, network: Network) -> Mapping[int, HazardRow]:
    """Return the zones by number: the watched slopes first."""
    rng = np.random.default_rng(7)
    rows = [*_watched(network, rng), *_slopes(county, rng), *_floods(county, rng)]
    return dict(enumerate(rows, start=1))


def _watched(network: Network, rng: np.random.Generator) -> Iterator[HazardRow]:
    """Yield the slopes on which points stand."""
    sites = {row.site: row for row in network.register.stations if row.kind == StationKind.LANDSLIDE and row.site}
    for number, (site, row) in enumerate(list(sites.items())[:SLOPES]):
        people = int(rng.integers(12, 160))
        risk = 4 if number == 0 else int(rng.integers(2, 4))
        yield _slope(f"QLHP{number + 1:03d}", site, risk, (row.longitude, row.latitude), people, row.division_code)


def _slopes(county: County, rng: np.random.Generator) -> Iterator[HazardRow]:
    """Yield slopes that people watch by eye."""
    hilly = [village for village in county.at_level(Level.VILLAGE) if Profile.MOUNTAIN in village.profiles]
    for number, village in enumerate(hilly[:OTHER_SLOPES]):
        east, north = village.seat[0] + 0.004, village.seat[1] + 0.003
        if not village.boundary.contains(shapely.Point(east, north)):
            east, north = village.seat
        name = f"{village.name}后山不稳定斜坡"
        people, risk = int(rng.integers(4, 60)), int(rng.integers(1, 4))
        slope = _slope(f"QLXP{number + 1:03d}", name, risk, (east, north), people, village.code)
        yield replace(slope, kind=HazardKind.UNSTABLE_SLOPE.value)


def _slope(code: str, name: str, risk: int, place: tuple[float, float], people: int, village: str) -> HazardRow:
    households = max(people // 3, 1)
    area = dict(shapely.geometry.mapping(_ellipse(place)))
    return HazardRow(code, name, HazardKind.LANDSLIDE.value, risk, *place, village, people, households, area=area)


def _floods(county: County, rng: np.random.Generator) -> Iterator[HazardRow]:
    """Yield the villages whose seats lie near a stream that rises quickly."""
    streams = [river for river in county.rivers if river.drained_km2 < 10 * FLOODS_FROM_KM2]
    water = shapely.union_all([river.lines for river in streams])
    near = (v for v in county.at_level(Level.VILLAGE) if water.distance(shapely.Point(v.seat)) < 0.006)
    for number, village in enumerate(near):
        people = int(village.population * rng.uniform(0.03, 0.12))
        name, kind = f"{village.name}山洪危险区", HazardKind.FLASH_FLOOD.value
        place, risk = village.seat, int(rng.integers(2, 4))
        yield HazardRow(f"QLSH{number + 1:03d}", name, kind, risk, *place, village.code, people, people // 3)


def _ellipse(middle: tuple[float, float]) -> shapely.Polygon:
    turns = np.linspace(0, 2 * np.pi, SIDES, endpoint=False)
    scale = METRES_PER_DEGREE * np.array([np.cos(np.radians(middle[1])), 1.0])
    rim = np.column_stack([LONG_M / 2 * np.cos(turns), WIDE_M / 2 * np.sin(turns)]) / scale + np.array(middle)
    return shapely.Polygon(np.round(rim, 6))
