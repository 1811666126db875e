"""The register as the rules see it: which datastreams speak by which rule for which place.

The key of a sensor is its datastream's id; its limits are filed under the same key, because two gauges of one station
may have limits of their own. A clock is judged by device. Rules about devices look at each station by itself, however
many stations a site has: who looks after them must know which.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Any

from psycopg import Connection

from anlan.telemetry.core.derived import Source
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.quality import Limits
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.rule_content import book_from_content
from anlan.telemetry.core.rules import Colour, Kind, Rule
from anlan.telemetry.core.tangent_angle import DEFAULT_LIMITS, Point, Stage, StageLimit
from anlan.telemetry.core.watch import REMEMBERS_S, Sensor, Target

AimKey = tuple[str, str]  # rule, place
DEVICE_KEY = "device:"
LEAST_INTERVALS = 6  # reporting intervals that are kept in mind of every datastream


@dataclass(frozen=True, slots=True)
class StationFacts:
    """A station as alarms and open maps show it."""

    id: int
    code: str
    name: str
    division_code: str
    site: str
    lon: float
    lat: float

    @property
    def county(self) -> str:
        """Its county's code."""
        return self.division_code[:6] + "000000"

    @property
    def township(self) -> str:
        """Its township's code."""
        return self.division_code[:9] + "000"

    def place_key(self, kind: Kind) -> str:
        """Return the place that it speaks for."""
        if self.site and kind is Kind.HAZARD:
            return f"site:{self.division_code[:6]}:{self.site}"
        return f"station:{self.code}"


@dataclass(frozen=True, slots=True)
class Check:
    """What of a datastream one rule looks at, and from where on it is not calm any more.

    Attributes:
        aim: the rule at its place.
        sensor: key in the target.
        quantity: looked at.
        sign: +1 where danger lies over the limits, −1 where under.
        least: sign × the nearest limit of any colour and season; values short of it change nothing where all is calm.
        rests: the same of the values short of which an alarm rests.
    """

    aim: AimKey
    sensor: str
    quantity: Quantity
    sign: float
    least: float
    rests: float


@dataclass(frozen=True, slots=True)
class Stream:
    """A datastream in use."""

    id: int
    station: StationFacts
    device_id: int | None
    measures: Property
    limits: Limits
    source: Source
    checks: tuple[Check, ...] = ()

    @property
    def depth_s(self) -> float:
        """How far back its readings are kept in mind: for every figure, also when a reading comes late."""
        looks_back = max((QUANTITIES[each.quantity].looks_back_s for each in self.checks), default=0.0)
        return looks_back + REMEMBERS_S + LEAST_INTERVALS * self.source.interval_s


@dataclass(frozen=True, slots=True)
class Aim:
    """A rule at a place.

    Attributes:
        key: rule and place.
        target: for `core.watching`.
        book_id: version of the rule book.
        by_sensor: the datastream of each sensor; of a clock any one of the device.
    """

    key: AimKey
    target: Target
    book_id: int
    by_sensor: Mapping[str, "Stream"]

    @property
    def rule(self) -> Rule:
        """The rule, with the limits of its stations."""
        return self.target.rule

    @property
    def stations(self) -> dict[int, StationFacts]:
        """The stations of the place."""
        return {each.station.id: each.station for each in self.by_sensor.values()}


@dataclass(frozen=True, slots=True)
class Register:
    """All that is judged."""

    streams: Mapping[int, Stream] = field(default_factory=dict)
    aims: Mapping[AimKey, Aim] = field(default_factory=dict)
    clocks: Mapping[int, tuple[Check, ...]] = field(default_factory=dict)  # by device id
    of_device: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # datastreams by device id


_STREAMS = """
SELECT d.id, d.device_id, d.property, d.interval_s, d.lowest, d.highest, d.spike, d.stuck_s, d.is_counter, d.wraps_at,
       d.uniform_mm_d, d.noise_mm, d.stage_limits::text,
       s.id, s.code, s.name, s.division_code, s.site, ST_X(s.place), ST_Y(s.place)
FROM telemetry_datastream d JOIN telemetry_station s ON s.id = d.station_id
WHERE d.is_in_use AND s.is_in_use ORDER BY d.id
"""
_THRESHOLDS = "SELECT datastream_id, quantity, colour, value FROM telemetry_threshold"
_BOOKS = "SELECT county_code, id, content::text FROM telemetry_rulebookversion WHERE status = 'published'"


Thresholds = Mapping[int, Mapping[str, Mapping[Colour, float]]]  # by datastream, quantity and colour


def register_now(raw: "Connection[Any]") -> Register:
    """Return the register as it stands."""
    streams, thresholds = streams_now(raw), thresholds_now(raw)
    books = {county: (key, json.loads(content)) for county, key, content in raw.execute(_BOOKS).fetchall()}
    aims = {
        aim.key: aim
        for county, (book_id, content) in books.items()
        for rule in book_from_content(content).rules
        for aim in aims_of(rule, book_id, of_county(streams, county), thresholds)
    }
    return _joined(streams, aims)


def streams_now(raw: "Connection[Any]") -> dict[int, Stream]:
    """Return the datastreams in use, by id."""
    return {row[0]: _stream(row) for row in raw.execute(_STREAMS).fetchall()}


