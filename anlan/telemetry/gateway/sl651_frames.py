"""SL 651 frames into an intake: who sent them, what they measured, and what is put aside.

Frames of many connections are read together as columns. A frame of an unknown station or with a wrong password is put
aside and nobody answers it; one that says more than the register knows is put aside too, and what is known of it kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from math import nan
from typing import NamedTuple

import msgspec

from anlan.kernel.refusal import mark
from anlan.telemetry.actions.by_hand import ByHand
from anlan.telemetry.actions.keeping import UNKNOWN_DEVICE, UNKNOWN_ELEMENT, Intake, Refused
from anlan.telemetry.core.properties import Protocol
from anlan.telemetry.core.sl651.batch import Columns, decode_many, sent_seconds, station_text
from anlan.telemetry.core.sl651.by_hand import read_by_hand
from anlan.telemetry.core.sl651.codes import HEX_START, Control, Direction, Function
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.dialect_content import BadDialect, dialect_from_json
from anlan.telemetry.core.sl651.element_table import BULK, BY_HAND, PICTURE
from anlan.telemetry.core.sl651.faults import REASON_TEXTS, DecodeFault, Reason
from anlan.telemetry.core.sl651.observed import observed
from anlan.telemetry.core.sl651.values import Content, Frame, Opaque, Report, TimeMark
from anlan.telemetry.core.wire_elements import beginning_of, element_of
from anlan.telemetry.gateway.pictures import Taken, fault_of_picture
from anlan.telemetry.queries.wire import Wire, WireDevice, WireStream

ONE_PACKET = mark("One packet of several cannot be read alone")
WRONG_PASSWORD = mark("The password of the station is another")
NOT_UNDERSTOOD_BY_HAND = mark("What was entered by hand is not symbols and values: %(text)s")
BULK_AS_IT_IS = mark("Velocities in bulk are kept as they came")
OWN_FUNCTION = mark("Function %(function)s is the maker's own, and the extensions of the station do not name it")
# What stations only send when they are asked.
ANSWERS = frozenset({*range(Function.ASK_NOW, Function.ASK_ELEMENTS + 1), *range(0x40, Function.READ_CLOCK + 1)})
Passwords = Mapping[int, int]  # by device id; a device without one is heard with any
SHOWN = 80  # characters of a text shown with a reason


@dataclass(frozen=True, slots=True)
class Received:
    """A frame that came whole: header, length, end and CRC agree. `frame` where it was read already, of packets."""

    data: bytes
    source: str
    arrived: float  # seconds since 1970
    frame: Frame | None = None


class Row(NamedTuple):
    """One value that a frame told."""

    place: int
    device: WireDevice
    element: str
    time: float
    value: float


@dataclass(slots=True)
class Batch:
    """Frames that were read together.

    Attributes:
        received: the frames.
        devices: who sent each, by its place; without those that were put aside whole.
        frames: those of `devices` that were read one by one, by their place; the others are reports.
        sent: when each of `devices` says that it was sent, seconds since 1970.
        rows: what they measured.
        by_hand: what observers entered, which goes before what an instrument told of the same instant.
        pictures: that came with them.
        refused: what is put aside, with its place.
    """

    received: Sequence[Received]
    devices: dict[int, WireDevice] = field(default_factory=dict)
    frames: dict[int, Frame] = field(default_factory=dict)
    sent: dict[int, float] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    by_hand: list[Row] = field(default_factory=list)
    pictures: list[Taken] = field(default_factory=list)
    refused: list[tuple[int, Refused]] = field(default_factory=list)

    def unknown(self, wire: Wire) -> set[tuple[int, str]]:
        """Return device ids and elements that have a meaning and no datastream yet."""
        told = {(row.device.id, row.element): row.device for rows in (self.rows, self.by_hand) for row in rows}
        return {key for key, device in told.items() if key not in wire.streams and beginning_of(key[1], device.dialect)}

    def refuse(self, place: int, reason: str, values: Mapping[str, object], device: WireDevice | None = None) -> None:
        """Put a frame aside."""
        one = self.received[place]
        self.refused.append((place, refusal(one.data, one.source, reason, values, device)))


def refusal(
    data: bytes, source: str, reason: str, values: Mapping[str, object], device: WireDevice | None = None
) -> Refused:
    """Return what goes into the quarantine."""
    code, unit = (device.code, device.division_code) if device else (address_of(data), "")
    return Refused(Protocol.SL651.value, source, data, reason, values, device_code=code, division_code=unit)


def address_of(data: bytes) -> str:
    """Return the ten digits that stand where an upward frame names its station; "" where there are none."""
    if data[:2] == HEX_START:
        return data[3:8].hex().upper() if len(data) >= 8 else ""
    digits = data[3:13].upper()
    return digits.decode("ascii") if len(digits) == 10 and digits.isalnum() and digits.isascii() else ""


def password_of(data: bytes) -> int:
    """Return the password of an upward frame whose header is whole."""
    return int.from_bytes(data[8:10], "big") if data[:2] == HEX_START else int(data[13:17], 16)


def function_of(data: bytes) -> int:
    """Return the function code of an upward frame whose header is whole."""
    return data[10] if data[:2] == HEX_START else int(data[17:19], 16)


def is_packet(data: bytes) -> bool:
    """Tell whether a frame whose header is whole is one of several packets."""
    return data[13 if data[:2] == HEX_START else 23] == Control.SYN


def sender_of(wire: Wire, passwords: Passwords, data: bytes) -> tuple[WireDevice | None, str]:
    """Return the device that sent a frame and "", or why it is not heard (msgid)."""
    device = wire.by_address.get(address_of(data))
    if device is None:
        return None, UNKNOWN_DEVICE
    if device.id in passwords and password_of(data) != passwords[device.id]:
        return device, WRONG_PASSWORD
    return device, ""


def read_batch(wire: Wire, passwords: Passwords, received: Sequence[Received]) -> Batch:
    """Return what the frames say. Nothing is written."""
    batch = Batch(received)
    by_dialect: dict[bytes, list[int]] = {}
    for place, one in enumerate(received):
        device, reason = sender_of(wire, passwords, one.data)
        if reason or device is None:
            batch.refuse(place, reason, {}, device)
            continue
        if one.frame is None and is_packet(one.data):
            batch.refuse(place, ONE_PACKET, {}, device)
            continue
        batch.devices[place] = device
        if one.frame is not None:
            if _take_frame(batch, place, one.frame, dialect_of(device)):
                batch.rows += _rows_of(wire, batch, place, one.frame)
        else:
            by_dialect.setdefault(_dialect_key(device), []).append(place)
    for places in by_dialect.values():
        dialect = dialect_of(batch.devices[places[0]])
        _take_columns(wire, batch, places, decode_many([received[place].data for place in places], dialect=dialect))
    return batch


def _dialect_key(device: WireDevice) -> bytes:
    return msgspec.json.encode(device.dialect) if device.dialect else b""


def dialect_of(device: WireDevice) -> Dialect:
    """Return the extensions of a device; the standard alone where those of the register cannot be used."""
    return _dialect(_dialect_key(device))


@lru_cache(maxsize=1024)
def _dialect(key: bytes) -> Dialect:
    try:
        return dialect_from_json(msgspec.json.decode(key)) if key else STANDARD
    except BadDialect:
        return STANDARD


def _take_columns(wire: Wire, batch: Batch, places: Sequence[int], columns: Columns) -> None:
    for at, fault in columns.faults.items():
        device = batch.devices.pop(places[at])
        batch.refuse(places[at], fault.message, fault.values, device)
    for at, frame in columns.others.items():
        _take_frame(batch, places[at], frame, dialect_of(batch.devices[places[at]]))
    together = [place for at, place in enumerate(places) if at not in columns.others and at not in columns.faults]
    seconds = sent_seconds([batch.received[place].data for place in together]).tolist() if together else []
    batch.sent.update(zip(together, map(float, seconds), strict=True))
    for place in together:
        if batch.received[place].data[10] in ANSWERS:
            batch.frames[place] = decode(batch.received[place].data, is_checked=True)
    _take_rows(wire, batch, places, columns)


def _take_rows(wire: Wire, batch: Batch, places: Sequence[int], columns: Columns) -> None:
    who: dict[int, WireDevice | None] = {}
    strangers: dict[int, str] = {}
    told = (columns.frame, columns.station, columns.code, columns.observed_s, columns.value)
    for at, station, code, time, value in zip(*(column.tolist() for column in told), strict=True):
        if station not in who:
            who[station] = wire.by_address.get(station_text(station))
        device, place = who[station], places[at]
        if place not in batch.devices:
            continue  # it goes the wrong way
        if device is None:
            strangers[place] = station_text(station)
        else:
            batch.rows.append(Row(place, device, element_of(code), time, value))
    for place, address in strangers.items():
        _refuse_stranger(batch, place, address)


def _refuse_stranger(batch: Batch, place: int, address: str) -> None:
    """Put a frame aside that speaks for a station (of a relay) which is not registered."""
    one = batch.received[place]
    stranger = Refused(Protocol.SL651.value, one.source, one.data, UNKNOWN_DEVICE, {}, device_code=address)
    batch.refused.append((place, stranger))


def _rows_of(wire: Wire, batch: Batch, place: int, frame: Frame) -> Iterator[Row]:
    for one in observed(frame):
        device = wire.by_address.get(one.station)
        if device is None:
            _refuse_stranger(batch, place, one.station)
            return
        value = nan if one.value is None else one.value
        yield Row(place, device, element_of(one.code), one.observed_at.timestamp(), value)


def _take_frame(batch: Batch, place: int, frame: Frame, dialect: Dialect) -> bool:
    """Take what is no number: pictures, what was entered by hand; tell whether the frame goes the right way."""
    device = batch.devices[place]
    if frame.direction is not Direction.UP:
        del batch.devices[place]
        batch.refuse(place, REASON_TEXTS[Reason.DIRECTION], {"offset": 11}, device)
        return False
    batch.frames[place] = frame
    sent = sent_at(frame)
    if sent is not None:
        batch.sent[place] = sent.timestamp()
    if isinstance(frame.body, Opaque):
        batch.refuse(place, OWN_FUNCTION, {"function": f"{frame.function:02X}"}, device)
    if not isinstance(frame.body, Report):
        return True
    at = frame.body.sent_at
    for item in frame.body.items:
        if isinstance(item, TimeMark):
            at = item.observed_at
        elif isinstance(item, Content):
            _take_content(batch, place, (frame, item, at), dialect)
    return True


def _take_content(batch: Batch, place: int, told: tuple[Frame, Content, datetime], dialect: Dialect) -> None:
    frame, item, at = told
    device = batch.devices[place]
    if item.code == PICTURE:
        fault = fault_of_picture(item.content)
        if fault:
            batch.refuse(place, fault, {"bytes": len(item.content)}, device)
        else:
            batch.pictures.append(Taken(device.station_id, device.id, at, item.content))
    elif item.code == BULK:
        batch.refuse(place, BULK_AS_IT_IS, {}, device)
    elif item.code == BY_HAND:
        try:
            found = list(observed(read_by_hand(frame, item.content, dialect)))
        except DecodeFault:
            batch.refuse(place, NOT_UNDERSTOOD_BY_HAND, {"text": plain_text(item.content)}, device)
            return
        batch.by_hand += [
            Row(place, device, element_of(one.code), one.observed_at.timestamp(), one.value)
            for one in found
            if one.value is not None
        ]


def plain_text(content: bytes) -> str:
    """Return the beginning of a text without what cannot be shown."""
    return "".join(sign if sign.isprintable() else "·" for sign in content[:SHOWN].decode("ascii", "replace"))


def fill(intake: Intake, batch: Batch) -> list[ByHand]:
    """Put what a batch says into an intake; return what was entered by hand, to be kept beside what is there."""
    for place, device in batch.devices.items():
        intake.hear(device, batch.received[place].arrived, batch.sent.get(place))
    unknown: dict[int, list[str]] = {}
    streams = intake.wire.streams
    for row in batch.rows:
        if row.device is not batch.devices[row.place]:
            intake.hear(row.device, batch.received[row.place].arrived)  # by way of a relay
        stream = streams.get((row.device.id, row.element))
        if stream is None:
            unknown.setdefault(row.place, []).append(row.element)
        else:
            intake.put(stream, row.time, row.value, batch.received[row.place].arrived)
    by_hand = list(_by_hand(intake, batch, unknown))
    for place, elements in unknown.items():
        names = ", ".join(dict.fromkeys(elements))
        batch.refuse(place, UNKNOWN_ELEMENT, {"element": names[:SHOWN]}, batch.devices[place])
    for _, refused in batch.refused:
        intake.refuse(refused)
    return by_hand


def _by_hand(intake: Intake, batch: Batch, unknown: dict[int, list[str]]) -> Iterator[ByHand]:
    for row in batch.by_hand:
        stream: WireStream | None = intake.wire.streams.get((row.device.id, row.element))
        if stream is None:
            unknown.setdefault(row.place, []).append(row.element)
            continue
        intake.put(stream, row.time, row.value, batch.received[row.place].arrived)
        yield ByHand(stream.id, row.time, row.value * stream.factor + stream.offset)


def sent_at(frame: Frame) -> datetime | None:
    """Return the time of sending that a frame tells."""
    return getattr(frame.body, "sent_at", None)


def wants_confirmation(frame: Frame) -> bool:
    """Tell whether the centre answers a frame that is kept.

    What stations send of themselves is confirmed, but keep-alives. An answer to a question ends the talk (M4) unless
    the station says that more follows; a confirmation with the same function code could be taken for another question.
    """
    if frame.function == Function.LINK or frame.direction is not Direction.UP:
        return False
    return frame.function not in ANSWERS or not frame.is_last
