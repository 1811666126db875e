"""MQTT as a subscriber speaks it, without a socket: bytes in, messages out; versions 3.1.1 and 5.

Only what receiving needs is here: to connect with a lasting session, to subscribe at QoS 1, to read what is published,
and to acknowledge it, many at a time. The gateway reads by this instead of a general client because that spends four
times as long on each message (docs/decisions/0007-mqtt-read-by-ourselves.md).

Source: OASIS MQTT 3.1.1 and 5.0; section numbers are those of 5.0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

MOST_BYTES = 16 << 20  # of one packet; the broker's own limit is lower
NEVER = 0xFFFFFFFF  # a session that does not expire (3.1.2.11.2)
_VARIABLE_BYTES = 4
_REFUSED = 0x80
_SESSION_EXPIRY, _RECEIVE_MAXIMUM = 0x11, 0x21
_ONLY_NEW = 0x10  # retained messages come only with a subscription that is new (3.8.3.1)


class Version(IntEnum):
    """The byte by which a client says what it speaks."""

    V311 = 4
    V5 = 5


class Kind(IntEnum):
    """What a packet is: the high half of its first byte."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    SUBSCRIBE = 8
    SUBACK = 9
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class BadPacket(ValueError):
    """Bytes that are no MQTT: the connection cannot be read any further."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the broker says to CONNECT or SUBSCRIBE.

    Attributes:
        code: 0 to 2 is yes.
        has_session: the broker kept the session of before.
    """

    code: int
    has_session: bool = False

    @property
    def is_yes(self) -> bool:
        """Whether it agreed."""
        return self.code < 3


@dataclass(slots=True)
class Packets:
    """What some bytes held: N messages as columns, and the other packets.

    Attributes:
        topics: (N,) as bytes.
        payloads: (N,).
        numbers: (N,) by which each is acknowledged, two bytes; empty where nothing is asked (QoS 0).
        others: kind and body.
    """

    topics: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    numbers: list[bytes] = field(default_factory=list)
    others: list[tuple[int, bytes]] = field(default_factory=list)


class Reader:
    """Cuts a stream into packets."""

    def __init__(self, version: Version) -> None:
        self._version = version
        self._rest = b""

    def feed(self, data: bytes) -> Packets:
        """Return the packets that are whole now.

        Raises:
            BadPacket: what came is no MQTT.
        """
        found, stream, at = Packets(), self._rest + data, 0
        end_of_stream = len(stream)
        while at + 2 <= end_of_stream:
            # A length under 128 stands in one byte; most do.
            size, begins = stream[at + 1], at + 2
            if size & 0x80:
                read = _variable(stream, at + 1)
                if read is None:
                    break
                size, begins = read
                if size > MOST_BYTES:
                    raise BadPacket(f"a packet of {size} bytes")
            ends = begins + size
            if ends > end_of_stream:
                break
            first = stream[at]
            if first >> 4 == Kind.PUBLISH:
                self._publish(found, first, stream, begins, ends)
            else:
                found.others.append((first >> 4, stream[begins:ends]))
            at = ends
        self._rest = stream[at:]
        return found

    def _publish(self, found: Packets, first: int, stream: bytes, begins: int, ends: int) -> None:
        topic_ends = begins + 2 + (stream[begins] << 8 | stream[begins + 1]) if begins + 2 <= ends else ends + 1
        payload_begins = topic_ends + 2 if first & 0x06 else topic_ends
        if payload_begins > ends:
            raise BadPacket("a message shorter than its topic")
        number = stream[topic_ends:payload_begins]
        if self._version is Version.V5:
            payload_begins = _after_properties(stream, payload_begins, ends)
        found.topics.append(stream[begins + 2 : topic_ends])
        found.payloads.append(stream[payload_begins:ends])
        found.numbers.append(number)


