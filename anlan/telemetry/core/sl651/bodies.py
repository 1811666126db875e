"""The bodies of HEX/BCD frames by function code and direction.

Each begins with the running number (2 bytes, 1–65535; 0 where the centre began) and the time of sending (6 BCD).
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from anlan.telemetry.core.sl651.clock import time_from
from anlan.telemetry.core.sl651.codes import FIRST_OWN, Direction, Function
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.element_table import STATION_MARK, STEP
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.items import Walk, element_code, read_items, step_at
from anlan.telemetry.core.sl651.values import (
    Asked,
    Body,
    EventLog,
    Opaque,
    PeriodAsked,
    Plain,
    Quota,
    Report,
    Setting,
    Settings,
    Switched,
    Version,
    Wanted,
)

OPENING = 8  # bytes of running number and time
KINDS_OF_EVENT = 32
Reader = Callable[[Walk, int, int, datetime], Body]

WITH_CLASS = {
    *(Function.TEST, Function.SERIES, Function.TIMED, Function.EXTRA, Function.HOURLY, Function.MANUAL),
    *(Function.PICTURE, Function.ASK_NOW, Function.ASK_PERIOD, Function.ASK_MANUAL, Function.ASK_ELEMENTS),
    Function.PUMP_READINGS,
}
OF_EQUAL_STEPS = {Function.SERIES, Function.ASK_PERIOD}


def read_body(data: bytes, at: int, end: int, way: tuple[Direction, int], dialect: Dialect = STANDARD) -> Body:
    """Return the body that stands in the bytes from `at` to before `end`.

    Args:
        data: the frame, or the joined content of its packets; at least one byte follows the body.
        at: where the body begins.
        end: where it ends.
        way: direction and function code.
        dialect: what function codes and elements are added to the standard.

    Raises:
        DecodeFault: it is no such body.
    """
    direction, function = way[0], dialect.body_of(way[1])
    is_down = direction is Direction.DOWN
    if function >= FIRST_OWN and not (is_down and end - at == OPENING):
        return Opaque(data[at:end])
    if end - at < OPENING:
        raise DecodeFault(Reason.BODY_SHORT, end)
    serial = data[at] << 8 | data[at + 1]
    digits = data[at + 2 : at + OPENING].hex()
    sent_at = time_from(digits)
    if sent_at is None:
        raise DecodeFault(Reason.TIME, at + 2, found=digits.upper())
    if is_down and end - at == OPENING:
        return Plain(serial, sent_at)
    reader = (_DOWN if is_down else _UP).get(function)
    if reader is None:
        raise DecodeFault(Reason.FUNCTION, 10, found=f"{function:02X}")
    has_class, is_series = function in WITH_CLASS, function in OF_EQUAL_STEPS
    walk = Walk(data, end, dialect, has_class=has_class, is_series=is_series)
    return reader(walk, at + OPENING, serial, sent_at)


def _read_plain(walk: Walk, at: int, serial: int, sent_at: datetime) -> Plain:
    _check_over(walk, at)
    return Plain(serial, sent_at)


def _read_report(walk: Walk, at: int, serial: int, sent_at: datetime) -> Report:
    return Report(serial, sent_at, read_items(walk, at))


def _check_over(walk: Walk, at: int) -> None:
    if at != walk.end:
        raise DecodeFault(Reason.LEFT_OVER, at)


def _address(walk: Walk, at: int) -> tuple[str, int]:
    """Return the address that a reply begins with and the byte after it; the empty one for what comes from above."""
    if walk.data[at : at + 1] != bytes([STATION_MARK]):
        return "", at
    start = walk.definition(at, STATION_MARK)
    stop = walk.need(start, 5)
    return walk.digits[2 * start : 2 * stop].upper(), stop


def _read_wanted(walk: Walk, at: int) -> tuple[Wanted, int]:
    code, place = element_code(walk, at)
    return Wanted(code, walk.data[place]), place + 1


def _read_asked(walk: Walk, at: int, serial: int, sent_at: datetime) -> Asked:
    wanted = []
    while at < walk.end:
        one, at = _read_wanted(walk, at)
        wanted.append(one)
    return Asked(serial, sent_at, tuple(wanted))


def _read_period(walk: Walk, at: int, serial: int, sent_at: datetime) -> PeriodAsked:
    since, until = _hour(walk, at), _hour(walk, at + 4)
    at += 8
    if walk.data[at] != STEP:
        raise DecodeFault(Reason.MARK, at, found=f"{walk.data[at]:02X}", expected=f"{STEP:02X}")
    step, at = step_at(walk, at)
    wanted, at = _read_wanted(walk, at)
    _check_over(walk, at)
    return PeriodAsked(serial, sent_at, since, until, step, wanted)


def _hour(walk: Walk, at: int) -> datetime:
    stop = walk.need(at, 4)
    digits = walk.digits[2 * at : 2 * stop]
    moment = time_from(digits)
    if moment is None:
        raise DecodeFault(Reason.TIME, at, found=digits.upper())
    return moment


def _read_settings(walk: Walk, at: int, serial: int, sent_at: datetime) -> Settings:
    address, at = _address(walk, at)
    settings = []
    while at < walk.end:
        code, place = element_code(walk, at)
        at = walk.need(place + 1, walk.data[place] >> 3)
        settings.append(Setting(code, walk.data[place] & 7, walk.data[place + 1 : at]))
    return Settings(serial, sent_at, address, tuple(settings))


def _read_version(walk: Walk, at: int, serial: int, sent_at: datetime) -> Version:
    address, at = _address(walk, at)
    start = walk.need(at, 1)
    stop = walk.need(start, walk.data[at])
    _check_over(walk, stop)
    content = walk.data[start:stop]
    if not content.isascii():
        raise DecodeFault(Reason.TEXT, start, found=content.hex().upper())
    return Version(serial, sent_at, address, content.decode("ascii"))


def _read_switched(walk: Walk, at: int, serial: int, sent_at: datetime) -> Switched:
    address, states, _, at = _states(walk, at)
    _check_over(walk, at)
    return Switched(serial, sent_at, address, states)


def _read_gates(walk: Walk, at: int, serial: int, sent_at: datetime) -> Switched:
    address, states, count, at = _states(walk, at)
    stop = walk.need(at, 2 * count)
    _check_over(walk, stop)
    openings = tuple(int.from_bytes(walk.data[place : place + 2], "big") for place in range(at, stop, 2))
    return Switched(serial, sent_at, address, states, openings)


def _states(walk: Walk, at: int) -> tuple[str, tuple[bool, ...], int, int]:
    """Return address, who is on, how many there are, and the byte after; the first stands in the lowest bit."""
    address, at = _address(walk, at)
    start = walk.need(at, 1)
    count = walk.data[at]
    stop = walk.need(start, (count + 7) // 8)
    bits = int.from_bytes(walk.data[start:stop], "little")
    if bits >> count:
        raise DecodeFault(Reason.LEFT_OVER, stop - 1)
    return address, tuple(bool(bits >> place & 1) for place in range(count)), count, stop


def _read_quota(walk: Walk, at: int, serial: int, sent_at: datetime) -> Quota:
    address, at = _address(walk, at)
    stop = walk.need(at, 1)
    _check_over(walk, stop)
    if walk.data[at] not in {0x00, 0xFF}:
        raise DecodeFault(Reason.MARK, at, found=f"{walk.data[at]:02X}", expected="FF/00")
    return Quota(serial, sent_at, address, walk.data[at] == 0xFF)


def _read_events(walk: Walk, at: int, serial: int, sent_at: datetime) -> EventLog:
    address, at = _address(walk, at)
    stop = walk.need(at, 2 * KINDS_OF_EVENT)
    _check_over(walk, stop)
    counts = tuple(int.from_bytes(walk.data[place : place + 2], "big") for place in range(at, stop, 2))
    return EventLog(serial, sent_at, address, counts)


_BOTH_WAYS: Mapping[int, Reader] = {
    Function.WRITE_BASE: _read_settings,
    Function.WRITE_RUN: _read_settings,
    Function.PASSWORD: _read_settings,
    Function.IC_CARD: _read_report,
    Function.PUMPS: _read_switched,
    Function.VALVES: _read_switched,
    Function.GATES: _read_gates,
    Function.QUOTA: _read_quota,
}
_UP: Mapping[int, Reader] = {
    **_BOTH_WAYS,
    Function.LINK: _read_plain,
    **dict.fromkeys(WITH_CLASS, _read_report),
    Function.READ_BASE: _read_settings,
    Function.READ_RUN: _read_settings,
    Function.VERSION: _read_version,
    Function.STATUS: _read_report,
    Function.CLEAR_STORE: _read_report,
    Function.FACTORY_RESET: _read_report,
    Function.SET_CLOCK: _read_report,
    Function.EVENTS: _read_events,
    Function.READ_CLOCK: _read_report,
}
_DOWN: Mapping[int, Reader] = {
    **_BOTH_WAYS,
    Function.ASK_PERIOD: _read_period,
    Function.ASK_ELEMENTS: _read_asked,
    Function.READ_BASE: _read_asked,
    Function.READ_RUN: _read_asked,
    Function.CLEAR_STORE: _read_asked,
    Function.FACTORY_RESET: _read_asked,
}
