from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.fairness import fairness, gini, scores_after
from anlan.allocation.core.problem import Aim, Problem
from anlan.allocation.core.solve import solve
from anlan.allocation.core.tests.small import TOWNSHIPS, one_pot, option, unit

AIMS = (Aim(0, "L0", "org", 0.2, 1.0), Aim(1, "L1", "org", 0.4, 1.0))
shares = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20)


def weak_and_strong(**changes: object) -> Problem:
    """Return two villages of 0.3 and 0.5, and money for the weak one."""
    plain = one_pot(4, AIMS, option(0, 4, (0, 1.0), running_fen=100))
    units = (unit(0, score=0.3, population=200), unit(1, score=0.5, population=100))
    return replace(plain, units=units, **changes)  # type: ignore[arg-type]


def test_three_scores_by_hand():
    """Mean difference of 1, 2, 3: (2·(1+1+2)) / (2·9·2) = 8/36."""
    assert gini(np.array([3.0, 1.0, 2.0])) == pytest.approx(8 / 36)


@given(values=shares)
def test_gini_lies_between_0_and_1_and_is_0_among_equals(values):
    assert -1e-9 <= gini(np.array(values)) < 1.0
    assert gini(np.full(len(values), 0.7)) == pytest.approx(0.0, abs=1e-12)


def test_help_for_the_weak_makes_scores_more_equal():
    problem = weak_and_strong()

    found = fairness(problem, solve(problem))

    assert scores_after(problem, solve(problem)) == pytest.approx([0.5, 0.5])
    assert (found.gini_before, found.gini_after) == (pytest.approx(0.125), pytest.approx(0.0))
    assert (found.worst_before, found.worst_after[0]) == ((0, 0.3), 0)


def test_money_a_head_counts_running_costs_and_every_township():
    problem = weak_and_strong(year_weights=(1.0, 1.0))
    problem = replace(problem, sources=(replace(problem.sources[0], budget_fen=(400, 100)),))

    assert fairness(problem, solve(problem)).per_head == ((TOWNSHIPS[0], 500 / 200), (TOWNSHIPS[1], 0.0))


def test_a_township_counts_its_own_people_where_it_says_them():
    town = replace(unit(0, population=1000), code=TOWNSHIPS[0], level="township")
    problem = weak_and_strong()
    problem = replace(problem, units=(*problem.units, town))

    assert fairness(problem, solve(problem)).per_head[0] == (TOWNSHIPS[0], 400 / 1000)
