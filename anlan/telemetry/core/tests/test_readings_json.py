"""Readings as JSON: each way of telling, and what is refused."""

import json
from math import isfinite, isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.readings_json import BadReadings, Told, read_plain, read_readings

T = 1782864000.0  # 2026-07-01 08:00 in Beijing


@pytest.mark.parametrize(
    "payload",
    [
        '{"t": "2026-07-01T08:00:00+08:00", "v": {"level": 101.5}}',
        '{"t": "2026-07-01T08:00:00", "v": {"level": 101.5}}',
        '{"t": "2026-07-01T00:00:00Z", "v": {"level": 101.5}, "battery": 3}',
        '{"t": 1782864000000, "v": {"level": 101.5}}',
        '{"t": 1782864000, "name": "level", "value": 101.5}',
        '[{"t": 1782864000, "v": {"level": 101.5}}]',
    ],
)
def test_each_way_of_telling_is_understood(payload):
    assert read_readings(payload.encode()) == [Told("level", T, 101.5)]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"{", "The message is not as agreed: Input data was truncated"),
        (b"[]", "The message holds no value"),
        (b'{"t": 1}', "The message holds no value"),
        (b'{"v": {"level": 1}}', "missing required field `t`"),
        (b'{"t": NaN, "v": {"level": 1}}', "JSON is malformed"),
        (b'{"t": 1, "v": {"level": Infinity}}', "JSON is malformed"),
        (b'{"t": 1, "v": {"level": 1e400}}', "Number out of range"),
        (b'{"t": 1, "v": {"level": "1"}}', "Expected `float | null`, got `str`"),
        (b'{"t": 1, "v": {"level": true}}', "Expected `float | null`, got `bool`"),
        (b'{"t": "noon", "v": {"level": 1}}', "noon is no time"),
        (b"\x00\xff\xfe", "JSON is malformed"),
        (b"[" * 100_000, "got `array`"),
    ],
)
def test_what_is_not_as_agreed_is_refused_with_the_reason(payload, reason):
    with pytest.raises(BadReadings, match=reason.replace("|", r"\|")):
        read_readings(payload)


def test_null_is_a_value_that_was_told_to_be_missing():
    assert isnan(read_readings(b'{"t": 1, "v": {"level": null}}')[0].value)


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(noise):
    try:
        told = read_readings(noise)
    except BadReadings:
        return
    assert all(isfinite(each.time) for each in told)


VALUES = st.dictionaries(st.text(max_size=8), st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=4)


@given(st.floats(0, 4e12) | st.datetimes().map(lambda each: each.isoformat()), VALUES)
def test_the_short_way_reads_what_the_long_way_reads(time, values):
    payload = json.dumps({"t": time, "v": values}).encode()

    try:
        told = read_readings(payload)
    except BadReadings:
        assert read_plain(payload) is None
        return

    short = read_plain(payload)
    assert short is not None
    assert [(each.element, each.time) for each in told] == [(element, short[0]) for element in short[1]]
    assert [each.value for each in told if not isnan(each.value)] == [
        each for each in short[1].values() if each is not None
    ]
