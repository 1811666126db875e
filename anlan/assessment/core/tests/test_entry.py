from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.assessment.core.entry import BadEntry, Entered, chinese_number, read_entry
from anlan.assessment.core.values import Dimension, Direction, Kind, Leaf
from anlan.kernel.codes import Level

CLOSES = date(2026, 10, 31)
POSTS = Leaf(
    "ORG-T-02", Dimension.ORG, "岗位数", "Posts", Level.TOWNSHIP, Kind.NUMBER, "person", 6, Direction.POSITIVE, 1
)
RATE = replace(POSTS, code="PRO-T-06", kind=Kind.RATIO, unit="ratio", target=0.98)
OFFICE = replace(POSTS, code="ORG-T-01", kind=Kind.BOOLEAN, unit="-", target=1)
REVISED = replace(POSTS, code="PRO-T-02", kind=Kind.DATE, unit="day", target=1095, direction=Direction.NEGATIVE)


@pytest.mark.parametrize(
    ("leaf", "raw", "expected"),
    [
        (POSTS, " 12 ", Entered(value=12)),
        (POSTS, "１２", Entered(value=12)),
        (POSTS, "1,200", Entered(value=1200)),
        (POSTS, 12.0, Entered(value=12)),
        (RATE, 0.37, Entered(value=0.37)),
        (RATE, "37%", Entered(value=0.37)),
        (RATE, "37％", Entered(value=0.37)),
        (OFFICE, "有", Entered(value=1)),
        (OFFICE, False, Entered(value=0)),
        (REVISED, "2025年3月1日", Entered(day=date(2025, 3, 1))),
        (REVISED, "20250301", Entered(day=date(2025, 3, 1))),
        (REVISED, 45717, Entered(day=date(2025, 3, 1))),
        (REVISED, datetime(2025, 3, 1), Entered(day=date(2025, 3, 1))),  # noqa: DTZ001  spreadsheets know no zone
        (POSTS, "清空", Entered()),
        (POSTS, "  ", None),
        (POSTS, None, None),
    ],
)
def test_what_people_write_is_read_as_they_mean_it(leaf, raw, expected):
    assert read_entry(leaf, raw, closes_on=CLOSES) == expected


@pytest.mark.parametrize(
    ("leaf", "raw", "why", "suggestion"),
    [
        (POSTS, "12人", "no number", "12"),
        (POSTS, "十二人", "no number", "12"),
        (POSTS, "约12-15人", "no number", None),
        (POSTS, "-3", "less than 0", "3"),
        (POSTS, "2.6", "no whole number", "3"),
        (POSTS, "=1+1", "formula", None),
        (POSTS, "nan", "no number", None),
        (RATE, "37", "37% is written 0.37", "37%"),
        (RATE, "约0.4", "no ratio", "0.4"),
        (RATE, "120%", "more than 1", None),
        (OFFICE, "已设立", "neither yes nor no", "是"),
        (OFFICE, "未设立", "neither yes nor no", "否"),
        (REVISED, "2026-11-01", "after the closing date", None),
        (REVISED, "2025年3月", "no date", "2025-03-01"),
        (REVISED, "2025-02-30", "no date", None),
        (REVISED, "去年", "no date", None),
    ],
)
def test_a_bad_entry_says_why_and_what_would_do(leaf, raw, why, suggestion):
    with pytest.raises(BadEntry, match=why) as refused:
        read_entry(leaf, raw, closes_on=CLOSES)

    assert refused.value.suggestion == suggestion


@given(st.sampled_from([POSTS, RATE, OFFICE, REVISED]), st.text(max_size=12))
def test_whatever_is_typed_is_read_or_refused_and_a_suggestion_is_always_accepted(leaf, typed):
    suggestion = None
    try:
        read_entry(leaf, typed, closes_on=CLOSES)
    except BadEntry as refused:
        suggestion = refused.suggestion

    assert suggestion is None or read_entry(leaf, suggestion, closes_on=CLOSES) is not None


@pytest.mark.parametrize(
    ("numerals", "number"), [("十二", 12), ("二十", 20), ("一百零五", 105), ("两千", 2000), ("甲", None)]
)
def test_chinese_numerals_are_understood(numerals, number):
    assert chinese_number(numerals) == number
