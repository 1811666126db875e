"""One connection of an SL 651 station: bytes to frames, and the end of those that only cost."""

import asyncio
from typing import Any, Protocol

from anlan.telemetry.core.sl651.stream import Piece, Splitter

MOST_BODY = 16 << 10  # of a packet after SYN; other frames say 4095 at most
MOST_UNSENT = 64 << 10  # a station that does not read its answers is let go


class Hearing(Protocol):
    """What a line tells its server."""

    def opened(self, line: "Line") -> None: ...
    def came(self, line: "Line", piece: Piece) -> None: ...
    def closed(self, line: "Line") -> None: ...


class Line(asyncio.Protocol):
    """A connection. `heard` and `begun` are times of the event loop; `begun` is 0 while no frame is under way."""

    def __init__(self, server: Hearing, loop: asyncio.AbstractEventLoop) -> None:
        self._server, self._loop = server, loop
        self._splitter = Splitter(most_body=MOST_BODY)
        self._transport: asyncio.Transport | None = None
        self.source = ""
        self.heard = loop.time()
        self.begun = 0.0
        self.rubbish = 0  # bytes since the last frame

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            transport.set_write_buffer_limits(high=MOST_UNSENT)
        peer: Any = transport.get_extra_info("peername")
        self.source = str(peer[0]) if peer else ""  # without the port: the same bytes lie once in the quarantine
        self._server.opened(self)

    def data_received(self, data: bytes) -> None:
        self.heard = self._loop.time()
        pieces = self._splitter.feed(data)
        for piece in pieces:
            self._server.came(self, piece)
        if not self._splitter.held:
            self.begun = 0.0
        elif pieces or not self.begun:
            self.begun = self.heard

    def pause_writing(self) -> None:
        self.end()

    def connection_lost(self, _exc: Exception | None) -> None:
        self.give_up()
        self._server.closed(self)

    def give_up(self) -> bool:
        """Tell what was held back, since the rest of the frame never came; True where a frame was among it."""
        pieces = self._splitter.give_up()
        for piece in pieces:
            self._server.came(self, piece)
        self.begun = 0.0
        return any(piece.fault is None for piece in pieces)

    def send(self, data: bytes) -> None:
        """Send bytes, unless the line is closed."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def rest(self) -> None:
        """Read no more for now: the station waits, and so does what it sends."""
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def go_on(self) -> None:
        """Read again."""
        if self._transport is not None and not self._transport.is_closing() and not self._transport.is_reading():
            self._transport.resume_reading()
            self.heard = self._loop.time()
            self.begun = self.begun and self.heard

    def end(self) -> None:
        """Close it at once."""
        if self._transport is not None:
            self._transport.abort()
