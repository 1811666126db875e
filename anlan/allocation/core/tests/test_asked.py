from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.asked import (
    Asked,
    BadWish,
    asked_content,
    asked_from_content,
    begun,
    check_asked,
    with_line,
    year_weights,
)
from anlan.allocation.core.settings import Settings
from anlan.kernel.canonical import canonical_json

LINE = ("999901101201", "M-ORG-V-01")
SHARES = st.none() | st.floats(0, 1)


def asked(**settings: object) -> Asked:
    return Asked(2026, {"source-1": (100,)}, Settings(**settings))  # type: ignore[arg-type]


def test_a_new_plan_asks_for_all_the_money_of_its_years_and_no_floor():
    found = begun({"source-1": (100, 0), "source-2": (0, 0)}, (2026, 2027))

    assert found.budgets == {"source-1": (100, 0)}
    assert found.years == (2026, 2027)
    assert found.settings == Settings(year_weights=year_weights(2))


@given(gain=SHARES, reaches=SHARES, per_head=st.none() | st.integers(0, 10**6), factor=st.floats(0.1, 3.0))
def test_wishes_are_the_same_after_being_kept_as_content(gain, reaches, per_head, factor):
    wished = asked(weak_gain=gain, weak_reaches=reaches, per_head_fen=per_head, pinned={LINE: 2})
    wished = replace(wished, factor=factor)

    content = asked_content(wished)

    assert asked_from_content(content) == wished
    assert canonical_json(asked_content(asked_from_content(content))) == canonical_json(content)


@pytest.mark.parametrize(
    ("wished", "message"),
    [
        (asked(year_weights=()), "1 to 5 years"),
        (asked(year_weights=(1.0,) * 6), "1 to 5 years"),
        (replace(asked(), gap=0.0), "above 0"),
        (replace(asked(), gap=0.2), "at most 5 %"),
        (replace(asked(), factor=0.0), "multiplied by 0.1 to 3.0"),
        (asked(weakness=-0.1), "between 0 and 5"),
        (asked(weak_gain=1.5), "between 0 and 100 %, found 150.0 %"),
        (asked(township_least=0.4, township_most=0.3), "At least 40.0 % and at most 30.0 %"),
        (asked(dimension_shares={"org": (0.6, None), "digital": (0.5, None)}), "add up to more than 100 %"),
        (asked(dimension_shares={"sea": (0.6, None)}), "no dimension sea"),
        (asked(per_head_fen=-1), "never below 0"),
        (asked(pinned={LINE: 0}), "0 pieces"),
        (asked(pinned={LINE: 1}, barred=frozenset({LINE})), "both kept and barred"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_in_words(wished, message):
    with pytest.raises(BadWish) as refused:
        check_asked(wished)

    assert message in str(refused.value)


def test_a_line_is_kept_barred_and_left_open_again():
    kept = with_line(asked(), LINE, pieces=3)
    barred = with_line(kept, LINE, pieces=0)
    free = with_line(barred, LINE, pieces=None)

    assert (kept.settings.pinned, kept.settings.barred) == ({LINE: 3}, frozenset())
    assert (barred.settings.pinned, barred.settings.barred) == ({}, frozenset({LINE}))
    assert free == asked()


def test_a_budget_is_multiplied_in_whole_fen():
    wished = replace(asked(), factor=1.5, budgets={"source-1": (101, 33)})

    assert wished.budget_fen == round(101 * 1.5) + round(33 * 1.5)
