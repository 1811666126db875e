import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.places.core.succession import BadSuccession, code_under, shared_out


@given(
    total=st.integers(0, 5_000_000),
    shares=st.lists(st.floats(0.01, 1.0, allow_nan=False), min_size=1, max_size=8),
)
def test_shared_out_people_sum_to_what_there_were(total, shares):
    parts = shared_out(total, shares)

    assert sum(parts) == total
    assert all(part >= 0 for part in parts)


def test_a_village_keeps_its_number_where_it_is_free():
    assert code_under("999901101207", "999901102000", {"999901102201"}) == "999901102207"


def test_a_neighbourhood_stays_among_neighbourhoods():
    assert code_under("999901101001", "999901102000", {"999901102001"}) == "999901102002"


def test_a_full_class_is_refused():
    taken = {f"999901102{number:03}" for number in range(1, 200)}

    with pytest.raises(BadSuccession, match="no free number left"):
        code_under("999901101001", "999901102000", taken)
