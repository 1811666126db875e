"""Stations and alarms as the one map draws, finds and lists them."""

import json
from typing import Any

from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Count, Max, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import prefix_of
from anlan.places.core.finding import Found, Inside, InsideRow, best_of
from anlan.places.core.finding import Sum as Figure
from anlan.places.queries.layers import collection
from anlan.telemetry.core.rules import Kind
from anlan.telemetry.core.wording import STATE_NAMES
from anlan.telemetry.models import Alarm
from anlan.telemetry.queries.alarm_words import alarm_name, value_words
from anlan.telemetry.queries.alarms import READ, standing_alarms
from anlan.telemetry.queries.stations import LAYER_KEY, hazard_of, listed_for, stations_for, told_text
from anlan.web.http import Person

DECIMALS = 5  # of a degree: one metre
ALARM_FACTS = ("id", "station", "code", "name", "colour", "state", "rule", "since", "value", "division_code")


def count_stations(person: Person) -> int:
    return stations_for(person).in_use().count()  # type: ignore[attr-defined, no-any-return]


def station_tile_stamp(person: Person) -> str:
    """Return what changes with any station within the person's areas and with its colours."""
    state = stations_for(person).aggregate(
        rows=Count("pk"), changes=Sum("version"), last=Max("pk"), hazards=Sum("state__hazard"),
        devices=Sum("state__device"), changed=Max("state__changed_at"),
    )  # fmt: skip
    return " ".join(map(str, state.values()))


def alarms_drawn(person: Person, division: Any) -> str:
    """Return the standing hazard alarms within a division as points, the gravest last so that it lies on top."""
    told = ((_point(row), *_facts(row)) for row in reversed(_standing(person, division)))
    return collection(told, ALARM_FACTS)


def alarm_stamp(person: Person, division: Any) -> str:
    rows = standing_alarms(_reach(person)).filter(division_code__startswith=prefix_of(division.code)).order_by()
    state = rows.aggregate(rows=Count("pk"), changes=Sum("version"), last=Max("pk"))
    return " ".join(map(str, state.values()))


def count_alarms(person: Person) -> int:
    return int(standing_alarms(_reach(person)).filter(kind=Kind.HAZARD).count())


def find_stations(person: Person, text: str, most: int) -> list[Found]:
    rows = stations_for(person).order_by("code")
    things = ((row.name, row.code, row) for row in rows.defer("keeper_phone", "note"))
    return [
        Found(
            title=row.name,
            detail=" · ".join(part for part in (row.get_kind_display(), row.unit_name, row.code) if part),
            point=(row.place.x, row.place.y),
            layer=LAYER_KEY,
            id=row.pk,
            url=reverse("station", args=[row.pk]),
            rank=rank,
        )
        for rank, row in best_of(text, things, most)
    ]


def stations_inside(person: Person, area: str) -> Inside:
    """Return the stations in use that stand inside."""
    shape = GEOSGeometry(area, srid=4326)
    rows: QuerySet[Any] = listed_for(person).filter(place__coveredby=shape, is_in_use=True)
    listed = list(rows.order_by("division_code", "kind", "pk"))
    return Inside(
        columns=(_("Name"), _("Code"), _("Kind"), _("Unit"), _("State"), _("Latest")),
        rows=[
            InsideRow(
                (
                    row.name, row.code, row.get_kind_display(), row.unit_name, _(STATE_NAMES[hazard_of(row) or 0]),
                    told_text(row),
                ),
                (row.place.x, row.place.y),
                reverse("station", args=[row.pk]),
            )
            for row in listed
        ],
        sums=(Figure(_("Stations with an alarm"), sum(bool(hazard_of(row)) for row in listed)),),
    )  # fmt: skip


def _reach(person: Person) -> tuple[str, ...]:
    return accounts.scope_of(person, READ).prefixes


def _standing(person: Person, division: Any) -> list[Alarm]:
    rows = standing_alarms(_reach(person)).filter(kind=Kind.HAZARD)
    return list(rows.filter(division_code__startswith=prefix_of(division.code)))


def _facts(alarm: Alarm) -> tuple[Any, ...]:
    station = alarm.station
    since, value = alarm.raised_at.isoformat(), value_words(alarm.value, alarm)
    return (
        alarm.pk, station.pk, station.code, station.name, alarm.colour, str(alarm.state), alarm_name(alarm), since,
        value, alarm.division_code,
    )  # fmt: skip


def _point(alarm: Alarm) -> str:
    place = alarm.station.place
    return json.dumps({"type": "Point", "coordinates": [round(place.x, DECIMALS), round(place.y, DECIMALS)]})
