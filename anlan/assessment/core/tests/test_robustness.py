import numpy as np
import pytest

from anlan.assessment.core import robustness
from anlan.assessment.core.assess import assess
from anlan.assessment.core.robustness import draw_weights
from anlan.assessment.core.values import Grade
from anlan.assessment.tests.factories import flat, small_county, small_system, survey
from anlan.kernel.codes import Level


def test_drawn_weights_sum_to_1_in_each_group_and_vary_around_the_given_ones():
    weights = np.array([0.2, 0.8, 0.5, 0.5, 0.0])
    membership = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 1]], dtype=float)

    drawn = draw_weights(weights, membership, 20_000, np.random.default_rng(1))

    assert membership.T @ drawn == pytest.approx(np.ones((2, 20_000)))
    assert drawn.mean(axis=1) == pytest.approx(weights, abs=2e-3)
    assert drawn[0].std() == pytest.approx((0.2 * 0.8 / 101) ** 0.5, rel=0.03)
    assert (drawn[4] == 0).all()


def test_a_score_between_two_grades_is_torn_and_one_far_inside_is_sure():
    def torn(unit, leaf):  # dimensions of 0.15, 0.957 and 0.978: a total of 0.8 that hangs on the weights
        return 0.3 if leaf.dimension == "org" else 0.957

    hung, sure = (
        assess(survey(shares), small_system(), method="default", rng=np.random.default_rng(1)).units[1]
        for shares in (torn, flat(1.0))
    )

    assert sure.grade_probability[Grade.EXCELLENT] == 1
    assert 0.3 < hung.grade_probability[Grade.GOOD] < 0.7
    assert hung.grade_probability[Grade.GOOD] + hung.grade_probability[Grade.FAIR] == pytest.approx(1)


def test_the_same_chance_gives_the_same_result_and_another_only_other_ranks():
    asked = survey(lambda unit, leaf: (len(unit.name) * 7 + len(leaf.code) + int(unit.code[-1])) % 10 / 10)
    first, again, other = (
        assess(asked, small_system(), method="default", rng=np.random.default_rng(seed)) for seed in (1, 1, 2)
    )

    assert first == again
    assert [unit.score for unit in first.units] == [unit.score for unit in other.units]


def test_ranks_are_sure_where_one_unit_is_better_in_everything():
    best = "999901100201"
    asked = survey(lambda unit, leaf: 0.95 if unit.code == best else 0.6, units=small_county(villages=4))

    found = assess(asked, small_system(), method="default", rng=np.random.default_rng(1))

    unit = next(unit for unit in found.units if unit.unit.code == best)
    assert (unit.rank, unit.rank_low, unit.rank_high) == (1, 1, 1)
    others = [each for each in found.units if each.unit.level is Level.VILLAGE and each.unit.code != best]
    assert {each.rank for each in others} == {2}


def test_many_units_are_drawn_in_blocks(monkeypatch):
    monkeypatch.setattr(robustness, "_BLOCK", 1_000)

    found = assess(survey(flat(0.7)), small_system(), method="default", rng=np.random.default_rng(1))

    assert [sum(unit.grade_probability.values()) for unit in found.units] == pytest.approx([1] * len(found.units))
