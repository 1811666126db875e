"""Lines that hold the server's attention without saying anything: byte by byte, many at once, never a whole frame."""

import time

import pytest

from anlan.telemetry.gateway.sl651_server import Limits
from anlan.telemetry.models import Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import Caller, forget_readings, said, serving, until
from anlan.telemetry.tests.test_sl651_faults import GOOD, STATION, report

pytestmark = pytest.mark.django_db(transaction=True)
LIMITS = Limits(idle_s=5.0, frame_s=0.6, sweep_s=0.05, lines=60)
SLOW = 50


@pytest.fixture(autouse=True)
def station(db):
    forget_readings()
    return make.device("S1", protocol="sl651", address=STATION, password="1234")  # noqa: S106


def dribble(callers: list[Caller], octet: bytes) -> None:
    """Send one byte on each line that still stands."""
    for caller in list(callers):
        try:
            caller.send(octet)
        except OSError:
            caller.socket.close()
            callers.remove(caller)


def test_who_dribbles_for_ever_is_closed_while_the_others_are_served():
    with serving(LIMITS) as server, Caller(server) as good:
        slow = [Caller(server) for _ in range(SLOW)]
        answered = 0
        ends = time.monotonic() + 10
        while slow and time.monotonic() < ends:
            dribble(slow, GOOD[answered % 11 : answered % 11 + 1])
            assert said(good.ask(report(minute=answered % 50))).body.serial == answered % 50 + 1
            answered += 1
            time.sleep(0.05)

        assert not slow, f"{len(slow)} lines still stand"
        assert answered > 5
    assert Reading.objects.count() == min(answered, 50)


def test_bytes_of_a_frame_that_never_ended_are_put_aside_once_and_leave_room_for_others():
    with serving(Limits(lines=1, frame_s=0.4, sweep_s=0.05)) as server:
        with Caller(server) as slow:
            for octet in GOOD[:6]:
                slow.send(bytes([octet]))
                time.sleep(0.05)
            assert slow.is_closed(within=5)
        until(lambda: Quarantined.objects.exists())

        with Caller(server) as good:
            assert good.ask(GOOD)
    assert b"".join(bytes(row.payload) for row in Quarantined.objects.all()) == GOOD[:6]
