"""What a person may ask of a station, and what is refused."""

import pytest

from anlan.accounts.models import User
from anlan.accounts.tests.factories import bob
from anlan.telemetry.actions import orders as actions
from anlan.telemetry.core.order_content import BadOrder, is_askable, step_of
from anlan.telemetry.core.sl651.codes import Function
from anlan.telemetry.core.sl651.values import Step
from anlan.telemetry.models import Device, Order
from anlan.telemetry.queries import orders as queries
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return make.device("S1", protocol="sl651", address="0011223344")


def order(station, function, content=None):
    return actions.order_reading(
        actor=bob(), device_id=station.pk, function=int(function), content=content or {}, at=NOW
    )


@pytest.mark.parametrize(
    ("function", "content"),
    [
        (0x32, {}),
        (0x3A, {}),
        (0x3A, {"elements": ["ZZ"]}),
        (0x3A, {"elements": []}),
        (0x38, {"element": "39", "since": "2026-07-01T08:00", "until": "2026-07-01T10:00", "minutes": 5}),
        (0x38, {"element": "39", "since": "2026-07-02T08:00Z", "until": "2026-07-01T10:00Z", "minutes": 5}),
        (0x42, {"settings": [{"code": "2", "content": "08"}]}),
        (0x49, {"password": "12"}),
        (0x4E, {"states": [True], "openings": []}),
    ],
)
def test_a_question_that_cannot_be_put_is_refused(station, function, content):
    with pytest.raises(BadOrder):
        order(station, function, content)

    assert not Order.objects.exists()


@pytest.mark.parametrize("changes", [{"protocol": "mqtt"}, {"address": None}, {"is_in_use": False}])
def test_only_an_sl651_station_in_use_can_be_asked(station, changes):
    Device.objects.update(**changes)

    with pytest.raises(actions.NotAskable):
        order(station, Function.STATUS)


def test_not_more_than_some_questions_wait(station):
    person = bob()
    for _ in range(actions.MOST_WAITING):
        actions.order_reading(actor=person, device_id=station.pk, function=0x46, content={}, at=NOW)

    with pytest.raises(actions.TooManyOrders):
        actions.order_reading(actor=person, device_id=station.pk, function=0x46, content={}, at=NOW)


def test_what_was_not_sent_can_be_withdrawn(station):
    asked = order(station, Function.STATUS)

    actions.withdraw_order(actor=User.objects.get(username="bob"), order_id=asked.pk, at=NOW)

    assert not Order.objects.exists()


def test_what_was_sent_cannot_be_withdrawn(station):
    asked = order(station, Function.STATUS)
    Order.objects.update(state="sent")

    with pytest.raises(actions.OrderSettled):
        actions.withdraw_order(actor=User.objects.get(username="bob"), order_id=asked.pk, at=NOW)


def test_orders_are_listed_the_newest_first(station):
    first, second = order(station, 0x46), Order.objects.create(device=station, function=0x45, asked_at=NOW)

    assert list(queries.orders_of(station.pk)) == [second, first]


def test_a_person_may_ask_for_everything_but_what_stations_send_of_themselves():
    askable = {function for function in range(0x20, 0x60) if is_askable(function)}

    assert askable == {*range(0x37, 0x3B), *range(0x40, 0x52)}
    assert not is_askable(0x32)


@pytest.mark.parametrize(
    ("minutes", "step"), [(5, Step(0, 0, 5)), (60, Step(0, 1, 0)), (1440, Step(1, 0, 0)), (120, Step(0, 2, 0))]
)
def test_a_step_is_of_minutes_hours_or_days(minutes, step):
    assert step_of(minutes) == step


@pytest.mark.parametrize("minutes", [0, -5, 90, 1500, 150_000])
def test_a_step_that_is_none_is_refused(minutes):
    with pytest.raises(ValueError, match="expected whole minutes, hours or days"):
        step_of(minutes)
