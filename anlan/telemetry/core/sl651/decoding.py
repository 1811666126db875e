"""From the bytes of one frame to its values.

    7E7E  centre 1  station 5  password 2  function 1  length 2  STX 1  body n  end 1  CRC 2        upward
    7E7E  station 5  centre 1  …                                                                    downward

The high four bits of the length are 0 upward and 8 downward; after SYN (several packets) all 16 bits are the length,
and who speaks is known by who hears it. Frames of characters: see `characters`.
"""

import struct

from anlan.telemetry.core.sl651.bodies import OPENING, read_body
from anlan.telemetry.core.sl651.characters import decode_characters
from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.codes import ENDINGS, HEX_START, Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.values import Body, Fragment, Frame, Packet

HEADER, TAIL, CHECK = 14, 3, 2  # bytes before the body, after it, and of the CRC
_UPWARD = struct.Struct(">2xB5sHBHB")
_DOWNWARD = struct.Struct(">2x5sBHBHB")


def decode(
    data: bytes, *, heard: Direction = Direction.UP, dialect: Dialect = STANDARD, is_checked: bool = False
) -> Frame:
    """Return the frame that these bytes are, no more and no less.

    Args:
        data: the bytes from the first start character to the CRC.
        heard: who speaks where the frame itself does not tell (SYN): a centre hears frames that go up.
        dialect: what is added to the standard.
        is_checked: end character and CRC were held before, as `stream` does.

    Raises:
        DecodeFault: they are no frame; it tells why and where. No other exception comes out, whatever the bytes.
    """
    if data[:2] == HEX_START:
        return _decode_bytes(data, heard, dialect, is_checked=is_checked)
    if data[:1] == b"\x01":
        return decode_characters(data, heard=heard, dialect=dialect)
    raise DecodeFault(Reason.NO_FRAME, 0)


def decode_head(data: bytes) -> Frame:
    """Return who speaks of a frame that `batch` read, with running number and time as its body: enough to confirm it.

    Raises:
        DecodeFault: it has no such beginning. End character, CRC and the rest of the body are not looked at.
    """
    if len(data) < HEADER + OPENING + TAIL or data[:2] != HEX_START or data[13] != Control.STX:
        raise DecodeFault(Reason.HEADER, 0)
    centre, station, password, function, *_ = _UPWARD.unpack_from(data)
    body = read_body(data, HEADER, HEADER + OPENING, (Direction.UP, Function.LINK))
    return Frame(Encoding.HEX, Direction.UP, centre, station.hex().upper(), password, function, body, data[-TAIL])


def direction_of(data: bytes, heard: Direction) -> tuple[Direction, int]:
    """Return who speaks and how long the body is, from the header of a HEX/BCD frame.

    Raises:
        DecodeFault: the header is broken.
    """
    length, start = data[11] << 8 | data[12], data[13]
    if start == Control.SYN:
        return heard, length
    if start != Control.STX:
        raise DecodeFault(Reason.HEADER, 13)
    if length >> 12 not in (Direction.UP, Direction.DOWN):
        raise DecodeFault(Reason.DIRECTION, 11)
    return (Direction.DOWN if length >> 12 else Direction.UP), length & 0xFFF


def check_frame(data: bytes, end: int, direction: Direction) -> None:
    """Hold end character and CRC of a frame whose body ends at `end`.

    Raises:
        DecodeFault: one of them is wrong.
    """
    if data[end] not in ENDINGS[direction]:
        raise DecodeFault(Reason.END, end, found=f"{data[end]:02X}")
    found, expected = data[end + 1] << 8 | data[end + 2], crc16(data[: end + 1])
    if found != expected:
        raise DecodeFault(Reason.CRC, end + 1, found=f"{found:04X}", expected=f"{expected:04X}")


def _decode_bytes(data: bytes, heard: Direction, dialect: Dialect, *, is_checked: bool) -> Frame:
    if len(data) < HEADER + TAIL:
        raise DecodeFault(Reason.CUT_SHORT, len(data))
    direction, length = direction_of(data, heard)
    end = HEADER + length
    if len(data) != end + TAIL:
        raise DecodeFault(Reason.LENGTH, 11, found=length, expected=len(data) - HEADER - TAIL)
    if not is_checked:
        check_frame(data, end, direction)
    if direction is Direction.UP:
        centre, station, password, function, _, start = _UPWARD.unpack_from(data)
    else:
        station, centre, password, function, _, start = _DOWNWARD.unpack_from(data)
    way, address = (direction, function), station.hex().upper()
    if start == Control.STX:
        body = read_body(data, HEADER, end, way, dialect)
        return Frame(Encoding.HEX, direction, centre, address, password, function, body, data[end])
    packet, body = _packet(data, end, way, dialect)
    return Frame(Encoding.HEX, direction, centre, address, password, function, body, data[end], packet)


def _packet(data: bytes, end: int, way: tuple[Direction, int], dialect: Dialect) -> tuple[Packet, Body]:
    """Return which packet this is and its body: of a confirmation the plain one, of all others a fragment."""
    if end < HEADER + 3:
        raise DecodeFault(Reason.BODY_SHORT, end)
    total, number = data[14] << 4 | data[15] >> 4, (data[15] & 0x0F) << 8 | data[16]
    if not 1 <= number <= total:
        raise DecodeFault(Reason.PACKET, HEADER, found=number, expected=total)
    start = HEADER + 3
    if way[0] is Direction.DOWN and end - start == OPENING:
        return Packet(total, number), read_body(data, start, end, way, dialect)
    return Packet(total, number), Fragment(data[start:end])
