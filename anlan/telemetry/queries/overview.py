"""What the picture on the wall tells of the sensors of a person's areas."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import isfinite
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.places import queries as places
from anlan.telemetry.core.derived import derive
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rules import Colour, Kind
from anlan.telemetry.core.series import DAY, HOUR, Floats, Series
from anlan.telemetry.core.timeline import rounded
from anlan.telemetry.core.watch import NEWS_NAMES, News
from anlan.telemetry.models import Alarm, AlarmNews, Datastream, Station
from anlan.telemetry.queries.alarm_words import alarm_name, value_words
from anlan.telemetry.queries.alarms import READ, alarms_within, standing_alarms
from anlan.telemetry.queries.coming import coming
from anlan.telemetry.queries.judged import readings_between
from anlan.telemetry.queries.series import source_of
from anlan.telemetry.queries.stations import hazard_of, stations_for
from anlan.web.http import Person

MOST_UNANSWERED, MOST_NEWS, MOST_RANKED = 20, 30, 10
TREND_HOURS = 24
SEEN = "acknowledged"


def wall_figures(person: Person, at: datetime) -> dict[str, Any]:
    """Return figures, news, rankings and the trend of the last day within the person's areas."""
    reach = accounts.scope_of(person, READ).prefixes
    standing = list(standing_alarms(reach))
    waiting = _waiting(standing)
    stations = list(stations_for(person).filter(is_in_use=True).select_related("state"))
    names = dict(places.names_of({row.division_code for row in stations}))
    rain, mean = _rain(stations, names, at)
    return {
        "stations": _health(stations, standing),
        "alarms": _by_colour(alarm.colour for alarm in standing if alarm.kind == Kind.HAZARD),
        "device_alarms": sum(alarm.kind == Kind.DEVICE for alarm in standing),
        "unanswered": [_unanswered(alarm, at, names) for alarm in waiting[:MOST_UNANSWERED]],
        "unanswered_in_all": len(waiting),
        "roll": _roll(reach, names),
        "rain": rain,
        "levels": _levels(stations),
        "coming": coming(stations, at),
        "trend": {
            "start": int(at.timestamp() - TREND_HOURS * HOUR),
            "step": int(HOUR),
            "rain_mean_mm": mean,
            "alarms": _raised(reach, at),
            "readings": _readings(stations, at),
        },
    }


def _by_colour(colours: Iterable[int]) -> dict[str, int]:
    counted = Counter(colours)
    return {str(colour.value): counted[colour.value] for colour in reversed(Colour)}


def _health(stations: Sequence[Station], standing: Sequence[Alarm]) -> dict[str, int]:
    """Return how many stations speak, are silent, or speak with a fault."""
    known = {row.pk for row in stations}
    faults = [alarm for alarm in standing if alarm.kind == Kind.DEVICE and alarm.station_id in known]
    silent = {alarm.station_id for alarm in faults if alarm.quantity == Quantity.SILENCE}
    fault = {alarm.station_id for alarm in faults} - silent
    return {"total": len(known), "online": len(known - silent), "silent": len(silent), "fault": len(fault)}


def _waiting(standing: Iterable[Alarm]) -> list[Alarm]:
    """Return the hazard alarms that nobody has acknowledged, the gravest and among them the oldest first."""
    waiting = [alarm for alarm in standing if alarm.kind == Kind.HAZARD and alarm.state == "raised"]
    return sorted(waiting, key=lambda alarm: (-alarm.colour, alarm.known_at, alarm.pk))


def _unanswered(alarm: Alarm, at: datetime, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": alarm.pk,
        "station": alarm.station_id,
        "name": alarm.station.name,
        "place": alarm.station.site or alarm.station.name,
        "rule": alarm_name(alarm),
        "colour": alarm.colour,
        "since": alarm.raised_at.isoformat(),
        "minutes": max(int((at - alarm.known_at) / timedelta(minutes=1)), 0),
        "value": value_words(alarm.value, alarm),
        "division": names.get(alarm.division_code, ""),
    }


