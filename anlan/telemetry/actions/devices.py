"""Every change of devices: one verb, one transaction each."""

import secrets
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.ground.audit import Actor, audit, audit_many
from anlan.ground.fields import keyed_hash
from anlan.ground.versions import check_version, save_version
from anlan.kernel.faults import Fault
from anlan.kernel.refusal import mark
from anlan.telemetry.actions.mqtt_accounts import publish_mqtt_accounts
from anlan.telemetry.actions.register_writing import Verbs, take_over
from anlan.telemetry.actions.stations import StillUsed
from anlan.telemetry.core.mqtt_passwords import entry
from anlan.telemetry.core.register_checking import BadRow, device_faults
from anlan.telemetry.core.register_rows import DeviceRow
from anlan.telemetry.models import Device, Station

VERBS = Verbs(mark("device recorded"), mark("device changed"))
KEY_BYTES, SALT_BYTES = 24, 12
SAME = tuple(each.name for each in fields(DeviceRow) if each.name not in {"station", "address", "dialect"})


@transaction.atomic
def add_device(*, actor: Actor | None, row: DeviceRow, at: datetime) -> Device:
    """Record a device at the station that the row names.

    Raises:
        BadRow: a field cannot be, or code or address are taken.
    """
    station = Station.objects.get(code=row.station)
    device = Device(**_checked(row, None, station))
    device.save()
    audit(actor, VERBS.added, device, at=at)
    return device


@transaction.atomic
def change_device(*, actor: Actor, device_id: int, expected_version: int, row: DeviceRow, at: datetime) -> Device:
    """Correct what is on record of a device; a password that is not typed anew stays.

    Raises:
        Conflict: somebody changed it meanwhile.
        BadRow: a field cannot be, or code or address are another's.
    """
    device = _locked(device_id, expected_version)
    told = take_over(device, _checked(row, device, Station.objects.get(code=row.station)))
    if told:
        save_version(device, told)
        audit(actor, VERBS.changed, device, at=at, detail=told)
    return device


@transaction.atomic
def issue_key(*, actor: Actor, device_id: int, expected_version: int, at: datetime) -> tuple[Device, str]:
    """Give a device a new key, which is told this once; one that it had is good for nothing from now on.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    device, key = _locked(device_id, expected_version), secrets.token_urlsafe(KEY_BYTES)
    set_key(device, key)
    save_version(device, ["key_hash", "mqtt_entry"])
    # Only a hint: whoever runs the broker's accounts writes them anew at every change of the register too.
    transaction.on_commit(publish_mqtt_accounts, robust=True)
    audit(actor, mark("key issued"), device, at=at)
    return device, key


@transaction.atomic
def give_keys(*, actor: Actor | None, keys: Mapping[str, str], at: datetime) -> None:
    """Give many devices the keys that they carry already, by their codes."""
    devices = list(Device.objects.select_for_update(of=("self",)).select_related("station").filter(code__in=keys))
    for device in devices:
        set_key(device, keys[device.code])
        device.version += 1
    Device.objects.bulk_update(devices, ["key_hash", "mqtt_entry", "version"])
    transaction.on_commit(publish_mqtt_accounts, robust=True)
    audit_many(actor, mark("key issued"), [(device, {}) for device in devices], at=at)


@transaction.atomic
def withdraw_key(*, actor: Actor, device_id: int, expected_version: int, at: datetime) -> Device:
    """Take a device's key away: it speaks no more by HTTP, SensorThings or MQTT.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    device = _locked(device_id, expected_version)
    device.key_hash, device.mqtt_entry = "", ""
    save_version(device, ["key_hash", "mqtt_entry"])
    # Only a hint: whoever runs the broker's accounts writes them anew at every change of the register too.
    transaction.on_commit(publish_mqtt_accounts, robust=True)
    audit(actor, mark("key withdrawn"), device, at=at)
    return device


@transaction.atomic
def strike_device(*, actor: Actor, device_id: int, expected_version: int, at: datetime) -> None:
    """Strike a device that never was.

    Raises:
        Conflict: somebody changed it meanwhile.
        StillUsed: it has told something.
    """
    device = _locked(device_id, expected_version)
    if device.datastreams.exists() or device.orders.exists():
        raise StillUsed("%(name)s has devices or readings on record: close it instead", name=device.code)
    audit(actor, mark("device struck"), device, at=at)
    device.delete()


def set_key(device: Device, key: str) -> None:
    """Put the hashes of a key on a device; the key itself is kept nowhere."""
    device.key_hash = keyed_hash(key)
    device.mqtt_entry = entry(key, salt=secrets.token_bytes(SALT_BYTES))


def device_content(row: DeviceRow, known: Device | None, station: Station) -> dict[str, Any]:
    """Return the row's fields as the table has them."""
    content: dict[str, Any] = {name: getattr(row, name) for name in SAME}
    content["station"] = station
    content["address"] = row.address or None
    kept = known.dialect if known else {}
    content["dialect"] = kept if row.dialect is None else dict(row.dialect)
    content["password"] = row.password or (known.password if known else "")
    return content


def _locked(device_id: int, expected_version: int) -> Device:
    device = Device.objects.select_for_update(of=("self",)).select_related("station").get(pk=device_id)
    check_version(device, expected_version)
    return device


def _checked(row: DeviceRow, known: Device | None, station: Station) -> dict[str, Any]:
    faults, others = list(device_faults(row)), Device.objects.exclude(pk=known.pk if known else 0)
    if not faults and others.filter(code=row.code).exists():
        faults.append(Fault("code", row.code, mark("The code %(code)s is taken"), {"code": row.code}))
    if not faults and row.address and others.filter(address=row.address).exists():
        text = mark("The address %(address)s is taken")
        faults.append(Fault("address", row.address, text, {"address": row.address}))
    if faults:
        raise BadRow(faults)
    return device_content(row, known, station)
