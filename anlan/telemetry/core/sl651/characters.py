"""Frames of characters (ASCII): SOH, then every field of the header as hexadecimal characters, groups between spaces.

    SOH  centre 2  station 10  password 4  function 2  length 4  STX  body n  end  CRC 4

The body is `running number, time, ST address class, TT time, symbol value, …`. Reports (30–3A, 44, 46, 4A, 51) go
this way, and what is asked for with 38, 3A and by plain questions; settings and switches only go in HEX/BCD, for the
standard gives no symbols for them. A missing value is M, or nothing but F. The way back: `characters_encoding`.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from anlan.telemetry.core.sl651 import element_table as table
from anlan.telemetry.core.sl651.bodies import OF_EQUAL_STEPS, WITH_CLASS
from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.clock import time_from
from anlan.telemetry.core.sl651.codes import ENDINGS, FIRST_OWN, Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.values import (
    Asked,
    Body,
    Content,
    Fragment,
    Frame,
    Item,
    Opaque,
    Packet,
    PeriodAsked,
    Plain,
    Reading,
    Report,
    Series,
    StationMark,
    StatusWord,
    Step,
    TimeMark,
    Wanted,
)

HEADER, TAIL, CHECK = 24, 5, 4  # characters before the body, after it, and of the CRC
HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]*")
_WORD = re.compile(rb"[^ ]+")
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,7})?")
_STEP = re.compile(r"DR([DHN])(\d\d)")
_STEP_FIELDS = {"D": 0, "H": 1, "N": 2}
WITHOUT_CLASS = {
    *(Function.STATUS, Function.CLEAR_STORE, Function.FACTORY_RESET, Function.SET_CLOCK),
    *(Function.IC_CARD, Function.READ_CLOCK),
}
_LISTED = {Function.ASK_ELEMENTS, Function.CLEAR_STORE, Function.FACTORY_RESET}


def header_size(data: bytes, heard: Direction) -> tuple[Direction, int]:
    """Return who speaks and how many characters the body has, from a whole header.

    Raises:
        DecodeFault: it is no header.
    """
    match = HEXADECIMAL.match(data, 1, HEADER - 1)
    if match is None or match.end() != HEADER - 1 or data[HEADER - 1] not in {Control.STX, Control.SYN}:
        raise DecodeFault(Reason.HEADER, match.end() if match else 1)
    length = int(data[19:23], 16)
    if data[HEADER - 1] == Control.SYN:
        return heard, length
    if length >> 12 not in (Direction.UP, Direction.DOWN):
        raise DecodeFault(Reason.DIRECTION, 19)
    return (Direction.DOWN if length >> 12 else Direction.UP), length & 0xFFF


def check_characters(data: bytes, end: int, direction: Direction) -> None:
    """Hold end character and CRC of a frame whose body ends at `end`.

    Raises:
        DecodeFault: one of them is wrong.
    """
    if data[end] not in ENDINGS[direction]:
        raise DecodeFault(Reason.END, end, found=f"{data[end]:02X}")
    found, expected = data[end + 1 : end + TAIL], f"{crc16(data[: end + 1]):04X}"
    if found.upper() != expected.encode():
        raise DecodeFault(Reason.CRC, end + 1, found=found.hex().upper(), expected=expected.encode().hex().upper())


def decode_characters(data: bytes, *, heard: Direction = Direction.UP, dialect: Dialect = STANDARD) -> Frame:
    """Return the frame that these characters are; see `decoding.decode`.

    Raises:
        DecodeFault: they are no frame.
    """
    if len(data) < HEADER + TAIL:
        raise DecodeFault(Reason.CUT_SHORT, len(data))
    direction, length = header_size(data, heard)
    end = HEADER + length
    if len(data) != end + TAIL:
        raise DecodeFault(Reason.LENGTH, 19, found=length, expected=len(data) - HEADER - TAIL)
    check_characters(data, end, direction)
    places = ((1, 3), (3, 13)) if direction is Direction.UP else ((11, 13), (1, 11))
    (centre, station), function = (data[start:stop].decode("ascii") for start, stop in places), int(data[17:19], 16)
    packet, at = (None, HEADER) if data[HEADER - 1] == Control.STX else _packet(data, end)
    body = (
        read_characters(data, at, end, (direction, function), dialect)
        if packet is None or (direction is Direction.DOWN and len(data[at:end].split()) == 2)
        else Fragment(data[at:end])
    )
    password = int(data[13:17], 16)
    head = (Encoding.ASCII, direction, int(centre, 16), station.upper(), password, function)
    return Frame(*head, body=body, ending=data[end], packet=packet)


def _packet(data: bytes, end: int) -> tuple[Packet, int]:
    match = HEXADECIMAL.match(data, HEADER, min(end, HEADER + 6))
    if match is None or match.end() != HEADER + 6:
        raise DecodeFault(Reason.BODY_SHORT, end)
    total, number = int(data[HEADER : HEADER + 3], 16), int(data[HEADER + 3 : HEADER + 6], 16)
    if not 1 <= number <= total:
        raise DecodeFault(Reason.PACKET, HEADER, found=number, expected=total)
    return Packet(total, number), HEADER + 6


class Words:
    """The groups of a body, taken one after the other."""

    def __init__(self, data: bytes, at: int, end: int) -> None:
        self.data, self.at, self.end = data, at, end

    def take(self) -> str:
        """Return the next group.

        Raises:
            DecodeFault: there is none.
        """
        match = _WORD.search(self.data, self.at, self.end)
        if match is None:
            raise DecodeFault(Reason.BODY_SHORT, self.end)
        self.at = match.end()
        return match[0].decode("latin-1")

    def rest(self) -> bytes:
        """Return what is left after one space."""
        start, self.at = min(self.at + 1, self.end), self.end
        return self.data[start : self.end]

    @property
    def is_over(self) -> bool:
        """Tell whether nothing but spaces is left."""
        return _WORD.search(self.data, self.at, self.end) is None

    def hexadecimal(self, size: int) -> bytes:
        """Return the next group, so many bytes in hexadecimal; any number of them for 0.

        Raises:
            DecodeFault: it is nothing of the kind.
        """
        word = self.take()
        if not re.fullmatch(r"(?:[0-9A-Fa-f]{2})+", word) or size and len(word) != 2 * size:
            raise self.fault(Reason.TEXT, word)
        return bytes.fromhex(word)

    def fault(self, reason: Reason, word: str) -> DecodeFault:
        """Return what is to be said of the group taken last."""
        return DecodeFault(reason, self.at - len(word), found=word.encode("latin-1").hex().upper())


def read_characters(data: bytes, at: int, end: int, way: tuple[Direction, int], dialect: Dialect) -> Body:
    """Return the body that stands in the characters from `at` to before `end`.

    Raises:
        DecodeFault: it is no such body.
    """
    direction, function = way[0], dialect.body_of(way[1])
    if function >= FIRST_OWN:
        return Opaque(data[at:end])
    words = Words(data, at, end)
    serial, sent_at = _opening(words)
    if direction is Direction.UP:
        return _upward(words, function, serial, sent_at, dialect)
    if words.is_over:
        return Plain(serial, sent_at)
    if function == Function.ASK_PERIOD:
        return _period(words, serial, sent_at, dialect)
    if function in _LISTED:
        return Asked(serial, sent_at, tuple(_wanted(words, dialect)))
    raise DecodeFault(Reason.FUNCTION, 17, found=f"{function:02X}")


def _opening(words: Words) -> tuple[int, datetime]:
    """Return running number and time of sending; some leave out the space between them."""
    opening = words.take()
    if re.fullmatch(r"[0-9A-Fa-f]{16}", opening):
        words.at -= 12
        opening = opening[:4]
    if not re.fullmatch(r"[0-9A-Fa-f]{4}", opening):
        raise words.fault(Reason.DIGITS, opening)
    return int(opening, 16), _time(words, 12)


def _time(words: Words, digits: int) -> datetime:
    word = words.take()
    moment = time_from(word) if len(word) == digits else None
    if moment is None:
        raise words.fault(Reason.TIME, word)
    return moment


def _upward(words: Words, function: int, serial: int, sent_at: datetime, dialect: Dialect) -> Body:
    if function == Function.LINK and words.is_over:
        return Plain(serial, sent_at)
    if function in WITH_CLASS | WITHOUT_CLASS:
        return Report(serial, sent_at, tuple(_items(words, function, dialect)))
    raise DecodeFault(Reason.FUNCTION, 17, found=f"{function:02X}")


def _wanted(words: Words, dialect: Dialect) -> Iterator[Wanted]:
    special = {symbol: (code, definition) for code, (symbol, _, _, definition) in table.SPECIAL.items()}
    while not words.is_over:
        word = words.take()
        if word in special:
            yield Wanted(*special[word])
        elif (element := dialect.by_symbol.get(word.upper())) is not None:
            yield Wanted(element.code, 0xC0 if element.symbol.startswith("DRZ") else element.definition)
        else:
            raise words.fault(Reason.ELEMENT, word)


def _period(words: Words, serial: int, sent_at: datetime, dialect: Dialect) -> PeriodAsked:
    since, until, word = _time(words, 8), _time(words, 8), words.take()
    step = _STEP.fullmatch(word)
    if step is None:
        raise words.fault(Reason.ELEMENT, word)
    found = tuple(_wanted(words, dialect))
    if len(found) != 1:
        raise DecodeFault(Reason.LEFT_OVER if found else Reason.BODY_SHORT, words.at)
    return PeriodAsked(serial, sent_at, since, until, _step(step), found[0])


def _step(match: re.Match[str]) -> Step:
    parts = [0, 0, 0]
    parts[_STEP_FIELDS[match[1]]] = int(match[2])
    return Step(*parts)


def _items(words: Words, function: int, dialect: Dialect) -> Iterator[Item]:
    is_series = False
    while not words.is_over:
        word = words.take()
        if word == "ST":
            yield _station(words, has_class=function in WITH_CLASS)
        elif step := _STEP.fullmatch(word):
            is_series = function in OF_EQUAL_STEPS
            yield _step(step)
        elif word in _SPECIAL:
            yield _special(words, word)
        else:
            yield _element(words, word, dialect, is_series=is_series)


_SPECIAL = {"TT", "RGZS", "PIC", "DATA", "ZT"}


def _station(words: Words, *, has_class: bool) -> StationMark:
    address = words.hexadecimal(5).hex().upper()
    if not has_class:
        return StationMark(address, None)
    letter = words.take()
    if len(letter) != 1:
        raise words.fault(Reason.TEXT, letter)
    return StationMark(address, ord(letter))


def _special(words: Words, symbol: str) -> Item:
    if symbol == "TT":
        return TimeMark(_time(words, 10))
    if symbol == "ZT":
        return StatusWord(int.from_bytes(words.hexadecimal(4), "big"))
    if symbol == "PIC":
        return Content(table.PICTURE, words.hexadecimal(0))
    return Content(table.BY_HAND if symbol == "RGZS" else table.BULK, words.rest())


def _element(words: Words, symbol: str, dialect: Dialect, *, is_series: bool) -> Item:
    element = dialect.by_symbol.get(symbol.upper())
    if element is None:
        raise words.fault(Reason.ELEMENT, symbol)
    if element.symbol.startswith(("DRP", "DRZ")):
        size = 1 if element.code == table.RAIN_5_MIN else 2
        content = words.hexadecimal(0 if is_series else 12 * size)
        if len(content) % size:
            raise words.fault(Reason.TEXT, content.hex())
        found = [int.from_bytes(content[at : at + size], "big") for at in range(0, len(content), size)]
        invalid = (1 << 8 * size) - 1
        return Series(element.code, size, size, tuple(None if one == invalid else one for one in found))
    if not is_series:
        return Reading(element.code, *_number(words))
    shapes = [_number(words)]
    while not words.is_over:
        shapes.append(_number(words))
    size, decimals = max(shape[0] for shape in shapes), max(shape[1] for shape in shapes)
    numbers = [None if one is None else one * 10 ** (decimals - places) for _, places, one in shapes]
    return Series(element.code, size, decimals, tuple(numbers))


def _number(words: Words) -> tuple[int, int, int | None]:
    """Return size, decimals and number of the next group."""
    word = words.take()
    if word == "M" or (len(word) > 1 and set(word) == {"F"}):
        return len(word), 0, None
    if not _NUMBER.fullmatch(word):
        raise words.fault(Reason.DIGITS, word)
    whole, _, places = word.partition(".")
    return len(word), len(places), int(whole + places)
