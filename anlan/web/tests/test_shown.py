"""How values read on a page."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from anlan.kernel.refusal import Refusal
from anlan.web.safety import safe_cell
from anlan.web.templatetags import shown

EVENING = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)  # already the 24th in the county


@pytest.mark.parametrize(
    ("way", "value", "text"),
    [
        (shown.score, 0.7345, "73.5"),
        (shown.score, 0.0, "0.0"),
        (shown.points, 0.021, "+2.1"),
        (shown.points, -0.5, "-50.0"),
        (shown.percent, 0.37, "37%"),
        (shown.percent, 0.999, "99%"),
        (shown.percent, 1.0, "100%"),
        (shown.number, 1234567, "1,234,567"),
        (shown.number, 12.50, "12.5"),
        (shown.number, 0, "0"),
        (shown.yuan, 123456789, "1,234,567.89"),
        (shown.wan, 123456789, "123.46"),
        (shown.clock, EVENING, "00:05"),
    ],
)
def test_values_read_as_people_write_them(way, value, text):
    assert way(value) == text


@pytest.mark.parametrize(
    "way",
    [shown.score, shown.points, shown.percent, shown.number, shown.yuan, shown.wan, shown.day, shown.clock,
     shown.duration],
)  # fmt: skip
def test_what_is_missing_is_a_dash_and_never_zero(way):
    assert way(None) == "–"


@pytest.mark.parametrize(
    ("language", "text"), [("zh-hans", "2026年11月3日"), ("en", "2026-11-03")]
)  # fmt: skip
def test_days_read_in_the_readers_language(language, text):
    with translation.override(language):
        assert shown.day(date(2026, 11, 3)) == text


def test_a_moment_is_told_in_local_time():
    with translation.override("en"):
        assert shown.moment(EVENING) == "2026-11-24 00:05"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 second"),
        (40, "40 seconds"),
        (61, "1 minute"),
        (600, "10 minutes"),
        (12_000, "3 h 20 min"),
        (187_200, "2 d 4 h"),
    ],
)
def test_lengths_of_time_read_roughly(seconds, text):
    with translation.override("en"):
        assert shown.duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(("share", "tenth"), [(None, 0), (-1, 0), (0.37, 3), (1, 10), (7, 10)])
def test_shares_fall_into_tenths(share, tenth):
    assert shown.tenth(share) == tenth


def test_grades_are_words_on_their_own_scale():
    assert shown.grade_badge("weak").startswith('<span class="grade grade-weak">')
    assert "grade-none" in shown.grade_badge(None)


def test_stored_messages_are_translated_with_their_values():
    with translation.override("zh-hans"):
        assert shown.translated("%(name)s is empty", {"name": "a.xlsx"}) == "a.xlsx 是空文件"
        assert shown.refusal_text(Refusal("%(name)s is empty", name="a.xlsx")) == "a.xlsx 是空文件"
        assert shown.refusal_text(Refusal("100% unknown")) == "100% unknown"


def test_an_item_of_nothing_is_nothing():
    assert shown.item({"a": 1}, "a") == 1
    assert shown.item(None, "a") is None


def test_a_query_changes_in_one_place_and_keeps_the_rest():
    request = RequestFactory().get("/", {"page": "3", "columns": ["a", "b"]})

    text = Template('{% with_query sort="name" page=None %}').render(Context({"request": request}))

    assert text == "?columns=a&amp;columns=b&amp;sort=name"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_stays_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, 0.5, None, "plain", "1=1"])
def test_other_values_stay_as_they_are(value):
    assert safe_cell(value) is value
