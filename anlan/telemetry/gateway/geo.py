"""Messages of geological monitoring into an intake; over MQTT or HTTP, the bytes are the same."""

from collections.abc import Mapping

from anlan.telemetry.actions.keeping import UNKNOWN_ELEMENT, Intake, Refused
from anlan.telemetry.core.geo_elements import is_left_out
from anlan.telemetry.core.geo_payload import BadGeoPayload, read_geo
from anlan.telemetry.core.properties import Protocol
from anlan.telemetry.queries.wire import WireDevice


def take_geo(intake: Intake, device: WireDevice, payload: bytes, arrived: float, *, source: str = "") -> list[Refused]:
    """Take what a message tells; return why it belongs into the quarantine, nothing where all of it was taken.

    A message that cannot be read is put aside whole and nothing of it is kept. Of one that names an element without a
    datastream the others are kept; each such element is told apart, so that its datastream can be begun.
    """
    try:
        told = list(read_geo(payload))
    except BadGeoPayload as fault:
        return [_refused(device, source, payload, (fault.message, fault.values))]
    refused: dict[tuple[str, str], Refused] = {}
    for one in told:
        if is_left_out(one.element, device.dialect):
            continue
        at = arrived if one.time is None else one.time
        reason = intake.take(device, one.element, at, one.value, arrived)
        if reason:
            values = {"element": one.element} | ({} if reason == UNKNOWN_ELEMENT else {"time": str(at)})
            refused.setdefault((reason, one.element), _refused(device, source, payload, (reason, values)))
    intake.hear(device, arrived)
    return list(refused.values())


def _refused(device: WireDevice, source: str, payload: bytes, why: tuple[str, Mapping[str, object]]) -> Refused:
    head = (Protocol.GEO.value, source or device.code, payload)
    return Refused(*head, *why, device_code=device.code, division_code=device.division_code)
