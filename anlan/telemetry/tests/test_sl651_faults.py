"""What goes wrong on a line: nothing accepted is lost, nothing unkept is confirmed, nobody else waits for it."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection

from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function, StationClass
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.values import Frame, Plain, Report, StationMark, TimeMark
from anlan.telemetry.gateway.sl651_server import Limits
from anlan.telemetry.models import Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import (
    NOW,
    Caller,
    Switch,
    connect,
    forget_readings,
    keeper,
    said,
    serving,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)
STATION = "0011223344"
QUICK = Limits(idle_s=0.6, frame_s=0.4, sweep_s=0.05, rubbish=4096)


def report(
    *, minute: int = 0, level: float = 10.49, station: str = STATION, password: int = 0x1234, encoding=Encoding.HEX
) -> bytes:
    """Return a timed report of the level."""
    at = NOW - timedelta(hours=1) + timedelta(minutes=minute)
    items = (StationMark(station, StationClass.RIVER), TimeMark(at), reading(0x39, level, encoding=encoding))
    head = (encoding, Direction.UP, 1, station, password, Function.TIMED)
    return encode(Frame(*head, Report(minute + 1, at, items), Control.ETX))


GOOD = report()


@pytest.fixture(autouse=True)
def station(db):
    forget_readings()
    return make.device("S1", protocol="sl651", address=STATION, password="1234")  # noqa: S106


@pytest.mark.parametrize("encoding", Encoding)
def test_a_report_is_confirmed_with_its_running_number_and_our_time(encoding):
    with serving() as server, Caller(server) as caller:
        answer = said(caller.ask(report(minute=6, encoding=encoding)))

    assert (answer.body, answer.ending, answer.function) == (Plain(7, NOW), Control.ESC, Function.TIMED)
    assert Reading.objects.get().value == 10.49


def test_two_frames_in_one_segment_are_two():
    with serving() as server, Caller(server) as caller:
        caller.send(GOOD + report(minute=5))

        assert [said(caller.answer()).body.serial for _ in range(2)] == [1, 6]
    assert Reading.objects.count() == 2


def test_a_frame_may_come_byte_by_byte():
    with serving() as server, Caller(server) as caller:
        for octet in GOOD:
            caller.send(bytes([octet]))

        assert caller.answer()
    assert Reading.objects.count() == 1


def test_what_comes_twice_is_confirmed_twice_and_stored_once():
    with serving() as server, Caller(server) as caller:
        first, again = caller.ask(GOOD), caller.ask(GOOD)

    assert first == again
    assert Reading.objects.count() == 1


POISON = {
    "cut short": GOOD[:-7],
    "a wrong CRC": GOOD[:-1] + bytes([GOOD[-1] ^ 1]),
    "a length that lies long": GOOD[:11] + b"\x00\x90" + GOOD[13:],
    "a length that lies short": GOOD[:11] + b"\x00\x09" + GOOD[13:],
    "no end character": GOOD[:-3] + b"\x00" + GOOD[-2:],
    "a start alone": b"\x7e\x7e",
    "starts only": b"\x7e" * 200,
    "something else": b"GET / HTTP/1.1\r\nHost: anlan\r\n\r\n",
    "characters cut short": report(encoding=Encoding.ASCII)[:-9],
    "nothing but zeros": bytes(300),
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
def test_a_frame_behind_rubbish_is_taken_and_the_rubbish_put_aside(poison):
    with serving(QUICK) as server, Caller(server) as caller:
        caller.send(poison + report(minute=9))

        assert said(caller.answer()).body.serial == 10
    assert Reading.objects.count() == 1
    assert b"".join(bytes(row.payload) for row in Quarantined.objects.order_by("id")) == poison


def test_the_start_of_a_frame_may_stand_inside_another():
    inside = report(minute=0x7E7E - 1)  # its running number looks like a start
    keep_alive = bytes.fromhex("7E7E010011223344 1234 2F 0008 02 7E7E 221011100747 03")
    keep_alive += crc16(keep_alive).to_bytes(2, "big")
    assert (inside.count(b"\x7e\x7e"), keep_alive.count(b"\x7e\x7e")) == (2, 2)

    with serving() as server, Caller(server) as caller:
        caller.send(keep_alive + inside + keep_alive + GOOD)

        assert [said(caller.answer()).body.serial for _ in range(2)] == [0x7E7E, 1]
        assert until(lambda: server.counts["kept"] == 4)
    assert not Quarantined.objects.exists()


def test_an_endless_stream_of_rubbish_is_cut_off():
    with serving(QUICK) as server, Caller(server) as caller:
        sender = threading.Thread(target=lambda: _pour(caller), daemon=True)
        sender.start()

        assert caller.is_closed()
        sender.join(5)
        reasons = until(lambda: list(Quarantined.objects.filter(reason__startswith="The line was cut off")))
    assert reasons
    assert sum(len(row.payload) for row in Quarantined.objects.all()) < 10 * QUICK.rubbish


def _pour(caller: Caller) -> None:
    try:
        for number in range(10_000):
            caller.send(number.to_bytes(4, "big") * 64)
    except OSError:
        return


def test_a_line_that_dribbles_a_frame_is_closed():
    with serving(QUICK) as server, Caller(server) as caller:
        caller.send(GOOD[:20])

        assert caller.is_closed(within=5)
        row = until(Quarantined.objects.first)
    assert (row.reason, bytes(row.payload)) == ("the frame is cut short at byte %(offset)d", GOOD[:20])


def test_a_silent_line_is_closed():
    with serving(QUICK) as server, Caller(server) as caller:
        assert caller.is_closed(within=5)


def test_there_are_not_more_lines_than_are_borne():
    with serving(Limits(lines=2)) as server, Caller(server) as one, Caller(server) as two:
        assert one.ask(GOOD)
        assert two.ask(GOOD)
        with Caller(server) as three:
            assert three.is_closed()

        assert one.ask(GOOD)


def test_an_unknown_station_is_put_aside_and_not_answered():
    stranger = report(station="0099999999")

    with serving() as server, Caller(server) as caller:
        caller.send(stranger)
        row = until(Quarantined.objects.first)

        assert caller.answer(within=0.2) == b""
        assert caller.ask(GOOD)
    assert (row.reason, row.device_code) == ("The device is not registered", "0099999999")
    assert bytes(row.payload) == stranger


def test_a_wrong_password_is_put_aside_and_not_answered():
    with serving() as server, Caller(server) as caller:
        caller.send(report(password=0x4321))
        row = until(Quarantined.objects.first)

        assert caller.answer(within=0.2) == b""
    assert (row.reason, row.device_code) == ("The password of the station is another", "S1")
    assert not Reading.objects.exists()


def test_a_station_registered_meanwhile_is_heard():
    with serving() as server, Caller(server) as caller:
        caller.send(report(station="0099999999"))
        until(Quarantined.objects.first)
        make.device("S9", at=make.station("S9"), protocol="sl651", address="0099999999")
        until(lambda: caller.send(report(station="0099999999")) or caller.answer(within=0.3))

    assert Reading.objects.count() == 1


def blocked() -> int:
    """Return the process of the database that waits for a lock in the middle of its transaction; 0 for none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        found = cursor.fetchone()
    return found[0] if found else 0


