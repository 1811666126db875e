"""Messages in several packets (M3) as they come: put together, and asked for again where one is missing.

Stations keep no state and nothing is confirmed but the whole message. When the last packet has come, or none for some
time, the first one that is missing is asked for with NAK; what makes no progress is given up.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from anlan.telemetry.core.sl651.dialect import Dialect
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.faults import DecodeFault
from anlan.telemetry.core.sl651.packets import Assembler
from anlan.telemetry.core.sl651.replies import send_again, serial_of
from anlan.telemetry.core.sl651.values import Frame, Packet

MOST_BYTES = 32 << 20  # of all messages under way
Key = tuple[str, int]


class Line(Protocol):
    """A connection on which a station speaks."""

    def send(self, data: bytes) -> None: ...


@dataclass(slots=True)
class _UnderWay:
    line: Line
    frame: Frame  # the packet that came last
    assembler: Assembler
    begun: float
    heard: float = 0.0
    serial: int = 0
    asked: int = 0  # times without progress
    has_ended: bool = False


class Packets:
    """The messages under way on all lines: a station may go on where it left on another connection.

    Args:
        clock: tells the time.
        silent_s: how long no packet comes before one is asked for, seconds.
        longest_s: how long a message may take.
        resends: how often the same packet is asked for.
    """

    def __init__(self, *, clock: Callable[[], datetime], silent_s: float, longest_s: float, resends: int) -> None:
        self._clock, self._silent_s, self._longest_s, self._resends = clock, silent_s, longest_s, resends
        self._under_way: dict[Key, _UnderWay] = {}
        self._assemblers: dict[int, Assembler] = {}  # by dialect, which it holds

    def add(self, frame: Frame, packet: Packet, line: Line, dialect: Dialect, *, now: float) -> Frame | None:
        """Return the whole message once all of it is there; ask for what is missing after the last packet.

        Raises:
            DecodeFault: it is too large, or together no body.
        """
        key = (frame.station, frame.function)
        assembler = self._assemblers.setdefault(id(dialect), Assembler(dialect=dialect, most_bytes=MOST_BYTES))
        try:
            whole = assembler.add(frame, at=self._clock())
        except DecodeFault:
            self._under_way.pop(key, None)
            raise
        if whole is not None:
            self._under_way.pop(key, None)
            return whole
        missing = assembler.missing(*key)
        if key not in self._under_way or len(missing) == packet.total - 1:
            self._under_way[key] = _UnderWay(line, frame, assembler, now)
        told = self._under_way[key]
        told.line, told.frame, told.heard, told.asked = line, frame, now, 0
        if packet.number == 1:
            told.serial = serial_of(frame.body)
        told.has_ended = told.has_ended or packet.number == packet.total
        if told.has_ended:
            self._ask(told, missing)
        return None

    def sweep(self, *, now: float) -> Iterator[tuple[Key, tuple[int, ...]]]:
        """Ask again where nothing comes; yield what is given up, with the packets that never came."""
        for key, told in list(self._under_way.items()):
            missing = told.assembler.missing(*key)
            is_silent = now - told.heard > self._silent_s * (told.asked + 1)
            if now - told.begun > self._longest_s or (is_silent and told.asked >= self._resends):
                told.assembler.drop(*key)
                del self._under_way[key]
                yield key, missing
            elif is_silent:
                told.asked += 1
                self._ask(told, missing)

    def _ask(self, told: _UnderWay, missing: tuple[int, ...]) -> None:
        if missing:
            again = send_again(told.frame, number=missing[0], serial=told.serial, at=self._clock())
            told.line.send(encode(again))
