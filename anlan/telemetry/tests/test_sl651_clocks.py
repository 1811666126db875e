"""SL 651 stations whose clock is wrong. Two digits name a year there: 2099 comes as 99 and can only be read as 1999."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from anlan.telemetry.core.quality import Quality
from anlan.telemetry.core.rule_content import default_rules
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.values import Frame, Plain, Report, StationMark, TimeMark
from anlan.telemetry.gateway.process import sl651_wire
from anlan.telemetry.models import Alarm, Latest, Order, Parcel, Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.judging import book, run_until_judged
from anlan.telemetry.tests.sl651_lines import NOW, PATIENCE_S, Caller, forget_readings, said, serving, until

pytestmark = pytest.mark.django_db(transaction=True)
STATION = "0011223344"
# What the station takes the year for → what its two digits are read as.
READ_AS = {1970: 1970, 2049: 2049, 2099: 1999}


@pytest.fixture
def gauge(db):
    """A gauge with a warning level of 105 m, and the rules for levels, silence and clocks."""
    forget_readings()
    device = make.device("S1", protocol="sl651", address=STATION)
    make.datastream(device, "39", property="level", interval_s=300).thresholds.create(
        quantity="reading", colour=2, value=105.0
    )
    book(*(default_rules().of(key) for key in ("level", "silent", "clock")))
    return device


def report(at: datetime, level: float, encoding: Encoding = Encoding.HEX) -> bytes:
    """Return a report that was sent and measured at a time."""
    items = (StationMark(STATION, ord("H")), TimeMark(at), reading(0x39, level, encoding=encoding))
    head = (encoding, Direction.UP, 1, STATION, 0x1234, Function.TIMED)
    return encode(Frame(*head, Report(7, at, items), Control.ETX))


def clock_of(year: int, minute: int = 0) -> datetime:
    """Return what is read from a clock that stands at the beginning of a year."""
    return datetime(READ_AS[year], 1, 2, 0, minute, tzinfo=UTC)


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("year", READ_AS)
def test_the_frames_of_a_wrong_clock_are_confirmed_kept_and_marked_and_raise_its_own_alarm_alone(gauge, year, encoding):
    ours = [NOW]
    with serving(clock=lambda: ours[-1]) as server, Caller(server) as caller:
        caller.ask(report(NOW, 101.0, encoding))
        judge = run_until_judged(at=NOW)
        for minute in range(3):
            ours.append(NOW + timedelta(minutes=minute + 1))
            answer = said(caller.ask(report(clock_of(year, minute), 109.0, encoding)))
            assert (answer.body, answer.ending) == (Plain(7, ours[-1]), Control.ESC)
            judge = run_until_judged(judge, at=ours[-1])

    kept = dict(Reading.objects.values_list("time", "flags"))
    assert kept.pop(NOW) == 0
    assert set(kept) == {clock_of(year, minute) for minute in range(3)}
    assert all(flags & Quality.CLOCK for flags in kept.values())
    assert not Quarantined.objects.exists()
    assert not Parcel.objects.exists()
    assert [(each.rule_key, each.kind) for each in Alarm.objects.all()] == [("clock", "device")]
    assert Latest.objects.get().value == 101.0


@pytest.mark.parametrize("year", READ_AS)
def test_a_clock_put_right_is_believed_again_at_once(gauge, year):
    with serving() as server, Caller(server) as caller:
        caller.ask(report(clock_of(year), 109.0))
        caller.ask(report(NOW, 109.0))
    run_until_judged(at=NOW)

    assert [(each.rule_key, each.colour) for each in Alarm.objects.filter(kind="hazard")] == [("level", 2)]
    assert Latest.objects.get().time == NOW


@pytest.mark.parametrize(("clock_s", "is_set"), [(300.0, True), (7200.0, False), (None, False)])
def test_the_gateway_sets_a_clock_that_is_wrong_by_more_than_the_site_says(gauge, clock_s, is_set):
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    wire = sl651_wire("127.0.0.1", 0, clock=lambda: NOW, clock_s=clock_s)
    try:
        asyncio.run_coroutine_threadsafe(wire.start(), loop).result(PATIENCE_S)
        assert until(lambda: wire.is_well)
        with Caller(wire) as caller:
            caller.ask(report(NOW - timedelta(hours=1), 101.0))
            asked = caller.answer(within=PATIENCE_S if is_set else 0.5)
    finally:
        asyncio.run_coroutine_threadsafe(wire.stop(), loop).result(2 * PATIENCE_S)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_S)
        loop.close()

    assert bool(asked) == is_set == Order.objects.filter(function=Function.SET_CLOCK).exists()
    assert not is_set or said(asked).body == Plain(0, NOW)
