"""Many frames at once, as columns: what the gateway stores. The same values as frame by frame, several times faster.

Stations of one kind send the same identifiers and definition bytes at the same places; only digits differ. So frames of
one length make a matrix of bytes, those with the same layout are read together, and whatever is out of the ordinary
(negative, missing, a wrong CRC, steps, pictures, few of a kind) is read by `decoding`, which also tells the faults.

Letters: F frames, B bytes of a frame, R values in all. Source: docs/methods/sl651.md, equations (2) and (3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from anlan.telemetry.core.sl651 import decoding
from anlan.telemetry.core.sl651 import element_table as table
from anlan.telemetry.core.sl651.checksum import crc16_rows
from anlan.telemetry.core.sl651.clock import FIRST_YEAR
from anlan.telemetry.core.sl651.codes import Control, Function
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.faults import DecodeFault
from anlan.telemetry.core.sl651.items import LEVELS_5_MIN, STEPS_OF_AN_HOUR, five_minute_definition
from anlan.telemetry.core.sl651.observed import observed
from anlan.telemetry.core.sl651.values import Frame

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

_NO_INTS, _NO_VALUES = np.zeros(0, dtype=np.int64), np.zeros(0)
EXACT_BYTES = 7  # so many digits are whole in a float
FEW = 8  # rows of one layout that are not worth an array
MOST_LAYOUTS = 32  # of one length
BEIJING_S, FIVE_MINUTES_S = 8 * 3600, 300
TOGETHER = (Function.TEST, Function.TIMED, Function.EXTRA, Function.HOURLY, Function.ASK_NOW, Function.ASK_ELEMENTS)


@dataclass(frozen=True, slots=True)
class Columns:
    """What many frames measured.

    `frame` (R,) says which of the given frames, `station` (R,) the ten digits as a number (see `station_text`), `code`
    (R,) the element, `observed_s` (R,) the time in seconds since 1970 UTC, `value` (R,) in the unit of the element
    table, NaN where missing. `others` are the frames read one by one, by their place, and `faults` those that could
    not be read. Rows are in the order of the frames.
    """

    frame: Ints
    station: Ints
    code: Ints
    observed_s: Ints
    value: Floats
    others: dict[int, Frame] = field(default_factory=dict)
    faults: dict[int, DecodeFault] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands: which byte, how many, which time it has and how many seconds later it was observed.

    `is_whole`: its bytes are a whole number (F4–FC), invalid where all bits are set; else they are digits.
    """

    code: int
    at: int
    size: int
    decimals: int
    time: int
    later_s: int = 0
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand in a frame: `fixed` bytes are the same in all of them."""

    fixed: Ints
    station: int
    times: tuple[int, ...]
    places: tuple[_Place, ...]


Rows = tuple[Ints, Ints, Ints, Ints, Floats]


def station_text(number: int) -> str:
    """Return the ten digits of a station.

    >>> station_text(0x0011223344)
    '0011223344'
    """
    return f"{number:010X}"


def decode_many(frames: Sequence[bytes], *, dialect: Dialect = STANDARD) -> Columns:
    """Return what upward frames measured, as `observed` tells it of each; what cannot be read is in `faults`."""
    found: list[Rows] = []
    lone = np.ones(len(frames), dtype=bool)
    for places in _by_length(frames):
        rows = np.frombuffer(b"".join([frames[place] for place in places.tolist()]), dtype=np.uint8)
        for taken, part in _together(rows.reshape(len(places), -1), dialect):
            lone[places[taken]] = False
            found.append((places[part[0]], *part[1:]))
    others, faults = _one_by_one(frames, np.flatnonzero(lone).tolist(), dialect, found)
    frame, station, code, observed_s = (
        np.concatenate([_NO_INTS, *(part[column] for part in found)]) for column in range(4)
    )
    value = np.concatenate([_NO_VALUES, *(part[4] for part in found)])
    order = np.argsort(frame, kind="stable")
    return Columns(frame[order], station[order], code[order], observed_s[order], value[order], others, faults)


def sent_seconds(frames: Sequence[bytes]) -> Ints:
    """Return (F,) when frames that were read together say they were sent, seconds since 1970 UTC; equation (3)."""
    sent = decoding.HEADER + 2
    rows = np.frombuffer(b"".join([frame[sent : sent + 6] for frame in frames]), dtype=np.uint8).reshape(-1, 6)
    parts = _two_digits(rows)
    return np.asarray(_seconds(parts) + parts[:, 5])


def _by_length(frames: Sequence[bytes]) -> Iterator[Ints]:
    """Yield the places of the frames of each length, where they are many."""
    sizes = np.fromiter(map(len, frames), dtype=np.int64, count=len(frames))
    order = np.argsort(sizes, kind="stable")
    cuts = np.flatnonzero(np.diff(sizes[order])) + 1
    for places in np.split(order, cuts):
        if len(places) >= FEW and sizes[places[0]] > decoding.HEADER + decoding.TAIL:
            yield places


def _together(rows: Bytes, dialect: Dialect) -> Iterator[tuple[Ints, Rows]]:
    """Yield the rows of each layout that could be read, and what they say."""
    left = np.flatnonzero(_are_whole(rows))
    for _ in range(MOST_LAYOUTS):
        if len(left) < FEW:
            return
        layout = _layout_of(rows[left[0]].tobytes(), dialect)
        if layout is None:
            left = left[rows[left, 10] != rows[left[0], 10]]
            continue
        same = (rows[left][:, layout.fixed] == rows[left[0], layout.fixed]).all(axis=1)
        taken, left = left[same], left[~same]
        taken = taken[_are_readable(rows[taken], layout)]
        yield taken, _values(rows[taken], taken, layout)


def _are_whole(rows: Bytes) -> Mask:
    """Tell (F,) which are single reports with the right header, end character and CRC."""
    size = rows.shape[1]
    body = size - decoding.HEADER - decoding.TAIL
    head = np.array([0x7E, 0x7E, body >> 8 & 0xFF, body & 0xFF, Control.STX])
    whole = (rows[:, [0, 1, 11, 12, 13]] == head).all(axis=1) & np.isin(rows[:, 10], TOGETHER)
    whole &= np.isin(rows[:, -3], (Control.ETX, Control.ETB)) & (body <= 0xFFF)
    check = rows[:, -2].astype(np.uint16) << 8 | rows[:, -1]
    return np.asarray(whole & (crc16_rows(np.ascontiguousarray(rows[:, :-2])) == check))


def _layout_of(frame: bytes, dialect: Dialect) -> _Layout | None:
    """Return where things stand in a report of one station, times and numbers; None for any other."""
    end, at = len(frame) - decoding.TAIL, decoding.HEADER + 8
    fixed, times = [10, at, at + 1], []
    places: list[_Place] = []
    if frame[at : at + 2] != bytes([table.STATION_MARK] * 2):
        return None
    station, at = at + 2, at + 8
    while at < end:
        code, definition = frame[at], frame[at + 1]
        fixed += [at, at + 1]
        if code == table.TIME_MARK == definition:
            times.append(at + 2)
            at += 7
            continue
        found = _places(code, definition, at + 2, len(times) - 1)
        if not times or not found or code in dialect.binary_codes:
            return None
        places += found
        at = found[-1].at + found[-1].size
    return _Layout(np.array(fixed), station, tuple(times), tuple(places)) if at == end else None


def _places(code: int, definition: int, at: int, time: int) -> list[_Place]:
    """Return where the values of an element stand; nothing where it is none of numbers."""
    if code == table.RAIN_5_MIN or code in LEVELS_5_MIN:
        if definition != five_minute_definition(code):
            return []
        size = 1 if code == table.RAIN_5_MIN else 2
        steps = range(STEPS_OF_AN_HOUR)
        return [_Place(code, at + size * step, size, size, time, FIVE_MINUTES_S * step, True) for step in steps]
    size = definition >> 3
    if code in table.SPECIAL or code == table.EXTENSION or not 1 <= size <= EXACT_BYTES:
        return []
    return [_Place(code, at, size, definition & 7, time)]


def _are_readable(rows: Bytes, layout: _Layout) -> Mask:
    """Tell (F,) where all digits are decimal and all times are in the calendar."""
    sent = decoding.HEADER + 2
    numbers = ((place.at, place.size) for place in layout.places if not place.is_whole)
    spans = [(sent, 6), *((at, 5) for at in layout.times), *numbers]
    digits = rows[:, np.concatenate([np.arange(at, at + size) for at, size in spans])]
    readable = ((digits < 0xA0) & (digits & 0x0F < 0x0A)).all(axis=1)
    for at, size in ((sent, 6), *((at, 5) for at in layout.times)):
        readable &= _are_times(_two_digits(rows[:, at : at + size]))
    return np.asarray(readable)


def _two_digits(octets: Bytes) -> Ints:
    """Return what each BCD byte counts, 0–99."""
    return ((octets >> 4) * 10 + (octets & 0x0F)).astype(np.int64)


def _are_times(parts: Ints) -> Mask:
    month, day, hour, minute = parts[:, 1], parts[:, 2], parts[:, 3], parts[:, 4]
    inside = (month >= 1) & (month <= 12) & (day >= 1) & (hour < 24) & (parts[:, 4:] < 60).all(axis=1) & (minute < 60)
    begins = _months(parts)
    days = (begins + 1).astype("datetime64[D]") - begins.astype("datetime64[D]")
    return np.asarray(inside & (day <= days.astype(np.int64)))


def _months(parts: Ints) -> NDArray[np.datetime64]:
    year = parts[:, 0] + np.where(parts[:, 0] < FIRST_YEAR % 100, 2000, 1900)
    return np.asarray(((year - 1970) * 12 + parts[:, 1] - 1).astype("datetime64[M]"))


def _seconds(parts: Ints) -> Ints:
    """Return (F,) seconds since 1970 UTC of Beijing times to the minute; equation (3)."""
    days = _months(parts).astype("datetime64[D]").astype(np.int64) + parts[:, 2] - 1
    return np.asarray(days * 86_400 + parts[:, 3] * 3600 + parts[:, 4] * 60 - BEIJING_S)


def _values(rows: Bytes, which: Ints, layout: _Layout) -> Rows:
    """Return the rows of a layout's values, frame by frame; equation (2)."""
    count, shape = len(layout.places), (len(rows), len(layout.places))
    pairs = _two_digits(rows)
    times = [_seconds(pairs[:, at : at + 5]) for at in layout.times]
    value, observed_s = np.empty(shape), np.empty(shape, dtype=np.int64)
    for column, place in enumerate(layout.places):
        octets, base = (rows, 256) if place.is_whole else (pairs, 100)
        number = np.zeros(len(rows))
        for byte in range(place.at, place.at + place.size):
            number = number * base + octets[:, byte]
        if place.is_whole:
            number[number == base**place.size - 1] = np.nan
        value[:, column], observed_s[:, column] = number / 10**place.decimals, times[place.time] + place.later_s
    station = rows[:, layout.station : layout.station + 5].astype(np.int64) @ (256 ** np.arange(4, -1, -1))
    code = np.tile(np.array([place.code for place in layout.places], dtype=np.int64), len(rows))
    return np.repeat(which, count), np.repeat(station, count), code, observed_s.ravel(), value.ravel()


def _one_by_one(
    frames: Sequence[bytes], places: Sequence[int], dialect: Dialect, found: list[Rows]
) -> tuple[dict[int, Frame], dict[int, DecodeFault]]:
    """Read what is out of the ordinary, and add what it says to what was found."""
    others: dict[int, Frame] = {}
    faults: dict[int, DecodeFault] = {}
    rows = []
    for place in places:
        try:
            others[place] = decoding.decode(frames[place], dialect=dialect)
        except DecodeFault as fault:
            faults[place] = fault
            continue
        for one in observed(others[place]):
            number = np.nan if one.value is None else one.value
            rows.append((place, int(one.station, 16), one.code, int(one.observed_at.timestamp()), number))
    if rows:
        whole = [np.array(column, dtype=np.int64) for column in list(zip(*rows, strict=True))[:4]]
        value = np.array([row[4] for row in rows], dtype=np.float64)
        found.append((whole[0], whole[1], whole[2], whole[3], value))
    return others, faults
