"""What is coming: levels that may reach a limit within the next hours."""

from datetime import UTC, datetime

import pytest

from anlan.telemetry.models import LevelForecast, Station, Threshold
from anlan.telemetry.queries.coming import coming
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)


def foretold(high: float, **changes):
    level = make.datastream(make.device("D1", at=make.station("R1", name="Bridge", river="Long river")))
    for colour, value in ((2, 102.0), (3, 103.0)):
        Threshold.objects.create(datastream=level, quantity="reading", colour=colour, value=value)
    fields = {
        "issued_at": NOW, "origin_at": NOW, "level_m": [101.0] * 6, "low_m": [100.5] * 6,
        "high_m": [101.5, 101.8, high, high, high, high], "basis": 0, "state": 0, "is_fallback": False,
        "model_sha256": "0" * 64,
    }  # fmt: skip
    return LevelForecast.objects.create(datastream=level, **{**fields, **changes})


def told():
    return coming(list(Station.objects.all()), NOW)


def test_a_level_whose_upper_end_reaches_a_limit_is_told_with_the_hour():
    foretold(103.2)

    (line,) = told()

    assert (line["name"], line["river"], line["hours"], line["colour"]) == ("Bridge", "Long river", 3, 3)
    assert (line["value"], line["high"], line["warning"]) == (101.0, 103.2, 102.0)


def test_a_level_that_stays_under_its_limits_is_not_told():
    foretold(101.9)

    assert told() == []


def test_what_only_says_that_the_level_stays_or_is_old_is_not_told():
    row = foretold(103.2, basis=1, is_fallback=True)
    assert told() == []

    row.basis, row.is_fallback, row.origin_at = 0, False, datetime(2026, 7, 1, 4, tzinfo=UTC)
    row.save()
    assert told() == []
