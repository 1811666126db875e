"""`sl651.decode`: SL 651 reports from bytes to values on one core, beside a plain decoder (no package reads them).

The reports are 60 bytes with four elements; stations, times and values all differ. The plain decoder is written as one
would from the standard: a table for the CRC, one byte after the other, a dictionary for each frame.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache

import numpy as np

from anlan.telemetry.core.sl651.batch import decode_many
from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function, StationClass
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.stream import Splitter
from anlan.telemetry.core.sl651.values import Frame, Report, StationMark, TimeMark
from bench.frame import Measure, seconds_of

FRAMES, STATIONS, CHUNK = 100_000, 20_000, 4096
BEGINS_AT = datetime(2026, 7, 1, 8, tzinfo=BEIJING)
PEER = "a plain decoder"


def measures() -> Iterator[Measure]:
    """Yield the figures."""
    data = frames()
    table = crc_table()
    for what, ours, at_most in (
        ("many at once, columns", lambda: decode_many(data), 1.0),
        ("one by one, values", lambda: [decode(one) for one in data], None),
        ("out of a stream of bytes, columns", _from_stream, 1.0),
    ):
        yield Measure(
            f"{FRAMES} reports, {what}, s",
            ours=lambda ours=ours: seconds_of(ours),  # type: ignore[misc]
            limit="one look at every byte by numpy, a hundred times",
            probe=_look,
            peer=PEER,
            peer_value=lambda: seconds_of(lambda: [plainly(one, table) for one in data], repeats=1),
            at_most=at_most,
        )


@cache
def frames() -> list[bytes]:
    """Return timed reports of rivers: rain, rain added up, level, voltage."""
    rng = np.random.default_rng(651)
    seconds = np.sort(rng.integers(0, 86_400, FRAMES))
    levels, rains = rng.uniform(0, 400, FRAMES).round(3), rng.uniform(0, 90, FRAMES).round(1)
    volts = rng.uniform(10, 14, FRAMES).round(2)
    columns = zip(seconds.tolist(), levels.tolist(), rains.tolist(), volts.tolist(), strict=True)
    return [encode(_report(number, *row)) for number, row in enumerate(columns)]


def _report(number: int, second: int, level: float, rain: float, volt: float) -> Frame:
    station, at = f"00{30_000_000 + number % STATIONS:08d}", BEGINS_AT + timedelta(seconds=second)
    values = ((0x20, rain), (0x26, 10 * rain), (0x39, level), (0x38, volt))
    readings = tuple(reading(code, value) for code, value in values)
    body = Report(number % 65_535 + 1, at, (StationMark(station, StationClass.RIVER), TimeMark(at), *readings))
    return Frame(Encoding.HEX, Direction.UP, 1, station, 0x1234, Function.TIMED, body, Control.ETX)


def _look() -> float:
    octets = np.frombuffer(b"".join(frames()), dtype=np.uint8)
    return seconds_of(lambda: [np.bitwise_xor.reduce(octets) for _ in range(100)], repeats=5)


@cache
def _stream() -> list[bytes]:
    whole = b"".join(frames())
    return [whole[at : at + CHUNK] for at in range(0, len(whole), CHUNK)]


def _from_stream() -> None:
    splitter = Splitter()
    decode_many([piece.data for chunk in _stream() for piece in splitter.feed(chunk)])


def crc_table() -> list[int]:
    """Return the table of the CRC by bytes."""
    table = []
    for octet in range(256):
        register = octet
        for _ in range(8):
            register = register >> 1 ^ 0xA001 if register & 1 else register >> 1
        table.append(register)
    return table


def plainly(frame: bytes, table: list[int]) -> dict[str, object]:
    """Return what a report says, read as plainly as can be."""
    register = 0xFFFF
    for octet in frame[:-2]:
        register = register >> 8 ^ table[(register ^ octet) & 0xFF]
    if register != int.from_bytes(frame[-2:], "big"):
        raise ValueError("wrong CRC")
    said: dict[str, object] = {
        "station": frame[3:8].hex(),
        "serial": int.from_bytes(frame[14:16], "big"),
        "sent_at": datetime.strptime(frame[16:22].hex(), "%y%m%d%H%M%S").replace(tzinfo=BEIJING),
    }
    at, values = 22, {}
    while at < len(frame) - 3:
        code, definition = frame[at], frame[at + 1]
        size = {0xF1: 6, 0xF0: 5}.get(code, definition >> 3)
        content = frame[at + 2 : at + 2 + size].hex()
        if code == 0xF0:
            said["observed_at"] = datetime.strptime(content, "%y%m%d%H%M").replace(tzinfo=BEIJING)
        elif code != 0xF1:
            values[code] = int(content) / 10 ** (definition & 7)
        at += 2 + size
    said["values"] = values
    return said