def connect(version: Version, session: str, *, user: str, password: str, keep_alive_s: int, window: int) -> bytes:
    """Return the packet that opens the line.

    Args:
        version: spoken.
        session: name of the lasting session, which keeps what comes while we are away.
        user: name of the account; "" is nobody.
        password: to it.
        keep_alive_s: after one and a half times so many silent seconds the broker takes us for dead.
        window: most messages that we hold unacknowledged; version 3.1.1 leaves that to the broker.
    """
    flags = 0xC0 if user else 0
    properties = b""
    if version is Version.V5:
        content = bytes([_SESSION_EXPIRY]) + NEVER.to_bytes(4, "big")
        content += bytes([_RECEIVE_MAXIMUM]) + window.to_bytes(2, "big")
        properties = _length(len(content)) + content
    body = _text("MQTT") + bytes([version, flags]) + keep_alive_s.to_bytes(2, "big") + properties + _text(session)
    return _packet(Kind.CONNECT << 4, body + (_text(user) + _text(password) if user else b""))


def subscribe(version: Version, topics: Iterable[str]) -> bytes:
    """Return the packet that asks for topics at QoS 1."""
    is_new = version is Version.V5
    options = bytes([1 | _ONLY_NEW if is_new else 1])
    body = (1).to_bytes(2, "big") + (b"\0" if is_new else b"")
    return _packet(Kind.SUBSCRIBE << 4 | 2, body + b"".join(_text(topic) + options for topic in topics))


def acknowledge(numbers: Sequence[bytes]) -> bytes:
    r"""Return the packets that acknowledge messages, in the order in which they came (4.6).

    >>> acknowledge([b"\0\1", b"\0\2"]).hex(" ", 4)
    '40020001 40020002'
    """
    head = bytes([Kind.PUBACK << 4, 2])
    return head + head.join(numbers) if numbers else b""


def ping() -> bytes:
    """Return the packet that says we are there."""
    return bytes([Kind.PINGREQ << 4, 0])


def disconnect() -> bytes:
    """Return the packet that closes the line; the session stays."""
    return bytes([Kind.DISCONNECT << 4, 0])


def answer_to_connect(body: bytes) -> Answer:
    """Return what CONNACK says.

    Raises:
        BadPacket: it is too short.
    """
    if len(body) < 2:
        raise BadPacket("an answer without a code")
    return Answer(body[1], bool(body[0] & 1))


def answer_to_subscribe(version: Version, body: bytes) -> Answer:
    """Return what SUBACK says: the worst of its codes.

    Raises:
        BadPacket: it is too short.
    """
    codes = body[_after_properties(body, 2, len(body)) if version is Version.V5 else 2 :]
    if not codes:
        raise BadPacket("an answer without a code")
    return Answer(max(codes))


def reason_of_end(body: bytes) -> int:
    """Return why the broker closes the line (version 5), 0 where it does not say."""
    return body[0] if body else 0


def _variable(stream: bytes, at: int) -> tuple[int, int] | None:
    """Return a number of one to four bytes and where it ends (1.5.5); None where bytes are still to come."""
    number = 0
    for place in range(_VARIABLE_BYTES):
        if at + place >= len(stream):
            return None
        octet = stream[at + place]
        number |= (octet & 0x7F) << 7 * place
        if not octet & 0x80:
            return number, at + place + 1
    raise BadPacket("a length of more than four bytes")


def _after_properties(stream: bytes, at: int, ends: int) -> int:
    read = _variable(stream[:ends], at) if at >= ends or stream[at] & 0x80 else (stream[at], at + 1)
    if read is None or sum(read) > ends:
        raise BadPacket("properties longer than their packet")
    return sum(read)


def _length(number: int) -> bytes:
    octets = bytearray()
    while True:
        number, octet = number >> 7, number & 0x7F
        octets.append(octet | 0x80 if number else octet)
        if not number:
            return bytes(octets)


def _text(text: str) -> bytes:
    content = text.encode()
    return len(content).to_bytes(2, "big") + content


def _packet(first: int, body: bytes) -> bytes:
    return bytes([first]) + _length(len(body)) + body
