"""Frames of SL 651: what published ones say, and that whatever can be written can be read."""

import csv
import json
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.clock import BEIJING, time_digits
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function, StationClass, Status
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.dialect import Dialect
from anlan.telemetry.core.sl651.element_table import ELEMENTS, SPECIAL, Element
from anlan.telemetry.core.sl651.encoding import encode, encode_item
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.values import (
    Content,
    Frame,
    Reading,
    Report,
    Series,
    StationAddress,
    StationMark,
    StatusWord,
    Step,
    TimeMark,
    Wanted,
)
from anlan.telemetry.core.tests.sl651_frames import PUBLISHED, TIMED, frames, texts

NOON = datetime(2026, 7, 1, 12, tzinfo=BEIJING)


def beijing(*parts):
    return datetime(*parts, tzinfo=BEIJING)


def uplink(*items, function=Function.TIMED, station="0011223344"):
    return Frame(Encoding.HEX, Direction.UP, 1, station, 0, function, Report(7, NOON, items), Control.ETX)


def fault_of(data, **how):
    with pytest.raises(DecodeFault) as caught:
        decode(data, **how)
    return caught.value.reason, caught.value.offset


def test_a_timed_report_says_who_when_and_what():
    frame = decode(bytes.fromhex(TIMED))

    assert (frame.centre, frame.station, frame.password, frame.function) == (5, "0011223344", 1000, Function.TIMED)
    assert (frame.ending, frame.is_last, frame.body.serial) == (Control.ETX, True, 0x34)
    assert frame.body.sent_at == beijing(2017, 7, 18, 11, 0, 16)
    assert frame.body.items == (
        StationMark("0011223344", StationClass.RIVER),
        TimeMark(beijing(2017, 7, 18, 11, 0)),
        Reading(0x20, 3, 1, 40),
        Reading(0x26, 3, 1, 40),
        Reading(0x39, 4, 3, 10490),
        Reading(0x38, 2, 2, 1099),
    )
    assert [item.value for item in frame.body.items[2:]] == [4.0, 4.0, 10.49, 10.99]


@pytest.mark.parametrize("what", PUBLISHED)
def test_published_frames_are_written_again_from_their_values(what):
    data = bytes.fromhex(PUBLISHED[what])

    assert encode(decode(data)) == data


def test_published_bodies_of_each_kind_say_what_they_should():
    body = {what: decode(bytes.fromhex(text)).body for what, text in PUBLISHED.items()}

    assert body["keep-alive whose number looks like a start"].serial == 0x7E08
    assert body["current values asked"].serial == 0
    assert body["a day of rain asked"].since == beijing(2013, 3, 24, 10)
    assert body["a day of rain asked"].step == Step(0, 0, 0)
    assert body["a day of rain"].items[-1] == Series(0xF4, 1, 1, (0,) * 192)
    assert body["five elements asked"].wanted[4] == Wanted(0x39, 0x23)
    assert body["values by hand"].items == (Content(0xF2, b"Q 1.234"),)
    assert body["base settings written"].settings[-1].content == b"1013112345678"
    assert {item.number for item in body["pumps unknown"].items[2:]} == {None}
    assert body["version"].text == "DATA86-SW-V1.2(H)"
    assert body["clear the store"].wanted == (Wanted(0x97, 0),)
    assert body["store cleared"].items == (StationMark("0011223344", None),)
    assert body["password changed"].settings[0].content == b"\x03\xe8"
    assert body["gate moved"].states == (True,)
    assert body["gate moved"].openings == (2,)
    assert body["quota on"].is_on


@pytest.mark.shared
def test_good_shared_frames_are_written_again_and_bad_ones_are_refused(shared):
    known = json.loads((shared / "vectors.json").read_text("utf-8"))["sl651_frames"]
    good = {name: bytes.fromhex(one["hex"]) for name, one in known.items() if one["crc_ok"]}
    bad = [bytes.fromhex(one["hex"]) for one in known.values() if not one["crc_ok"]]

    assert len(good) == 14
    assert {name: encode(decode(data)) for name, data in good.items()} == good
    assert [fault_of(data)[0] for data in bad] == [Reason.CRC, Reason.CRC]


