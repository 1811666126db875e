"""What a round leaves for pages and maps: the newest values, how devices do, in which colour stations stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from psycopg import Connection

from anlan.ground.statements import FLOAT, INTEGER, column, cursor_for
from anlan.telemetry.actions.keeping import moment
from anlan.telemetry.core.parcels import Heard
from anlan.telemetry.core.properties import Property
from anlan.telemetry.judging.arriving import Touch
from anlan.telemetry.queries.alarms import READ, STATIONS_KIND
from anlan.telemetry.queries.watched import Register, StationFacts, Stream
from anlan.web.live import LiveNews, publish_many

EVERY = timedelta(seconds=2)  # one event a township: whoever covers it sees all that the event tells
KEPT_FOR = timedelta(minutes=10)

_FLAGS = """
UPDATE telemetry_reading r SET flags = v.flags
FROM unnest(%(keys)s::int[], %(times)s::timestamptz[], %(flags)s::smallint[]) v(id, at, flags)
WHERE r.datastream_id = v.id AND r."time" = v.at AND r."time" BETWEEN %(first)s AND %(last)s
"""
_JUDGED = """
INSERT INTO telemetry_judged (datastream_id, until, spoke_at)
SELECT id, to_timestamp(nullif(until, '-infinity')), to_timestamp(spoke)
FROM unnest(%s::bigint[], %s::float8[], %s::float8[]) v(id, until, spoke)
ON CONFLICT (datastream_id) DO UPDATE SET until = excluded.until, spoke_at = excluded.spoke_at
"""
_LATEST = """
INSERT INTO telemetry_latest (datastream_id, "time", value, flags, arrived_at)
SELECT id, to_timestamp(at), value, flags, to_timestamp(arrived)
FROM unnest(%s::bigint[], %s::float8[], %s::float8[], %s::smallint[], %s::float8[]) v(id, at, value, flags, arrived)
ON CONFLICT (datastream_id) DO UPDATE
SET "time" = excluded."time", value = excluded.value, flags = excluded.flags, arrived_at = excluded.arrived_at
"""
_HEARD = """
INSERT INTO telemetry_devicestate (device_id, heard_at, clock_error_s)
SELECT v.id, to_timestamp(v.at), nullif(v.error, 'NaN')
FROM unnest(%s::bigint[], %s::float8[], %s::float8[]) v(id, at, error)
JOIN telemetry_device d ON d.id = v.id
ON CONFLICT (device_id) DO UPDATE
SET heard_at = greatest(telemetry_devicestate.heard_at, excluded.heard_at),
    clock_error_s = coalesce(excluded.clock_error_s, telemetry_devicestate.clock_error_s)
"""
_GONE = "DELETE FROM telemetry_latest WHERE datastream_id = ANY(%s::bigint[])"
_SUPPLIES = {
    Property.VOLTAGE: """
UPDATE telemetry_devicestate SET voltage = v.value FROM unnest(%s::bigint[], %s::float8[]) v(id, value)
WHERE device_id = v.id
""",
    Property.STATUS: """
UPDATE telemetry_devicestate SET status_bits = v.value FROM unnest(%s::bigint[], %s::float8[]) v(id, value)
WHERE device_id = v.id
""",
}
_STATES = """
INSERT INTO telemetry_stationstate (station_id, hazard, device, changed_at)
SELECT s.id,
       coalesce(max(a.colour) FILTER (WHERE a.kind = 'hazard'), 0),
       coalesce(max(a.colour) FILTER (WHERE a.kind = 'device'), 0), %(at)s
FROM telemetry_station s
LEFT JOIN telemetry_alarm a ON a.state IN ('raised', 'acknowledged') AND (
    a.place_key = 'station:' || s.code
    OR s.site <> '' AND a.place_key = 'site:' || left(s.division_code, 6) || ':' || s.site)
