"""MQTT as bytes: messages come out of a stream however it is torn, and wrong bytes end it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.telemetry.core.mqtt_packets import (
    MOST_BYTES,
    BadPacket,
    Kind,
    Reader,
    Version,
    acknowledge,
    answer_to_connect,
    answer_to_subscribe,
    connect,
    subscribe,
)

VERSIONS = st.sampled_from(list(Version))
MESSAGES = st.lists(
    st.tuples(st.binary(min_size=1, max_size=40), st.binary(max_size=300), st.sampled_from([0, 1]), st.booleans()),
    max_size=8,
)


def length(number: int) -> bytes:
    found = b""
    while number > 127:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


def published(version: Version, topic: bytes, payload: bytes, qos: int = 1, number: int = 7, *, extra: bytes = b""):
    body = len(topic).to_bytes(2, "big") + topic + (number.to_bytes(2, "big") if qos else b"")
    body += length(len(extra)) + extra if version is Version.V5 else b""
    return bytes([0x30 | qos << 1]) + length(len(body + payload)) + body + payload


@given(VERSIONS, MESSAGES, st.lists(st.integers(1, 50), min_size=1, max_size=10))
def test_messages_come_out_whole_however_the_stream_is_torn(version, messages, cuts):
    stream = b"".join(
        published(version, topic, payload, qos, extra=b"\x01\x01" if has_more else b"") + b"\xd0\x00"
        for topic, payload, qos, has_more in messages
    )
    reader, found, others, at, turn = Reader(version), [], 0, 0, 0
    while at < len(stream):
        step = cuts[turn % len(cuts)]
        packets = reader.feed(stream[at : at + step])
        found += zip(packets.topics, packets.payloads, packets.numbers, strict=True)
        others += len(packets.others)
        at, turn = at + step, turn + 1

    assert found == [(topic, payload, b"\0\7" if qos else b"") for topic, payload, qos, _ in messages]
    assert others == len(messages)


@given(VERSIONS, st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(version, noise):
    try:
        Reader(version).feed(noise)
    except BadPacket:
        return


@pytest.mark.parametrize(
    ("version", "stream", "reason"),
    [
        (Version.V311, bytes([0x32, 3, 0, 9, 65]), "shorter than its topic"),
        (Version.V311, bytes([0x32, 1, 0]), "shorter than its topic"),
        (Version.V5, bytes([0x32, 6, 0, 1, 65, 0, 1, 9]), "properties longer than their packet"),
        (Version.V5, bytes([0x32, 5, 0, 1, 65, 0, 1]), "properties longer than their packet"),
        (Version.V311, bytes([0x32, 255, 255, 255, 255, 1]), "more than four bytes"),
        (Version.V311, bytes([0x32]) + length(MOST_BYTES + 1), "a packet of"),
    ],
)
def test_what_is_no_mqtt_ends_the_line_with_a_reason(version, stream, reason):
    with pytest.raises(BadPacket, match=reason):
        Reader(version).feed(stream)


def test_a_long_message_waits_until_it_is_whole():
    reader, stream = Reader(Version.V311), published(Version.V311, b"t", b"x" * 100_000)

    assert reader.feed(stream[:-1]).payloads == []
    assert reader.feed(stream[-1:]).payloads == [b"x" * 100_000]


def test_the_packets_we_send_are_those_of_the_standard():
    assert connect(Version.V311, "s", user="u", password="p", keep_alive_s=30, window=9).hex(" ") == (
        "10 13 00 04 4d 51 54 54 04 c0 00 1e 00 01 73 00 01 75 00 01 70"
    )
    assert connect(Version.V5, "s", user="", password="", keep_alive_s=30, window=9).hex(" ") == (
        "10 16 00 04 4d 51 54 54 05 00 00 1e 08 11 ff ff ff ff 21 00 09 00 01 73"
    )
    assert subscribe(Version.V311, ["a/#"]).hex(" ") == "82 08 00 01 00 03 61 2f 23 01"
    assert subscribe(Version.V5, ["a/#"]).hex(" ") == "82 09 00 01 00 00 03 61 2f 23 11"
    assert acknowledge([]) == b""


def test_answers_say_yes_or_no():
    assert answer_to_connect(b"\x01\x00").has_session
    assert not answer_to_connect(b"\x00\x05").is_yes
    assert answer_to_subscribe(Version.V311, b"\0\1\1").is_yes
    assert not answer_to_subscribe(Version.V5, b"\0\1\0\x01\x87").is_yes


@pytest.mark.parametrize("body", [b"", b"\0"])
def test_an_answer_that_is_cut_short_is_refused(body):
    with pytest.raises(BadPacket):
        answer_to_connect(body)


def test_a_ping_is_no_message():
    assert Reader(Version.V5).feed(b"\xd0\x00").others == [(Kind.PINGRESP, b"")]
