"""Frames found in a stream, packets put together, answers and questions of the centre."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function
from anlan.telemetry.core.sl651.decoding import decode, decode_head
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.packets import Assembler, in_packets
from anlan.telemetry.core.sl651.replies import Centre, confirmation, reading, send_again, wants_reply
from anlan.telemetry.core.sl651.stream import MOST_BODY, Splitter
from anlan.telemetry.core.sl651.values import (
    Content,
    Fragment,
    Frame,
    Packet,
    Plain,
    Reading,
    Report,
    Setting,
    StationMark,
    Step,
    TimeMark,
)
from anlan.telemetry.core.tests.sl651_frames import PUBLISHED, TIMED, frames, texts

AT = datetime(2017, 7, 18, 11, 0, 16, tzinfo=BEIJING)
GOOD = bytes.fromhex(TIMED)
MARKS = (StationMark("0012340086", ord("K")), TimeMark(AT.replace(second=0)))


def picture(size, *, encoding=Encoding.HEX):
    """Return a picture whose bytes look like frames."""
    content = (b"\xff\xd8\x7e\x7e\x01\x02" * size)[:size]
    body = Report(3, AT, (*MARKS, Content(0xF3, content)))
    return Frame(encoding, Direction.UP, 0x10, "0012340086", 0x1234, Function.PICTURE, body, Control.ETX)


def split(data, cuts=()):
    """Return everything that comes out of a stream cut at these places, until it is silent."""
    splitter = Splitter()
    places = [0, *sorted(cuts), len(data)]
    pieces = [piece for start, stop in pairwise(places) for piece in splitter.feed(data[start:stop])]
    return pieces + splitter.give_up()


def taken(pieces):
    return [piece.data for piece in pieces if piece.fault is None]


dirt = st.binary(max_size=40) | st.sampled_from([b"", b"\x7e", b"\x7e\x7e", GOOD[:30], GOOD[:14], b"\x010500112233"])


@given(st.lists(st.tuples(dirt, frames(Direction.UP) | texts()), max_size=5), st.data())
def test_frames_come_out_of_any_dirt_however_it_is_cut(parts, data):
    stream = b"".join(rubbish + encode(frame) for rubbish, frame in parts)
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6))

    pieces = split(stream, cuts)

    assert taken(pieces) == [encode(frame) for _, frame in parts]
    assert b"".join(piece.data for piece in pieces) == stream


def test_a_wrong_crc_is_told_at_once_and_the_next_frame_is_taken():
    bad = GOOD[:-1] + b"\x00"

    first, second, third = Splitter().feed(bad + GOOD + bad)

    assert (first.data, first.fault.reason, second.data, third.data) == (bad, Reason.CRC, GOOD, bad)


def test_a_length_that_lies_swallows_no_frame():
    liar = GOOD[:12] + b"\xff" + GOOD[13:]
    splitter = Splitter()

    assert splitter.feed(liar + GOOD) == []
    pieces = splitter.feed(GOOD * 5)

    assert b"".join(piece.data for piece in pieces if piece.fault) == liar
    assert taken(pieces) == [GOOD] * 6


def test_a_frame_that_never_ends_is_given_up():
    splitter = Splitter()
    splitter.feed(GOOD[:40])

    (piece,) = splitter.give_up()

    assert (piece.data, piece.fault.reason, splitter.held) == (GOOD[:40], Reason.CUT_SHORT, 0)


@pytest.mark.parametrize("endless", [b"\x7e", b"\x01", b"7", GOOD[:11] + b"\x0f\xff\x02"])
def test_an_endless_stream_holds_little_memory(endless):
    splitter = Splitter()

    held = [len(splitter.feed(endless * 50)) and splitter.held for _ in range(400)]

    assert max(held) <= MOST_BODY + 100 * len(endless)


@given(st.binary(max_size=400), st.integers(0, 400))
def test_random_streams_lose_no_byte(data, cut):
    assert b"".join(piece.data for piece in split(data, [min(cut, len(data))])) == data


@pytest.mark.parametrize("encoding", Encoding)
def test_a_picture_is_put_together_from_packets_in_any_order(encoding):
    whole = picture(3000, encoding=encoding)
    sent = [encode(packet) for packet in in_packets(whole, 256)]
    received = [decode(data) for data in taken(split(b"".join(sent)))]
    assembler = Assembler()

    found = [assembler.add(frame, at=AT) for frame in [*reversed(received[1:]), received[5], received[0]]]

    assert received[0].packet == Packet(len(sent), 1)
    assert found[:-1] == [None] * len(received)
    assert found[-1] == whole


def test_missing_packets_are_known_and_asked_for_again():
    packets = in_packets(picture(1000), 256)
    assembler = Assembler()
    for packet in [packets[0], packets[2]]:
        assembler.add(packet, at=AT)

    assert assembler.missing("0012340086", Function.PICTURE) == (2, 4, 5)
    assert assembler.missing("0012340086", Function.TIMED) == ()
    asked = send_again(packets[0], number=2, serial=3, at=AT)
    assert (asked.packet, asked.ending, asked.body) == (Packet(5, 2), Control.NAK, Plain(3, AT))
    assert decode(encode(asked), heard=Direction.DOWN) == asked


def test_another_first_packet_begins_another_message():
    old, new = in_packets(picture(600), 256), in_packets(picture(601), 256)
    assembler = Assembler()
    for packet in old[:2]:
        assembler.add(packet, at=AT)

    results = [assembler.add(packet, at=AT) for packet in [replace(new[0], body=Fragment(b"x")), *new]]

    assert results == [None, None, None, picture(601)]


def test_a_packet_of_another_total_begins_another_message():
    assembler = Assembler()
    assembler.add(in_packets(picture(600), 256)[0], at=AT)
    assembler.add(in_packets(picture(1000), 256)[1], at=AT)

    assert assembler.missing("0012340086", Function.PICTURE) == (1, 3, 4, 5)


def test_packets_are_bounded_in_memory_and_time():
    assembler = Assembler(most_bytes=1200)
    packets = in_packets(picture(3000), 256)
    assembler.add(packets[0], at=AT)
    assembler.add(packets[1], at=AT)

    with pytest.raises(DecodeFault, match="larger than 1200 bytes"):
        assembler.add(packets[2], at=AT)
    assembler.add(packets[0], at=AT)
    assert assembler.expire(AT) == []
    assert assembler.expire(AT + timedelta(minutes=10)) == [("0012340086", Function.PICTURE)]
    with pytest.raises(ValueError, match="not one of several packets"):
        assembler.add(decode(GOOD), at=AT)


def test_empty_packets_of_endless_stations_are_bounded_too():
    assembler = Assembler(most_bytes=2560)
    first = replace(in_packets(picture(600), 256)[0], body=Fragment(b""))

    for number in range(10):
        assembler.add(replace(first, station=f"{number:010d}"), at=AT)

    with pytest.raises(DecodeFault, match="larger than 2560 bytes"):
        assembler.add(first, at=AT)


def test_packets_that_are_no_body_together_are_a_fault():
    packets = in_packets(picture(600), 256)
    assembler = Assembler()
    assembler.add(replace(packets[0], body=Fragment(bytes(256))), at=AT)
    assembler.add(packets[1], at=AT)

    with pytest.raises(DecodeFault, match="is no time"):
        assembler.add(packets[2], at=AT)
    assert assembler.missing("0012340086", Function.PICTURE) == ()


def test_a_confirmation_is_the_published_one():
    reply = confirmation(decode(GOOD), at=AT)

    assert encode(reply) == bytes.fromhex("7E7E 0011223344 05 03E8 32 8008 02 0034 170718110016 1B E5D4")


def test_a_head_is_enough_to_confirm():
    assert confirmation(decode_head(GOOD), at=AT) == confirmation(decode(GOOD), at=AT)
    for wrong in (b"", GOOD[:20], b"\x01" + GOOD[1:]):
        with pytest.raises(DecodeFault):
            decode_head(wrong)


def test_the_end_of_a_confirmation_follows_the_end_of_the_frame():
    more = replace(decode(GOOD), ending=Control.ETB)

    assert confirmation(decode(GOOD), at=AT).ending == Control.ESC
    assert confirmation(decode(GOOD), at=AT, stays=False).ending == Control.EOT
    assert confirmation(more, at=AT).ending == Control.ACK


def test_keep_alives_are_not_answered():
    assert wants_reply(decode(GOOD))
    assert not wants_reply(decode(bytes.fromhex(PUBLISHED["keep-alive whose number looks like a start"])))


def test_the_last_packet_is_confirmed_with_its_number():
    last = in_packets(picture(1000), 256)[-1]

    reply = confirmation(last, at=AT)

    assert (reply.packet, reply.ending) == (Packet(5, 5), Control.ESC)
    assert decode(encode(reply), heard=Direction.DOWN) == reply


def asked_at(*parts):
    return datetime(*parts, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("what", "ask"),
    [
        ("clock set", lambda centre: centre.set_clock(at=asked_at(2017, 7, 18, 10, 21, 49))),
        ("clear the store", lambda centre: centre.clear_store(at=asked_at(2017, 7, 18, 11, 3, 51))),
        (
            "five elements asked",
            lambda centre: centre.ask_elements([0x1F, 0x20, 0x26, 0x38, 0x39], at=asked_at(2017, 7, 18, 11, 2, 58)),
        ),
    ],
)
def test_questions_are_the_published_ones(what, ask):
    centre = Centre(centre=5, station="0011223344", password=1000)

    assert encode(ask(centre)) == bytes.fromhex(PUBLISHED[what])


def test_a_period_is_asked_for_as_published():
    centre = Centre(centre=0x10, station="0012345678", password=0x1234)
    span = (asked_at(2013, 3, 24, 10), asked_at(2013, 3, 25, 10))

    frame = centre.ask_period(0xF4, at=asked_at(2013, 3, 25, 11, 5, 33), span=span, step=Step(0, 0, 0))

    assert encode(frame) == bytes.fromhex(PUBLISHED["a day of rain asked"])


@pytest.mark.parametrize("code", [0xF4, 0x39, 0xF5])
def test_questions_go_in_characters_too(code):
    centre = Centre(centre=1, station="0011223344", password=5, encoding=Encoding.ASCII)
    span = (asked_at(2026, 7, 1, 8), asked_at(2026, 7, 2, 8))
    asked = [
        centre.ask_plain(Function.ASK_NOW, at=AT),
        centre.set_clock(at=AT),
        centre.ask_elements([0x39, code], at=AT),
        centre.ask_period(code, at=AT, span=span, step=Step(0, 1, 0)),
    ]

    assert [decode(encode(frame), heard=Direction.DOWN) for frame in asked] == asked


@pytest.mark.parametrize(
    "ask",
    [
        lambda centre: centre.ask_plain(Function.ASK_NOW, at=AT),
        lambda centre: centre.reset(at=AT),
        lambda centre: centre.change_password(7, at=AT),
        lambda centre: centre.read_settings([], at=AT),
        lambda centre: centre.write_settings([Setting(0x20, 0, b"\x01"), Setting(0xFF01, 2, b"\x05\x00")], at=AT),
    ],
)
def test_every_question_can_be_read_by_a_station(ask):
    frame = ask(Centre(centre=1, station="0011223344", password=5))

    read = decode(encode(frame), heard=Direction.DOWN)

    assert (read.function, read.ending) == (frame.function, Control.ENQ)
    assert encode(read) == encode(frame)


def test_a_reading_has_the_digits_of_the_table():
    assert reading(0x39, 10.49) == Reading(0x39, 4, 3, 10490)
    assert reading(0x39, -1.0, encoding=Encoding.ASCII) == Reading(0x39, 6, 3, -1000)
    assert reading(0x39, None, encoding=Encoding.ASCII) == Reading(0x39, 1, 0, None)
    with pytest.raises(ValueError, match="is in no table"):
        reading(0xAA, 1.0)
