import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.matching_reasons import Choice, reasons_of
from anlan.allocation.core.matching_values import PairWeights, Party, history_of, pair_values
from anlan.kernel.refusal import Refusal

LAN = Party("1", "Lan", (0.9, 0.5, None, 0.9, 0.9))
BEI = Party("2", "Bei", (0.4, 0.6, 0.2, 0.8, None))


def test_the_worked_example():
    """docs/methods/pairing.md: three dimensions are known of both, only in the first is Lan ahead of a lack."""
    found = pair_values((LAN,), (BEI,), np.array([[15.0]]), np.array([[0.5]]))

    assert found.parts["complement"].item() == pytest.approx(0.5 * 0.5 / 3)
    assert found.parts["distance"].item() == pytest.approx(-0.15)
    assert found.parts["history"].item() == pytest.approx(0.05)
    assert found.values.item() == pytest.approx(0.25 / 3 - 0.10)


def test_without_a_known_way_two_units_are_no_pair_unless_that_is_allowed():
    km = np.array([[np.inf, 10.0]])
    other = Party("3", "Dong", BEI.dimensions)

    strict = pair_values((LAN,), (BEI, other), km)
    loose = pair_values((LAN,), (BEI, other), km, weights=PairWeights(takes_unknown=True))

    assert strict.allowed.tolist() == [[False, True]]
    assert loose.allowed.all()
    assert loose.parts["distance"][0, 0] == loose.parts["distance"][0, 1]


def test_units_without_a_dimension_in_common_cannot_be_compared():
    blank = Party("4", "Nan", (None, None, 0.4, None, None))

    assert not pair_values((LAN,), (blank,), np.zeros((1, 1))).allowed.any()


def test_who_proved_itself_is_kept_or_sent_on():
    rating, years = np.array([[0.8]]), np.array([[6.0]])

    assert history_of(rating, years).item() == 0.8
    assert history_of(rating, years, rotate_after=4).item() == pytest.approx(-0.7)


@pytest.mark.parametrize(
    ("km", "history", "weights", "words"),
    [
        (np.nan, 0.0, PairWeights(), "negative or no number"),
        (-1.0, 0.0, PairWeights(), "negative or no number"),
        (1.0, 2.0, PairWeights(), "between −1 and 1"),
        (1.0, np.nan, PairWeights(), "between −1 and 1"),
        (1.0, 0.0, PairWeights(distance=-1), "weights are never negative"),
        (1.0, 0.0, PairWeights(reach_km=0), "more than 0"),
    ],
)
def test_what_cannot_be_weighed_is_refused(km, history, weights, words):
    with pytest.raises(Refusal, match=words):
        pair_values((LAN,), (BEI,), np.array([[km]]), np.array([[history]]), weights)


def test_a_score_outside_its_range_is_named():
    with pytest.raises(Refusal, match="Wu has a score of 47, expected 0 to 1"):
        pair_values((LAN,), (Party("5", "Wu", (47.0, None, None, None, None)),), np.zeros((1, 1)))


def test_tables_of_another_shape_are_a_fault_of_the_caller():
    with pytest.raises(ValueError, match="expected"):
        pair_values((LAN,), (BEI,), np.zeros((2, 1)))


scores = st.tuples(*[st.none() | st.floats(0, 1)] * 5)


@given(scores, scores)
def test_what_a_helper_brings_lies_between_nothing_and_all(strong, weak):
    found = pair_values((Party("1", "Lan", strong),), (Party("2", "Bei", weak),), np.zeros((1, 1)))

    assert 0.0 <= found.values.item() <= 1.0


def test_reasons_name_where_the_helper_is_ahead_how_far_it_is_and_how_it_went():
    told = pair_values((LAN,), (BEI,), np.array([[15.0]]), np.array([[0.5]]))

    notes = list(reasons_of(Choice(LAN, BEI, 0.0, None, 0.0, None, 1.0), told, (0, 0)))

    assert [note.message % note.values for note in notes] == [
        "Organisation: 90 points against 40",
        "Rules and procedures: 90 points against 80",
        "15.0 km apart",
        "earlier pairs of the two went well",
        "no other helper may help it",
    ]


@pytest.mark.parametrize(
    ("value", "loss", "words"),
    [
        (4.0, 0.0, "next would be Dong, worth 1.000 less"),
        (3.0, 0.0, "Dong would be worth as much"),
        (2.0, 0.0, "Dong would be worth 1.000 more here, but is worth more elsewhere"),
        (2.0, 0.5, "Dong would be worth 1.000 more here, but all pairs together would lose at least 0.500"),
        (2.0, 99.0, "Dong would be worth 1.000 more here, but another unit would be left without help"),
    ],
)
def test_why_it_is_not_the_next_best(value, loss, words):
    other = Party("3", "Dong", ())

    note = list(reasons_of(Choice(LAN, BEI, value, other, 3.0, loss, alone=100.0), None, (0, 0)))[-1]

    assert note.message % note.values == words
