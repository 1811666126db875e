import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.level_table import membership_of
from anlan.assessment.core.values import Profile
from anlan.assessment.core.weighting import (
    BadWeights,
    check_weights,
    mixed_weights,
    product_weights,
    profile_multipliers,
    scaled_within,
)
from anlan.kernel.codes import Level

VILLAGE = default_system().at_level(Level.VILLAGE)


def test_mixed_and_multiplied_by_hand():
    ahp, entropy = np.array([0.6, 0.4]), np.array([0.2, 0.8])

    assert mixed_weights(ahp, entropy) == pytest.approx([0.4, 0.6])
    assert product_weights(ahp, entropy) == pytest.approx([0.12 / 0.44, 0.32 / 0.44])


def test_weights_without_anything_in_common_are_refused():
    with pytest.raises(BadWeights, match="in common"):
        product_weights(np.array([1.0, 0.0]), np.array([0.0, 1.0]))


@pytest.mark.parametrize(
    ("weights", "message"), [([0.5, 0.4], "sum to 0.9, expected 1"), ([1.2, -0.2], "is -0.2, expected 0 or more")]
)
def test_weights_that_cannot_be_used_are_refused_with_what_was_found(weights, message):
    with pytest.raises(BadWeights, match=message):
        check_weights(np.array(weights), "the dimensions")


def test_a_share_outside_0_and_1_is_a_bug():
    with pytest.raises(ValueError, match="share is 1.5"):
        mixed_weights(np.ones(1), np.ones(1), 1.5)


def test_of_several_profiles_the_largest_factor_counts():
    factors = default_system().profile_factors
    found = profile_multipliers(VILLAGE, {Profile.MOUNTAIN, Profile.REMOTE}, factors)

    by_code = dict(zip((leaf.code for leaf in VILLAGE), found, strict=True))
    assert (by_code["MAT-V-03"], by_code["MAT-V-04"], by_code["MAT-V-01"]) == (1.6, 1.5, 1.0)


@given(st.sets(st.sampled_from(Profile)))
def test_shifted_weights_still_sum_to_1_inside_each_dimension(profiles):
    membership = membership_of(VILLAGE)
    weights = np.array([leaf.weight for leaf in VILLAGE])
    multipliers = profile_multipliers(VILLAGE, profiles, default_system().profile_factors)

    shifted = scaled_within(weights * multipliers, membership)

    assert shifted @ membership == pytest.approx(np.ones(5))
