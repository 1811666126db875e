"""How the stations of a person's areas stood over the last hours, step by step, small enough to be sent at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from anlan.telemetry.core.derived import derive
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.rules import Kind
from anlan.telemetry.core.series import HOUR, Floats, Series
from anlan.telemetry.core.timeline import Colours, changes_of, colours_at, held_at, rounded, told_as
from anlan.telemetry.core.watch import News
from anlan.telemetry.core.wording import unit_words
from anlan.telemetry.models import Alarm, AlarmNews, Datastream
from anlan.telemetry.queries.judged import readings_between
from anlan.telemetry.queries.series import source_of
from anlan.telemetry.queries.stations import stations_for
from anlan.web.http import Person

HELD_INTERVALS = 3  # a value stands for so many reporting intervals
RAIN = Quantity.RAIN_1H.value


def past_of(person: Person, at: Floats) -> dict[str, Any]:
    """Return colours and main values of the person's stations at instants a step apart, seconds since 1970."""
    streams = Datastream.objects.filter(is_in_use=True).order_by("-pk")
    stations = list(
        stations_for(person).filter(is_in_use=True).prefetch_related(Prefetch("datastreams", streams, to_attr="told"))
    )
    colours = _colours([row.pk for row in stations], at)
    main = {row.pk: stream for row in stations if (stream := _main(row))}
    values = _values(main, at)
    lines = {
        str(row.pk): {
            "hazard": changes_of(colours[Kind.HAZARD][row.pk]),
            "device": changes_of(colours[Kind.DEVICE][row.pk]),
            **({"property": _key(main[row.pk]), "values": values[row.pk]} if row.pk in main else {}),
        }
        for row in stations
    }
    return {
        "start": int(at[0]),
        "step": int(at[1] - at[0]),
        "count": len(at),
        "names": _names(main.values()),
        "stations": lines,
    }


def _main(row: Any) -> Datastream | None:
    by_property = {stream.property: place for place, stream in enumerate(row.told)}
    place = told_as(row.kind, by_property)
    return None if place is None else row.told[place]


def _key(stream: Datastream) -> str:
    return RAIN if stream.property == Property.RAIN else str(stream.property)


def _names(streams: Iterable[Datastream]) -> dict[str, dict[str, Any]]:
    told = {}
    for stream in streams:
        facts = PROPERTIES[Property(stream.property)]
        name = QUANTITIES[Quantity.RAIN_1H].name if _key(stream) == RAIN else facts.name
        told[_key(stream)] = {"title": _(name), "unit": unit_words(stream.unit), "decimals": facts.decimals}
    return told


def _colours(station_ids: Sequence[int], at: Floats) -> Mapping[str, Mapping[int, Colours]]:
    """Return the gravest colour of each station's alarms at each instant, for hazards and for devices."""
    found: dict[str, dict[int, Colours]] = {
        kind: defaultdict(lambda: np.zeros(len(at), dtype=np.int64)) for kind in Kind
    }
    since, until = (datetime.fromtimestamp(float(end), UTC) for end in (at[0], at[-1]))
    stood: QuerySet[Any] = Alarm.objects.filter(station__in=station_ids, raised_at__lte=until).exclude(
        state="withdrawn"
    )
    news = AlarmNews.objects.filter(is_withdrawn=False).order_by("at", "pk")
    for alarm in stood.filter(Q(cleared_at__isnull=True) | Q(cleared_at__gte=since)).prefetch_related(
        Prefetch("news", news, to_attr="told")
    ):
        line = [(each.at.timestamp(), 0 if each.news == News.CLEARED else each.colour) for each in alarm.told]
        row = found[alarm.kind]
        row[alarm.station_id] = np.maximum(row[alarm.station_id], colours_at(line, at))
    return found


def _values(main: Mapping[int, Datastream], at: Floats) -> Mapping[int, Sequence[float | None]]:
    longest = max((stream.interval_s for stream in main.values()), default=HOUR)
    since = float(at[0]) - HOUR - HELD_INTERVALS * longest
    series = readings_between([stream.pk for stream in main.values()], since, float(at[-1]))
    return {station: _line(stream, series[stream.pk], at) for station, stream in main.items()}


def _line(stream: Datastream, series: Series, at: Floats) -> Sequence[float | None]:
    decimals = PROPERTIES[Property(stream.property)].decimals
    if stream.property == Property.RAIN:
        return rounded(derive(Quantity.RAIN_1H, series, at, source_of(stream)).values, decimals)
    return rounded(held_at(series, at, longest_s=HELD_INTERVALS * stream.interval_s), decimals)
