"""The elements of a HEX/BCD body, one after the other; the hot path of the codec.

An element is its identifier, a definition byte (bytes × 8 + decimals) and BCD digits. Bytes beginning with FF are a
negative number, nothing but F a missing one. What is no plain number has a reader of its own in `_SPECIAL`.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from anlan.telemetry.core.sl651 import element_table as table
from anlan.telemetry.core.sl651.clock import time_from
from anlan.telemetry.core.sl651.dialect import Dialect
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.values import (
    Content,
    Item,
    Reading,
    Series,
    StationMark,
    StatusWord,
    Step,
    TimeMark,
)

STEPS_OF_AN_HOUR = 12
LEVELS_5_MIN = range(table.FIRST_LEVEL_5_MIN, table.LAST_LEVEL_5_MIN + 1)


class Walk:
    """A way through a body that ends before byte `end`; `digits` are all bytes as hexadecimal digits."""

    __slots__ = ("data", "dialect", "digits", "end", "has_class", "is_series", "items")

    def __init__(self, data: bytes, end: int, dialect: Dialect, *, has_class: bool, is_series: bool) -> None:
        self.data, self.end, self.dialect = data, end, dialect
        self.has_class, self.is_series = has_class, is_series
        self.digits = data.hex()
        self.items: list[Item] = []

    def need(self, at: int, size: int) -> int:
        """Return the byte after so many more.

        Raises:
            DecodeFault: the body is over before.
        """
        if at + size > self.end:
            raise DecodeFault(Reason.BODY_SHORT, self.end)
        return at + size

    def definition(self, at: int, expected: int) -> int:
        """Return the byte after an identifier's fixed definition byte.

        Raises:
            DecodeFault: another byte stands there.
        """
        stop = self.need(at, 2)
        if self.data[at + 1] != expected:
            raise DecodeFault(Reason.MARK, at + 1, found=f"{self.data[at + 1]:02X}", expected=f"{expected:02X}")
        return stop


def read_items(walk: Walk, at: int) -> tuple[Item, ...]:
    """Return the items from byte `at` to the end of the body.

    Raises:
        DecodeFault: the body is cut short, or holds what cannot be read.
    """
    data, digits, end, append = walk.data, walk.digits, walk.end, walk.items.append
    special = _SPECIAL if not walk.dialect.binary_codes else {**_SPECIAL, **_added(walk.dialect)}
    while at < end:
        code = data[at]
        reader = special.get(code)
        if reader is not None:
            at = reader(walk, at)
            continue
        definition = data[at + 1]
        stop = at + 2 + (definition >> 3)
        if stop > end:
            raise DecodeFault(Reason.BODY_SHORT, end)
        text = digits[2 * at + 4 : 2 * stop]
        append(
            Reading(code, definition >> 3, definition & 7, int(text) if text.isdecimal() else number_in(text, at + 2))
        )
        at = stop
    return tuple(walk.items)


def number_in(text: str, offset: int) -> int | None:
    """Return the number of BCD digits that are not all decimal; None where it is missing.

    >>> number_in("ff0123", 0), number_in("ffff", 0), number_in("", 0)
    (-123, None, None)

    Raises:
        DecodeFault: they are no number.
    """
    if text.isdecimal():
        return int(text)
    if text == "f" * len(text):
        return None
    if text.startswith("ff") and text[2:].isdecimal():
        return -int(text[2:])
    raise DecodeFault(Reason.DIGITS, offset, found=text.upper())


@lru_cache(maxsize=8192)
def _time_mark(digits: str) -> TimeMark | None:
    moment = time_from(digits)
    return None if moment is None else TimeMark(moment)


def _read_time(walk: Walk, at: int) -> int:
    start = walk.definition(at, table.TIME_MARK)
    stop = walk.need(start, 5)
    digits = walk.digits[2 * start : 2 * stop]
    time_mark = _time_mark(digits)
    if time_mark is None:
        raise DecodeFault(Reason.TIME, start, found=digits.upper())
    walk.items.append(time_mark)
    return stop


def _read_station(walk: Walk, at: int) -> int:
    start = walk.definition(at, table.STATION_MARK)
    stop = walk.need(start, 6 if walk.has_class else 5)
    station_class = walk.data[stop - 1] if walk.has_class else None
    walk.items.append(StationMark(walk.digits[2 * start : 2 * start + 10].upper(), station_class))
    return stop


def _read_content(walk: Walk, at: int) -> int:
    code = walk.data[at]
    start = walk.definition(at, table.SPECIAL[code][3])
    walk.items.append(Content(code, walk.data[start : walk.end]))
    return walk.end


def _read_step(walk: Walk, at: int) -> int:
    step, stop = step_at(walk, at)
    walk.items.append(step)
    return _read_series(walk, stop) if walk.is_series and stop < walk.end else stop


def step_at(walk: Walk, at: int) -> tuple[Step, int]:
    """Return the time step that element 04 at byte `at` names, and the byte after it.

    Raises:
        DecodeFault: it is cut short, or no digits.
    """
    start = walk.definition(at, table.SPECIAL[table.STEP][3])
    stop = walk.need(start, 3)
    digits = walk.digits[2 * start : 2 * stop]
    if not digits.isdecimal():
        raise DecodeFault(Reason.DIGITS, start, found=digits.upper())
    return Step(int(digits[:2]), int(digits[2:4]), int(digits[4:])), stop


def _read_status(walk: Walk, at: int) -> int:
    start = walk.definition(at, table.SPECIAL[table.STATUS][3])
    stop = walk.need(start, 4)
    walk.items.append(StatusWord(int.from_bytes(walk.data[start:stop], "big")))
    return stop


def _read_five_minutes(walk: Walk, at: int) -> int:
    code = walk.data[at]
    size = 1 if code == table.RAIN_5_MIN else 2
    start = walk.definition(at, five_minute_definition(code))
    stop = walk.need(start, STEPS_OF_AN_HOUR * size)
    walk.items.append(Series(code, size, size, _whole_numbers(walk.data[start:stop], size)))
    return stop


def five_minute_definition(code: int) -> int:
    """Return the definition byte of F4–FC, whatever how many values follow."""
    return 0x60 if code == table.RAIN_5_MIN else 0xC0


def _whole_numbers(data: bytes, size: int) -> tuple[int | None, ...]:
    """Return whole numbers of so many bytes; None where all bits are set."""
    invalid = (1 << 8 * size) - 1
    found = [int.from_bytes(data[at : at + size], "big") for at in range(0, len(data), size)]
    return tuple(None if number == invalid else number for number in found)


def _read_series(walk: Walk, at: int) -> int:
    """Read one element with all the values that are left: what follows a time step in 31 and 38."""
    code, start = element_code(walk, at)
    if code == table.RAIN_5_MIN or code in LEVELS_5_MIN:
        start = walk.definition(at, five_minute_definition(code))
        size = decimals = 1 if code == table.RAIN_5_MIN else 2
    else:
        size, decimals = walk.data[start] >> 3, walk.data[start] & 7
        start += 1
    left = walk.end - start
    if size == 0 or left % size:
        raise DecodeFault(Reason.LEFT_OVER, walk.end - (left % size if size else left))
    if code in LEVELS_5_MIN or code == table.RAIN_5_MIN:
        numbers = _whole_numbers(walk.data[start : walk.end], size)
    else:
        places = range(start, walk.end, size)
        numbers = tuple(number_in(walk.digits[2 * place : 2 * (place + size)], place) for place in places)
    walk.items.append(Series(code, size, decimals, numbers))
    return walk.end


def element_code(walk: Walk, at: int) -> tuple[int, int]:
    """Return the code of an identifier, FFxx for an extension, and the byte of its definition.

    Raises:
        DecodeFault: the body is over before the definition.
    """
    if walk.data[at] != table.EXTENSION:
        walk.need(at, 2)
        return walk.data[at], at + 1
    walk.need(at, 3)
    return table.EXTENSION << 8 | walk.data[at + 1], at + 2


def _read_plain(walk: Walk, at: int) -> int:
    """Read an extension, or an added element whose bytes are a whole number."""
    code, place = element_code(walk, at)
    size, decimals = walk.data[place] >> 3, walk.data[place] & 7
    stop = walk.need(place + 1, size)
    if code in walk.dialect.binary_codes:
        number = _whole_numbers(walk.data[place + 1 : stop], size)[0] if size else None
    else:
        number = number_in(walk.digits[2 * place + 2 : 2 * stop], place + 1)
    walk.items.append(Reading(code, size, decimals, number))
    return stop


def _added(dialect: Dialect) -> Mapping[int, Callable[[Walk, int], int]]:
    return dict.fromkeys((code for code in dialect.binary_codes if code <= 0xFF), _read_plain)


_SPECIAL: Mapping[int, Callable[[Walk, int], int]] = {
    table.TIME_MARK: _read_time,
    table.STATION_MARK: _read_station,
    table.BY_HAND: _read_content,
    table.PICTURE: _read_content,
    table.BULK: _read_content,
    table.STEP: _read_step,
    table.STATUS: _read_status,
    table.EXTENSION: _read_plain,
    table.RAIN_5_MIN: _read_five_minutes,
    **dict.fromkeys(LEVELS_5_MIN, _read_five_minutes),
}
