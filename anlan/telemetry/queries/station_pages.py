"""What the page and the card of one station show of its readings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from anlan.kernel.refusal import mark
from anlan.telemetry.core.charts import Asked, Chart, Limit, Point
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.series import HOUR
from anlan.telemetry.core.wording import STATE_NAMES, unit_words
from anlan.telemetry.models import Datastream, Station
from anlan.telemetry.queries import series
from anlan.telemetry.queries.stations import MANAGE, QUIET, map_around, station_facts
from anlan.web.http import Person

SPANS: Mapping[int, str] = {24: mark("24 h"), 72: mark("3 days"), 720: mark("30 days"), 8760: mark("1 year")}
DEFAULT_SPAN, CARD_SPAN = 72, 72
MOST_POINTS, CARD_POINTS = 400, 200
# What the field calls the limits of a level.
LEVEL_LIMITS: Mapping[int, str] = {
    2: mark("warning level"),
    3: mark("guaranteed level"),
    4: mark("highest on record"),
}
SLOPES = frozenset({Property.DISPLACEMENT.value, Property.CRACK.value})
FIGURE: Mapping[str, Quantity] = {
    Property.LEVEL: Quantity.RISE_RATE,
    Property.DISPLACEMENT: Quantity.SPEED,
    Property.CRACK: Quantity.SPEED,
    Property.TILT: Quantity.SPEED,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A datastream with its chart as the page draws it."""

    stream: Datastream
    chart: Chart
    content: dict[str, Any]  # for the chart island
    rain: Mapping[int, float | None] | None  # by hours
    figure: tuple[str, str, float] | None  # the latest figure derived: name, unit, value
    rain_until: float | None = None

    @property
    def key(self) -> str:
        """What tells its chart from the others of the page."""
        return str(self.stream.pk)

    @property
    def newest_first(self) -> list[Point]:
        """Return what is drawn and what is only marked, newest first, as the table beside the chart tells it."""
        marked = {time for time, _value, _flags in self.chart.flagged}
        drawn = (point for point in self.chart.points if point[0] not in marked)
        return sorted((*drawn, *self.chart.flagged), key=itemgetter(0), reverse=True)


def station_page(person: Person, station: Station, hours: str, at: datetime) -> dict[str, Any]:
    """Return all that the station's page shows."""
    span = int(hours) if hours.isdecimal() and int(hours) in SPANS else DEFAULT_SPAN
    facts = station_facts(person, station)
    return {
        "facts": facts,
        "station": station,
        "shown": list(_shown(facts.datastreams, span, MOST_POINTS, at)),
        "quiet": [stream for stream in facts.datastreams if stream.property in QUIET],
        "spans": [(each, _(name), each == span) for each, name in SPANS.items()],
        "map": map_around(person, station),
        "upstream": list(station.upstream.order_by("name", "pk")),
        "devices": list(station.devices.select_related("state").order_by("code")),
    }


def station_card(person: Person, station: Station, at: datetime) -> dict[str, Any]:
    """Return what a map's card of the station shows: its first three datastreams over the last three days."""
    facts = station_facts(person, station, pictures=1)
    shown = list(_shown(facts.datastreams[:3], CARD_SPAN, CARD_POINTS, at))
    return {"facts": facts, "station": station, "shown": shown}


def datastream_page(person: Person, stream: Datastream) -> dict[str, Any]:
    """Return what the page of one datastream shows beside its readings."""
    return {
        "stream": stream,
        "name": name_of(stream),
        "may_manage": person.can(MANAGE, stream.division_code),
        "is_slope": stream.property in SLOPES,
        "limits": [limit_facts(stream, each) for each in series.limits_of(stream)],
    }


def limit_facts(stream: Datastream, limit: Limit) -> tuple[str, int, str, float, str]:
    """Return what a limit limits, its colour, what the field calls it, its value and unit."""
    name = limit_name(stream.property, limit.quantity, limit.colour)
    if limit.quantity == Quantity.READING:
        return name_of(stream), limit.colour, name, limit.value, stream.unit
    facts = QUANTITIES[limit.quantity]
    return _(facts.name), limit.colour, _(STATE_NAMES[limit.colour]), limit.value, facts.unit


