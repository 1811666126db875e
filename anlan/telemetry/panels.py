"""The side panels of stations and devices: comments, photographs and history."""

from typing import Any

from django.urls import reverse

from anlan.records.core.panels import Panel, Subject
from anlan.telemetry.access import MANAGE, alarm_for, device_for, station_for
from anlan.telemetry.queries.stations import PANEL


def open_station(person: Any, pk: int) -> Subject:
    station = station_for(person, pk)
    return Subject(
        kind=PANEL,
        pk=station.pk,
        title=station.name,
        division_code=station.division_code,
        url=reverse("station", args=[station.pk]),
        may_write=person.can(MANAGE, station.division_code),
    )


def open_device(person: Any, pk: int) -> Subject:
    device = device_for(person, pk)
    return Subject(
        kind="telemetry.device",
        pk=device.pk,
        title=device.code,
        division_code=device.division_code,
        url=reverse("device", args=[device.pk]),
        may_write=person.can(MANAGE, device.division_code),
    )


def open_alarm(person: Any, pk: int) -> Subject:
    alarm = alarm_for(person, pk)
    return Subject(
        kind="telemetry.alarm",
        pk=alarm.pk,
        title=str(alarm),
        division_code=alarm.division_code,
        url=reverse("alarm", args=[alarm.pk]),
        may_write=person.can("telemetry.act", alarm.division_code),
    )


ALARM = Panel("telemetry.alarm", open_alarm)
STATION, DEVICE = Panel(PANEL, open_station), Panel("telemetry.device", open_device)
