"""Every change of stations: one verb, one transaction each."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction

from anlan.ground.audit import Actor, audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.faults import Fault
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.telemetry.actions.register_writing import Verbs, take_over
from anlan.telemetry.core.register_checking import BadRow, station_faults
from anlan.telemetry.core.register_rows import StationRow
from anlan.telemetry.models import Station

WGS_84 = 4326
VERBS = Verbs(mark("station recorded"), mark("station changed"))
SAME = tuple(each.name for each in fields(StationRow) if each.name not in {"longitude", "latitude", "upstream"})


class IsSoAlready(Refusal):
    """What is in use is not taken into use, what is closed not closed."""


class StillUsed(Refusal):
    """Something stands on it: it is closed, never struck."""


class PurposeMissing(Refusal):
    """A number is shown to nobody who does not say what for."""


@transaction.atomic
def add_station(*, actor: Actor | None, row: StationRow, at: datetime) -> Station:
    """Record a station.

    Raises:
        BadRow: a field cannot be, or the code is taken.
    """
    station = Station(**_checked(row, None))
    station.save()
    _set_upstream(station, row)
    audit(actor, VERBS.added, station, at=at)
    return station


@transaction.atomic
def change_station(*, actor: Actor, station_id: int, expected_version: int, row: StationRow, at: datetime) -> Station:
    """Correct what is on record of a station; a number that is not typed anew stays.

    Raises:
        Conflict: somebody changed it meanwhile.
        BadRow: a field cannot be, or the code is another's.
    """
    station = Station.objects.select_for_update().get(pk=station_id)
    check_version(station, expected_version)
    told = take_over(station, _checked(row, station))
    upstream = _set_upstream(station, row)
    if told or upstream:
        save_version(station, told)
        audit(actor, VERBS.changed, station, at=at, detail=told | upstream)
    return station


@transaction.atomic
def close_station(*, actor: Actor, station_id: int, expected_version: int, at: datetime) -> Station:
    """Take a station out of use; what it told stays on record.

    Raises:
        Conflict: somebody changed it meanwhile.
        IsSoAlready: it is closed.
    """
    return _set_in_use(actor, station_id, expected_version, is_in_use=False, at=at)


@transaction.atomic
def open_station(*, actor: Actor, station_id: int, expected_version: int, at: datetime) -> Station:
    """Take a station into use again.

    Raises:
        Conflict: somebody changed it meanwhile.
        IsSoAlready: it is in use.
    """
    return _set_in_use(actor, station_id, expected_version, is_in_use=True, at=at)


@transaction.atomic
def strike_station(*, actor: Actor, station_id: int, expected_version: int, at: datetime) -> None:
    """Strike a station that never was.

    Raises:
        Conflict: somebody changed it meanwhile.
        StillUsed: it has devices, datastreams or alarms.
    """
    station = Station.objects.select_for_update().get(pk=station_id)
    check_version(station, expected_version)
    if any(rows.exists() for rows in (station.devices, station.datastreams, station.alarms, station.pictures)):
        raise StillUsed("%(name)s has devices or readings on record: close it instead", name=station.name)
    audit(actor, mark("station struck"), station, at=at)
    station.delete()


@transaction.atomic
def show_keeper_phone(*, actor: Actor, station_id: int, purpose: str, at: datetime) -> str:
    """Return the whole number; who asked and why stays in the audit trail.

    Raises:
        PurposeMissing: nothing is said of what it is needed for.
    """
    if not purpose.strip():
        raise PurposeMissing("Say what you need the number for; it is kept in the audit trail")
    station = Station.objects.get(pk=station_id)
    audit(actor, mark("phone shown"), station, at=at, detail={"purpose": purpose.strip()[:200]})
    return str(station.keeper_phone)


def station_content(row: StationRow, known: Station | None, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the row's fields as the table has them; `names` are those of the units."""
    content = {name: getattr(row, name) for name in SAME}
    content["unit_name"] = names.get(row.division_code, "")
    content["place"] = Point(row.longitude, row.latitude, srid=WGS_84)
    content["keeper_phone"] = row.keeper_phone or (known.keeper_phone if known else "")
    return content


def unit_faults(row: StationRow, names: Mapping[str, str]) -> list[Fault]:
    """Return what is wrong with a station, its unit on record or not."""
    faults = list(station_faults(row))
    if not faults and row.division_code not in names:
        text = mark("There is no unit %(code)s on record")
        faults = [Fault("division_code", row.division_code, text, {"code": row.division_code})]
    return faults


def _checked(row: StationRow, known: Station | None) -> dict[str, Any]:
    names = dict(places.names_of([row.division_code]))
    faults = unit_faults(row, names)
    taken = Station.objects.filter(code=row.code).exclude(pk=known.pk if known else 0)
    if not faults and taken.exists():
        faults = [Fault("code", row.code, mark("The code %(code)s is taken"), {"code": row.code})]
    if faults:
        raise BadRow(faults)
    return station_content(row, known, names)


def _set_upstream(station: Station, row: StationRow) -> dict[str, Any]:
    """Say which stations lie upstream; return the change as the trail tells it."""
    before = set(station.upstream.values_list("code", flat=True))
    found = {other.code: other for other in Station.objects.filter(code__in=row.upstream)}
    missing = sorted(set(row.upstream) - set(found))
    if missing:
        text = mark("There is no station %(codes)s on record")
        raise BadRow([Fault("upstream", ", ".join(missing), text, {"codes": ", ".join(missing)})])
    if before == set(found):
        return {}
    station.upstream.set(found.values())
    return {"upstream": {"from": sorted(before), "to": sorted(found)}}


def _set_in_use(actor: Actor, station_id: int, expected_version: int, *, is_in_use: bool, at: datetime) -> Station:
    station = Station.objects.select_for_update().get(pk=station_id)
    check_version(station, expected_version)
    if station.is_in_use == is_in_use:
        message = mark("%(name)s is in use already") if is_in_use else mark("%(name)s is closed already")
        raise IsSoAlready(message, name=station.name)
    station.is_in_use = is_in_use
    save_version(station, ["is_in_use"])
    audit(actor, mark("station opened") if is_in_use else mark("station closed"), station, at=at)
    return station