def _roll(reach: Iterable[str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the last news of alarms and who acknowledged them, the newest first."""
    alarms = alarms_within(reach).filter(kind=Kind.HAZARD)
    news = AlarmNews.objects.filter(alarm__in=alarms.order_by().values("pk"), is_withdrawn=False)
    latest = news.select_related("alarm__station", "alarm__datastream").order_by("-told_at", "-pk")[:MOST_NEWS]
    told = [(each.told_at, _told(each.alarm, each.news, each.colour, each.value, names)) for each in latest]
    seen: QuerySet[Any] = alarms.filter(acknowledged_at__isnull=False).order_by("-acknowledged_at", "-pk")[:MOST_NEWS]
    told += [(each.acknowledged_at, _told(each, SEEN, each.colour, each.value, names)) for each in seen]
    told.sort(key=lambda each: each[0], reverse=True)
    return [{**each, "at": moment.isoformat()} for moment, each in told[:MOST_NEWS]]


def _told(alarm: Alarm, news: str, colour: int, value: float, names: Mapping[str, str]) -> dict[str, Any]:
    what = _("acknowledged by %(name)s") % {"name": alarm.acknowledged_by_name} if news == SEEN else ""
    return {
        "id": alarm.pk,
        "station": alarm.station_id,
        "news": news,
        "words": what or _(NEWS_NAMES[News(news)]),
        "colour": colour,
        "name": alarm.station.name,
        "rule": alarm_name(alarm),
        "value": value_words(value, alarm),
        "kind": alarm.kind,
        "division": names.get(alarm.division_code, ""),
    }


def _rain(
    stations: Sequence[Station], names: Mapping[str, str], at: datetime
) -> tuple[list[dict[str, Any]], Sequence[float | None]]:
    """Return the gauges with most rain in 24 h, and the mean of all gauges hour by hour."""
    gauges = _streams(stations, Property.RAIN)
    until = at.timestamp()
    hours: Floats = until - HOUR * np.arange(TREND_HOURS - 1, -1, -1, dtype=np.float64)
    longest = max((gauge.interval_s for gauge in gauges), default=HOUR)
    series = readings_between([gauge.pk for gauge in gauges], until - DAY - 2 * longest, until)
    hourly = [_sums(Quantity.RAIN_1H, gauge, series[gauge.pk], hours) for gauge in gauges]
    daily = [float(_sums(Quantity.RAIN_24H, gauge, series[gauge.pk], hours[-1:])[0]) for gauge in gauges]
    wet = sorted((place for place, sum_ in enumerate(daily) if sum_ > 0), key=lambda place: -daily[place])
    top = [
        {
            "id": gauges[place].station_id,
            "name": gauges[place].station.name,
            "division": names.get(gauges[place].station.division_code, ""),
            "mm_1h": _number(hourly[place][-1]),
            "mm_24h": _number(daily[place]),
            "colour": hazard_of(gauges[place].station) or 0,
        }
        for place in wet[:MOST_RANKED]
    ]
    return top, rounded(_mean(hourly), 1)


def _sums(quantity: Quantity, gauge: Datastream, series: Series, at: Floats) -> Floats:
    return derive(quantity, series, at, source_of(gauge)).values


def _mean(hourly: Sequence[Floats]) -> Floats:
    table = np.array(hourly).reshape(len(hourly), TREND_HOURS)
    known = np.isfinite(table)
    sums = np.where(known, table, 0.0).sum(axis=0)
    counts = known.sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _number(value: float) -> float | None:
    return round(float(value), 1) if isfinite(value) else None


def _levels(stations: Sequence[Station]) -> list[dict[str, Any]]:
    """Return the stations whose latest level stands over their warning level, the most over first."""
    over = []
    for stream in _streams(stations, Property.LEVEL):
        limits = [row.value for row in stream.thresholds.all() if row.quantity == Quantity.READING and row.colour >= 2]
        value = stream.latest.value if hasattr(stream, "latest") else float("nan")
        if limits and isfinite(value) and value >= min(limits):
            over.append((value - min(limits), stream, min(limits)))
    over.sort(key=lambda each: (-each[0], each[1].pk))
    return [
        {
            "id": stream.station_id,
            "name": stream.station.name,
            "river": stream.station.river,
            "value": round(stream.latest.value, 2),
            "warning": warning,
            "over": round(above, 2),
            "colour": hazard_of(stream.station) or 0,
        }
        for above, stream, warning in over[:MOST_RANKED]
    ]


def _streams(stations: Sequence[Station], prop: Property) -> list[Any]:
    rows: QuerySet[Datastream] = Datastream.objects.filter(
        station__in=[row.pk for row in stations], property=prop, is_in_use=True
    )
    return list(rows.select_related("station__state", "latest").prefetch_related("thresholds").order_by("pk"))


def _raised(reach: Iterable[str], at: datetime) -> dict[str, list[int]]:
    """Return how many hazard alarms were raised in each hour, by the highest colour that they reached."""
    counts = {colour.value: [0] * TREND_HOURS for colour in reversed(Colour)}
    since = at - timedelta(hours=TREND_HOURS)
    rows = alarms_within(reach).filter(kind=Kind.HAZARD, raised_at__gt=since, raised_at__lte=at)
    for raised_at, highest in rows.exclude(state="withdrawn").order_by().values_list("raised_at", "highest"):
        hour = min(int((raised_at - since) / timedelta(hours=1)), TREND_HOURS - 1)
        counts[highest][hour] += 1
    return {str(colour): hours for colour, hours in counts.items()}


def _readings(stations: Sequence[Station], at: datetime) -> list[int]:
    """Return how many readings of the stations tell of each hour."""
    since = at - timedelta(hours=TREND_HOURS)
    counts = [0] * TREND_HOURS
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT ceil(extract(epoch FROM r."time" - %s) / %s)::int - 1, count(*)
            FROM telemetry_reading r JOIN telemetry_datastream d ON d.id = r.datastream_id
            WHERE d.station_id = ANY(%s) AND r."time" > %s AND r."time" <= %s GROUP BY 1""",
            [since, HOUR, [row.pk for row in stations], since, at],
        )
        for hour, count in cursor.fetchall():
            counts[hour] += count
    return counts