def limit_heading(stream: Datastream, quantity: str) -> str:
    """Return what is limited, with its unit."""
    facts = QUANTITIES[Quantity(quantity)]
    is_reading = quantity == Quantity.READING
    name, unit = (name_of(stream), stream.unit) if is_reading else (_(facts.name), facts.unit)
    return f"{name} ({unit_words(unit)})" if unit_words(unit) else name


def own_name(stream: Datastream, quantity: str, colour: int) -> str:
    """Return what the field calls a limit besides its colour, "" for nothing."""
    is_level = stream.property == Property.LEVEL and quantity == Quantity.READING
    return _(LEVEL_LIMITS[colour]) if is_level and colour in LEVEL_LIMITS else ""


def series_content(stream: Datastream, since: float, until: float, most: int) -> dict[str, Any]:
    """Return a chart as `series.json` tells it."""
    chart = series.chart_for(stream, Asked(since, until, most))
    return {
        "name": name_of(stream),
        "unit": chart.unit,
        "kind": chart.kind,
        "points": chart.points,
        "flagged": chart.flagged,
        "thresholds": [
            {
                "name": limit_name(stream.property, each.quantity, each.colour),
                "quantity": each.quantity,
                "colour": each.colour,
                "value": each.value,
            }
            for each in chart.limits
        ],
        "derived": chart.derived,
    }


def name_of(stream: Datastream) -> str:
    """Return what the datastream is called."""
    return stream.name or str(stream.get_property_display())


def limit_name(prop: str, quantity: str, colour: int) -> str:
    """Return what the field calls a limit: 警戒, 保证 and 历史最高 of a level, else the colour."""
    if prop == Property.LEVEL and quantity == Quantity.READING and colour in LEVEL_LIMITS:
        return _(LEVEL_LIMITS[colour])
    name = _(STATE_NAMES[colour])
    return name if quantity == Quantity.READING else f"{_(QUANTITIES[Quantity(quantity)].name)} {name}"


def _shown(streams: Any, span: int, most: int, at: datetime) -> Iterator[Shown]:
    until = at.timestamp()
    for stream in streams:
        if stream.property in QUIET:
            continue
        chart = series.chart_for(stream, Asked(until - span * HOUR, until, most))
        as_of, rain = series.rain_now(stream, until) if stream.property == Property.RAIN else (None, None)
        yield Shown(stream, chart, chart_content(stream, chart), rain, _figure(stream, chart), as_of)


def _figure(stream: Datastream, chart: Chart) -> tuple[str, str, float] | None:
    quantity = FIGURE.get(stream.property)
    known = [value for _time, value in chart.derived.get(quantity, ()) if value is not None] if quantity else []
    if quantity is None or not known:
        return None
    facts = QUANTITIES[quantity]
    unit = facts.unit if stream.property != Property.TILT else f"{stream.unit}/d"
    return _(facts.name), unit_words(unit), known[-1]


def chart_content(stream: Datastream, chart: Chart) -> dict[str, Any]:
    """Return the chart as the island of charts draws it."""
    limits = [
        {"name": limit_name(stream.property, each.quantity, each.colour), "colour": each.colour, "value": each.value}
        for each in chart.limits
        if each.quantity == Quantity.READING
    ]
    return {
        "kind": "time",
        "bars": chart.kind == "bars",
        "unit": unit_words(chart.unit),
        "decimals": chart.decimals,
        "since": chart.since,
        "until": chart.until,
        "offset": _offset_s(chart.until),
        "limits": limits,
        "series": [{"name": name_of(stream), "points": [[time, value] for time, value, _flags in chart.points]}],
        "flagged": [[time, value] for time, value, _flags in chart.flagged if value is not None],
        "words": {"flagged": _("not believed")},
    }


def _offset_s(at: float) -> float:
    """Return by how much the clock of the place is ahead of UTC, seconds."""
    offset = localtime(datetime.fromtimestamp(at, UTC)).utcoffset()
    return offset.total_seconds() if offset else 0.0
