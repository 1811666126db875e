"""Pictures and long answers out of several packets (SYN): stations keep no state, so the centre puts them together.

Packet 1 carries the running number, the time and all marks, the others only what follows. Packets may come twice and
in any order; a packet of another message begins anew. Memory is bounded: one message for each station and function,
`most_bytes` in all.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from anlan.telemetry.core.sl651.bodies import read_body
from anlan.telemetry.core.sl651.characters import read_characters
from anlan.telemetry.core.sl651.characters_encoding import encode_characters_body
from anlan.telemetry.core.sl651.codes import Control, Encoding
from anlan.telemetry.core.sl651.dialect import STANDARD, Dialect
from anlan.telemetry.core.sl651.encoding import encode_body
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason
from anlan.telemetry.core.sl651.values import Fragment, Frame, Packet

MOST_BYTES = 8 << 20
MOST_PACKETS = 4095
OVERHEAD = 256  # what keeping a packet takes beside its bytes: empty ones cost too
Key = tuple[str, int]


@dataclass(slots=True)
class _Message:
    total: int
    begun_at: datetime
    ending: int = Control.ETX  # of the last packet
    parts: dict[int, bytes] = field(default_factory=dict)


class BrokenMessage(DecodeFault):
    """All packets are there, and together they are no body; `content` is what they hold."""

    def __init__(self, fault: DecodeFault, content: bytes) -> None:
        super().__init__(fault.reason, **fault.values)
        self.content = content


class Assembler:
    """The messages that are under way on one connection."""

    def __init__(self, *, dialect: Dialect = STANDARD, most_bytes: int = MOST_BYTES) -> None:
        self.dialect, self.most_bytes = dialect, most_bytes
        self._messages: dict[Key, _Message] = {}
        self._bytes = 0

    def add(self, frame: Frame, *, at: datetime) -> Frame | None:
        """Return the whole message once its last packet is there: one frame, as if it had come in one piece.

        Raises:
            DecodeFault: all packets together are too large, or no body (`BrokenMessage`); they are dropped.
            ValueError: the frame is not one of several packets.
        """
        if frame.packet is None or not isinstance(frame.body, Fragment):
            raise ValueError(f"frame {frame.function:02X} is not one of several packets")
        key, content = (frame.station, frame.function), frame.body.content
        message = self._messages.get(key)
        if message is None or not _goes_on(message, frame.packet, content):
            self.drop(*key)
            message = self._messages[key] = _Message(frame.packet.total, at)
        self._bytes += _cost(content) - _cost(message.parts.get(frame.packet.number))
        message.parts[frame.packet.number] = content
        if frame.packet.number == message.total:
            message.ending = frame.ending
        if self._bytes > self.most_bytes:
            self.drop(*key)
            raise DecodeFault(Reason.TOO_LARGE, 0, expected=self.most_bytes)
        return self._whole(frame) if len(message.parts) == message.total else None

    def _whole(self, frame: Frame) -> Frame:
        message = self._messages[frame.station, frame.function]
        content = b"".join(message.parts[number] for number in range(1, message.total + 1))
        self.drop(frame.station, frame.function)
        read = read_body if frame.encoding is Encoding.HEX else read_characters
        # A byte more: readers look at the definition byte before they look where the body ends.
        try:
            body = read(content + b"\x03", 0, len(content), (frame.direction, frame.function), self.dialect)
        except DecodeFault as fault:
            raise BrokenMessage(fault, content) from None
        return replace(frame, body=body, packet=None, ending=message.ending)

    def missing(self, station: str, function: int) -> tuple[int, ...]:
        """Return the packets still to come, for `replies.send_again`; none where nothing is under way."""
        message = self._messages.get((station, function))
        if message is None:
            return ()
        return tuple(number for number in range(1, message.total + 1) if number not in message.parts)

    def drop(self, station: str, function: int) -> None:
        """Forget what is under way."""
        message = self._messages.pop((station, function), None)
        if message is not None:
            self._bytes -= sum(map(_cost, message.parts.values()))

    def expire(self, before: datetime) -> list[Key]:
        """Drop and return the messages begun before a time: their station has given up."""
        late = [key for key, message in self._messages.items() if message.begun_at < before]
        for key in late:
            self.drop(*key)
        return late


def _cost(content: bytes | None) -> int:
    """Return how many bytes a kept packet counts for."""
    return 0 if content is None else len(content) + OVERHEAD


def _goes_on(message: _Message, packet: Packet, content: bytes) -> bool:
    """Tell whether the packet belongs to the message under way; another first packet begins another."""
    first = message.parts.get(1)
    return message.total == packet.total and (packet.number != 1 or first is None or first == content)


def in_packets(frame: Frame, size: int, *, dialect: Dialect = STANDARD) -> list[Frame]:
    """Return the packets of a message, each with at most so many bytes of content.

    Raises:
        ValueError: they are more than 4095.
    """
    if frame.encoding is Encoding.HEX:
        content = encode_body(frame.body, frame.function, dialect)
    else:
        content = encode_characters_body(frame.body, dialect)
    total = max(1, -(-len(content) // size))
    if total > MOST_PACKETS:
        raise ValueError(f"{total} packets, expected at most {MOST_PACKETS}")
    return [
        replace(
            frame,
            body=Fragment(content[size * place : size * (place + 1)]),
            packet=Packet(total, place + 1),
            ending=Control.ETB if place + 1 < total else frame.ending,
        )
        for place in range(total)
    ]
