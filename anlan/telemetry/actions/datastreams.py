"""Every change of datastreams and their limits: one verb, one transaction each."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from anlan.ground.audit import Actor, audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.faults import Fault
from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.actions.register_writing import Verbs, take_over
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.register_checking import (
    BadRow,
    belief_of,
    datastream_faults,
    order_faults,
    quantities_of,
    threshold_faults,
)
from anlan.telemetry.core.register_rows import DatastreamRow, ThresholdRow
from anlan.telemetry.models import Datastream, Device, Threshold

VERBS = Verbs(mark("datastream recorded"), mark("datastream changed"))
SAME = tuple(each.name for each in fields(DatastreamRow) if each.name not in {"device", "unit"})
Limits = Mapping[tuple[str, int], float]  # by quantity and colour


class NotASlope(Refusal):
    """A uniform rate belongs to a point on a slope."""


@transaction.atomic
def add_datastream(*, actor: Actor | None, row: DatastreamRow, at: datetime) -> Datastream:
    """Record what a device tells.

    Raises:
        BadRow: a field cannot be, or the device tells that element already.
    """
    device = Device.objects.select_related("station").get(code=row.device)
    stream = Datastream(**_checked(row, None, device))
    stream.save()
    audit(actor, VERBS.added, stream, at=at)
    return stream


@transaction.atomic
def change_datastream(
    *, actor: Actor, datastream_id: int, expected_version: int, row: DatastreamRow, at: datetime
) -> Datastream:
    """Correct a datastream; one that began by itself is confirmed by it.

    Raises:
        Conflict: somebody changed it meanwhile.
        BadRow: a field cannot be.
    """
    stream = _locked(datastream_id, expected_version)
    device = Device.objects.select_related("station").get(code=row.device)
    told = take_over(stream, _checked(row, stream, device))
    if told:
        save_version(stream, told)
        audit(actor, VERBS.changed, stream, at=at, detail=told)
    return stream


@transaction.atomic
def change_limits(
    *, actor: Actor, datastream_id: int, expected_version: int, limits: Limits, at: datetime
) -> Datastream:
    """Give a datastream limits of its own, which go before those of the rules; what is left out has none.

    Raises:
        Conflict: somebody changed it meanwhile.
        BadRow: a limit cannot be; its column is quantity-colour.
    """
    stream = _locked(datastream_id, expected_version)
    if faults := list(_limit_faults(stream, limits)):
        raise BadRow(faults)
    set_limits(actor, stream, limits, at=at)
    return stream


@transaction.atomic
def confirm_uniform_rate(
    *, actor: Actor, datastream_id: int, expected_version: int, uniform_mm_d: float, at: datetime
) -> Datastream:
    """Take a rate for the uniform stage of a point; a person answers for it.

    Raises:
        Conflict: somebody changed it meanwhile.
        NotASlope: the datastream is no displacement.
        BadRow: the rate is none.
    """
    stream = _locked(datastream_id, expected_version)
    if stream.property not in {Property.DISPLACEMENT, Property.CRACK}:
        raise NotASlope("%(name)s is no point on a slope", name=str(stream))
    if not 0 < uniform_mm_d <= 1000:
        text = mark("A uniform rate lies over 0 and is at most 1000 mm/d")
        raise BadRow([Fault("uniform_mm_d", f"{uniform_mm_d:g}", text)])
    before = stream.uniform_mm_d
    stream.uniform_mm_d, stream.uniform_at = uniform_mm_d, at
    stream.uniform_by_id, stream.uniform_by_name = actor.pk, str(actor.name)
    save_version(stream, ["uniform_mm_d", "uniform_at", "uniform_by_id", "uniform_by_name"])
    audit(actor, mark("uniform rate confirmed"), stream, at=at, detail={"from": before, "to": uniform_mm_d})
    return stream


def set_limits(actor: Actor | None, stream: Datastream, limits: Limits, *, at: datetime) -> bool:
    """Write the limits of a locked datastream; tell whether any differs from before."""
    rows = stream.thresholds.all()
    before = {(row.quantity, row.colour): row.value for row in rows}
    if before == dict(limits):
        return False
    rows.delete()
    Threshold.objects.bulk_create(
        Threshold(datastream=stream, quantity=quantity, colour=colour, value=value)
        for (quantity, colour), value in sorted(limits.items())
    )
    save_version(stream, [])
    audit(actor, mark("limits changed"), stream, at=at, detail={"from": _told(before), "to": _told(limits)})
    return True


def datastream_content(row: DatastreamRow, device: Device) -> dict[str, Any]:
    """Return the row's fields as the table has them."""
    content = {name: getattr(row, name) for name in SAME}
    unit = row.unit or PROPERTIES[Property(row.property)].unit
    return content | belief_of(row) | {"unit": unit, "device": device, "station": device.station}


def _locked(datastream_id: int, expected_version: int) -> Datastream:
    rows = Datastream.objects.select_for_update(of=("self",)).select_related("station", "device")
    stream = rows.get(pk=datastream_id)
    check_version(stream, expected_version)
    return stream


def _checked(row: DatastreamRow, known: Datastream | None, device: Device) -> dict[str, Any]:
    faults = list(datastream_faults(row))
    same = device.datastreams.filter(element=row.element).exclude(pk=known.pk if known else 0)
    if not faults and same.exists():
        text = mark("The device tells the element %(element)s already")
        faults = [Fault("element", row.element, text, {"element": row.element})]
    if faults:
        raise BadRow(faults)
    return datastream_content(row, device)


def _limit_faults(stream: Datastream, limits: Limits) -> list[Fault]:
    faults = []
    for (quantity, colour), value in limits.items():
        row = ThresholdRow("", stream.element, quantity, colour, value)
        at = f"{quantity}-{colour}"
        faults += [replace(fault, column=at) for fault in threshold_faults(row, stream.property)]
    for quantity in quantities_of(stream.property):
        own = {key: value for key, value in limits.items() if key[0] == quantity}
        at = f"{quantity}-{max(own)[1]}" if own else ""
        faults += [replace(fault, column=at) for fault in order_faults(stream.property, own)]
    return faults


def _told(limits: Limits) -> dict[str, float]:
    return {f"{quantity} {colour}": value for (quantity, colour), value in sorted(limits.items())}
