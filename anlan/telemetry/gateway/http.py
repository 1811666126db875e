"""What a device posts over HTTP, as JSON or as the JSON of geological monitoring: kept by the one path."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from anlan.telemetry.actions.keeping import Intake, Kept, Refused, begin_datastreams
from anlan.telemetry.core.properties import Protocol
from anlan.telemetry.gateway.decoding import GEO, READINGS, Message, Taking
from anlan.telemetry.queries.wire import Wire, WireDevice, wire_of


@transaction.atomic
def keep_posted(*, device: WireDevice, payload: bytes, at: datetime) -> tuple[Kept, Sequence[Refused]]:
    """Keep what a device posted; return what came of it and what was put into the quarantine, with the reasons."""
    connection.ensure_connection()
    raw = connection.connection
    taking = _taken(wire_of(raw, device.id), device, payload, at)
    if taking.missing:
        begun = [(device, element) for _, element in sorted(taking.missing)]
        taking = _taken(begin_datastreams(raw, begun), device, payload, at)
    return taking.keep(raw, at=at), taking.refused


def _taken(wire: Wire, device: WireDevice, payload: bytes, at: datetime) -> Taking:
    is_geo = device.protocol == Protocol.GEO
    taking = Taking(Intake(wire), protocol=Protocol.HTTP.value)
    taking.give(device, Message(device.code, GEO if is_geo else READINGS, payload, at.timestamp()))
    return taking
