"""What frames of SL 651 measured: one by one and many at once say the same."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.sl651.batch import decode_many, station_text
from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.observed import observed
from anlan.telemetry.core.sl651.values import (
    Frame,
    Plain,
    Reading,
    Report,
    Series,
    StationMark,
    StatusWord,
    Step,
    TimeMark,
)
from anlan.telemetry.core.tests.sl651_frames import TIMED, frames, texts

AT = datetime(2026, 7, 1, 11, tzinfo=BEIJING)
MINUTE = timedelta(minutes=1)


def report(*items, station="0011223344", at=AT, function=Function.TIMED):
    marks = (StationMark(station, ord("H")), TimeMark(at.replace(second=0)))
    return Frame(Encoding.HEX, Direction.UP, 1, station, 0, function, Report(7, at, (*marks, *items)), Control.ETX)


def timed(station, *, rain=5, level=10490, **how):
    return report(Reading(0x20, 3, 1, rain), Reading(0x39, 4, 3, level), station=f"00{station:08d}", **how)


def rows(frame):
    return [(one.station, one.code, one.observed_at, one.value) for one in observed(frame)]


def test_a_series_begins_at_its_time_of_observation():
    items = (Series(0xF4, 1, 1, (5, None, 0)), Step(0, 6, 0), Series(0x39, 4, 3, (1000, 2000)), StatusWord(1025))

    found = rows(report(*items))

    assert found == [
        ("0011223344", 0xF4, AT, 0.5),
        ("0011223344", 0xF4, AT + 5 * MINUTE, None),
        ("0011223344", 0xF4, AT + 10 * MINUTE, 0.0),
        ("0011223344", 0x39, AT, 1.0),
        ("0011223344", 0x39, AT + 360 * MINUTE, 2.0),
        ("0011223344", 0x45, AT, 1025.0),
    ]


def test_a_step_of_nothing_is_five_minutes():
    assert [at for _, _, at, _ in rows(report(Step(0, 0, 0), Series(0xF4, 1, 1, (1, 2))))] == [AT, AT + 5 * MINUTE]


def test_steps_beyond_the_calendar_end_with_it():
    assert rows(report(Step(99, 0, 0), Series(0xF4, 1, 1, (1,) * 40_000)))[-1][2].year == 9999


def test_each_value_belongs_to_the_station_marked_last_and_to_the_time_of_sending_without_another():
    frame = report()
    relayed = (Reading(0x38, 2, 2, 1220), StationMark("0099999999", ord("P")), Reading(0x20, 3, 1, 1))

    found = rows(replace(frame, body=replace(frame.body, items=relayed)))

    assert found == [("0011223344", 0x38, AT, 12.2), ("0099999999", 0x20, AT, 0.1)]
    assert rows(replace(frame, body=Plain(1, AT))) == []


def as_columns(data):
    """Return what reading the frames one by one gives: values, and where the faults are."""
    found, faults = [], {}
    for place, content in enumerate(data):
        try:
            frame = decode(content)
        except DecodeFault as fault:
            faults[place] = fault.reason
            continue
        found += [
            (
                place,
                one.station,
                one.code,
                int(one.observed_at.timestamp()),
                str(np.float64(one.value or 0.0)),
                one.value is None,
            )
            for one in observed(frame)
        ]
    return found, faults


def in_rows(columns):
    return [
        (int(place), station_text(int(station)), int(code), int(at), str(np.nan_to_num(value)), bool(np.isnan(value)))
        for place, station, code, at, value in zip(
            columns.frame, columns.station, columns.code, columns.observed_s, columns.value, strict=True
        )
    ]


def check_same(data):
    columns = decode_many(data)

    assert (in_rows(columns), {place: fault.reason for place, fault in columns.faults.items()}) == as_columns(data)
    return columns


def test_many_timed_reports_are_read_together():
    data = [encode(timed(number, rain=number % 50, at=AT + number * MINUTE)) for number in range(300)]

    columns = check_same(data)

    assert (len(columns.value), columns.others, columns.faults) == (600, {}, {})
    assert columns.value[:2].tolist() == [0.0, 10.49]


def test_many_hourly_reports_are_read_together():
    rain, level = (5, 0, None, *[1] * 9), (12, None, 65534, *[49] * 9)
    items = (
        Series(0xF4, 1, 1, rain),
        TimeMark(AT),
        Series(0xF5, 2, 2, level),
        TimeMark(AT + MINUTE),
        Reading(0x38, 2, 2, 1220),
    )
    data = [encode(report(*items, station=f"{number:010d}", function=Function.HOURLY)) for number in range(30)]

    columns = check_same(data)

    assert (len(columns.value), columns.others, columns.faults) == (30 * 25, {}, {})


def test_what_is_out_of_the_ordinary_among_many_is_read_one_by_one():
    data = [encode(timed(number)) for number in range(40)]
    data[3] = encode(timed(3, level=-1500))
    data[4] = encode(timed(4, rain=None))
    data[5] = data[5][:-1] + bytes([data[5][-1] ^ 1])
    data[6] = bytes.fromhex(TIMED)
    data[7] = encode(report(Reading(0x26, 3, 1, 5), Reading(0x3B, 4, 3, 10490)))
    data[8] = b"\x7e"

    columns = check_same(data)

    assert sorted(columns.others) == [3, 4, 6, 7]
    assert {place: fault.reason for place, fault in columns.faults.items()} == {5: Reason.CRC, 8: Reason.NO_FRAME}


def test_times_that_are_none_are_told_among_many():
    data = [encode(timed(number, at=datetime(2024, 2, 29, 23, 59, tzinfo=BEIJING))) for number in range(20)]
    wrong = data[2].replace(bytes.fromhex("2402292359"), bytes.fromhex("2302292359"))

    data[2] = wrong[:-2] + crc16(wrong[:-2]).to_bytes(2, "big")
    columns = check_same(data)

    assert columns.faults[2].reason is Reason.TIME


def test_nothing_gives_nothing():
    assert len(decode_many([]).value) == 0


@given(st.lists(frames(Direction.UP) | texts(), max_size=6), st.integers(1, 12), st.data())
def test_many_at_once_say_what_each_says(some, times, data):
    content = [encode(frame) for frame in some for _ in range(times)]
    if content:
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = content[place][: data.draw(st.integers(0, len(content[place])))]

    check_same(content)
