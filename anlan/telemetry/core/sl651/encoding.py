"""From the values of a frame to its bytes, the inverse of `decoding`: what a simulated station or the centre sends."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from anlan.telemetry.core.sl651 import element_table as table
from anlan.telemetry.core.sl651.characters_encoding import encode_characters
from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.clock import time_digits
from anlan.telemetry.core.sl651.codes import HEX_START, Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.items import LEVELS_5_MIN, five_minute_definition
from anlan.telemetry.core.sl651.values import (
    Asked,
    Body,
    Content,
    EventLog,
    Fragment,
    Frame,
    Item,
    Opaque,
    PeriodAsked,
    Plain,
    Quota,
    Reading,
    Report,
    Series,
    Setting,
    Settings,
    StationMark,
    StatusWord,
    Step,
    Switched,
    TimeMark,
    Version,
    Wanted,
)

MOST_BODY, MOST_PACKET = 0xFFF, 0xFFFF


def encode(frame: Frame, *, dialect: Dialect = STANDARD) -> bytes:
    """Return the bytes of a frame.

    Raises:
        ValueError: a value does not fit its field.
    """
    if frame.encoding is Encoding.ASCII:
        return encode_characters(frame, dialect=dialect)
    body = encode_body(frame.body, frame.function, dialect)
    station, centre = bytes.fromhex(frame.station), bytes([frame.centre])
    if len(station) != 5:
        raise ValueError(f"station is {frame.station}, expected ten digits")
    addresses = centre + station if frame.direction is Direction.UP else station + centre
    head = HEX_START + addresses + frame.password.to_bytes(2, "big") + bytes([frame.function])
    content = head + _start(frame, len(body)) + body + bytes([frame.ending])
    return content + crc16(content).to_bytes(2, "big")


def _start(frame: Frame, size: int) -> bytes:
    """Return length, start character and, of several packets, which one this is."""
    if frame.packet is None:
        if size > MOST_BODY:
            raise ValueError(f"body has {size} bytes, expected at most {MOST_BODY}")
        return (frame.direction << 12 | size).to_bytes(2, "big") + bytes([Control.STX])
    if size + 3 > MOST_PACKET:
        raise ValueError(f"packet has {size} bytes, expected at most {MOST_PACKET - 3}")
    which = frame.packet.total << 12 | frame.packet.number
    return (size + 3).to_bytes(2, "big") + bytes([Control.SYN]) + which.to_bytes(3, "big")


def encode_body(body: Body, function: int, dialect: Dialect = STANDARD) -> bytes:
    """Return the bytes between the start and the end character.

    Raises:
        ValueError: a value does not fit its field.
    """
    if isinstance(body, Opaque | Fragment):
        return body.content
    opening = body.serial.to_bytes(2, "big") + _time(body.sent_at, 12)
    return opening + b"".join(_parts(body, dialect.body_of(function), dialect))


def _time(at: datetime, digits: int) -> bytes:
    return bytes.fromhex(time_digits(at, digits))


def _parts(body: Body, function: int, dialect: Dialect) -> Iterator[bytes]:
    if isinstance(body, Report):
        yield from _items(body.items, dialect)
    elif isinstance(body, Asked):
        yield from (_wanted(one) for one in body.wanted)
    elif isinstance(body, PeriodAsked):
        yield _time(body.since, 8) + _time(body.until, 8) + encode_item(body.step, dialect) + _wanted(body.wanted)
    elif not isinstance(body, Plain | Opaque | Fragment):
        yield _marked(body.address)
        yield from _replies(body, function)


def _replies(body: Settings | Version | Switched | Quota | EventLog, function: int) -> Iterator[bytes]:
    if isinstance(body, Settings):
        yield from (_setting(one) for one in body.settings)
    elif isinstance(body, Version):
        content = body.text.encode("ascii")
        yield bytes([len(content)]) + content
    elif isinstance(body, Switched):
        yield _states(body, has_openings=function == Function.GATES)
    elif isinstance(body, Quota):
        yield b"\xff" if body.is_on else b"\x00"
    else:
        yield from (count.to_bytes(2, "big") for count in body.counts)


def _marked(address: str) -> bytes:
    return bytes([table.STATION_MARK] * 2) + bytes.fromhex(address) if address else b""


def _identifier(code: int) -> bytes:
    return code.to_bytes(2 if code > 0xFF else 1, "big")


def _wanted(wanted: Wanted) -> bytes:
    return _identifier(wanted.code) + bytes([wanted.definition])


def _definition(size: int, decimals: int) -> bytes:
    if not (0 <= size <= 31 and 0 <= decimals <= 7):
        raise ValueError(f"{size} bytes with {decimals} decimals, expected at most 31 and 7")
    return bytes([size << 3 | decimals])


def _setting(setting: Setting) -> bytes:
    return _identifier(setting.code) + _definition(len(setting.content), setting.decimals) + setting.content


def _states(body: Switched, *, has_openings: bool) -> bytes:
    count = len(body.states)
    if has_openings != bool(body.openings) and count or len(body.openings) not in {0, count}:
        raise ValueError(f"{len(body.openings)} openings of {count} gates, expected one each, and of gates only")
    bits = sum(is_on << place for place, is_on in enumerate(body.states))
    openings = b"".join(opening.to_bytes(2, "big") for opening in body.openings)
    return bytes([count]) + bits.to_bytes((count + 7) // 8, "little") + openings


def _items(items: Iterable[Item], dialect: Dialect) -> Iterator[bytes]:
    return (encode_item(item, dialect) for item in items)


def encode_item(item: Item, dialect: Dialect = STANDARD) -> bytes:
    """Return the bytes of one item of a report.

    Raises:
        ValueError: a value does not fit its field.
    """
    if isinstance(item, Reading):
        digits = _number(item.number, item.size, is_binary=item.code in dialect.binary_codes)
        return _identifier(item.code) + _definition(item.size, item.decimals) + digits
    if isinstance(item, Series):
        return _series(item)
    return _special(item)


def _special(item: StationMark | TimeMark | Step | StatusWord | Content) -> bytes:
    if isinstance(item, StationMark):
        return _marked(item.address) + (b"" if item.station_class is None else bytes([item.station_class]))
    if isinstance(item, TimeMark):
        return bytes([table.TIME_MARK] * 2) + _time(item.observed_at, 10)
    if isinstance(item, Content):
        return bytes([item.code, table.SPECIAL[item.code][3]]) + item.content
    if isinstance(item, StatusWord):
        return bytes([table.STATUS, table.SPECIAL[table.STATUS][3]]) + item.bits.to_bytes(4, "big")
    digits = f"{item.days:02d}{item.hours:02d}{item.minutes:02d}"
    if len(digits) != 6:
        raise ValueError(f"step is {item}, expected two digits each")
    return bytes([table.STEP, table.SPECIAL[table.STEP][3]]) + bytes.fromhex(digits)


def _series(series: Series) -> bytes:
    is_binary = series.code == table.RAIN_5_MIN or series.code in LEVELS_5_MIN
    definition = bytes([five_minute_definition(series.code)]) if is_binary else b""
    return (
        _identifier(series.code)
        + (definition or _definition(series.size, series.decimals))
        + b"".join(_number(number, series.size, is_binary=is_binary) for number in series.numbers)
    )


def _number(number: int | None, size: int, *, is_binary: bool) -> bytes:
    """Return a number in so many bytes: BCD digits, FF before a negative one, nothing but F where it is missing."""
    if number is None:
        return b"\xff" * size
    if is_binary:
        if number == (1 << 8 * size) - 1:
            raise ValueError(f"number is {number}, which stands for a missing one in {size} bytes")
        return number.to_bytes(size, "big")
    digits = f"{number:0{2 * size}d}" if number >= 0 else f"ff{-number:0{2 * size - 2}d}"
    if len(digits) != 2 * size:
        raise ValueError(f"number is {number}, expected at most {2 * size} digits, two less where negative")
    return bytes.fromhex(digits)
