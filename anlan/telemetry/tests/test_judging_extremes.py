"""The largest, the smallest and the missing number in every figure: nothing falls, nothing fires, all goes on."""

import pytest
from django.db import connection

from anlan.telemetry.core.series import DAY, HOUR
from anlan.telemetry.models import Alarm, Latest, Parcel
from anlan.telemetry.tests.judging import T, run_until_judged, told
from anlan.telemetry.tests.test_judging_order import register

pytestmark = pytest.mark.django_db
EXTREMES = (1e308, -1e308, float("nan"), 5e-324, -0.0, 1.7976931348623157e308, -1.7976931348623157e308)
CALM = {("D1", "level"): 101.0, ("D3", "rain"): 0.0, ("D4", "rain"): 250.0, ("G0", "displacement"): 5.0}


@pytest.mark.parametrize("is_in_order", [True, False], ids=["in order", "from the last to the first"])
@pytest.mark.parametrize(("device", "element"), CALM)
def test_numbers_beyond_all_measure_fell_nothing_and_fire_nothing(device, element, is_in_order):
    register()
    calm = CALM[(device, element)]
    judge = run_until_judged()
    some = [(T - DAY + 300 * place, calm) for place in range(200)]
    for place, value in enumerate(EXTREMES):
        some[20 * place + 10 : 20 * place + 13] = [(time, value) for time, _ in some[20 * place + 10 : 20 * place + 13]]
    some = [(time, calm if abs(value) < 1e-300 else value) for time, value in some]  # nothing is a value like another

    for part in (some[:70], some[70:140], some[140:]) if is_in_order else (some[140:], some[70:140], some[:70]):
        told(device, element, part)
        run_until_judged(judge)

    assert not Parcel.objects.exists()
    assert not Alarm.objects.filter(kind="hazard").exists()
    assert Latest.objects.get().value == calm


def test_a_true_flood_between_two_impossible_numbers_is_told():
    register()
    told("D1", "level", [(T - HOUR + 300 * place, value) for place, value in enumerate((101.0, 1e308, 102.5, -1e308))])
    run_until_judged()
    told("D1", "level", [(T - HOUR + 1200 + 300 * place, 102.6) for place in range(4)])
    run_until_judged()

    assert [(each.rule_key, each.colour) for each in Alarm.objects.filter(rule_key="level")] == [("level", 2)]


def test_every_extreme_comes_back_from_the_store_as_it_was_told():
    register()
    told("D1", "level", [(T - HOUR + 300 * place, value) for place, value in enumerate(EXTREMES)])
    run_until_judged()

    with connection.cursor() as cursor:
        cursor.execute('SELECT value FROM telemetry_reading ORDER BY "time"')
        kept = [value for (value,) in cursor.fetchall()]
    assert str(kept) == str([each + 0.0 for each in EXTREMES])  # nothing has no sign
