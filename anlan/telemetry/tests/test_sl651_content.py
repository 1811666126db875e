"""What frames bring besides plain values: extensions, values by hand, relays, status words, pictures in packets."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from anlan.telemetry.core.parcels import unpack
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.packets import in_packets
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.values import (
    Content,
    Frame,
    Opaque,
    Packet,
    Plain,
    Report,
    Series,
    StationMark,
    StatusWord,
    TimeMark,
)
from anlan.telemetry.core.sl651.values import (
    Reading as Told,
)
from anlan.telemetry.gateway.sl651_server import Limits
from anlan.telemetry.models import Correction, Datastream, Parcel, Picture, Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import NOW, Caller, forget_readings, said, serving, until

pytestmark = pytest.mark.django_db(transaction=True)
STATION = "0011223344"
AT = NOW - timedelta(minutes=5)
MARKS = (StationMark(STATION, ord("H")), TimeMark(AT))


@pytest.fixture(autouse=True)
def station(db):
    forget_readings()
    return make.device("S1", protocol="sl651", address=STATION)


def frame(*items, function=Function.TIMED, serial=7, encoding=Encoding.HEX) -> Frame:
    head = (encoding, Direction.UP, 1, STATION, 0x1234, int(function))
    return Frame(*head, Report(serial, AT, items), Control.ETX)


def values() -> dict[str, float]:
    elements = dict(Datastream.objects.values_list("pk", "element"))
    return {elements[row.datastream_id]: row.value for row in Reading.objects.all()}


def test_an_element_of_no_table_is_put_aside_with_its_frame_and_the_others_are_kept():
    told = encode(frame(*MARKS, reading(0x39, 10.49), Told(0xFF12, 2, 1, 125), Told(0x76, 2, 0, 3)))

    with serving() as server, Caller(server) as caller:
        assert said(caller.ask(told)).ending == Control.ESC

    assert values() == {"39": 10.49}
    row = Quarantined.objects.get()
    assert (row.reason, row.values) == ("The element %(element)s is not registered", {"element": "FF12, 76"})
    assert bytes(row.payload) == told


def test_a_table_of_the_device_gives_an_extension_its_meaning(station):
    station.dialect = {
        "elements": {"FF12": {"name": "裂缝", "unit": "mm", "property": "crack", "digits": 4, "decimals": 1}},
        "functions": {"E5": "32"},
    }
    station.save()

    with serving() as server, Caller(server) as caller:
        assert caller.ask(encode(replace(frame(*MARKS, Told(0xFF12, 2, 1, 125)), function=0xE5)))

    begun = Datastream.objects.get()
    assert (begun.element, begun.property, begun.unit, begun.name) == ("FF12", "crack", "mm", "裂缝")
    assert (begun.is_confirmed, values()) == (False, {"FF12": 12.5})


def test_a_function_of_the_maker_without_a_table_is_put_aside_and_confirmed():
    own = Frame(Encoding.HEX, Direction.UP, 1, STATION, 0x1234, 0xE5, Opaque(b"\x00\x05hello"), Control.ETX)

    with serving() as server, Caller(server) as caller:
        assert said(caller.ask(encode(own))).body == Plain(5, NOW)

    assert Quarantined.objects.get().values == {"function": "E5"}


def test_the_status_word_is_a_datastream():
    with serving() as server, Caller(server) as caller:
        assert caller.ask(encode(frame(*MARKS, StatusWord(0x402))))

    assert Datastream.objects.get().property == "status"
    assert values() == {"45": 1026.0}


def test_levels_of_an_hour_have_their_times():
    levels = Series(0xF6, 2, 2, tuple(range(100, 112)))

    with serving() as server, Caller(server) as caller:
        assert caller.ask(encode(frame(*MARKS, levels, function=Function.HOURLY)))

    rows = list(Reading.objects.order_by("time"))
    assert [row.value for row in rows] == [number / 100 for number in range(100, 112)]
    assert [row.time - AT for row in rows] == [timedelta(minutes=5 * step) for step in range(12)]


def test_what_an_observer_entered_is_kept_under_its_symbols():
    by_hand = frame(Content(0xF2, b"TT 2607011500 Z 10.52 Q 1.234"), function=Function.MANUAL)

    with serving() as server, Caller(server) as caller:
        assert caller.ask(encode(by_hand))

    assert values() == {"39": 10.52, "27": 1.234}
    assert set(Reading.objects.values_list("time", flat=True)) == {NOW - timedelta(hours=1)}


def test_what_an_observer_entered_corrects_what_the_instrument_told():
    by_hand = encode(frame(Content(0xF2, b"TT 2607011555 Z 10.52"), function=Function.MANUAL))

    with serving() as server, Caller(server) as caller:
        caller.ask(encode(frame(*MARKS, reading(0x39, 99.99))))
        caller.ask(by_hand)
        caller.ask(by_hand)

    assert values() == {"39": 99.99}
    correction = Correction.objects.get()
    assert (correction.time, correction.value, correction.is_current) == (AT, 10.52, True)
    assert correction.reason == "entered by hand at the station"
    again = [unpack(bytes(parcel.content)).again for parcel in Parcel.objects.all()]
    assert [(correction.datastream_id, AT.timestamp())] in [list(one) for one in again]


def test_a_text_by_hand_that_is_none_is_put_aside():
    with serving() as server, Caller(server) as caller:
        assert caller.ask(encode(frame(Content(0xF2, b"gate\x00 stuck"), function=Function.MANUAL)))

    row = Quarantined.objects.get()
    assert row.values == {"text": "gate· stuck"}


def test_a_relay_speaks_for_the_stations_behind_it():
    make.device("S2", at=make.station("R2"), protocol="sl651", address="0011223355")
    behind = (StationMark("0011223355", ord("P")), TimeMark(AT), reading(0x26, 4.0))
    stranger = (StationMark("0011223366", ord("P")), TimeMark(AT), reading(0x26, 5.0))

    with serving() as server, Caller(server) as caller:
        assert caller.ask(encode(frame(*MARKS, reading(0x39, 1.0), *behind, *stranger)))

    told = {(row.device.code, row.element) for row in Datastream.objects.select_related("device")}
    assert told == {("S1", "39"), ("S2", "26")}
    row = Quarantined.objects.get()
    assert (row.reason, row.device_code) == ("The device is not registered", "0011223366")
    heard = {each.device for parcel in Parcel.objects.all() for each in unpack(bytes(parcel.content)).heard}
    assert len(heard) == 2


def test_keep_alives_keep_a_device_heard():
    alive = Frame(Encoding.HEX, Direction.UP, 1, STATION, 0x1234, 0x2F, Plain(7, NOW - timedelta(seconds=90)), 3)

    with serving() as server, Caller(server) as caller:
        caller.send(encode(alive))
        parcel = unpack(bytes(until(Parcel.objects.first).content))

    (heard,) = parcel.heard
    assert (heard.at, heard.clock_error_s) == (NOW.timestamp(), -90.0)


def jpeg() -> bytes:
    kept = BytesIO()
    Image.effect_noise((120, 90), 60).convert("RGB").save(kept, "JPEG", quality=90)
    return kept.getvalue()


def picture(content: bytes, encoding=Encoding.HEX) -> Frame:
    return frame(*MARKS, Content(0xF3, content), function=Function.PICTURE, serial=9, encoding=encoding)


@pytest.mark.parametrize("encoding", Encoding)
def test_a_picture_in_packets_is_confirmed_when_all_of_it_is_kept(station, encoding):
    content = jpeg()
    packets = in_packets(picture(content, encoding), 700)

    with serving() as server, Caller(server) as caller:
        for packet in packets:
            caller.send(encode(packet))
        answer = said(caller.answer())

    assert (answer.ending, answer.packet) == (Control.ESC, Packet(len(packets), len(packets)))
    assert answer.body == Plain(9, NOW)
    row = Picture.objects.get()
    assert (row.device_id, row.station_id, row.taken_at, row.size) == (station.pk, station.station_id, AT, len(content))
    with default_storage.open(row.path) as kept:
        assert kept.read() == content


def test_a_packet_that_was_lost_is_asked_for_by_its_number():
    packets = [encode(packet) for packet in in_packets(picture(jpeg()), 700)]

    with serving() as server, Caller(server) as caller:
        for number, packet in enumerate(packets, 1):
            if number not in {2, 4}:
                caller.send(packet)
        second = said(caller.answer())
        caller.send(packets[1])
        fourth = said(caller.answer())
        caller.send(packets[3])
        last = said(caller.answer())

    assert [(one.ending, one.packet.number) for one in (second, fourth)] == [(Control.NAK, 2), (Control.NAK, 4)]
    assert second.body == Plain(9, NOW)
    assert (last.ending, last.packet.number) == (Control.ESC, len(packets))
    assert Picture.objects.count() == 1


def test_a_picture_whose_last_packet_never_comes_is_asked_for_and_given_up():
    limits = Limits(silent_s=0.15, sweep_s=0.05, resends=2)
    packets = [encode(packet) for packet in in_packets(picture(jpeg()), 700)]

    with serving(limits) as server, Caller(server) as caller:
        for packet in packets[:-1]:
            caller.send(packet)

        asked = [said(caller.answer()).packet.number for _ in range(2)]
        assert until(lambda: server.counts["given up"])
    assert asked == [len(packets)] * 2
    assert not Picture.objects.exists()


def test_the_same_picture_sent_again_is_confirmed_again_and_kept_once():
    packets = [encode(packet) for packet in in_packets(picture(jpeg()), 700)]

    with serving() as server, Caller(server) as caller:
        for _ in range(2):
            caller.send(b"".join(packets))
            assert said(caller.answer()).ending == Control.ESC

    assert Picture.objects.count() == 1


def test_what_is_no_picture_is_put_aside():
    with serving() as server, Caller(server) as caller:
        assert caller.ask(encode(picture(b"MZ this is a program")))

    assert Quarantined.objects.get().reason == "The %(bytes)d bytes are no JPEG picture"
    assert not Picture.objects.exists()


def test_packets_that_are_no_body_together_are_put_aside_whole():
    broken = [
        replace(packet, body=replace(packet.body, content=b"\xee" * 20)) for packet in in_packets(picture(jpeg()), 700)
    ]

    with serving() as server, Caller(server) as caller:
        for packet in broken:
            caller.send(encode(packet))
        row = until(Quarantined.objects.first)

        assert caller.answer(within=0.2) == b""
    assert bytes(row.payload) == b"\xee" * 20 * len(broken)


def test_a_station_that_may_leave_is_told_so(station):
    station.dialect = {"stays": False}
    station.save()

    with serving() as server, Caller(server) as caller:
        answer = said(caller.ask(encode(frame(*MARKS, reading(0x39, 10.49)))))

    assert answer.ending == Control.EOT
