"""Readings as JSON, as devices send them by MQTT and by HTTP.

One of three forms, or a list of them; what else stands in an object is left alone:

    {"t": "2026-07-01T08:00:00+08:00", "v": {"rain": 12.5, "level": 101.2}}
    {"t": 1782864000, "name": "rain", "value": 12.5}
    [{"t": 1782864000000, "v": {"rain": 12.5}}, …]

A time is ISO 8601, Beijing time where it names no zone, or seconds or milliseconds since 1970. `null` is a value that
the device tells to be missing.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from math import nan
from typing import NamedTuple

import msgspec

from anlan.kernel.refusal import mark
from anlan.telemetry.core.sl651.clock import BEIJING

NOT_AS_AGREED = mark("The message is not as agreed: %(fault)s")
NO_VALUES = mark("The message holds no value")
NOT_A_TIME = mark("%(time)s is no time")
MILLISECONDS_FROM = 1e11  # as seconds the year 5138, as milliseconds 1973
SHOWN = 80  # characters of what was wrong


class BadReadings(ValueError):
    """A payload that is not as agreed."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message % values)
        self.message = message
        self.values: Mapping[str, str] = values


class Told(NamedTuple):
    """One value that was told; `time` in seconds since 1970."""

    element: str
    time: float
    value: float


class _Reading(msgspec.Struct, gc=False):
    t: float | str
    v: dict[str, float | None] | None = None
    name: str | None = None
    value: float | None = None


_DECODE = msgspec.json.Decoder(_Reading | list[_Reading]).decode


def read_readings(payload: bytes) -> list[Told]:
    """Return what a payload tells.

    Raises:
        BadReadings: it is not as agreed; then nothing of it is taken.

    >>> read_readings(b'{"t": 1782864000, "v": {"rain": 12.5}}')
    [Told(element='rain', time=1782864000.0, value=12.5)]
    """
    try:
        decoded = _DECODE(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadReadings(NOT_AS_AGREED, fault=str(fault)[:SHOWN]) from None
    told = [each for reading in (decoded if isinstance(decoded, list) else (decoded,)) for each in _told(reading)]
    if not told:
        raise BadReadings(NO_VALUES)
    return told


def read_plain(payload: bytes) -> tuple[float, dict[str, float | None]] | None:
    """Return time and values of a payload of the first form; None where it is any other, good or bad.

    Most payloads are of that form, and this asks nothing else of them: it takes half the time.

    >>> read_plain(b'{"t": 1782864000, "v": {"rain": 12.5}}'), read_plain(b"{")
    ((1782864000.0, {'rain': 12.5}), None)
    """
    try:
        reading = _DECODE(payload)
        if isinstance(reading, _Reading) and reading.v and reading.name is None:
            return seconds_of(reading.t), reading.v
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, BadReadings):
        return None
    return None


def _told(reading: _Reading) -> Iterator[Told]:
    time = seconds_of(reading.t)
    if reading.v is not None:
        for element, value in reading.v.items():
            yield Told(element, time, nan if value is None else value)
    if reading.name is not None:
        yield Told(reading.name, time, nan if reading.value is None else reading.value)


def seconds_of(time: float | str) -> float:
    """Return an instant in seconds since 1970.

    Raises:
        BadReadings: it is none.

    >>> seconds_of("2026-07-01T08:00:00"), seconds_of("2026-07-01T00:00:00Z"), seconds_of(1782864000500.0)
    (1782864000.0, 1782864000.0, 1782864000.5)
    """
    if isinstance(time, str):
        return _seconds_of_text(time)
    return time / 1e3 if time >= MILLISECONDS_FROM else time


@lru_cache(maxsize=8192)
def _seconds_of_text(text: str) -> float:
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=BEIJING)).timestamp()
    except (ValueError, OverflowError):
        raise BadReadings(NOT_A_TIME, time=text[:SHOWN]) from None
