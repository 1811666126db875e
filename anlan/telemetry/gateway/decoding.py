"""Which adapter reads which bytes: by the topic of MQTT, or by the protocol under which bytes lie in the quarantine."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import nan
from typing import Any

from psycopg import Connection

from anlan.kernel.refusal import mark
from anlan.telemetry.actions.by_hand import ByHand, correct_by_hand
from anlan.telemetry.actions.keeping import (
    EARLIEST,
    LATEST,
    UNKNOWN_DEVICE,
    UNKNOWN_ELEMENT,
    Intake,
    Kept,
    Refused,
    keep,
)
from anlan.telemetry.core.properties import Protocol
from anlan.telemetry.core.readings_json import BadReadings, read_plain, read_readings
from anlan.telemetry.core.wire_elements import beginning_of
from anlan.telemetry.gateway.geo import take_geo
from anlan.telemetry.gateway.pictures import Taken, keep_pictures
from anlan.telemetry.gateway.sl651_frames import Received, fill, read_batch
from anlan.telemetry.queries.wire import WireDevice

UP = "anlan/up/"
READINGS, GEO, SL651 = "readings", "geo", "sl651"
UNKNOWN_TOPIC = mark("Nothing is heard under this topic")
ANOTHER_STATION = mark("The frame is of station %(address)s, which is not this device")
NO_REPLAY = mark("Bytes of this protocol cannot be read again")
NO_PASSWORDS: Mapping[int, int] = {}
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Message:
    """Bytes that came from one device.

    Attributes:
        source: topic or address.
        kind: last part of the topic.
        payload: the bytes.
        arrived: seconds since 1970.
    """

    source: str
    kind: str
    payload: bytes
    arrived: float


@dataclass(slots=True)
class Taking:
    """Messages on their way into an intake.

    Attributes:
        intake: what is filled.
        passwords: of SL 651 devices, by device id.
        missing: elements that have a meaning and no datastream yet, by device id and element.
        refused: what belongs into the quarantine.
        by_hand: what observers entered.
        pictures: that came.
        protocol: by which the messages came.
    """

    intake: Intake
    passwords: Mapping[int, int] = field(default_factory=dict)
    missing: dict[tuple[int, str], WireDevice] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    by_hand: list[ByHand] = field(default_factory=list)
    pictures: list[Taken] = field(default_factory=list)
    protocol: str = Protocol.MQTT.value

    def take(self, topic: str, payload: bytes, arrived: float) -> None:
        """Take a message that came by MQTT."""
        code, kind = parts_of(topic)
        device, adapter = self.intake.wire.by_code.get(code), _ADAPTERS.get(kind)
        message = Message(topic, kind, payload, arrived)
        if device is None:
            self.refuse(message, UNKNOWN_DEVICE, code=code)
        elif adapter is None:
            self.refuse(message, UNKNOWN_TOPIC, device=device)
        else:
            adapter(self, device, message)

    def take_many(self, messages: Iterable[tuple[bytes, bytes, float]]) -> None:
        """Take many messages that came by MQTT: topic, payload and when it arrived.

        The plain ones, of a known device with known elements, go the short way; whatever else goes by `take`.
        """
        by_topic: dict[bytes, WireDevice] = {}
        heard: dict[int, tuple[WireDevice, float]] = {}
        for topic, payload, arrived in messages:
            device = by_topic.get(topic) or self._speaker(topic, by_topic)
            if device is not None and self._take_plain(device, payload, arrived):
                heard[device.id] = device, arrived
            else:
                self.take(topic.decode(), payload, arrived)
        for device, arrived in heard.values():
            self.intake.hear(device, arrived)

    def _speaker(self, topic: bytes, by_topic: dict[bytes, WireDevice]) -> WireDevice | None:
        """Return the known device whose readings come under a topic, and note it."""
        code, kind = parts_of(topic.decode())
        device = self.intake.wire.by_code.get(code) if kind == READINGS else None
        if device is not None:
            by_topic[topic] = device
        return device

    def _take_plain(self, device: WireDevice, payload: bytes, arrived: float) -> bool:
        """Take a plain message whole, or nothing of it."""
        read = read_plain(payload)
        if read is None or not EARLIEST <= read[0] <= LATEST:
            return False
        time, values = read
        streams, number = self.intake.wire.streams, device.id
        found = [(streams.get((number, element)), value) for element, value in values.items()]
        if any(stream is None for stream, _ in found):
            return False
        for stream, value in found:
            self.intake.put(stream, time, nan if value is None else value, arrived)  # type: ignore[arg-type]
        return True

    def give(self, device: WireDevice, message: Message) -> None:
        """Take a message of a device that has shown who it is."""
        _ADAPTERS[message.kind](self, device, message)

    def refuse(
        self,
        message: Message,
        reason: str,
        values: Mapping[str, object] | None = None,
        *,
        device: WireDevice | None = None,
        code: str = "",
    ) -> None:
        """Put a message aside."""
        told = {name: plain(value) for name, value in (values or {}).items()}
        unit = device.division_code if device else ""
        self.refused.append(
            Refused(
                self.protocol,
                message.source,
                message.payload,
                reason,
                told,
                device.code if device else code,
                unit,
            )
        )

    def keep(self, connection: "Connection[Any]", *, at: datetime) -> Kept:
        """Write all of it in the caller's transaction."""
        for each in self.refused:
            self.intake.refuse(each)
        correct_by_hand(connection, self.by_hand, at=at)
        keep_pictures(connection, self.pictures)
        return keep(connection, self.intake, at=at)


