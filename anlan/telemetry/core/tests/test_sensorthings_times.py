"""Times of a data array: read all at once, they are what they are one by one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.sensorthings.refusals import BadRequest
from anlan.telemetry.core.sensorthings.times import all_milliseconds, instant_of, milliseconds

PLAIN = st.datetimes(min_value=datetime(1, 1, 1)).map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}Z".zfill(20))  # noqa: DTZ001
FORMED = st.builds(
    "{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}Z".format,
    st.integers(0, 2100), st.integers(0, 13), st.integers(0, 32), st.integers(0, 24), st.integers(0, 60),
    st.integers(0, 60),
)  # fmt: skip


def one_by_one(texts):
    try:
        return [milliseconds(instant_of(text)) for text in texts]
    except BadRequest:
        return None


@given(st.lists(PLAIN, max_size=5))
def test_times_of_the_plain_form_are_read_as_each_alone(texts):
    assert all_milliseconds(texts) == one_by_one(texts)


@given(st.lists(PLAIN | FORMED, min_size=1, max_size=3))
def test_what_no_calendar_has_is_no_time(texts):
    found = all_milliseconds(texts)

    assert found == one_by_one(texts)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29T23:59:59Z",
        "2026-07-01T08:00:00+08:00",
        "2026-07-01T08:00:00.250Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
    ],
)
def test_other_forms_are_read_beside_the_plain_one(text):
    texts = ["2026-07-01T00:00:00Z", text]

    assert all_milliseconds(texts) == one_by_one(texts)


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-07-01 00:00:00z",
        "2026-07-01T00:00:0:Z",
        "２026-07-01T00:00:00Z",
        "",
        None,
        ["2026-07-01T00:00:00Z"],
    ],
)
def test_one_that_is_no_time_is_left_to_be_told_one_by_one(text):
    assert all_milliseconds(["2026-07-01T00:00:00Z", text]) is None


def test_no_times_are_none_at_all():
    assert all_milliseconds([]) == []


def test_an_instant_is_counted_from_1970():
    assert all_milliseconds(["1970-01-01T00:00:01Z"]) == [1000]
    assert milliseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1000
