import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.charts import MOST_FLAGGED, Asked, Told, chart_of, looks_back_s, sums_now
from anlan.telemetry.core.derived import Source
from anlan.telemetry.core.properties import Property
from anlan.telemetry.core.quality import Quality
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.series import DAY, HOUR

HOURLY, EVERY_TEN_MINUTES = Source(HOUR), Source(600.0)


def told(*rows: tuple[float, float], flags: dict[float, int] | None = None, right: dict[float, float] | None = None):
    """Return readings at hours; `right` is what a person put in the place of a raw value."""
    times = [hour * HOUR for hour, _value in rows]
    return Told(
        np.array(times),
        np.array([value for _hour, value in rows]),
        np.array([(flags or {}).get(hour, 0) for hour, _value in rows], dtype=np.int64),
        np.array([(right or {}).get(hour, value) for hour, value in rows]),
        np.array([hour in (right or {}) for hour, _value in rows], dtype=np.bool_),
    )


def test_levels_are_a_line_with_its_holes():
    chart = chart_of(Property.LEVEL, "m", told((1, 56.0), (2, np.nan), (3, 57.0)), HOURLY, Asked(0.0, 3 * HOUR))

    assert chart.kind == "line"
    assert [(time / HOUR, value) for time, value, _flags in chart.points] == [(1, 56.0), (2, None), (3, 57.0)]


def test_what_is_not_believed_is_marked_as_it_came():
    readings = told((1, 56.0), (2, 999.0), (3, 57.0), flags={2: int(Quality.RANGE)})

    chart = chart_of(Property.LEVEL, "m", readings, HOURLY, Asked(0.0, 3 * HOUR))

    assert [value for _time, value, _flags in chart.points] == [56.0, None, 57.0]
    assert chart.flagged == [(2 * HOUR, 999.0, int(Quality.RANGE))]


def test_a_person_s_word_counts_whatever_the_flags_say():
    readings = told((1, 56.0), (2, 999.0), flags={2: int(Quality.RANGE)}, right={2: 56.5})

    chart = chart_of(Property.LEVEL, "m", readings, HOURLY, Asked(0.0, 2 * HOUR))

    assert [value for _time, value, _flags in chart.points] == [56.0, 56.5]
    assert chart.flagged == []


def test_what_stands_still_is_believed_and_told():
    chart = chart_of(Property.LEVEL, "m", told((1, 56.0), flags={1: int(Quality.STUCK)}), HOURLY, Asked(0.0, 2 * HOUR))

    assert chart.points == [(HOUR, 56.0, int(Quality.STUCK))]


def test_rain_of_a_short_span_is_bars_of_hours():
    readings = told(*((10 + minute / 60, 0.5) for minute in range(10, 130, 10)))

    chart = chart_of(Property.RAIN, "mm", readings, EVERY_TEN_MINUTES, Asked(9 * HOUR, 12 * HOUR))

    assert chart.kind == "bars"
    assert [(time / HOUR, value) for time, value, _flags in chart.points] == [(10, None), (11, 3.0), (12, 3.0)]


def test_the_running_hour_shows_what_fell_so_far():
    chart = chart_of(Property.RAIN, "mm", told((10.5, 4.0)), EVERY_TEN_MINUTES, Asked(10 * HOUR, 10.6 * HOUR))

    assert [(time / HOUR, value) for time, value, _flags in chart.points] == [(11, 4.0)]


def test_rain_of_a_long_span_is_bars_of_rain_days():
    readings = told((1, 2.0), (24, 3.0), (25, 4.0))

    chart = chart_of(Property.RAIN, "mm", readings, HOURLY, Asked(0.0, 5 * DAY))

    assert [(time / DAY, value) for time, value, _flags in chart.points][:2] == [(1, 5.0), (2, 4.0)]


def test_the_figures_of_a_property_come_with_its_chart():
    rising = told(*((hour / 6, 56.0 + hour / 60) for hour in range(12)))

    chart = chart_of(Property.LEVEL, "m", rising, EVERY_TEN_MINUTES, Asked(0.0, 2 * HOUR))

    assert chart.derived[Quantity.RISE_RATE][-1][1] == pytest.approx(0.1)
    assert looks_back_s(Property.LEVEL) == HOUR


def test_sums_are_told_only_where_they_are_known_whole():
    readings = told(*((hour / 6, 0.5) for hour in range(1, 13)))

    assert sums_now(readings, EVERY_TEN_MINUTES, 2 * HOUR) == {1: 3.0, 3: None, 6: None, 24: None}


def test_nothing_in_the_span_is_an_empty_chart():
    assert chart_of(Property.LEVEL, "m", told(), HOURLY, Asked(0.0, HOUR)).is_empty
    assert chart_of(Property.RAIN, "mm", told(), HOURLY, Asked(0.0, HOUR)).is_empty


@given(st.integers(0, 3000), st.integers(3, 400))
def test_a_line_never_holds_more_than_was_asked_for(count, most):
    readings = told(*((1 + place / 60, float(place % 7)) for place in range(count)))

    chart = chart_of(Property.FLOW, "m3/s", readings, HOURLY, Asked(0.0, 100 * HOUR, most))

    assert len(chart.points) <= most


def test_marks_are_bounded_too():
    readings = told(*((1 + place / 60, 9.0) for place in range(500)), flags={1 + place / 60: 1 for place in range(500)})

    assert len(chart_of(Property.FLOW, "m3/s", readings, HOURLY, Asked(0.0, 10 * HOUR)).flagged) == MOST_FLAGGED
