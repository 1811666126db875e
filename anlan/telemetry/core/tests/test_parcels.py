"""Readings as they lie in a parcel: what comes out is what went in, to the last bit, whatever stands for it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.parcels import Contents, Heard, Readings, pack, unpack

COUNTS = st.integers(0, 40)
NUMBERS = st.floats(width=64)


@st.composite
def columns(draw):
    """Draw readings of which any column may be even, constant or of any numbers."""
    count = draw(COUNTS)

    def column(each, step):
        if draw(st.booleans()):
            return draw(st.lists(each, min_size=count, max_size=count))
        first, by = draw(each), draw(step)
        return [first + place * by for place in range(count)]

    ids, flags = st.integers(1, 2**20), st.integers(0, 2**8)
    return Readings(
        np.array(column(ids, st.integers(0, 3)), dtype=np.int32),
        np.array(column(NUMBERS, NUMBERS)),
        np.array(column(NUMBERS, NUMBERS)),
        np.array(column(flags, st.integers(0, 1)), dtype=np.int16),
        np.array(column(NUMBERS, st.just(0.0))),
    )


def bits_of(readings):
    each = readings.datastreams, readings.times, readings.values, readings.flags, readings.arrived
    return [(column.dtype.str, column.tobytes()) for column in each]


@given(columns())
def test_what_comes_out_is_what_went_in(readings):
    found = unpack(pack(Contents(readings, (Heard(7, 1.5, None),), ((3, 2.5),))))

    assert bits_of(found.readings) == bits_of(readings)
    assert (found.heard, found.again) == ((Heard(7, 1.5, None),), ((3, 2.5),))


@pytest.mark.parametrize(("step", "most"), [(300.0, 9_000), (0.1, 17_500)])
def test_what_a_logger_sends_in_even_steps_takes_little_room(step, most):
    times = 1.7e9 + np.cumsum(np.full(1000, step))
    many = np.full(1000, 7, np.int32), times, np.linspace(1, 2, 1000) ** 2, np.zeros(1000, np.int16), np.full(1000, 2e9)

    assert len(pack(Contents(Readings(*many)))) < most


def test_minus_nothing_stays_what_it_is():
    zeros = Readings(np.zeros(8, np.int32), np.zeros(8), np.full(8, -0.0), np.zeros(8, np.int16), np.zeros(8))

    assert np.signbit(unpack(pack(Contents(zeros))).readings.values).all()