WHERE s.id = ANY(%(stations)s) GROUP BY s.id
ON CONFLICT (station_id) DO UPDATE
SET hazard = excluded.hazard, device = excluded.device, changed_at = excluded.changed_at
WHERE (telemetry_stationstate.hazard, telemetry_stationstate.device) IS DISTINCT FROM (excluded.hazard, excluded.device)
RETURNING station_id, hazard, device
"""


def write_flags(raw: "Connection[Any]", flags: Iterable[tuple[int, float, int]]) -> None:
    """Write flags that were told by the neighbours of readings."""
    some = list(flags)
    if not some:
        return
    keys, times, bits = ([each[place] for each in some] for place in range(3))
    moments = [moment(each) for each in times]
    wanted = {"keys": keys, "times": moments, "flags": bits, "first": min(moments), "last": max(moments)}
    raw.execute(_FLAGS, wanted)


def write_judged(raw: "Connection[Any]", until: Mapping[int, float], spoke: Mapping[int, float]) -> None:
    """Write how far the rules have got with datastreams; −inf is not begun."""
    _write(raw, _JUDGED, [(key, until[key], spoke_at) for key, spoke_at in spoke.items()])


def _write(raw: "Connection[Any]", statement: str, rows: Sequence[tuple[float | None, ...]]) -> None:
    """Write rows of a key and numbers, as columns; a number that is missing is sent as NaN."""
    if rows:
        keys, *numbers = np.array(rows, dtype=np.float64).T
        with cursor_for(raw) as cursor:
            cursor.execute(statement, [column(keys, INTEGER), *(column(each, FLOAT) for each in numbers)])


def write_heard(raw: "Connection[Any]", heard: Iterable[Heard]) -> None:
    """Write when devices were last heard, and how their clocks went."""
    newest: dict[int, Heard] = {}
    for each in heard:
        if each.device not in newest or newest[each.device].at <= each.at:
            newest[each.device] = each
    if newest:
        some = sorted(newest.values(), key=lambda each: each.device)
        _write(raw, _HEARD, [(each.device, each.at, each.clock_error_s) for each in some])


@dataclass(slots=True)
class Picture:
    """The newest values and colours as open maps have been told them, and what they have not been told yet."""

    values: dict[int, dict[int, float]] = field(default_factory=dict)  # by station, then datastream
    states: dict[int, tuple[int, int]] = field(default_factory=dict)  # hazard and device by station
    changed: dict[str, set[int]] = field(default_factory=dict)  # stations by township
    told_at: dict[str, datetime] = field(default_factory=dict)

    def show(self, raw: "Connection[Any]", touches: Iterable[Touch]) -> None:
        """Write the newest believable reading of each datastream that was touched."""
        rows: list[tuple[float, ...]] = []
        gone: list[int] = []
        supplies: dict[Property, dict[int, float]] = {}
        for touch in {each.stream.id: each for each in touches}.values():
            stream, place = touch.stream, touch.ring.latest()
            if place is None:
                gone.append(stream.id)
                continue
            ring, value = touch.ring, float(touch.ring.believed[place])
            rows.append((stream.id, float(ring.times[place]), value, int(ring.flags[place]), touch.arrived))
            self._change(stream, value)
            if stream.measures in _SUPPLIES and stream.device_id is not None:
                supplies.setdefault(stream.measures, {})[stream.device_id] = value
        _write(raw, _GONE, [(key,) for key in gone])
        _write(raw, _LATEST, rows)
        for measures, values in supplies.items():
            _write(raw, _SUPPLIES[measures], list(values.items()))

    def colour(self, raw: "Connection[Any]", stations: Mapping[int, StationFacts], at: datetime) -> None:
        """Write the colours of stations anew."""
        if not stations:
            return
        for key, hazard, device in raw.execute(_STATES, {"stations": list(stations), "at": at}).fetchall():
            self.states[key] = (hazard, device)
            if key in stations:
                self.changed.setdefault(stations[key].township, set()).add(key)

    def tell(self, register: Register, *, at: datetime) -> None:
        """Tell open maps what has changed, once in a while for each township."""
        news = []
        for township, stations in self.changed.items():
            if stations and at - self.told_at.get(township, at - EVERY) >= EVERY:
                rows = [self._row(register, key) for key in sorted(stations)]
                news.append(LiveNews(STATIONS_KIND, township, {"stations": rows}, READ))
                self.told_at[township] = at
                stations.clear()
        publish_many(news, at=at, keeps_for=KEPT_FOR)

    def _change(self, stream: Stream, value: float) -> None:
        values = self.values.setdefault(stream.station.id, {})
        if values.get(stream.id) != value:
            values[stream.id] = value
            self.changed.setdefault(stream.station.township, set()).add(stream.station.id)

    def _row(self, register: Register, key: int) -> list[Any]:
        hazard, device = self.states.get(key, (0, 0))
        values: dict[str, float] = {}
        for datastream, value in sorted(self.values.get(key, {}).items()):
            stream = register.streams.get(datastream)
            if stream is not None:
                values.setdefault(stream.measures.value, value)
        return [key, hazard, device, values]
