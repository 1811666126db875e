"""Geological messages: from their JSON to values, and what their sensors mean."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.geo_elements import GEO_ELEMENTS, BadGeoTable, check_geo_table, geo_element, is_left_out
from anlan.telemetry.core.geo_payload import MOST_VALUES, BadGeoPayload, GeoValue, read_geo, time_of
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.wire_elements import beginning_of

AT = 1_790_000_000.0


def read(content) -> list[GeoValue]:
    return list(read_geo(content if isinstance(content, bytes) else json.dumps(content).encode()))


@pytest.mark.parametrize(
    "content",
    [
        {"L1_LF_1": {"1790000000000": {"value": 1.25}}},
        {"L1_LF_1": {"1790000000000": 1.25}},
        {"L1_LF_1": {"2026-09-21 22:13:20": "1.25"}},
        {"L1_LF_1": {"20260921221320": {"value": "1.25"}}},
        {"L1_LF_1": {"2026-09-21T14:13:20Z": {"value": 1.25}}},
        {"L1_LF_1": 1.25, "at": "2026/09/21 22:13:20"},
        {"L1_LF_1": {"value": 1.25, "time": 1790000000}},
        {"123456": {"L1_LF_1": {"1790000000000": {"value": 1.25}}}},
        {"deviceId": "D1", "time": 1790000000000, "data": {"L1_LF_1": {"value": 1.25}}},
    ],
)
def test_the_same_value_is_read_in_every_form(content):
    assert read(content) == [GeoValue("L1_LF_1", AT, 1.25)]


def test_a_sensor_of_several_values_tells_each_under_its_field():
    told = read({"L1_GP_1": {"1790000000000": {"gpsInitial": "0x3A", "gpsTotalX": 1.5, "gpsTotalY": -2}}})

    assert told == [GeoValue("L1_GP_1.gpsTotalX", AT, 1.5), GeoValue("L1_GP_1.gpsTotalY", AT, -2.0)]


def test_values_without_a_time_leave_it_to_the_arrival():
    assert read({"L1_LF_1": 1.25}) == [GeoValue("L1_LF_1", None, 1.25)]


def test_the_head_of_a_dp_message_is_taken_off_and_the_file_behind_it_not_read():
    content = json.dumps({"L1_LF_1": 1.25}).encode()

    assert read(b"\x03" + len(content).to_bytes(2, "big") + content + b"\x00\x01\xff") == [
        GeoValue("L1_LF_1", None, 1.25)
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b'{"L1_LF_1": NaN}', "no JSON"),
        (b"[1]", "names no sensor"),
        (b"{}", "names no sensor"),
        ({"temperature": 1}, "names no sensor"),
        ({"L1_LF_1": "NaN"}, "not a finite number"),
        ({"L1_LF_1": "inf"}, "not a finite number"),
        (b'{"L1_LF_1": 1e999}', "finite|no JSON"),
        ({"L1_LF_1": None}, "not a finite number"),
        ({"L1_LF_1": True}, "not a finite number"),
        ({"L1_LF_1": [1, 2]}, "not a finite number"),
        ({"L1_LF_1": {"2026-13-01 00:00:00": 1}}, "is none"),
        ({"L1_LF_1": 1, "at": "yesterday\u0000"}, "is none"),
        ({"L1_QJ_1": {"X": 1, "Y\u0000": 2}}, "names no element"),
        ({"L1_LF_1": {str(number): 1 for number in range(MOST_VALUES + 1)}}, "more than"),
    ],
)
def test_what_is_no_message_is_refused_with_the_reason(content, why):
    with pytest.raises(BadGeoPayload, match=why) as caught:
        read(content)

    assert "\x00" not in str(caught.value)


anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["L1_LF_1", "L3_YL_2", "value", "at", "1790000000000", "data", "x"]), inner)
    ),
    max_leaves=12,
)


@given(anything | st.binary(max_size=60))
def test_no_other_exception_escapes(content):
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    told = []
    with suppress(BadGeoPayload):
        told = read(data)

    assert all(isfinite(one.value) for one in told)


@pytest.mark.parametrize(
    ("element", "measured", "unit"),
    [
        ("L1_LF_1", Property.CRACK, "mm"),
        ("L1_LF_12", Property.CRACK, "mm"),
        ("L1_GP_1.gpsTotalZ", Property.DISPLACEMENT, "mm"),
        ("L1_QJ_1.AZI", Property.OTHER, "deg"),
        ("L2_YL_1", Property.STRESS, "kN"),
        ("L3_YL_1", Property.RAIN, "mm"),
        ("L3_HS_1", Property.SOIL_MOISTURE, "%"),
    ],
)
def test_a_sensor_code_says_what_is_measured(element, measured, unit):
    begun = beginning_of(element)

    assert (begun.property, begun.unit) == (measured, unit)


def test_rain_that_is_told_twice_counts_once():
    assert beginning_of("L3_YL_1.totalValue").is_counter
    assert beginning_of("L3_YL_1.value").property is Property.OTHER


def test_the_names_of_elements_fit_the_register():
    assert max(len(f"{kind}_9999.{told}") for kind, told in GEO_ELEMENTS) <= 40


def test_a_device_may_go_its_own_way():
    own = {"geo": {"L3_YL.value": {"property": "rain", "unit": "mm", "counter": True}, "L1_GP_1.gpsTotalZ": None}}

    assert geo_element("L3_YL_4.value", own).is_counter
    assert geo_element("L1_GP_1.gpsTotalZ", own) is None
    assert is_left_out("L1_GP_1.gpsTotalZ", own)
    assert not is_left_out("L1_GP_2.gpsTotalZ", own)
    assert geo_element("L9_XX_1", own) is None
    check_geo_table(own["geo"])


@pytest.mark.parametrize(
    "table",
    [
        [],
        {"crack": {"property": "crack"}},
        {"L1_LF": {"property": "width"}},
        {"L1_LF": 1},
        {"L1_LF": {"property": "crack", "x": 1}},
    ],
)
def test_a_table_that_cannot_be_used_is_refused(table):
    with pytest.raises(BadGeoTable):
        check_geo_table(table)


def test_seconds_and_milliseconds_are_told_apart():
    assert time_of(AT) == time_of(AT * 1000) == time_of(datetime.fromtimestamp(AT, UTC).isoformat())
