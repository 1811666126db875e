"""Alarms as pages, maps and the contexts above read them."""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.wording import unit_words
from anlan.telemetry.models import Alarm, AlarmNews
from anlan.web.live import LiveNews

ALARM_KIND = "telemetry.alarm"
STATIONS_KIND = "telemetry.stations"
READ = "telemetry.read"


def alarms_within(scope: Iterable[str]) -> QuerySet[Alarm]:
    """Return the alarms of areas, by prefixes of their codes, newest first."""
    within = Q(pk__in=[])
    for prefix in scope:
        within |= Q(division_code__startswith=prefix)
    return Alarm.objects.filter(within).select_related("station", "datastream").order_by("-raised_at", "-id")


def standing_alarms(scope: Iterable[str]) -> QuerySet[Alarm]:
    """Return the alarms of areas that are not over, gravest first."""
    return alarms_within(scope).filter(state__in=["raised", "acknowledged"]).order_by("-colour", "-raised_at", "-id")


def alarm_now(alarm_id: int) -> Alarm | None:
    """Return an alarm, None where there is none of the number."""
    return Alarm.objects.select_related("station", "datastream", "rule_book").filter(pk=alarm_id).first()


def news_of(alarm_id: int) -> QuerySet[AlarmNews]:
    """Return all news of an alarm, oldest first; what was withdrawn is marked so."""
    return AlarmNews.objects.filter(alarm_id=alarm_id).select_related("datastream__station").order_by("at", "id")


def alarm_facts(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm as a live event and the API tell it."""
    station = alarm.station
    return {
        "id": alarm.pk,
        "version": alarm.version,
        "station": station.pk,
        "code": station.code,
        "name": station.name,
        "place": station.site or station.name,
        "kind": alarm.kind,
        "rule": {"zh": alarm.rule_name_zh, "en": alarm.rule_name_en},
        "quantity": alarm.quantity,
        "unit": unit_of(alarm),
        "unit_words": unit_words(unit_of(alarm)),
        "decimals": decimals_of(alarm),
        "colour": alarm.colour,
        "highest": alarm.highest,
        "state": str(alarm.state),
        "value": alarm.value if isfinite(alarm.value) else None,
        "limit": alarm.limit if isfinite(alarm.limit) else None,
        "raised_at": alarm.raised_at.isoformat(),
        "known_at": alarm.known_at.isoformat(),
        "lon": station.place.x,
        "lat": station.place.y,
        "division_code": alarm.division_code,
    }


def unit_of(alarm: Alarm) -> str:
    """Return the unit in which value and limit of an alarm stand, as UCUM code."""
    of_quantity = QUANTITIES[Quantity(alarm.quantity)].unit
    return of_quantity or (alarm.datastream.unit if alarm.datastream else "")


def decimals_of(alarm: Alarm) -> int:
    """Return with how many decimals value and limit of an alarm are shown."""
    if alarm.quantity == Quantity.READING and alarm.datastream:
        return PROPERTIES[Property(alarm.datastream.property)].decimals
    return QUANTITIES[Quantity(alarm.quantity)].decimals


def live_news(alarms: Mapping[int, str], rows: Iterable[Alarm]) -> list[LiveNews]:
    """Return the live events of alarms.

    Args:
        alarms: what happened, by id.
        rows: the alarms.
    """
    some = list(rows)
    prefetch_related_objects(some, "station", "datastream")
    return [
        LiveNews(ALARM_KIND, each.division_code, {**alarm_facts(each), "news": alarms[each.pk]}, READ) for each in some
    ]
