"""Frames to try the codec of SL 651 with: retyped ones, and any that can be written."""

from datetime import datetime

from hypothesis import strategies as st

from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.core.sl651.codes import ENDINGS, Direction, Encoding, Function
from anlan.telemetry.core.sl651.element_table import ELEMENTS
from anlan.telemetry.core.sl651.values import (
    Asked,
    Content,
    EventLog,
    Frame,
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

# Frames that a maker published; retyped from the tests of the open sl651 client in C that reads and writes them.
TIMED = (
    "7E7E 05 0011223344 03E8 32 002B 02 0034 170718110016 F1F1 0011223344 48 F0F0 1707181100"
    "2019 000040 2619 000040 3923 00010490 3812 1099 03 A421"
)
PUMPS_UNKNOWN = (
    "7E7E 05 0011223344 1234 44 002F 02 0021 170718101949 F1F1 0011223344 48 F0F0 1707181019"
    "7011FFFF 7111FFFF 7211FFFF 7311FFFF 7411FFFF 7511FFFF 03 3703"
)
PUBLISHED = {
    "keep-alive whose number looks like a start": "7E7E0098765432101234 2F 0008 02 7E08 22101110074703 C3AE",
    "current values asked": "7E7E 0012345678 01 1234 37 8008 02 0000 170718095404 05 ABC8",
    "a day of rain asked": "7E7E 0012345678 10 1234 38 8017 02 0000 130325110533 13032410 13032510 0418 000000"
    "F460 05 F800",
    "a day of rain": "7E7E 10 0012345678 1234 38 00DE 02 0031 130325110533 F1F1 0012345678 48 F0F0 1303241000"
    "0418 000000 F460" + "00" * 192 + "17 16F5",
    "five elements asked": "7E7E 0011223344 05 03E8 3A 8012 02 0000 170718110258 1F19 2019 2619 3812 3923 05 84B9",
    "values by hand": "7E7E 01 0012345678 1234 39 0011 02 0014 170718100630 F2F2 5120312E323334 03 46AA",
    "base settings written": "7E7E 01 0012345678 1234 40 004D 02 001B 170718101458 F1F1 0012345678 0120 05000000"
    "0228 0011223344 0450 02218094153172009708 0538 01A13012345678 0C08 02 0D40 8001000000000000"
    "0F68 31303133313132333435363738 03 2B4C",
    "base settings asked": "7E7E 0011223344 05 1234 41 8018 02 0000 170718101912 0120 0228 0310 0400 0500 0C08"
    "0D40 0F00 05 F2E3",
    "pumps unknown": PUMPS_UNKNOWN,
    "version": "7E7E 05 0011223344 1234 45 0021 02 0022 170718101955 F1F1 0011223344"
    "11 4441544138362D53572D56312E32284829 03 C476",
    "clear the store": "7E7E 0011223344 05 03E8 47 800A 02 0000 170718110351 9700 05 983C",
    "store cleared": "7E7E 05 0011223344 03E8 47 000F 02 003A 170718110347 F1F1 0011223344 03 05BD",
    "password changed": "7E7E 05 0011223344 1234 49 0013 02 0024 170718102024 F1F1 0011223344 0310 03E8 03 CEC8",
    "clock set": "7E7E 0011223344 05 03E8 4A 8008 02 0000 170718102149 05 749E",
    "pumps switched": "7E7E 05 0011223344 03E8 4C 0011 02 0029 170718102248 F1F1 0011223344 01 01 03 D1B3",
    "gate moved": "7E7E 05 0011223344 03E8 4E 0013 02 002B 170718102309 F1F1 0011223344 01 01 0002 03 869B",
    "quota on": "7E7E 05 0011223344 03E8 4F 0010 02 002C 170718102324 F1F1 0011223344 FF 03 32F5",
    "clock read": "7E7E 05 0011223344 03E8 51 000F 02 0030 170718105706 F1F1 0011223344 03 CC07",
}

times = st.datetimes(datetime(1950, 1, 1), datetime(2049, 12, 31)).map(  # noqa: DTZ001  the zone is added
    lambda at: at.replace(microsecond=0, tzinfo=BEIJING)
)
minutes = times.map(lambda at: at.replace(second=0))
hours = times.map(lambda at: at.replace(second=0, minute=0))
addresses = st.from_regex(r"[0-9]{6}[0-9A-F]{4}", fullmatch=True)
serials, passwords, octets = st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.integers(0, 0xFF)
PLAIN_CODES = sorted(code for code, element in ELEMENTS.items() if not element.is_binary)
OWN_CODES = [0x76, 0xEF, 0xFF00, 0xFF39, 0xFFFF]


@st.composite
def readings(draw):
    size, decimals = draw(st.integers(0, 31)), draw(st.integers(0, 7))
    least = -(10 ** max(2 * size - 2, 0)) + 1
    number = st.integers(least, 10 ** (2 * size) - 1) if size else st.none()
    return Reading(draw(st.sampled_from(PLAIN_CODES + OWN_CODES)), size, decimals, draw(st.none() | number))


def whole(size, count):
    return st.lists(st.none() | st.integers(0, (1 << 8 * size) - 2), min_size=count[0], max_size=count[1]).map(tuple)


five_minutes = whole(1, (12, 12)).map(lambda numbers: Series(0xF4, 1, 1, numbers)) | st.builds(
    lambda code, numbers: Series(code, 2, 2, numbers), st.integers(0xF5, 0xFC), whole(2, (12, 12))
)
steps = st.sampled_from([Step(0, 0, 0), Step(1, 0, 0), Step(0, 6, 0), Step(0, 0, 5)])
items = st.one_of(
    readings(),
    minutes.map(TimeMark),
    st.builds(StationMark, addresses, octets),
    five_minutes,
    steps,
    st.integers(0, 0xFFFFFFFF).map(StatusWord),
)
contents = st.builds(Content, st.sampled_from([0xF2, 0xF3, 0xFD]), st.binary(max_size=80))
reports = st.builds(
    lambda serial, at, some, last: Report(serial, at, (*some, *last)),
    serials,
    times,
    st.lists(items, max_size=8),
    st.lists(contents, max_size=1),
)


@st.composite
def of_equal_steps(draw):
    size, decimals = draw(st.integers(1, 5)), draw(st.integers(0, 7))
    numbers = st.lists(st.none() | st.integers(0, 10 ** (2 * size) - 1), min_size=1, max_size=30).map(tuple)
    series = st.builds(Series, st.sampled_from([0x39, 0x27, 0xFF39]), st.just(size), st.just(decimals), numbers)
    rain = whole(1, (1, 48)).map(lambda found: Series(0xF4, 1, 1, found))
    head = (draw(st.builds(StationMark, addresses, octets)), TimeMark(draw(minutes)), draw(steps))
    return Report(draw(serials), draw(times), (*head, draw(series | rain)))


wanted = st.builds(Wanted, st.sampled_from(PLAIN_CODES + [0xF4, 0xFF10]), octets)
settings_list = st.lists(
    st.builds(Setting, st.sampled_from([1, 3, 0x20, 0xFF02]), st.integers(0, 7), st.binary(max_size=31)), max_size=9
).map(tuple)
flags = st.lists(st.booleans(), max_size=20).map(tuple)


@st.composite
def gates(draw, address):
    states = draw(flags)
    openings = draw(st.lists(st.integers(0, 0xFFFF), min_size=len(states), max_size=len(states)))
    return Switched(draw(serials), draw(times), draw(address), states, tuple(openings))


def bodies(direction, function):
    """Return what a frame of that function may say."""
    is_up = direction is Direction.UP
    address = addresses if is_up else st.just("")
    plain = st.builds(Plain, serials, times)
    known = {
        Function.LINK: plain,
        Function.SERIES: of_equal_steps() if is_up else plain,
        Function.ASK_PERIOD: of_equal_steps()
        if is_up
        else st.builds(PeriodAsked, serials, times, hours, hours, steps, wanted),
        Function.VERSION: st.builds(Version, serials, times, address, st.text("abc .-0", max_size=40))
        if is_up
        else plain,
        Function.PUMPS: st.builds(Switched, serials, times, address, flags),
        Function.VALVES: st.builds(Switched, serials, times, address, flags),
        Function.GATES: gates(address),
        Function.QUOTA: st.builds(Quota, serials, times, address, st.booleans()),
        Function.EVENTS: st.builds(
            EventLog, serials, times, address, st.lists(serials, min_size=32, max_size=32).map(tuple)
        )
        if is_up
        else plain,
        0xE5: st.binary(min_size=9, max_size=99).map(Opaque),
    }
    if function in known:
        return known[function]
    some_settings = st.builds(Settings, serials, times, address, settings_list if is_up else settings_list.filter(bool))
    if function in {Function.WRITE_BASE, Function.WRITE_RUN, Function.PASSWORD}:
        return some_settings
    if function in {Function.READ_BASE, Function.READ_RUN} and is_up:
        return some_settings
    if function in {Function.TIMED, Function.HOURLY, Function.MANUAL, Function.PICTURE, Function.ASK_NOW} and is_up:
        return reports
    if function in {Function.ASK_ELEMENTS, Function.READ_BASE, Function.CLEAR_STORE} and not is_up:
        return st.builds(Asked, serials, times, st.lists(wanted, min_size=1, max_size=9).map(tuple))
    return plain if not is_up else st.builds(Report, serials, times, st.just(()))


@st.composite
def frames(draw, direction=None):
    """Any frame of bytes that is not one of several packets."""
    way = direction if direction is not None else draw(st.sampled_from(Direction))
    function = draw(st.sampled_from([*Function, 0xE5]))
    return Frame(
        Encoding.HEX,
        way,
        draw(octets),
        draw(addresses),
        draw(passwords),
        int(function),
        draw(bodies(way, function)),
        draw(st.sampled_from(sorted(ENDINGS[way]))),
    )


@st.composite
def texts(draw):
    """Any report in characters."""
    function = draw(st.sampled_from([Function.TEST, Function.TIMED, Function.HOURLY, Function.EXTRA]))
    some = [StationMark(draw(addresses), ord(draw(st.sampled_from("PHKZ")))), TimeMark(draw(minutes))]
    for code in draw(st.lists(st.sampled_from(PLAIN_CODES), max_size=6)):
        number, decimals = draw(st.integers(-99999, 99999)), draw(st.integers(0, 3))
        shown = f"{abs(number):0{decimals + 1}d}"
        size = len(shown) + (decimals > 0) + (number < 0) + draw(st.integers(0, 2))
        some.append(Reading(code, size, decimals, number))
    some += draw(st.lists(five_minutes | st.integers(0, 0xFFFFFFFF).map(StatusWord), max_size=2))
    head = (Encoding.ASCII, Direction.UP, draw(octets), draw(addresses), draw(passwords), int(function))
    return Frame(*head, Report(draw(serials), draw(times), tuple(some)), draw(st.sampled_from([0x03, 0x17])))
