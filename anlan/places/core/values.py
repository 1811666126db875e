"""What is known of a division, a river and a road: the words that tables and files share."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark

Geometry = Mapping[str, Any]  # a GeoJSON geometry, WGS 84


class Landform(StrEnum):
    """The shape of most of a division's land."""

    PLAIN = "plain"
    HILL = "hill"
    MOUNTAIN = "mountain"


class RegionType(StrEnum):
    """Kind of region, by which support is differentiated."""

    DEVELOPED = "developed"
    UNDERDEVELOPED = "underdeveloped"
    MOUNTAIN = "mountain"
    FRINGE = "fringe"


class Hazard(StrEnum):
    """What threatens a division; the keys of the assessment's profiles."""

    MOUNTAIN = "mountain"
    RIVER = "river"
    FOREST_FIRE = "forest_fire"
    EARTHQUAKE = "earthquake"
    COLD = "cold"
    INDUSTRIAL = "industrial"
    REMOTE = "remote"


class RoadKind(StrEnum):
    """Administrative class of a road, the highest first."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


class NetOrigin(StrEnum):
    """What a county's road network was made from."""

    DRAWN = "drawn"
    OSM = "osm"


LEVEL_NAMES = {
    Level.PROVINCE: mark("Province"),
    Level.CITY: mark("City"),
    Level.COUNTY: mark("County"),
    Level.TOWNSHIP: mark("Township"),
    Level.VILLAGE: mark("Village"),
}
LANDFORM_NAMES = {
    Landform.PLAIN: mark("Plain"),
    Landform.HILL: mark("Hills"),
    Landform.MOUNTAIN: mark("Mountains"),
}
REGION_NAMES = {
    RegionType.DEVELOPED: mark("Developed region"),
    RegionType.UNDERDEVELOPED: mark("Underdeveloped region"),
    RegionType.MOUNTAIN: mark("Mountain region"),
    RegionType.FRINGE: mark("Urban–rural fringe"),
}
HAZARD_NAMES = {
    Hazard.MOUNTAIN: mark("Flash floods and landslides"),
    Hazard.RIVER: mark("River floods"),
    Hazard.FOREST_FIRE: mark("Forest fires"),
    Hazard.EARTHQUAKE: mark("Earthquakes"),
    Hazard.COLD: mark("Snow and ice"),
    Hazard.INDUSTRIAL: mark("Industrial accidents"),
    Hazard.REMOTE: mark("Cut off easily"),
}
ROAD_NAMES = {
    RoadKind.NATIONAL: mark("National road"),
    RoadKind.PROVINCIAL: mark("Provincial road"),
    RoadKind.COUNTY: mark("County road"),
    RoadKind.TOWNSHIP: mark("Township road"),
    RoadKind.VILLAGE: mark("Village road"),
}
NET_NAMES = {
    NetOrigin.DRAWN: mark("the county's drawn roads"),
    NetOrigin.OSM: mark("an OpenStreetMap file"),
}
# The statistical office's urban–rural classes: 1xx is urban, 2xx is rural.
URBAN_RURAL_NAMES = {
    "111": mark("Main urban area"),
    "112": mark("Urban–rural junction"),
    "121": mark("Town centre"),
    "122": mark("Town–countryside junction"),
    "123": mark("Special area"),
    "210": mark("Township centre"),
    "220": mark("Village area"),
}


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One division as a file or a generator gives it; None is not said, and leaves what is recorded."""

    code: str
    name: str
    population: int | None = None
    households: int | None = None
    area_km2: float | None = None
    landform: str | None = None
    urban_rural_code: str | None = None
    region_type: str | None = None
    hazards: tuple[str, ...] | None = None
    boundary: Geometry | None = None
    seat: tuple[float, float] | None = None  # longitude, latitude


@dataclass(frozen=True, slots=True)
class RiverRow:
    """One river: what it flows into, and the km² that it drains where it leaves the county."""

    name: str
    into: str
    drained_km2: float | None
    lines: Geometry


@dataclass(frozen=True, slots=True)
class RoadRow:
    """One piece of road; a road of many pieces repeats its code."""

    code: str
    name: str
    kind: str
    line: Geometry


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: how many rows were new, changed, and as they were."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
