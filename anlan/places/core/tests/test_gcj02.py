import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.places.core.gcj02 import from_gcj02, to_gcj02

# Longitude, latitude: WGS 84 and as drawn on a Chinese map service.
SHANGHAI = ((121.5272106, 31.1774276), (121.5315419, 31.1753040))


def test_a_worked_point_is_shifted_as_published():
    assert to_gcj02(np.array([SHANGHAI[0]]))[0] == pytest.approx(SHANGHAI[1], abs=1e-5)


@pytest.mark.shared
def test_published_points_are_met(shared):
    cases = json.loads((shared / "vectors.json").read_text("utf-8"))["methods"]["gcj02"]["wgs_to_gcj"]

    for latitude, longitude, shifted_latitude, shifted_longitude in cases:
        shifted = to_gcj02(np.array([[longitude, latitude]]))[0]
        assert shifted == pytest.approx((shifted_longitude, shifted_latitude), abs=1e-5)


@given(longitude=st.floats(74, 134), latitude=st.floats(5, 53))
def test_there_and_back_is_the_same_place(longitude, latitude):
    point = np.array([[longitude, latitude]])

    assert from_gcj02(to_gcj02(point)) == pytest.approx(point, abs=1e-7)


def test_outside_china_nothing_is_shifted():
    paris = np.array([[2.35, 48.85]])

    assert (to_gcj02(paris) == paris).all()
