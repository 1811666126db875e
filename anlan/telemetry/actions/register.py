"""The whole register at once: stations, devices, datastreams, thresholds; all of it or nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.ground.audit import Actor
from anlan.places import queries as places
from anlan.telemetry.actions.datastreams import VERBS as DATASTREAM_VERBS
from anlan.telemetry.actions.datastreams import datastream_content, set_limits
from anlan.telemetry.actions.devices import VERBS as DEVICE_VERBS
from anlan.telemetry.actions.devices import device_content
from anlan.telemetry.actions.register_faults import RegisterCheck, Standing
from anlan.telemetry.actions.register_writing import write_rows
from anlan.telemetry.actions.stations import VERBS as STATION_VERBS
from anlan.telemetry.actions.stations import station_content
from anlan.telemetry.core.register_checking import DATASTREAMS, DEVICES, STATIONS, THRESHOLDS, BadRegister
from anlan.telemetry.core.register_rows import Counts, DatastreamRow, DeviceRow, Register, StationRow, ThresholdRow
from anlan.telemetry.models import Datastream, Device, Station


def load_register(  # noqa: PLR0913  the four parts of a register are one load
    *,
    actor: Actor | None,
    stations: Sequence[StationRow] = (),
    devices: Sequence[DeviceRow] = (),
    datastreams: Sequence[DatastreamRow] = (),
    thresholds: Sequence[ThresholdRow] = (),
    at: datetime,
) -> Counts:
    """Bring rows of a register in: what is unknown is recorded, what is known corrected, what is left out stays.

    Raises:
        BadRegister: any row is faulty; nothing is loaded.
    """
    register = Register(tuple(stations), tuple(devices), tuple(datastreams), tuple(thresholds))
    return take_register(actor=actor, register=register, units=None, at=at)


@transaction.atomic
def take_register(*, actor: Actor | None, register: Register, units: Collection[str] | None, at: datetime) -> Counts:
    """Take a register over, of these units only; None is every unit.

    The limits of a datastream that stands among the thresholds become those given, of any other they stay.

    Raises:
        BadRegister: a row is faulty or belongs to another unit; nothing is loaded.
    """
    return sum(_take(actor, register, units, at).values(), Counts())


@transaction.atomic
def rehearse_register(
    *, actor: Actor | None, register: Register, units: Collection[str] | None, at: datetime
) -> dict[str, Counts]:
    """Return by part what `take_register` would do; nothing is kept.

    Raises:
        BadRegister: a row is faulty or belongs to another unit.
    """
    told = _take(actor, register, units, at)
    transaction.set_rollback(True)
    return told


def _take(actor: Actor | None, register: Register, units: Collection[str] | None, at: datetime) -> dict[str, Counts]:
    standing = _standing(register)
    if faults := RegisterCheck(register, standing, units).faults():
        raise BadRegister(faults)
    return {
        STATIONS: _write_stations(actor, register.stations, standing, at),
        DEVICES: _write_devices(actor, register.devices, standing, at),
        DATASTREAMS: _write_datastreams(actor, register.datastreams, standing, at),
        THRESHOLDS: _write_limits(actor, register.thresholds, standing, at),
    }


def _standing(register: Register) -> Standing:
    codes = {row.code for row in register.devices} | {row.device for row in register.datastreams}
    codes |= {row.device for row in register.thresholds}
    stations = {row.code for row in register.stations} | {row.station for row in register.devices}
    stations |= {code for row in register.stations for code in row.upstream}
    devices = Device.objects.select_for_update(of=("self",)).select_related("station").filter(code__in=codes)
    told = Datastream.objects.select_for_update(of=("self",)).select_related("station", "device")
    known = told.filter(device__code__in=codes)
    addresses = Device.objects.filter(address__in=[row.address for row in register.devices if row.address])
    return Standing(
        {row.code: row for row in Station.objects.select_for_update().filter(code__in=stations).order_by("pk")},
        {row.code: row for row in devices.order_by("pk")},
        {(row.device.code, row.element): row for row in known.order_by("pk") if row.device},
        dict(places.names_of(sorted({row.division_code for row in register.stations}))),
        {str(address): code for address, code in addresses.values_list("address", "code")},
    )


def _write_stations(actor: Actor | None, rows: Sequence[StationRow], standing: Standing, at: datetime) -> Counts:
    written = list[tuple[Station, dict[str, Any]]]()
    for row in rows:
        known = standing.stations.get(row.code)
        content = station_content(row, known, standing.names)
        written.append((known or Station(**content), content))
    counts = write_rows(actor, STATION_VERBS, written, at=at)
    standing.stations |= {station.code: station for station, _content in written}
    for row in rows:
        standing.stations[row.code].upstream.set([standing.stations[code] for code in row.upstream])
    return counts


def _write_devices(actor: Actor | None, rows: Sequence[DeviceRow], standing: Standing, at: datetime) -> Counts:
    written = list[tuple[Device, dict[str, Any]]]()
    for row in rows:
        known = standing.devices.get(row.code)
        content = device_content(row, known, standing.stations[row.station])
        written.append((known or Device(**content), content))
    counts = write_rows(actor, DEVICE_VERBS, written, at=at)
    standing.devices |= {device.code: device for device, _content in written}
    return counts


def _write_datastreams(actor: Actor | None, rows: Sequence[DatastreamRow], standing: Standing, at: datetime) -> Counts:
    written = list[tuple[Datastream, dict[str, Any]]]()
    for row in rows:
        known = standing.datastreams.get((row.device, row.element))
        content = datastream_content(row, standing.devices[row.device])
        written.append((known or Datastream(**content), content))
    counts = write_rows(actor, DATASTREAM_VERBS, written, at=at)
    standing.datastreams |= {
        (stream.device.code, stream.element): stream for stream, _content in written if stream.device
    }
    return counts


def _write_limits(actor: Actor | None, rows: Sequence[ThresholdRow], standing: Standing, at: datetime) -> Counts:
    limits: dict[tuple[str, str], dict[tuple[str, int], float]] = {}
    for row in rows:
        limits.setdefault((row.device, row.element), {})[row.quantity, row.colour] = row.value
    changed = sum(set_limits(actor, standing.datastreams[key], told, at=at) for key, told in limits.items())
    return Counts(0, changed)
