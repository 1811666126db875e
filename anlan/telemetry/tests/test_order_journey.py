"""From the page to the station and back: an officer asks, the station answers, the page tells what it said."""

from datetime import timedelta

import pytest
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import person
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.values import Frame, Plain, Report, StationMark, TimeMark
from anlan.telemetry.models import Order, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import NOW, Caller, forget_readings, said, serving, until

pytestmark = pytest.mark.django_db(transaction=True)
STATION = "0011223344"


def up(body, function) -> bytes:
    return encode(Frame(Encoding.HEX, Direction.UP, 1, STATION, 0x1234, int(function), body, Control.ETX))


def test_an_officer_asks_a_station_that_is_away_and_reads_its_answer_when_it_is_back(client, settings):
    settings.LANGUAGE_CODE = "en"
    forget_readings()
    device = make.device("S1", protocol="sl651", address=STATION)
    page = reverse("device-orders", args=[device.pk])
    client.force_login(person("dora", Role.DUTY_OFFICER))
    client.post(f"{page}?ask=37")

    assert "waiting for the station" in client.get(page).content.decode()
    with serving() as server, Caller(server) as caller:
        caller.send(up(Plain(7, NOW), Function.LINK))
        question = said(caller.answer())
        assert until(lambda: "sent to the station" in client.get(page).content.decode())
        at = NOW - timedelta(minutes=5)
        marks = (StationMark(STATION, ord("H")), TimeMark(at))
        caller.send(up(Report(8, NOW, (*marks, reading(0x39, 10.494))), Function.ASK_NOW))
        assert until(lambda: Order.objects.filter(state="answered").exists())

    told = client.get(page).content.decode()
    assert question.function == Function.ASK_NOW
    assert ("10.494 m" in told, "the station answered" in told, "every 3s" in told) == (True, True, False)
    assert Reading.objects.get().value == 10.494
