"""Asking a station: checked when asked, sent when it is on line, its answer kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from anlan.accounts.tests.factories import bob
from anlan.ground.models import AuditEntry
from anlan.telemetry.actions import orders as actions
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.values import (
    Asked,
    EventLog,
    Frame,
    PeriodAsked,
    Plain,
    Report,
    Series,
    Setting,
    Settings,
    StationMark,
    Step,
    Switched,
    TimeMark,
    Version,
)
from anlan.telemetry.gateway.sl651_server import Limits
from anlan.telemetry.models import Device, Order, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import NOW, Caller, forget_readings, said, serving, until

pytestmark = pytest.mark.django_db(transaction=True)
STATION = "0011223344"
MARK = StationMark(STATION, ord("H"))
LIMITS = Limits(answer_s=0.3, sweep_s=0.05)


@pytest.fixture(autouse=True)
def station(db):
    forget_readings()
    return make.device("S1", protocol="sl651", address=STATION)


def up(body, function, *, ending=Control.ETX, password=0x1234) -> bytes:
    return encode(Frame(Encoding.HEX, Direction.UP, 1, STATION, password, int(function), body, ending))


ALIVE = up(Plain(1, NOW), Function.LINK)


def order(station, function, content=None, at=NOW):
    return actions.order_reading(
        actor=bob(), device_id=station.pk, function=int(function), content=content or {}, at=at
    )


def test_an_order_waits_for_its_station_and_the_answer_is_kept(station):
    asked = order(station, Function.ASK_NOW)
    items = (MARK, TimeMark(NOW), reading(0x39, 10.49), reading(0x26, 4.0))

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)
        question = said(caller.answer())
        caller.send(up(Report(8, NOW, items), Function.ASK_NOW))
        assert until(lambda: Order.objects.filter(state="answered").exists())

        assert caller.answer(within=0.2) == b""
    assert (question.function, question.ending, question.body) == (Function.ASK_NOW, Control.ENQ, Plain(0, NOW))
    assert (question.centre, question.password) == (1, 0x1234)
    asked.refresh_from_db()
    assert (asked.sent_at, asked.answered_at) == (NOW, NOW)
    (part,) = asked.answer["parts"]
    assert [(one["element"], one["value"]) for one in part["values"]] == [("39", 10.49), ("26", 4.0)]
    assert Reading.objects.count() == 2


def test_an_order_goes_at_once_to_a_station_on_line(station):
    with serving(Limits(sweep_s=60)) as server, Caller(server) as caller:
        caller.send(ALIVE)
        until(lambda: server.counts["kept"])
        order(station, Function.VERSION)

        assert said(caller.answer(within=5)).function == Function.VERSION
        caller.send(up(Version(8, NOW, STATION, "RTU 1.2"), Function.VERSION))
        until(lambda: Order.objects.filter(state="answered").exists())
    assert Order.objects.get().answer["parts"][0]["version"] == "RTU 1.2"


def test_orders_go_one_after_the_other(station):
    order(station, Function.READ_CLOCK)
    Order.objects.create(device=station, function=0x50, asked_at=NOW)

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)
        first = said(caller.answer())
        assert caller.answer(within=0.3) == b""
        caller.send(up(Report(8, NOW, (StationMark(STATION, None),)), Function.READ_CLOCK))
        second = said(caller.answer())
        caller.send(up(EventLog(9, NOW, STATION, tuple(range(32))), Function.EVENTS))
        assert until(lambda: Order.objects.filter(state="answered").count() == 2)

    assert (first.function, second.function) == (Function.READ_CLOCK, Function.EVENTS)
    assert Order.objects.get(function=0x50).answer["parts"][0]["counts"] == list(range(32))


def test_an_order_that_is_not_answered_is_sent_twice_again_and_given_up(station):
    order(station, Function.STATUS)

    with serving(LIMITS) as server, Caller(server) as caller:
        caller.send(ALIVE)
        sent = [caller.answer() for _ in range(3)]
        assert until(lambda: Order.objects.filter(state="failed").exists())

        assert caller.answer(within=0.5) == b""
    assert sent[0]
    assert sent == [sent[0]] * 3
    assert Order.objects.get().answer["fault"] == "The station did not answer"


def test_an_order_that_cannot_be_written_is_given_up_with_the_reason_apart_from_its_values(station):
    Order.objects.create(device=station, function=0x2F, asked_at=NOW)

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)
        assert until(lambda: Order.objects.filter(state="failed").exists())
    told = {"fault": "Function %(function)s cannot be asked of a station", "values": {"function": "2F"}}
    assert Order.objects.get().answer == told


def test_an_order_is_asked_again_when_its_line_broke(station):
    order(station, Function.STATUS)

    with serving() as server:
        with Caller(server) as caller:
            caller.send(ALIVE)
            assert caller.answer()
        assert until(lambda: Order.objects.filter(state="queued").exists())
        with Caller(server) as caller:
            caller.send(ALIVE)

            assert said(caller.answer()).function == Function.STATUS


def test_an_order_that_a_killed_gateway_had_sent_is_sent_again(station):
    Order.objects.create(device=station, function=0x46, state="sent", sent_at=NOW, asked_at=NOW)

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)

        assert said(caller.answer()).function == Function.STATUS


@pytest.mark.parametrize(("function", "content", "minutes"), [(0x4C, {"states": [True]}, 11), (0x37, {}, 1441)])
def test_what_waited_too_long_is_forgotten(station, function, content, minutes):
    order(station, function, content, at=NOW - timedelta(minutes=minutes))

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)
        assert until(lambda: Order.objects.filter(state="failed").exists())

        assert caller.answer(within=0.2) == b""
    assert Order.objects.get().answer == {"fault": "The station was not on line in time"}


def test_an_answer_of_several_frames_is_kept_whole_and_confirmed_between(station):
    order(
        station,
        Function.ASK_PERIOD,
        {"element": "39", "since": "2026-07-01T08:00+08:00", "until": "2026-07-01T10:00+08:00", "minutes": 60},
    )

    def part(hour, ending):
        at = NOW.replace(hour=hour)
        items = (MARK, TimeMark(at), Step(0, 1, 0), Series(0x39, 4, 3, (10_490,)))
        return up(Report(8, NOW, items), Function.ASK_PERIOD, ending=ending)

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)
        question = said(caller.answer())
        caller.send(part(0, Control.ETB))
        go_on = said(caller.answer())
        caller.send(part(1, Control.ETX))
        assert until(lambda: Order.objects.filter(state="answered").exists())

    assert isinstance(question.body, PeriodAsked)
    assert (question.body.step, question.body.wanted.code) == (Step(0, 1, 0), 0x39)
    assert go_on.ending == Control.ACK
    assert len(Order.objects.get().answer["parts"]) == 2
    assert Reading.objects.count() == 2


def test_a_password_that_was_changed_at_the_station_is_the_one_heard(station):
    station.password = "1234"  # noqa: S105
    station.save()
    order(station, Function.PASSWORD, {"password": "BEEF"})
    answer = up(Settings(8, NOW, STATION, (Setting(3, 0, b"\xbe\xef"),)), Function.PASSWORD, password=0xBEEF)

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)
        question = said(caller.answer())
        caller.send(answer)
        assert until(lambda: Order.objects.filter(state="answered").exists())

    assert [one.content for one in question.body.settings] == [b"\x12\x34", b"\xbe\xef"]
    assert Device.objects.get().password == "BEEF"
    row = Order.objects.get()
    assert "BEEF" not in f"{row.content} {row.answer}"
    assert "BEEF" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_a_clock_that_is_wrong_is_set_where_the_site_wants_it(station):
    late = replace(Report(8, NOW - timedelta(hours=2), (MARK, TimeMark(NOW), reading(0x39, 1.0))))

    with serving(Limits(clock_s=300, sweep_s=0.05)) as server, Caller(server) as caller:
        caller.send(up(late, Function.TIMED))
        assert said(caller.answer()).function == Function.TIMED
        question = said(caller.answer())
        caller.send(up(Report(9, NOW, (StationMark(STATION, None),)), Function.SET_CLOCK))
        assert until(lambda: Order.objects.filter(state="answered").exists())
        caller.send(up(replace(late, serial=10), Function.TIMED))
        assert said(caller.answer()).function == Function.TIMED

        assert caller.answer(within=0.4) == b""
    assert (question.function, question.body) == (Function.SET_CLOCK, Plain(0, NOW))
    assert Order.objects.get().asked_by_name == ""


@pytest.mark.parametrize(
    ("function", "content", "body"),
    [
        (0x3A, {"elements": ["39", "26"]}, Asked),
        (0x42, {"settings": [{"code": "20", "content": "08"}]}, Settings),
        (0x43, {"settings": [{"code": "20", "definition": "08"}]}, Asked),
        (0x47, {}, Asked),
        (0x4B, {"is_on": True}, Report),
        (0x4E, {"states": [True, False], "openings": [25, 0]}, Switched),
    ],
)
def test_every_kind_of_question_goes_out_as_it_was_asked(station, function, content, body):
    order(station, function, content)

    with serving() as server, Caller(server) as caller:
        caller.send(ALIVE)
        question = said(caller.answer())

    assert question.function == function
    assert isinstance(question.body, body)
