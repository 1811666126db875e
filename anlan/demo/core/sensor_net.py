"""The sensors of the demo county: 300 stations over every wire, where such stations would stand.

A rain gauge in every village, gauges along the rivers, points on slopes of the mountain villages, and what else a
county has. Each is told as a row of the register; `Sensed` tells the simulator what it answers to.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely

from anlan.assessment.core.values import Profile
from anlan.demo.core.grid import METRES_PER_DEGREE, Floats
from anlan.demo.core.values import County, DivisionFact, RiverFact
from anlan.kernel.codes import Level
from anlan.telemetry.core.properties import Property, Protocol, StationKind
from anlan.telemetry.core.register_rows import DatastreamRow, DeviceRow, Register, StationRow, ThresholdRow

INTERVAL_S = 60.0
GAUGES, RESERVOIRS, SLOPES, POINTS, CRACKS, PONDS, SOILS, WEATHERS = 36, 6, 20, 3, 8, 24, 24, 12
STATIONS = 300
CREEPING = 0  # number of the slope that the storm sets moving
RAIN_WIRES = (Protocol.SL651, Protocol.MQTT, Protocol.SL651, Protocol.HTTP)
OWNER, KEPT_BY = "青岚县水利局", "青岚县应急监测站"
PHONES = "138000{:05d}"
_KEEPERS = ("陈国栋", "李秀英", "张水生", "刘永福", "杨立新", "黄玉兰", "吴家旺", "周春梅", "徐志强", "孙桂香")
UPSTREAM_KM, UPSTREAM = 12.0, 4


@dataclass(frozen=True, slots=True)
class Sensed:
    """What one element of a device answers to.

    Attributes:
        device: its code.
        element: its name on the wire.
        property: measured.
        base: value in fair weather, in the unit on the wire.
        upstream: places of the rain that a gauge answers to, numbers of stations.
        creeps_mm: that the storm moves a point in all.
    """

    device: str
    element: str
    property: Property
    base: float
    upstream: tuple[int, ...] = ()
    creeps_mm: float = 0.0


@dataclass(frozen=True)
class Network:
    """Register and what it senses; `places_km` are those of the stations, (300, 2)."""

    register: Register
    sensed: tuple[Sensed, ...]
    places_km: Floats
    width_km: float
    height_km: float

    @cached_property
    def station_of(self) -> Mapping[str, int]:
        """Number of the station by the code of its device."""
        numbers = {row.code: number for number, row in enumerate(self.register.stations)}
        return {row.code: numbers[row.station] for row in self.register.devices}


def make_network(county: County) -> Network:
    """Return the same network for the same county."""
    return _Builder(county).network()


class _Builder:
    def __init__(self, county: County) -> None:
        self.county = county
        self.villages = county.at_level(Level.VILLAGE)
        self.tree = shapely.STRtree([village.boundary for village in self.villages])
        self.rng = np.random.default_rng(300)
        self.stations: list[StationRow] = []
        self.devices: list[DeviceRow] = []
        self.streams: list[DatastreamRow] = []
        self.thresholds: list[ThresholdRow] = []
        self.sensed: list[Sensed] = []

    def network(self) -> Network:
        self._rain()
        self._rivers()
        self._slopes()
        self._others()
        west, south, east, north = self.county.divisions[0].boundary.bounds
        scale = np.array([np.cos(np.radians((south + north) / 2)), 1.0]) * METRES_PER_DEGREE / 1000
        places = np.array([[row.longitude - west, row.latitude - south] for row in self.stations]) * scale
        width, height = np.array([east - west, north - south]) * scale
        self._lead_upstream(places)
        parts = (self.stations, self.devices, self.streams, self.thresholds)
        register = Register(*(tuple(part) for part in parts))  # type: ignore[arg-type]
        return Network(register, tuple(self.sensed), places, float(width), float(height))

    def _rain(self) -> None:
        """A gauge in every village, and more where the hills are high until there are as many as are wanted."""
        wanted = STATIONS - GAUGES - RESERVOIRS - SLOPES * POINTS - CRACKS - PONDS - SOILS - WEATHERS
        high = sorted(self.villages, key=lambda village: (-village.height_m, village.code))
        spots = [(village, village.seat, village.name) for village in self.villages]
        spots += [(village, self._inside(village), f"{village.name}后山") for village in high]
        for number, (village, place, name) in enumerate(spots[:wanted]):
            wire = RAIN_WIRES[number % len(RAIN_WIRES)]
            code = self._station(StationKind.RAIN, f"{name}雨量站", village, place, wire, number=number)
            is_frame = wire is Protocol.SL651
            self._stream(code, "26" if is_frame else "rain", Property.RAIN, 0.0, is_counter=wire is not Protocol.HTTP)
            self._stream(code, "38" if is_frame else "voltage", Property.VOLTAGE, 12.6)

    def _rivers(self) -> None:
        """Gauges along the rivers, most on the greatest; reservoirs where a stream leaves the hills."""
        for number, (river, place, height) in enumerate(_along(self.county.rivers, GAUGES + RESERVOIRS)):
            village = self._village_at(place)
            is_gauge = number % 7 != 6
            kind, tail = (StationKind.RIVER, "水文站") if is_gauge else (StationKind.RESERVOIR, "水库")
            wire = Protocol.MQTT if is_gauge and number % 3 == 1 else Protocol.SL651
            name = f"{river.name}{village.name.rstrip('村社区')}{tail}"
            code = self._station(kind, name, village, place, wire, number=number, river=river.name)
            base = round(height + 1.2, 2)
            element = {Protocol.MQTT: "level"}.get(wire, "39" if is_gauge else "3B")
            self._stream(code, element, Property.LEVEL, base)
            for colour, over in ((2, 2.2), (3, 3.2), (4, 4.6)):
                self.thresholds.append(ThresholdRow(code, element, "reading", colour, round(base + over, 2)))
            self._stream(code, "voltage" if wire is Protocol.MQTT else "38", Property.VOLTAGE, 12.5)

    def _slopes(self) -> None:
        """Three points on each watched slope, told as geological monitoring does; cracks of some houses."""
        hilly = [village for village in self.villages if Profile.MOUNTAIN in village.profiles] or list(self.villages)
        hilly.sort(key=lambda village: (-village.height_m, village.code))
        for slope in range(SLOPES):
            village = hilly[slope * 3 % len(hilly)]
            place, site = self._inside(village), f"{village.name.rstrip('村社区')}滑坡{slope + 1:02d}"
            for point in range(POINTS):
                spot = (place[0] + 0.0007 * point, place[1] + 0.0004 * (point % 2))
                name = f"{site}GNSS{point + 1}"
                code = self._station(StationKind.LANDSLIDE, name, village, spot, Protocol.GEO, site=site)
                moves = (11.0, 9.5, 10.2)[point] if slope == CREEPING else 0.15
                self._stream(code, "L1_GP_1.gpsTotalX", Property.DISPLACEMENT, 0.0, creeps_mm=moves)
        for crack in range(CRACKS):
            village = hilly[(crack * 5 + 1) % len(hilly)]
            name = f"{village.name.rstrip('村社区')}裂缝{crack + 1}"
            code = self._station(StationKind.LANDSLIDE, name, village, self._inside(village), Protocol.MQTT)
            self._stream(code, "crack", Property.CRACK, 3.0)

    def _others(self) -> None:
        low = sorted(self.villages, key=lambda village: (village.height_m, village.code))
        groups = (
            (PONDS, StationKind.PONDING, "积水点", Protocol.HTTP, ((Property.PONDING, 0.0),), low),
            (
                SOILS, StationKind.SOIL, "墒情站", Protocol.SENSORTHINGS, ((Property.SOIL_MOISTURE, 22.0),),
                self.villages,
            ),
            (
                WEATHERS, StationKind.WEATHER, "气象站", Protocol.SENSORTHINGS,
                ((Property.TEMPERATURE, 11.0), (Property.HUMIDITY, 82.0), (Property.WIND, 2.0)),
                self.county.at_level(Level.TOWNSHIP),
            ),
        )  # fmt: skip
        for count, kind, tail, wire, senses, homes in groups:
            for number in range(count):
                home = homes[number * len(homes) // count]
                village = self._village_at(home.seat)
                name = f"{home.name}{tail}"
                code = self._station(kind, name, village, self._inside(village), wire)
                for prop, base in senses:
                    self._stream(code, prop.value, prop, base)

    def _station(  # noqa: PLR0913  a station has as many facts
        self,
        kind: StationKind,
        name: str,
        village: DivisionFact,
        place: tuple[float, float],
        wire: Protocol,
        *,
        number: int = 0,
        site: str = "",
        river: str = "",
    ) -> str:
        count = len(self.stations)
        code = f"QL{count + 1:03d}"
        self.stations.append(
            StationRow(
                code, name, kind.value, village.code, round(place[0], 6), round(place[1], 6),
                round(village.height_m, 1), site=site, river=river, owner=OWNER, maintainer=KEPT_BY,
                keeper_name=_KEEPERS[count % len(_KEEPERS)], keeper_phone=PHONES.format(count),
            )
        )  # fmt: skip
        address = f"00{99010000 + count:08d}" if wire is Protocol.SL651 else ""
        model = {Protocol.SL651: "YDJ-2 遥测终端机", Protocol.GEO: "GNSS-M3 位移计"}.get(wire, "IoT-5 采集终端")
        self.devices.append(DeviceRow(code, code, wire.value, model=f"{model}{number % 3 + 1}", address=address))
        return code

    def _stream(
        self,
        device: str,
        element: str,
        prop: Property,
        base: float,
        *,
        is_counter: bool = False,
        creeps_mm: float = 0.0,
    ) -> None:
        noise = 0.3 if prop is Property.DISPLACEMENT else 0.0
        spike = 50.0 if prop is Property.RAIN else None
        row = DatastreamRow(
            device, element, prop.value, interval_s=INTERVAL_S, is_counter=is_counter, noise_mm=noise, spike=spike,
        )  # fmt: skip
        self.streams.append(row)
        self.sensed.append(Sensed(device, element, prop, base, creeps_mm=creeps_mm))

    def _lead_upstream(self, places: Floats) -> None:
        """Tie each level to the rain gauges around it that stand higher, the nearest first."""
        rain = [number for number, row in enumerate(self.stations) if row.kind == StationKind.RAIN]
        heights = np.array([row.elevation_m or 0.0 for row in self.stations])
        number_of = {row.code: number for number, row in enumerate(self.stations)}
        for place, sensed in enumerate(self.sensed):
            if sensed.property is not Property.LEVEL:
                continue
            own = number_of[sensed.device]
            away = np.linalg.norm(places[rain] - places[own], axis=1)
            order = np.lexsort((away, heights[rain] < heights[own], away > UPSTREAM_KM))
            above = tuple(rain[each] for each in order[:UPSTREAM].tolist())
            self.sensed[place] = Sensed(sensed.device, sensed.element, sensed.property, sensed.base, above)
            row = self.stations[own]
            values = {name: getattr(row, name) for name in row.__slots__}
            self.stations[own] = StationRow(**{**values, "upstream": tuple(self.stations[each].code for each in above)})

    def _village_at(self, place: tuple[float, float]) -> DivisionFact:
        return self.villages[int(self.tree.nearest(shapely.Point(place)))]

    def _inside(self, village: DivisionFact) -> tuple[float, float]:
        """Return a place inside a village, off its seat."""
        west, south, east, north = village.boundary.bounds
        shapely.prepare(village.boundary)
        for _ in range(60):
            place = (float(self.rng.uniform(west, east)), float(self.rng.uniform(south, north)))
            if village.boundary.contains(shapely.Point(place)):
                return place
        return village.seat


def _along(rivers: Sequence[RiverFact], count: int) -> Iterator[tuple[RiverFact, tuple[float, float], float]]:
    """Yield places along the rivers, evenly by length and at least one on each of the greatest, with their height."""
    lengths = np.array([river.lines.length for river in rivers])
    shares = np.maximum(np.floor(count * lengths / lengths.sum()), 1).astype(int)
    left = count
    for river, share in zip(rivers, shares.tolist(), strict=True):
        for number in range(min(share, left)):
            line = max(river.lines.geoms, key=lambda each: each.length)
            point = line.interpolate((number + 0.5) / share, normalized=True)
            yield river, (float(point.x), float(point.y)), float(point.z)
        left -= min(share, left)
    for number in range(left):
        line = max(rivers[0].lines.geoms, key=lambda each: each.length)
        point = line.interpolate((number + 0.5) / (left + 0.3), normalized=True)
        yield rivers[0], (float(point.x), float(point.y)), float(point.z)