def thresholds_now(raw: "Connection[Any]") -> Thresholds:
    """Return the limits of single datastreams."""
    found: dict[int, dict[str, dict[Colour, float]]] = {}
    for key, quantity, colour, value in raw.execute(_THRESHOLDS).fetchall():
        found.setdefault(key, {}).setdefault(quantity, {})[Colour(colour)] = value
    return found


def of_county(streams: Mapping[int, Stream], county_code: str) -> list[Stream]:
    """Return the datastreams of a county's stations."""
    return [each for each in streams.values() if each.station.county == county_code]


def _joined(streams: Mapping[int, Stream], aims: Mapping[AimKey, Aim]) -> Register:
    """Return the register in which each datastream knows its checks."""
    checks: dict[int, list[Check]] = {}
    clocks: dict[int, list[Check]] = {}
    for aim in aims.values():
        for sensor, stream in aim.by_sensor.items():
            check = _check(aim, sensor)
            if aim.rule.quantity is Quantity.CLOCK_ERROR:
                clocks.setdefault(stream.device_id or 0, []).append(check)
            else:
                checks.setdefault(stream.id, []).append(check)
    of_device: dict[int, list[int]] = {}
    for each in streams.values():
        if each.device_id is not None:
            of_device.setdefault(each.device_id, []).append(each.id)
    return Register(
        {key: replace(each, checks=tuple(checks.get(key, ()))) for key, each in streams.items()},
        aims,
        {key: tuple(each) for key, each in clocks.items()},
        {key: tuple(each) for key, each in of_device.items()},
    )


def _stream(row: tuple[Any, ...]) -> Stream:
    key, device_id, prop, interval_s, lowest, highest, spike, stuck_s, is_counter, wraps_at = row[:10]
    uniform, noise, stages = row[10:13]
    point = None
    if uniform is not None:
        point = Point(uniform, noise, stage_limits(json.loads(stages)))
    station = StationFacts(*row[13:20])
    source = Source(interval_s, is_counter, wraps_at, point)
    return Stream(key, station, device_id, Property(prop), Limits(lowest, highest, spike, stuck_s), source)


def stage_limits(content: Mapping[str, Any]) -> Mapping[Stage, StageLimit]:
    """Return the limits of the stages of a slope: a site's own before the default ones."""
    own = {Stage(int(stage)): StageLimit(**each) for stage, each in content.items()}
    return {**DEFAULT_LIMITS, **own}


def aims_of(rule: Rule, book_id: int, streams: Iterable[Stream], thresholds: Thresholds) -> Iterable[Aim]:
    """Yield the places at which a rule has something to look at among some datastreams."""
    places: dict[str, dict[str, Stream]] = {}
    for stream in streams:
        if looks_at(rule, stream):
            sensor = sensor_key(rule, stream)
            places.setdefault(stream.station.place_key(rule.kind), {}).setdefault(sensor, stream)
    for place, sensors in places.items():
        own = {
            key: {
                **rule.station_limits.get(each.station.code, {}),
                **thresholds.get(each.id, {}).get(rule.quantity, {}),
            }
            for key, each in sensors.items()
        }
        target = Target(
            replace(rule, station_limits={key: limits for key, limits in own.items() if limits}),
            tuple(Sensor(key, key, each.source.interval_s) for key, each in sensors.items()),
        )
        yield Aim((rule.key, place), target, book_id, sensors)


def looks_at(rule: Rule, stream: Stream) -> bool:
    """Tell whether a rule has something to look at in a datastream."""
    if rule.sensors not in {"", stream.measures.value}:
        return False
    if rule.quantity is Quantity.CLOCK_ERROR:
        return stream.device_id is not None
    if rule.quantity in {Quantity.READING, Quantity.SILENCE}:
        return True
    if rule.quantity is Quantity.TANGENT_STAGE and stream.source.point is None:
        return False  # nobody has confirmed its uniform rate yet
    return rule.quantity in PROPERTIES[stream.measures].derived


def sensor_key(rule: Rule, stream: Stream) -> str:
    """Return the key of a datastream as a sensor of a rule."""
    return f"{DEVICE_KEY}{stream.device_id}" if rule.quantity is Quantity.CLOCK_ERROR else str(stream.id)


def nearest(rule: Rule, sensor: str) -> float:
    """Return sign × the nearest limit of a sensor in any season; infinity where it has none."""
    return min((rule.sign * limit for limit in every_limit(rule, sensor)), default=inf)


def every_limit(rule: Rule, sensor: str) -> list[float]:
    """Return the limits of a sensor in any colour and season; a rule that is off has none."""
    if not rule.is_on:
        return []
    return [
        *rule.limits.values(),
        *rule.station_limits.get(sensor, {}).values(),
        *(limit for season in rule.seasons for limit in season.limits.values()),
    ]


def _check(aim: Aim, sensor: str) -> Check:
    rule = aim.rule
    rests = min((rule.sign * rule.rests_at(limit) for limit in every_limit(rule, sensor)), default=inf)
    return Check(aim.key, sensor, rule.quantity, rule.sign, nearest(rule, sensor), rests)
