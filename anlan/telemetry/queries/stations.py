"""Stations: who may see which, how they stand, what they tell."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import Count, Max, Prefetch, QuerySet, Sum
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.ground.fields import mask_phone
from anlan.kernel.codes import Level, ancestor_at, level_of, prefix_of
from anlan.places import queries as places
from anlan.places.queries import maps
from anlan.places.queries.layers import collection
from anlan.records import queries as records
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.wording import COLOURS, STATE_NAMES, measured, unit_words
from anlan.telemetry.models import Alarm, Datastream, Picture, Station
from anlan.web.http import Person

READ, MANAGE, ACT = "telemetry.read", "telemetry.manage", "telemetry.act"
LEVELS = frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE})
LAYER_KEY, PANEL = "stations", "telemetry.station"
QUIET = frozenset({Property.STATUS.value, Property.VOLTAGE.value})  # told of the device, not of what is watched
MOST_TOLD = 3


def stations_for(person: Person) -> QuerySet[Station]:
    """Return the stations that the person may see."""
    return Station.objects.filter(accounts.scope_of(person, READ).q("division_code"))


def listed_for(person: Person) -> QuerySet[Station]:
    """Return the stations of the person's list with state, last hearing and latest readings."""
    streams = Datastream.objects.filter(is_in_use=True).exclude(property__in=QUIET).select_related("latest")
    return (
        stations_for(person)
        .select_related("state")
        .annotate(heard_at=Max("devices__state__heard_at"))
        .prefetch_related(Prefetch("datastreams", streams.order_by("property", "pk"), to_attr="told"))
    )


def told_text(row: Any) -> str:
    """Return the latest readings of a listed station in one line."""
    known = [stream for stream in row.told if hasattr(stream, "latest")]
    return "; ".join(reading_text(stream) for stream in known[:MOST_TOLD])


def reading_text(stream: Datastream) -> str:
    """Return name, value and unit of a datastream's latest reading."""
    value = measured(stream.latest.value, stream.property)
    unit = unit_words(stream.unit)
    return f"{stream.name or stream.get_property_display()} {value}{f' {unit}' if unit else ''}"


def hazard_of(row: Station) -> int | None:
    """Return the colour in which the station stands, None where it was never judged."""
    return row.state.hazard if hasattr(row, "state") else None


def device_colour_of(row: Station) -> int | None:
    """Return the colour of its devices' health, None where it was never judged."""
    return row.state.device if hasattr(row, "state") else None


def units_for(person: Person, on: date) -> list[tuple[str, str]]:
    """Return code and name of the units whose stations the person looks after; a village with its township."""
    prefixes = accounts.scope_of(person, MANAGE).prefixes
    units = [(unit.code, unit.name) for prefix in prefixes for unit in places.units_within(prefix, on)]
    names = dict(units)
    return [(code, _with_township(code, name, names)) for code, name in units if level_of(code) in LEVELS]


def _with_township(code: str, name: str, names: Mapping[str, str]) -> str:
    above = names.get(ancestor_at(code, Level.TOWNSHIP)) if level_of(code) is Level.VILLAGE else None
    return f"{above} · {name}" if above else name


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What the station's page tells besides its readings."""

    station: Station
    hazard: int | None
    device_colour: int | None
    datastreams: Sequence[Datastream]
    alarms: Sequence[Alarm]
    pictures: Sequence[Picture]  # that the station sent
    photographs: Sequence[Any]  # that people put on its panel
    heard_at: datetime | None
    masked_phone: str
    may_manage: bool
    may_act: bool


def station_facts(person: Person, station: Station, *, pictures: int = 12) -> StationFacts:
    """Return all that the station's page and its card tell."""
    streams = station.datastreams.select_related("device", "latest").prefetch_related("thresholds")
    photographs = [row for row in records.files_of(PANEL, station.pk) if row.is_picture]
    heard = station.devices.aggregate(heard=Max("state__heard_at"))["heard"]
    return StationFacts(
        station=station,
        hazard=hazard_of(station),
        device_colour=device_colour_of(station),
        datastreams=sorted(streams.filter(is_in_use=True), key=lambda row: (row.property in QUIET, row.pk)),
        alarms=list(station.alarms.standing().order_by("-colour", "-raised_at", "-pk")),
        pictures=list(station.pictures.order_by("-taken_at", "-pk")[:pictures]),
        photographs=photographs[-pictures:],
        heard_at=heard,
        masked_phone=mask_phone(station.keeper_phone) if station.keeper_phone else "",
        may_manage=person.can(MANAGE, station.division_code),
        may_act=person.can(ACT, station.division_code),
    )


def may_lie_upstream(person: Person, station: Station | None) -> list[tuple[str, str]]:
    """Return code and name of the stations that may lie upstream of one: the others of its county that one sees."""
    rows = stations_for(person).filter(is_in_use=True, kind__in=["rain", "river", "reservoir", "weather"])
    if station:
        rows = rows.filter(division_code__startswith=station.division_code[:6]).exclude(pk=station.pk)
    return [(row.code, f"{row.name} · {row.get_kind_display()}") for row in rows.order_by("name", "pk")]


def map_of(person: Person, division_code: str) -> dict[str, Any] | None:
    """Return the map of a division with its stations drawn; None where there is no such division or nothing drawn."""
    return _with_legend(maps.map_with(person, division_code, {LAYER_KEY}))


def map_around(person: Person, station: Station) -> dict[str, Any] | None:
    """Return the map of the station's township or county, with the station in its middle."""
    return _with_legend(maps.map_around(person, station.division_code, station.place.extent, {LAYER_KEY}))


def _with_legend(found: dict[str, Any] | None) -> dict[str, Any] | None:
    if found:
        found["legend"] = [(COLOURS[state], _(name)) for state, name in sorted(STATE_NAMES.items(), reverse=True)]
    return found


def features_within(person: Person, division_code: str) -> str:
    """Return the stations in use within a division, of those that the person may see, as GeoJSON."""
    rows = listed_for(person).filter(division_code__startswith=prefix_of(division_code), is_in_use=True)
    shaped: QuerySet[Any] = rows.annotate(shape=AsGeoJSON("place", precision=5))
    names = ("id", "code", "name", "kind", "unit", "hazard", "device", "state", "value", "division_code")
    told = (
        (
            row.shape, row.pk, row.code, row.name, row.get_kind_display(), row.unit_name, hazard_of(row) or 0,
            device_colour_of(row) or 0, state_text(row), told_text(row), row.division_code,
        )
        for row in shaped.order_by("division_code", "pk")
    )  # fmt: skip
    return collection(told, names)


def stamp_within(person: Person, division_code: str) -> str:
    """Return what changes with any station of the division or its colour, and with the person's areas."""
    state = _within(person, division_code).aggregate(
        rows=Count("pk"), changes=Sum("version"), last=Max("pk"), changed=Max("state__changed_at")
    )
    told = [str(value) for value in state.values()]
    return json.dumps([*told, *accounts.scope_of(person, READ).prefixes])


def state_text(row: Station) -> str:
    """Return in a word how the station stands."""
    if not row.is_in_use:
        return _("closed")
    hazard = hazard_of(row)
    return _("not judged yet") if hazard is None else _(STATE_NAMES[hazard])


def _within(person: Person, division_code: str) -> Any:
    return stations_for(person).filter(division_code__startswith=prefix_of(division_code))


def has_stations(county_code: str) -> bool:
    """Tell whether the county has any station on record."""
    return Station.objects.within(prefix_of(county_code)).exists()