def take_payload(
    intake: Intake,
    protocol: str,
    source: str,
    payload: bytes,
    arrived: float,
    *,
    passwords: Mapping[int, int] = NO_PASSWORDS,
) -> list[Refused]:
    """Take bytes that lay in the quarantine; return why they belong there still, nothing where all was taken."""
    return take_again(intake, protocol, source, payload, arrived, passwords=passwords).refused


def take_again(
    intake: Intake,
    protocol: str,
    source: str,
    payload: bytes,
    arrived: float,
    *,
    passwords: Mapping[int, int] = NO_PASSWORDS,
) -> Taking:
    """Take bytes that lay in the quarantine; return all that came of it, pictures and entries by hand among it."""
    taking = Taking(intake, passwords, protocol=protocol)
    if source.startswith(UP):
        taking.take(source, payload, arrived)
    elif protocol == Protocol.SL651:
        _fill(taking, [Received(payload, source, arrived)])
    elif device := intake.wire.by_code.get(source):
        _ADAPTERS[GEO if protocol == Protocol.GEO else READINGS](taking, device, Message(source, "", payload, arrived))
    else:
        taking.refused.append(Refused(protocol, source, payload, NO_REPLAY))
    return taking


@lru_cache(maxsize=65536)
def parts_of(topic: str) -> tuple[str, str]:
    """Return the device's code and the kind of message; ("", "") where the topic is none of ours.

    >>> parts_of("anlan/up/D1/readings"), parts_of("anlan/down/D1/order")
    (('D1', 'readings'), ('', ''))
    """
    code, _, kind = topic.removeprefix(UP).partition("/") if topic.startswith(UP) else ("", "", "")
    return code, kind


def plain(value: object) -> object:
    """Return a value without characters that cannot be stored or shown."""
    if not isinstance(value, str):
        return value
    return "".join(sign if sign.isprintable() else "·" for sign in value[:SHOWN])


def _take_readings(taking: Taking, device: WireDevice, message: Message) -> None:
    try:
        told = read_readings(message.payload)
    except BadReadings as fault:
        taking.refuse(message, fault.message, fault.values, device=device)
        return
    intake, faults = taking.intake, dict[str, dict[str, str]]()
    for element, time, value in told:
        reason = intake.take(device, element, time, value, message.arrived)
        if reason:
            faults.setdefault(reason, {"element": element, "time": f"{time:g}"})
            _note_missing(taking, device, reason, element)
    intake.hear(device, message.arrived)
    for reason, values in faults.items():
        taking.refuse(message, reason, values, device=device)


def _take_geo(taking: Taking, device: WireDevice, message: Message) -> None:
    for refused in take_geo(taking.intake, device, message.payload, message.arrived, source=message.source):
        taking.refused.append(refused)
        _note_missing(taking, device, refused.reason, str(refused.values.get("element", "")))


def _take_frames(taking: Taking, device: WireDevice, message: Message) -> None:
    _fill(taking, [Received(message.payload, message.source, message.arrived)], device)


def _fill(taking: Taking, received: Iterable[Received], device: WireDevice | None = None) -> None:
    batch = read_batch(taking.intake.wire, taking.passwords, list(received))
    for place, other in list(batch.devices.items()):
        if device is not None and other.id != device.id:
            one = batch.received[place]
            taking.refuse(
                Message(one.source, SL651, one.data, one.arrived),
                ANOTHER_STATION,
                {"address": other.address},
                device=device,
            )
            return
    for key in batch.unknown(taking.intake.wire):
        taking.missing[key] = next(row.device for row in batch.rows + batch.by_hand if row.device.id == key[0])
    kept_before = len(taking.intake.refused)
    taking.by_hand += fill(taking.intake, batch)
    taking.pictures += batch.pictures
    taking.refused += taking.intake.refused[kept_before:]
    del taking.intake.refused[kept_before:]


def _note_missing(taking: Taking, device: WireDevice, reason: str, element: str) -> None:
    if reason == UNKNOWN_ELEMENT and beginning_of(element, device.dialect):
        taking.missing[(device.id, element)] = device


_ADAPTERS: Mapping[str, Callable[[Taking, WireDevice, Message], None]] = {
    READINGS: _take_readings,
    GEO: _take_geo,
    SL651: _take_frames,
}
