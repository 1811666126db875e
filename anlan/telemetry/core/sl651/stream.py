"""Frames out of a dirty stream: any number of them in a chunk, or a part of one, with rubbish between.

7E7E may stand inside data, and a length may lie: a frame is taken only when header, length, end character and CRC
agree; else the search goes on one byte further. Every byte comes out once, in a frame or as rubbish with a reason, so
that nothing is lost before the quarantine. Which frames come out does not depend on how the stream was cut.

At most `most_body` + a header are held back; `give_up` ends the wait for the rest of a frame (a silent connection).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from anlan.telemetry.core.sl651 import characters, decoding
from anlan.telemetry.core.sl651.codes import HEX_START, Direction
from anlan.telemetry.core.sl651.faults import DecodeFault, Reason

MOST_BODY = 4095
# Two start bytes and a start character where it must stand, or as much of that as is there yet.
_START = re.compile(
    rb"\x7e(?:\Z|\x7e(?:[\s\S]{11}[\x02\x16]|[\s\S]{0,11}\Z))"
    rb"|\x01(?:[0-9A-Fa-f]{22}[\x02\x16]|[0-9A-Fa-f]{0,22}\Z)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of the stream: one frame that holds together (`fault` is None), one with a wrong CRC, or other rubbish."""

    data: bytes
    fault: DecodeFault | None = None


class Splitter:
    """One connection's stream.

    Args:
        heard: who speaks, see `decoding.decode`.
        most_body: the longest body that is waited for; only packets after SYN may be longer than 4095.
    """

    def __init__(self, *, heard: Direction = Direction.UP, most_body: int = MOST_BODY) -> None:
        self.heard, self.most_body = heard, most_body
        self._held = b""

    @property
    def held(self) -> int:
        """Return how many bytes wait for more."""
        return len(self._held)

    def feed(self, chunk: bytes) -> list[Piece]:
        """Return what is complete with this chunk, in the order of the stream."""
        self._held += chunk
        return list(self._pieces(is_over=False))

    def give_up(self) -> list[Piece]:
        """Return everything held back, since no more bytes come."""
        return list(self._pieces(is_over=True))

    def _pieces(self, *, is_over: bool) -> Iterator[Piece]:
        data, at, kept = self._held, 0, 0  # rubbish from `kept` to `at` waits for more of its kind
        told: DecodeFault | None = None
        while piece := self._next(data, at, is_over=is_over) if at < len(data) else None:
            fault, is_loose = piece.fault, piece.fault is not None and piece.fault.reason is not Reason.CRC
            if told and not is_loose:
                yield Piece(data[kept:at], told)
            at += len(piece.data)
            told = (told or fault) if is_loose else None
            if not told:
                yield piece
                kept = at
        if told:
            yield Piece(data[kept:at], told)
        self._held = data[at:]

    def _next(self, data: bytes, at: int, *, is_over: bool) -> Piece | None:
        """Return the piece that begins at `at`; None while its end is not known."""
        start = _start_from(data, at)
        if start > at:
            return Piece(data[at:start], DecodeFault(Reason.NO_FRAME, 0))
        try:
            size = self._size(data, at, is_over=is_over)
        except DecodeFault as fault:
            stop = self._rubbish_until(data, at, fault, is_over=is_over)
            return None if stop is None else Piece(data[at:stop], fault)
        return Piece(data[at : at + size]) if size else None

    def _rubbish_until(self, data: bytes, at: int, fault: DecodeFault, *, is_over: bool) -> int | None:
        """Return where the rubbish ends: at the next frame, or after the claimed end of the broken one."""
        claimed = _claimed_end(data, at, fault)
        inner = _start_from(data, at + 1)
        while inner < claimed:
            try:
                is_known = self._size(data, inner, is_over=is_over) > 0
            except DecodeFault:
                inner = _start_from(data, inner + 1)
                continue
            return inner if is_known else None
        return min(claimed, len(data))

    def _size(self, data: bytes, at: int, *, is_over: bool) -> int:
        """Return the size of the frame at `at`; 0 while it may still become one.

        Raises:
            DecodeFault: no frame begins there.
        """
        size = self._announced(data, at)
        if 0 < size <= len(data) - at:
            self._check(data[at : at + size])
            return size
        if is_over:
            raise DecodeFault(Reason.CUT_SHORT, len(data) - at)
        return 0

    def _announced(self, data: bytes, at: int) -> int:
        """Return the size that a header announces; 0 while there is no whole header."""
        is_bytes = data[at] == HEX_START[0]
        header = decoding.HEADER if is_bytes else characters.HEADER
        head = data[at : at + header]
        if len(head) < header:
            return 0
        _, length = (decoding.direction_of if is_bytes else characters.header_size)(head, self.heard)
        if length > self.most_body:
            raise DecodeFault(Reason.LENGTH, 11 if is_bytes else 19, found=length, expected=self.most_body)
        return header + length + (decoding.TAIL if is_bytes else characters.TAIL)

    def _check(self, frame: bytes) -> None:
        if frame[:2] == HEX_START:
            direction, length = decoding.direction_of(frame, self.heard)
            decoding.check_frame(frame, decoding.HEADER + length, direction)
        else:
            direction, length = characters.header_size(frame, self.heard)
            characters.check_characters(frame, characters.HEADER + length, direction)


def _start_from(data: bytes, at: int) -> int:
    """Return where a frame may begin at or after `at`; the end of the data where none does."""
    match = _START.search(data, at)
    return match.start() if match else len(data)


def _claimed_end(data: bytes, at: int, fault: DecodeFault) -> int:
    """Return how far a broken frame reaches: whole where only its CRC is wrong, else to the next possible start."""
    if fault.reason is not Reason.CRC:
        return _start_from(data, at + 1)
    return at + fault.offset + (decoding.CHECK if data[at] == HEX_START[0] else characters.CHECK)