def test_what_was_not_committed_when_the_connection_fell_is_not_confirmed_and_later_stored_once():
    with serving() as server, Caller(server) as caller, connect() as other:
        with other.transaction():
            other.execute("LOCK TABLE telemetry_reading IN EXCLUSIVE MODE")
            caller.send(GOOD)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [until(blocked)])

            assert caller.answer(within=0.5) == b""
            assert not Reading.objects.exists()
            caller.send(GOOD)

        assert caller.answer()
        assert caller.answer()
    assert Reading.objects.count() == 1


def test_while_postgresql_is_away_nothing_is_confirmed_and_nothing_lost():
    way = Switch()

    with serving(by=keeper(connect=way.connect)) as server, Caller(server) as caller:
        way.cut()
        caller.send(GOOD)
        assert caller.answer(within=0.5) == b""
        assert not server.is_well
        way.mend()

        assert caller.answer()
    assert Reading.objects.count() == 1


def test_while_much_waits_no_line_is_read():
    way = Switch()

    with serving(Limits(waiting=4096), by=keeper(connect=way.connect)) as server, Caller(server) as caller:
        way.cut()
        caller.send(b"".join(report(minute=one) for one in range(400)))
        assert until(lambda: server.is_resting)
        time.sleep(0.1)  # what was in hand by then is read to its end
        caller.send(b"".join(report(minute=one) for one in range(400, 500)))
        time.sleep(0.3)
        assert server.counts["frames"] < 500
        way.mend()

        assert until(lambda: Reading.objects.count() == 500)
    assert server.counts["frames"] == 500


def test_nobody_is_let_in_before_it_is_known_who_may_speak():
    way = Switch()
    way.cut()

    with serving(by=keeper(connect=way.connect), waits=False) as server:
        with pytest.raises(ConnectionRefusedError):
            Caller(server)
        way.mend()
        until(lambda: server.is_well)

        with Caller(server) as caller:
            assert caller.ask(GOOD)


def test_one_frame_that_cannot_be_kept_holds_up_no_other():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE telemetry_reading ADD CONSTRAINT no_beast CHECK (value <> 666)")
    try:
        with serving(Limits(gather_s=0.2)) as server, Caller(server) as caller:
            caller.send(report(minute=1) + report(minute=2, level=666.0) + report(minute=3))

            assert [said(caller.answer()).body.serial for _ in range(2)] == [2, 4]
            assert caller.answer(within=0.3) == b""
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE telemetry_reading DROP CONSTRAINT no_beast")
    assert Quarantined.objects.get().reason == "The frame could not be kept"
    assert Reading.objects.count() == 2


def test_five_hundred_lines_are_heard_at_once():
    for number in range(1, 51):
        make.device(f"N{number}", at=make.station(f"N{number}"), protocol="sl651", address=f"00{number:08d}")

    with serving() as server:
        callers = [Caller(server) for _ in range(500)]
        for number, caller in enumerate(callers):
            caller.send(report(station=f"00{number % 50 + 1:08d}", minute=number // 50))

        answered = sum(bool(caller.answer()) for caller in callers)
        for caller in callers:
            caller.socket.close()
    assert answered == Reading.objects.count() == 500
