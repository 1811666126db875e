"""The doors of the register, the readings and the quarantine. 404 outside one's divisions."""

from datetime import date

from django.http import Http404

from anlan.accounts import queries as accounts
from anlan.kernel.codes import LENGTH
from anlan.telemetry.models import Alarm, Datastream, Device, Picture, Quarantined, Station
from anlan.telemetry.queries import alarms, orders, quarantine, stations
from anlan.web.http import Person

READ, MANAGE, RULES = "telemetry.read", "telemetry.manage", "telemetry.rules"
COUNTY_DIGITS = 6


def station_for(person: Person, station_id: int, capability: str = READ) -> Station:
    """Return the station.

    Raises:
        Http404: it does not exist, or stands outside the person's divisions.
    """
    found = Station.objects.filter(pk=station_id).first()
    if found is None or not accounts.scope_of(person, capability).covers(found.division_code):
        raise Http404
    return found


def device_for(person: Person, device_id: int, capability: str = READ) -> Device:
    """Return the device.

    Raises:
        Http404: it does not exist, or its station stands outside the person's divisions.
    """
    found = Device.objects.select_related("station").filter(pk=device_id).first()
    if found is None or not accounts.scope_of(person, capability).covers(found.division_code):
        raise Http404
    return found


def orderable_for(person: Person, device_id: int, function: int) -> Device:
    """Return the device whose station the person may ask this of.

    Raises:
        Http404: it does not exist, or the person may not.
    """
    found = device_for(person, device_id)
    if not any(accounts.scope_of(person, each).covers(found.division_code) for each in orders.asked_by(function)):
        raise Http404
    return found


def datastream_for(person: Person, datastream_id: int, capability: str = READ) -> Datastream:
    """Return the datastream.

    Raises:
        Http404: it does not exist, or its station stands outside the person's divisions.
    """
    found = Datastream.objects.select_related("station", "device").filter(pk=datastream_id).first()
    if found is None or not accounts.scope_of(person, capability).covers(found.division_code):
        raise Http404
    return found


def alarm_areas(person: Person) -> tuple[str, ...]:
    """Return the prefixes of the divisions whose alarms the person sees.

    Raises:
        Http404: there are none.
    """
    found = tuple(accounts.scope_of(person, READ).prefixes)
    if not found:
        raise Http404
    return found


def alarm_for(person: Person, alarm_id: int, capability: str = READ) -> Alarm:
    """Return the alarm.

    Raises:
        Http404: it does not exist, or its station stands outside the person's divisions.
    """
    found = alarms.alarm_now(alarm_id)
    if found is None or not accounts.scope_of(person, capability).covers(found.division_code):
        raise Http404
    return found


def rules_county(person: Person, capability: str = READ) -> str:
    """Return the code of the county whose alarm rules the person reads, or edits with `telemetry.rules`.

    Raises:
        Http404: the person has no post in a county, or edits no rules.
    """
    prefixes = accounts.scope_of(person, capability).prefixes
    county = next((prefix for prefix in prefixes if len(prefix) >= COUNTY_DIGITS), None)
    if county is None or (capability == RULES and len(county) > COUNTY_DIGITS):
        raise Http404
    return county[:COUNTY_DIGITS].ljust(LENGTH, "0")


def picture_for(person: Person, picture_id: int) -> Picture:
    """Return a picture that a station sent.

    Raises:
        Http404: it does not exist, or its station stands outside the person's divisions.
    """
    found = Picture.objects.select_related("station").filter(pk=picture_id).first()
    if found is None or not accounts.scope_of(person, READ).covers(found.station.division_code):
        raise Http404
    return found


def quarantined_for(person: Person, quarantined_id: int) -> Quarantined:
    """Return what was put aside; of unknown devices only to those who look after a whole county.

    Raises:
        Http404: it does not exist, or is not the person's to settle.
    """
    found = quarantine.quarantined_for(person).filter(pk=quarantined_id).first()
    if found is None:
        raise Http404
    return found


def require_manager(person: Person) -> None:
    """Let those pass who look after stations somewhere.

    Raises:
        Http404: the person does not.
    """
    if not person.can(MANAGE):
        raise Http404


def units_to_manage(person: Person, on: date) -> list[tuple[str, str]]:
    """Return code and name of the units whose stations the person looks after.

    Raises:
        Http404: there are none.
    """
    found = stations.units_for(person, on)
    if not found:
        raise Http404
    return found


def own_division(person: Person) -> str:
    """Return the code of the division whose stations the person's list shows, the first of several; "" where none."""
    prefixes = accounts.scope_of(person, READ).prefixes
    return prefixes[0].ljust(LENGTH, "0") if prefixes else ""