@pytest.mark.shared
def test_shared_frames_say_what_was_published(shared):
    known = json.loads((shared / "vectors.json").read_text("utf-8"))["sl651_frames"]
    said = {name: decode(bytes.fromhex(one["hex"])).body for name, one in known.items() if one["crc_ok"]}

    def values(name):
        return [(item.code, item.value) for item in said[name].items if isinstance(item, Reading)]

    assert values("test_30_up") == [(0x20, 0.5), (0x26, 0.5), (0x39, 0.127), (0x38, 11.15)]
    assert values("timed_32_up_b") == [(0x20, 10.0), (0x26, 10.0), (0x39, 14.42), (0x38, 12.2)]
    assert values("timed_32_rain") == [(0x22, 5.0), (0x1A, 5.0), (0x20, 5.0), (0x26, 5.0)]
    assert values("extra_33_up") == [(0x20, 4.0), (0x26, 4.0), (0x39, 10.49), (0x38, 11.02)]
    assert values("query_37_reply") == [(0x20, 1.5), (0x26, 1.5), (0x39, 0.122), (0x38, 11.08)]
    assert values("hourly_34_up") == [(0x26, 4.0), (0x39, 10.49), (0x20, 4.0), (0x38, 10.99)]
    assert said["test_30_up"].sent_at == beijing(1959, 10, 11, 15, 49, 47)
    rain, level = (item for item in said["hourly_34_up"].items if isinstance(item, Series))
    assert rain.numbers == (5, 0, 0, 0, 20, None, None, None, None, None, 0, 0)
    assert level.numbers == (12, 12, 28, 49, 49, None, None, None, None, None, 49, 49)
    assert said["period_38_reply"].items[2:] == (Step(0, 0, 5), rain)
    assert said["status_46_reply"].items[1].flags == Status.PUMP_STOPPED
    assert [one.content.hex() for one in said["config_43_reply"].settings][:3] == ["01", "05", "08"]


@pytest.mark.shared
def test_the_element_table_agrees_with_the_shared_one(shared):
    with (shared / "sl651" / "sl651_elements.csv").open(encoding="utf-8", newline="") as file:
        rows = {int(row["lead_hex"], 16): row for row in csv.DictReader(file) if row["no"] != "132"}
    numbers = {code: element for code, element in ELEMENTS.items() if not element.is_binary and code != 0x05}

    assert set(rows) == set(ELEMENTS) | set(SPECIAL)
    assert {code: (one.symbol, one.digits, one.decimals, one.definition) for code, one in numbers.items()} == {
        code: (
            rows[code]["ascii"],
            *(int(rows[code][key]) for key in ("digits", "decimals")),
            int(rows[code]["typical_def_byte_hex"], 16),
        )
        for code in numbers
    }


@given(frames())
def test_whatever_is_written_is_read(frame):
    assert decode(encode(frame)) == frame


@given(texts())
def test_whatever_is_written_in_characters_is_read(frame):
    assert decode(encode(frame)) == frame


def test_a_report_in_characters_says_the_same():
    items = (StationMark("0011223344", ord("H")), TimeMark(NOON), Reading(0x20, 3, 1, 40), Reading(0x39, 6, 3, -1049))
    frame = Frame(Encoding.ASCII, Direction.UP, 5, "0011223344", 1000, Function.TIMED, Report(7, NOON, items), 3)

    data = encode(frame)

    text = b"\x0105001122334403E832003F\x020007 260701120000 ST 0011223344 H TT 2607011200 PJ 4.0 Z -1.049\x03"
    assert data[:-4] == text
    assert decode(data) == frame


@pytest.mark.parametrize(
    ("number", "digits"), [(0, "000000"), (123, "000123"), (-123, "FF0123"), (None, "FFFFFF"), (999999, "999999")]
)
def test_digits_may_be_negative_or_missing(number, digits):
    reading = Reading(0x20, 3, 1, number)

    assert encode_item(reading).hex().upper() == f"2019{digits}"
    assert decode(encode(uplink(reading))).body.items == (reading,)


@pytest.mark.parametrize("number", [-10_000, 1_000_000])
def test_a_number_that_does_not_fit_is_not_written(number):
    with pytest.raises(ValueError, match="expected at most 6 digits"):
        encode_item(Reading(0x20, 3, 1, number))


def test_years_are_those_of_this_century_and_of_the_last():
    times = [beijing(1950, 1, 1), beijing(1959, 10, 11), NOON, beijing(2049, 12, 31)]

    assert [decode(encode(uplink(TimeMark(at)))).body.items[0].observed_at for at in times] == times
    with pytest.raises(ValueError, match="year is 2050"):
        time_digits(beijing(2050, 1, 1), 12)


def test_a_station_is_a_hydrological_one_or_lies_in_a_county():
    river, slope = StationAddress("0012345678"), StationAddress("320582EA60")

    assert (river.hydrological_code, river.division) == ("12345678", "")
    assert (slope.hydrological_code, slope.division, slope.number) == ("", "320582", 60000)


def test_a_province_adds_elements_and_functions_by_a_table():
    tilt = Element(0xFF10, "TILT", "Tilt", "deg", 4, 2)
    count = Element(0x80, "CNT", "Count", "1", 4, 0, is_binary=True)
    province = Dialect({0xFF10: tilt, 0x80: count}, {0xE5: Function.TIMED})
    frame = uplink(
        StationMark("0011223344", 72), Reading(0xFF10, 2, 2, 150), Reading(0x80, 2, 0, 0xABCD), function=0xE5
    )

    data = encode(frame, dialect=province)

    assert decode(data, dialect=province) == frame
    assert decode(data).body.content == data[14:-3]
    with pytest.raises(ValueError, match="function code is 32"):
        Dialect(functions={0x32: 0x33})
    with pytest.raises(ValueError, match="stands under 81"):
        Dialect({0x81: count})


