"""The JSON of geological monitoring, from bytes to values.

    {"L1_LF_1": {"1790000000000": {"value": 1.25}}}            sensor → time → fields
    {"L1_LF_1": {"2026-07-01 08:00:00": 1.25}}                 sensor → time → value
    {"L1_LF_1": 1.25, "L1_QJ_1": {"X": 0.1}, "at": "…"}        sensor → value or fields, one time for all

A device's id may stand around it, or `data`. Before the JSON may stand the kind (one byte) and its length (two), as in
messages to `$dp`. A time without a zone is Beijing time; without any time it is that of arrival.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isfinite

import msgspec

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.geo_elements import NOT_NUMBERS, SENSOR
from anlan.telemetry.core.sl651.clock import BEIJING

WRAPPERS = ("data", "datastreams", "content", "value")
TIMES = ("at", "time", "timestamp", "ts")
DEEPEST = 3  # wrappers around the sensors
MOST_VALUES = 10_000  # of one message
_PLAIN_TIME = re.compile(r"\d{14}")


class BadGeoPayload(Refusal):
    """Bytes that are no message of this form."""


@dataclass(frozen=True, slots=True)
class GeoValue:
    """One value: element, seconds since 1970 (None: none was told), value."""

    element: str
    time: float | None
    value: float


def read_geo(payload: bytes) -> Iterator[GeoValue]:
    """Yield what a message tells.

    Raises:
        BadGeoPayload: it is no such message, or one of its values is no number; nothing of it should be kept then.
    """
    try:
        content = msgspec.json.decode(_without_head(payload))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadGeoPayload(mark("The message is no JSON")) from None
    sensors, time = _sensors(content, DEEPEST)
    count = 0
    for sensor, told in sensors.items():
        for one in _values(sensor, told, time):
            count += 1
            if count > MOST_VALUES:
                raise BadGeoPayload(mark("The message has more than %(most)d values"), most=MOST_VALUES)
            yield one


def _without_head(payload: bytes) -> bytes:
    """Return the JSON behind the head of a `$dp` message; what stands behind the JSON is a file and not read."""
    if len(payload) > 3 and payload[0] < 0x10:
        return payload[3 : 3 + int.from_bytes(payload[1:3], "big")]
    return payload


def _sensors(content: object, deepest: int) -> tuple[Mapping[str, object], float | None]:
    """Return the sensors, out of what stands around them, and the one time of all of them."""
    if not isinstance(content, dict):
        raise BadGeoPayload(mark("The message names no sensor"))
    sensors = {key: told for key, told in content.items() if isinstance(key, str) and SENSOR.fullmatch(key)}
    time = next((time_of(content[key]) for key in TIMES if key in content), None)
    if sensors:
        return sensors, time
    names = [key for key in WRAPPERS if isinstance(content.get(key), dict)] or [
        key for key, told in content.items() if isinstance(told, dict)
    ]
    if not deepest or len(names) != 1:
        raise BadGeoPayload(mark("The message names no sensor"))
    inner, inner_time = _sensors(content[names[0]], deepest - 1)
    return inner, time if inner_time is None else inner_time


def _values(sensor: str, told: object, time: float | None) -> Iterator[GeoValue]:
    if not isinstance(told, dict):
        yield GeoValue(sensor, time, _number(sensor, told))
    elif told and all(isinstance(key, str) and key[:1].isdigit() for key in told):
        for at, fields in told.items():
            yield from _fields(sensor, fields, time_of(at))
    else:
        yield from _fields(sensor, told, time)


def _fields(sensor: str, told: object, time: float | None) -> Iterator[GeoValue]:
    if not isinstance(told, dict):
        yield GeoValue(sensor, time, _number(sensor, told))
        return
    fields = {key: value for key, value in told.items() if key not in NOT_NUMBERS and key not in TIMES}
    time = next((time_of(told[key]) for key in TIMES if key in told), time)
    if list(fields) == ["value"]:
        yield GeoValue(sensor, time, _number(sensor, fields["value"]))
        return
    for key, value in fields.items():
        if not SENSOR.fullmatch(f"{sensor}.{key}"):
            raise BadGeoPayload(mark("%(element)s names no element"), element=_shown(f"{sensor}.{key}"))
        yield GeoValue(f"{sensor}.{key}", time, _number(f"{sensor}.{key}", value))


def _number(element: str, told: object) -> float:
    """Return a number, also where it is told as text."""
    if isinstance(told, int | float) and not isinstance(told, bool):
        number = _as_float(told)
    elif isinstance(told, str):
        number = _as_float(told.strip())
    else:
        number = None
    if number is None:
        raise BadGeoPayload(mark("The value of %(element)s is not a finite number"), element=_shown(element))
    return number


def _shown(text: str) -> str:
    """Return the beginning of a text without what cannot be shown or kept."""
    return "".join(sign if sign.isprintable() else "·" for sign in text[:60])


def _as_float(told: float | str) -> float | None:
    try:
        number = float(told)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def time_of(told: object) -> float:
    """Return seconds since 1970 of milliseconds, seconds, or a written time.

    >>> time_of("1790000000000"), time_of(1790000000), time_of("2026-09-21 21:33:20"), time_of("2026-09-21T13:33:20Z")
    (1790000000.0, 1790000000.0, 1789997600.0, 1789997600.0)

    Raises:
        BadGeoPayload: it is no time.
    """
    number = _as_float(told) if isinstance(told, int | float | str) and not isinstance(told, bool) else None
    text = str(told).strip()
    if number is not None and not _PLAIN_TIME.fullmatch(text):
        return number / 1000 if abs(number) >= 1e11 else number
    if _PLAIN_TIME.fullmatch(text):
        text = f"{text[:8]}T{text[8:]}"
    try:
        at = datetime.fromisoformat(text.replace("/", "-"))
        return (at if at.tzinfo else at.replace(tzinfo=BEIJING)).timestamp()
    except (ValueError, OverflowError):
        raise BadGeoPayload(mark("The time %(time)s is none"), time=_shown(text)) from None
