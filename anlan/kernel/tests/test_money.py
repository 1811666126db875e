from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.kernel.canonical import canonical_json, sha256_of
from anlan.kernel.money import BadAmount, fen_from_yuan, wan_text, yuan_text


def test_yuan_become_whole_fen_rounded_half_up():
    assert fen_from_yuan("1,234.565") == 123457
    assert fen_from_yuan(0.1) + fen_from_yuan(0.2) == 30


@pytest.mark.parametrize("text", ["abc", "", "nan", "inf"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(BadAmount, match="no amount"):
        fen_from_yuan(text)


def test_amounts_are_shown_in_yuan_or_in_ten_thousands():
    assert yuan_text(123456789) == "1,234,567.89"
    assert wan_text(123456789) == "123.46"


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_showing_and_reading_an_amount_gives_it_back(fen):
    assert fen_from_yuan(yuan_text(fen)) == fen


def test_equal_contents_have_one_hash_whatever_their_order():
    assert sha256_of({"b": 1, "a": "青岚"}) == sha256_of({"a": "青岚", "b": 1})
    assert canonical_json({"b": Decimal("1") == 1, "a": "青"}) == '{"a":"青","b":true}'
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json(float("nan"))
