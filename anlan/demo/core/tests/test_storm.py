"""A storm crosses the county in ten minutes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.demo.core.storm import LASTS_S, River, Storm, creep_mm, storm_across

STORM = Storm((0.0, 10.0), (60.0, 10.0), radius_km=6.0, total_mm=96.0)
PLACES = np.array([[30.0, 10.0], [30.0, 16.0], [30.0, 40.0]])


def test_a_place_on_its_way_gets_all_of_it_and_one_a_radius_beside_a_third():
    fallen = STORM.fallen_mm(PLACES, LASTS_S)

    assert fallen[0] == pytest.approx(96.0, rel=0.01)
    assert fallen[1] == pytest.approx(96.0 / np.e, rel=0.01)
    assert fallen[2] < 0.01


def test_it_rains_in_the_west_before_it_rains_in_the_east():
    ends = np.array([[10.0, 10.0], [50.0, 10.0]])

    west, east = STORM.fallen_mm(ends, 200.0)

    assert west > 80
    assert east < 0.1


def test_before_and_after_it_is_dry():
    assert STORM.rates_mm_s(PLACES, -1.0).tolist() == [0.0, 0.0, 0.0]
    assert STORM.rates_mm_s(PLACES, LASTS_S).tolist() == [0.0, 0.0, 0.0]


@given(st.floats(-100, 1000), st.floats(0, 500))
def test_what_has_fallen_never_falls_back(at_s, more_s):
    sooner, later = STORM.fallen_mm(PLACES, at_s), STORM.fallen_mm(PLACES, at_s + more_s)

    assert (later >= sooner - 1e-9).all()


def test_a_river_rises_after_the_rain_and_runs_off():
    river = River(gain_m_mm=0.1, lag_s=30.0, runs_off_s=300.0)
    times, fallen = np.array([0.0, 60.0, 120.0]), np.array([0.0, 40.0, 40.0])

    assert river.rise_m(times, fallen, 80.0) == 0.0
    assert river.rise_m(times, fallen, 90.0) == pytest.approx(4.0)
    assert river.rise_m(times, fallen, 390.0) == pytest.approx(4.0 / np.e)


@given(st.floats(-100, 1000), st.floats(0, 500))
def test_a_slope_never_creeps_back(at_s, more_s):
    assert 0.0 <= creep_mm(at_s, 11.0) <= creep_mm(at_s + more_s, 11.0) <= 11.0


def test_the_countys_storm_begins_and_ends_outside_it():
    storm = storm_across(50.0, 40.0)

    assert storm.begins_km[0] < 0
    assert storm.ends_km[0] > 50
