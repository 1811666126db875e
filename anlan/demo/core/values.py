"""What the generator makes: a county as plain values, places in degrees (WGS 84)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shapely import LineString, MultiLineString, MultiPolygon

from anlan.assessment.core.values import Profile, Region
from anlan.demo.core.roads import RoadClass
from anlan.demo.core.terrain import Terrain
from anlan.kernel.codes import Level


class Landform(StrEnum):
    """The shape of most of a division's land."""

    PLAIN = "plain"
    HILL = "hill"
    MOUNTAIN = "mountain"


@dataclass(frozen=True, slots=True)
class DivisionFact:
    """One division. `wealth` is in [0, 1]; `minutes` is the drive from the county seat."""

    code: str
    name: str
    level: Level
    population: int
    households: int
    area_km2: float
    landform: Landform
    urban_rural_code: str  # of villages, else empty
    region: Region
    profiles: tuple[Profile, ...]
    boundary: MultiPolygon
    seat: tuple[float, float]
    height_m: float
    wealth: float
    minutes: float


@dataclass(frozen=True, slots=True)
class RiverFact:
    """A river inside the county; its points carry their height in metres, and each line runs downstream."""

    name: str
    into: str | None
    drained_km2: float
    lines: MultiLineString


@dataclass(frozen=True, slots=True)
class RoadFact:
    """A piece of road inside the county; `joins` are the villages whose seats it ends at."""

    code: str
    name: str
    kind: RoadClass
    line: LineString
    joins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class County:
    """The whole county: divisions by code (the county first), rivers, roads, and the land beneath."""

    divisions: tuple[DivisionFact, ...]
    rivers: tuple[RiverFact, ...]
    roads: tuple[RoadFact, ...]
    terrain: Terrain

    @property
    def by_code(self) -> Mapping[str, DivisionFact]:
        """Divisions by their code."""
        return {division.code: division for division in self.divisions}

    def at_level(self, level: Level) -> tuple[DivisionFact, ...]:
        """Return the divisions of a level, by code."""
        return tuple(division for division in self.divisions if division.level is level)
