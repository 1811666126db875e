"""A round that falls over what it was given does not stop the judge: the parcel is put aside, the others are judged."""

import msgspec
import pytest
from django.urls import reverse

from anlan.accounts.tests.factories import alice
from anlan.telemetry.judging.careful import MOST_IN_A_ROW, CarefulJudge, try_again
from anlan.telemetry.models import Alarm, Parcel
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.judging import NOW, T, book, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def three_gauges():
    """Three gauges that pass their warning level, each in a parcel of its own."""
    book()
    for code in "ABC":
        stream = make.datastream(make.device(code, at=make.station(code)), "level")
        stream.thresholds.create(quantity="reading", colour=2, value=100.0)
        told(code, "level", [(T - 60, 99.0), (T, 101.0)])


def rounds(careful: CarefulJudge) -> None:
    while careful.round():
        continue


def places() -> set[str]:
    return set(Alarm.objects.filter(rule_key="level").values_list("place_key", flat=True))


def spoiled() -> bytes:
    """Spoil the second parcel; return what it held."""
    parcel = Parcel.objects.order_by("id")[1]
    content = bytes(parcel.content)
    Parcel.objects.filter(pk=parcel.pk).update(content=b"no parcel at all")
    return content


def test_the_others_are_judged_and_the_bad_one_waits_with_its_fault(three_gauges):
    spoiled()

    rounds(CarefulJudge(lambda: NOW))

    assert places() == {"station:A", "station:C"}
    assert Parcel.objects.get().fault


def test_it_is_judged_when_the_judge_is_started_again_and_the_fault_is_gone(three_gauges):
    content = spoiled()
    rounds(CarefulJudge(lambda: NOW))
    Parcel.objects.update(content=content)

    try_again()
    rounds(CarefulJudge(lambda: NOW))

    assert places() == {"station:A", "station:B", "station:C"}
    assert not Parcel.objects.exists()


def test_whoever_looks_after_the_sensors_is_told(three_gauges, client):
    spoiled()
    client.force_login(alice())
    assert "有 1 批数据尚未经规则判定" not in client.get(reverse("quarantine")).content.decode()

    rounds(CarefulJudge(lambda: NOW))

    assert "有 1 批数据尚未经规则判定" in client.get(reverse("quarantine")).content.decode()


def test_where_one_after_the_other_falls_the_process_ends_and_the_rest_waits(three_gauges):
    for number in range(12):
        told("A", "level", [(T + 60 * number, 99.0)])
    Parcel.objects.update(content=b"no parcel at all")

    with pytest.raises(msgspec.DecodeError):
        rounds(CarefulJudge(lambda: NOW))

    assert Parcel.objects.filter(fault="").count() == 15 - MOST_IN_A_ROW
