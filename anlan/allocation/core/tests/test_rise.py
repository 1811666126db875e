from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.allocation.core.problem import Problem, Unit
from anlan.allocation.core.rise import rises

COUNTY, TOWNSHIP, OTHER = "999901000000", "999901101000", "999901102000"
VILLAGES = ("999901101201", "999901101202")


def unit(code: str, level: str, township: str, below_share: float = 0.0) -> Unit:
    return Unit(code, code, township, level, 1000, 0.4, False, 1.0, "", below_share)


PROBLEM = Problem(
    units=(
        unit(COUNTY, "county", COUNTY, 0.4),
        unit(TOWNSHIP, "township", TOWNSHIP, 0.5),
        unit(OTHER, "township", OTHER),
        *(unit(code, "village", TOWNSHIP) for code in VILLAGES),
    ),
    aims=(),
    options=(),
    sources=(),
    year_weights=(1.0,),
)


def test_a_township_rises_by_its_share_of_what_its_villages_gain_on_the_mean():
    risen = rises(PROBLEM, np.array([0.0, 0.02, 0.0, 0.1, 0.3]))

    assert risen[1] == pytest.approx(0.02 + 0.5 * 0.2)


def test_the_mean_of_the_villages_is_by_their_people():
    crowded = replace(PROBLEM.units[4], population=3000)

    risen = rises(replace(PROBLEM, units=(*PROBLEM.units[:4], crowded)), np.array([0.0, 0.0, 0.0, 0.1, 0.3]))

    assert risen[1] == pytest.approx(0.5 * 0.25)


def test_the_county_rises_by_its_share_of_what_its_townships_rise_on_the_mean():
    risen = rises(PROBLEM, np.array([0.01, 0.02, 0.0, 0.1, 0.3]))

    assert risen[0] == pytest.approx(0.01 + 0.4 * (0.12 + 0.0) / 2)


@given(st.lists(st.floats(0, 0.5), min_size=5, max_size=5))
def test_nobody_rises_by_less_than_by_its_own_gain(gains):
    own = np.array(gains)

    assert (rises(PROBLEM, own) >= own - 1e-12).all()


def test_a_unit_without_units_below_rises_by_its_own_gain_alone():
    alone = replace(PROBLEM, units=PROBLEM.units[2:3])

    assert rises(alone, np.array([0.07])).tolist() == [0.07]
