import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.telemetry.core.derived import UNKNOWN, Source, derive, derive_many, refresh
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.series import DAY, HOUR, Series, series_of
from anlan.telemetry.core.tangent_angle import Point

MISSING = float("nan")
FROM_READINGS = [each for each in Quantity if each not in {Quantity.SILENCE, Quantity.CLOCK_ERROR}]
SLOPE = Source(interval_s=6 * HOUR, point=Point(uniform_mm_d=0.1))


def hourly(*values):
    return Series(np.arange(len(values)) * HOUR, np.array(values, dtype=float))


def test_every_measure_has_a_name_and_a_window():
    assert set(QUANTITIES) == set(Quantity)


def test_rain_with_a_hole_may_raise_an_alarm_and_not_let_it_rest():
    raw = hourly(1, 40, MISSING, 30)

    found = derive(Quantity.RAIN_3H, raw, raw.times, Source(interval_s=HOUR))

    assert found.values.tolist()[1:] == [41, 41, 70]
    assert found.keeps.tolist()[1:] == [UNKNOWN] * 3
    assert found.is_whole.tolist() == [False] * 4


def test_rain_of_which_nothing_is_known_is_missing_and_not_zero():
    found = derive(Quantity.RAIN_1H, hourly(5, MISSING, MISSING), np.array([2 * HOUR]), Source(interval_s=HOUR))

    assert (np.isnan(found.values[0]), found.keeps[0]) == (True, UNKNOWN)


def test_the_running_rain_day_begins_anew_at_eight():
    raw = hourly(*[2] * 30)  # the first reading is at 08:00 Beijing time

    found = derive(Quantity.RAIN_DAY, raw, raw.times, Source(interval_s=HOUR))

    assert found.values[[1, 24, 25, 26]].tolist() == [2, 48, 2, 4]


def test_a_counter_s_rain():
    raw = hourly(100, 110, 5, 6)

    found = derive(Quantity.RAIN_1H, raw, raw.times[1:], Source(interval_s=HOUR, is_counter=True))

    assert found.values.tolist() == [10, 5, 1]


def test_a_reading_is_itself_and_missing_where_there_is_none():
    found = derive(Quantity.READING, hourly(1, 2), np.array([HOUR, 2 * HOUR]), Source(interval_s=HOUR))

    assert found.values == pytest.approx([2, MISSING], nan_ok=True)
    empty = derive(Quantity.READING, hourly(), np.array([HOUR]), Source(interval_s=HOUR))
    assert np.isnan(empty.values).all()


def test_a_device_s_silence_is_not_derived_from_its_readings():
    with pytest.raises(ValueError, match="not derived"):
        derive(Quantity.SILENCE, hourly(1), np.zeros(1), Source(interval_s=HOUR))


def test_a_slope_of_which_nothing_is_known_keeps_its_alarm():
    found = derive(Quantity.TANGENT_STAGE, hourly(), np.array([DAY]), SLOPE)

    assert (np.isnan(found.values[0]), found.keeps[0]) == (True, UNKNOWN)


def test_no_news_refreshes_nothing():
    assert refresh(Quantity.READING, hourly(1), np.zeros(0), Source(interval_s=HOUR)) is None


RAIN = [each for each in FROM_READINGS if each.value.startswith("rain")]
WAYS = [
    *((quantity, SLOPE, 6 * HOUR) for quantity in FROM_READINGS if quantity not in RAIN),
    *((quantity, Source(1800.0, is_counter), HOUR / 2) for quantity in RAIN for is_counter in (True, False)),
]


@pytest.mark.parametrize(("quantity", "source", "every"), WAYS)
@settings(max_examples=25, deadline=None)
@given(
    readings=st.dictionaries(st.integers(1, 160), st.one_of(st.just(MISSING), st.integers(0, 400)), min_size=8),
    late=st.sets(st.integers(1, 160), min_size=1, max_size=4),
)
def test_refreshed_after_late_readings_is_computed_at_once(quantity, source, every, readings, late):
    readings = {place * every: value / 10 for place, value in readings.items()}
    late = {place * every for place in late}
    whole = series_of((readings | dict.fromkeys(late, 20.0)).items())
    before = series_of((time, value) for time, value in readings.items() if time not in late)

    figures = derive(quantity, before, before.times, source)
    kept = dict(zip(figures.times.tolist(), figures.values.tolist(), strict=True))
    again = refresh(quantity, whole, np.array(sorted(late)), source)
    kept |= dict(zip(again.times.tolist(), again.values.tolist(), strict=True))

    expected = derive(quantity, whole, whole.times, source).values
    assert [kept[time] for time in whole.times.tolist()] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("quantity", FROM_READINGS)
@pytest.mark.parametrize("is_counter", [True, False])
@settings(max_examples=15, deadline=None)
@given(
    many=st.lists(
        st.dictionaries(st.integers(0, 60), st.one_of(st.just(MISSING), st.integers(0, 400))), min_size=1, max_size=5
    )
)
def test_many_at_once_are_each_as_alone(quantity, is_counter, many):
    source = Source(interval_s=HOUR, is_counter=is_counter, point=SLOPE.point)
    raws = [series_of((1.7e9 + place * 3 * HOUR, float(value)) for place, value in one.items()) for one in many]
    ats = [raw.times for raw in raws]

    together = derive_many(quantity, raws, ats, source)

    for raw, found in zip(raws, together, strict=True):
        alone = derive(quantity, raw, raw.times, source)
        assert found.times.tolist() == alone.times.tolist()
        assert found.values == pytest.approx(alone.values, nan_ok=True)
        assert found.keeps == pytest.approx(alone.keeps, nan_ok=True)
        assert found.is_whole.tolist() == alone.is_whole.tolist()