def test_a_status_word_says_its_flags():
    assert StatusWord(0x80000403).flags == Status.PUMP_STOPPED | Status.BATTERY_LOW | Status.MAINS_OFF


def changed(data, at, byte):
    """Return the frame with another byte and a CRC that holds."""

    body = data[:at] + bytes([byte]) + data[at + 1 : -2]
    return body + crc16(body).to_bytes(2, "big")


@pytest.mark.parametrize(
    ("at", "byte", "reason", "offset"),
    [
        (10, 0x60, Reason.FUNCTION, 10),
        (11, 0x40, Reason.DIRECTION, 11),
        (12, 0x2C, Reason.LENGTH, 11),
        (13, 0x07, Reason.HEADER, 13),
        (17, 0x13, Reason.TIME, 16),
        (23, 0xF2, Reason.MARK, 23),
        (33, 0x13, Reason.TIME, 32),
        (39, 0xAB, Reason.DIGITS, 39),
        (54, 0x1A, Reason.BODY_SHORT, 57),
        (57, 0x07, Reason.END, 57),
    ],
)
def test_a_fault_tells_why_and_where(at, byte, reason, offset):
    assert fault_of(changed(bytes.fromhex(TIMED), at, byte)) == (reason, offset)


def test_a_frame_cut_short_or_without_a_start_is_a_fault():
    data = bytes.fromhex(TIMED)

    assert fault_of(b"") == (Reason.NO_FRAME, 0)
    assert fault_of(data[:10]) == (Reason.CUT_SHORT, 10)
    assert fault_of(data[:-1]) == (Reason.LENGTH, 11)
    assert fault_of(b"\x01" + b"0" * 10) == (Reason.CUT_SHORT, 11)


def only_faults(data):
    """Read the bytes as centre and as station: frames are written and read again, faults lie within."""
    for heard in Direction:
        try:
            frame = decode(data, heard=heard)
        except DecodeFault as caught:
            fault = caught
        else:
            assert decode(encode(frame), heard=heard) == frame
            continue
        assert str(fault)
        assert 0 <= fault.offset <= len(data)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x7e\x7e", b"\x01"]))
def test_random_bytes_raise_nothing_but_faults(data, start):
    only_faults(start + data)


@given(frames() | texts(), st.data())
def test_broken_frames_raise_nothing_but_faults(frame, data):
    content = bytearray(encode(frame))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))

    only_faults(bytes(content))
    only_faults(bytes(content[:cut]))


@given(frames(), st.data())
def test_bodies_that_lie_under_a_good_crc_raise_nothing_but_faults(frame, data):
    content = encode(frame)
    at = data.draw(st.integers(14, len(content) - 4))

    only_faults(changed(content, at, data.draw(st.integers(0, 255))))


@given(texts(), st.data())
def test_characters_that_lie_under_a_good_crc_raise_nothing_but_faults(frame, data):
    content = bytearray(encode(frame)[:-4])
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(24, len(content) - 2))] = data.draw(st.integers(0, 255))

    only_faults(bytes(content) + f"{crc16(bytes(content)):04X}".encode())


SAYS = b"0007 260701120000 ST 0011223344 H TT 2607011200 "


def characters(body, function=b"32"):
    content = b"\x01010011223344" + b"0000" + function + f"{len(body):04X}".encode() + b"\x02" + body + b"\x03"
    return content + f"{crc16(content):04X}".encode()


@pytest.mark.parametrize(
    ("text", "items"),
    [
        (b"Z M VT FFFF", (Reading(0x39, 1, 0, None), Reading(0x38, 4, 0, None))),
        (b"z 10.490 ", (Reading(0x39, 6, 3, 10490),)),
        (b"ZT 00000402", (StatusWord(0x402),)),
        (b"RGZS Q 1.2", (Content(0xF2, b"Q 1.2"),)),
        (b"DRP 05000000" + b"14" + b"FF" * 7, (Series(0xF4, 1, 1, (5, 0, 0, 0, 20, *[None] * 7)),)),
    ],
)
def test_groups_of_characters_say_what_they_should(text, items):
    assert decode(characters(SAYS + text)).body.items[2:] == items


def test_equal_steps_in_characters_go_to_the_end():
    items = decode(characters(SAYS + b"DRN05 Z 10.1 10.25 M", b"31")).body.items

    assert items[2:] == (Step(0, 0, 5), Series(0x39, 5, 2, (1010, 1025, None)))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"QQQ 1", Reason.ELEMENT),
        (b"Z 1,2", Reason.DIGITS),
        (b"Z", Reason.BODY_SHORT),
        (b"ZT 12", Reason.TEXT),
        (b"TT 2613011200", Reason.TIME),
    ],
)
def test_faults_in_characters_tell_why(text, reason):
    assert fault_of(characters(SAYS + text))[0] is reason


def test_the_space_after_the_running_number_may_be_left_out():
    assert decode(characters(SAYS.replace(b" ", b"", 1))).body.serial == 7
