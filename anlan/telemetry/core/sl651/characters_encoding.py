"""From the values of a frame of characters to the characters, the inverse of `characters`."""

from anlan.telemetry.core.sl651 import element_table as table
from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.clock import time_digits
from anlan.telemetry.core.sl651.codes import Control, Direction
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.values import (
    Asked,
    Body,
    Content,
    Fragment,
    Frame,
    Item,
    Opaque,
    PeriodAsked,
    Plain,
    Reading,
    Report,
    Series,
    StationMark,
    StatusWord,
    Step,
    TimeMark,
)


def encode_characters(frame: Frame, *, dialect: Dialect = STANDARD) -> bytes:
    """Return the characters of a frame, the inverse of `decode_characters`.

    Raises:
        ValueError: a value does not fit its field, or has no symbol.
    """
    body = encode_characters_body(frame.body, dialect)
    if frame.packet is None:
        length, start = frame.direction << 12 | len(body), Control.STX
        if len(body) > 0xFFF:
            raise ValueError(f"body has {len(body)} characters, expected at most 4095")
    else:
        body = f"{frame.packet.total:03X}{frame.packet.number:03X}".encode() + body
        length, start = len(body), Control.SYN
    centre, station = f"{frame.centre:02X}", f"{frame.station:>010}"
    addresses = centre + station if frame.direction is Direction.UP else station + centre
    head = f"{addresses}{frame.password:04X}{frame.function:02X}{length:04X}".encode("ascii")
    content = bytes([Control.SOH]) + head + bytes([start]) + body + bytes([frame.ending])
    return content + f"{crc16(content):04X}".encode()


def encode_characters_body(body: Body, dialect: Dialect = STANDARD) -> bytes:
    """Return the groups of a body.

    Raises:
        ValueError: a value does not fit its field, or has no symbol.
    """
    if isinstance(body, Opaque | Fragment):
        return body.content
    groups = [f"{body.serial:04X} {time_digits(body.sent_at, 12)}".encode()]
    if isinstance(body, Report):
        groups += [encode_characters_item(item, dialect) for item in body.items]
    elif isinstance(body, Asked):
        groups += [_symbol(one.code, dialect).encode() for one in body.wanted]
    elif isinstance(body, PeriodAsked):
        hours = (time_digits(body.since, 8), time_digits(body.until, 8))
        groups += [" ".join((*hours, _marks(body.step), _symbol(body.wanted.code, dialect))).encode()]
    elif not isinstance(body, Plain):
        raise ValueError(f"body is {type(body).__name__}, which has no form in characters")
    return b" ".join(groups)


def _symbol(code: int, dialect: Dialect) -> str:
    if code in table.SPECIAL:
        return table.SPECIAL[code][0]
    if code not in dialect.known:
        raise ValueError(f"element {code:02X} has no symbol")
    return dialect.known[code].symbol


def encode_characters_item(item: Item, dialect: Dialect) -> bytes:
    """Return the groups of one item.

    Raises:
        ValueError: a value does not fit its field, or has no symbol.
    """
    if isinstance(item, Content):
        content = item.content.hex().upper().encode() if item.code == table.PICTURE else item.content
        return _symbol(item.code, dialect).encode() + b" " + content
    if isinstance(item, Reading):
        return f"{_symbol(item.code, dialect)} {_digits(item.number, item.size, item.decimals)}".encode()
    if isinstance(item, Series):
        return f"{_symbol(item.code, dialect)} {_values(item)}".encode()
    return _marks(item).encode("latin-1")


def _marks(item: StationMark | TimeMark | Step | StatusWord) -> str:
    if isinstance(item, StationMark):
        return f"ST {item.address}" + ("" if item.station_class is None else f" {chr(item.station_class)}")
    if isinstance(item, TimeMark):
        return f"TT {time_digits(item.observed_at, 10)}"
    if isinstance(item, StatusWord):
        return f"ZT {item.bits:08X}"
    if item.days:
        return f"DRD{item.days:02d}"
    return f"DRN{item.minutes:02d}" if item.minutes else f"DRH{item.hours:02d}"


def _values(series: Series) -> str:
    if _symbol(series.code, STANDARD).startswith(("DRP", "DRZ")):
        width = 2 * series.size
        return "".join("F" * width if one is None else f"{one:0{width}X}" for one in series.numbers)
    return " ".join(_digits(one, series.size, series.decimals) for one in series.numbers)


def _digits(number: int | None, size: int, decimals: int) -> str:
    if number is None:
        return "M" if size == 1 else "F" * size
    digits = f"{abs(number):0{decimals + 1}d}"
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    text = (f"-{text}" if number < 0 else text).zfill(size)
    if len(text) > size:
        raise ValueError(f"number is {text}, expected at most {size} characters")
    return text
