"""A line between two programs that goes wrong as lines do: slow, narrow, silent, cut. It never changes a byte."""

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

PIECE = 16384
RESET = struct.pack("ii", 1, 0)  # closing then sends RST instead of FIN
PATIENCE_S = 10.0


class FaultProxy:
    """Listens on `port` and passes everything on to the target, in a thread of its own.

    The faults hold for both directions and may be changed while connections stand:
        delay_s: how long each piece is held back.
        bytes_s: most bytes a second in each direction; 0 is no limit.
        is_silent: nothing gets through and nothing is closed, as when a router between dies.
        is_refusing: who comes now is hung up on.
    """

    def __init__(self, target_port: int, *, host: str = "127.0.0.1") -> None:
        self.target = (host, target_port)
        self.port = 0
        self.delay_s = 0.0
        self.bytes_s = 0
        self.is_silent = False
        self.is_refusing = False
        self.passed = 0
        self._lines: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ask(self._listen())

    def stop(self) -> None:
        self._ask(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_S)
        self._loop.close()

    def cut(self) -> None:
        """Tear every connection in the middle of whatever it carries."""
        self._ask(self._cut())

    def __enter__(self) -> "FaultProxy":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _ask(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        others = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _cut(self) -> None:
        for line in list(self._lines):
            with suppress(OSError):  # the other end may have closed it by now
                line.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            line.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = {writer}
        try:
            if self.is_refusing:
                return
            with suppress(OSError):
                there, back = await asyncio.open_connection(*self.target)
                lines.add(back)
                self._lines |= lines
                await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))
        finally:
            self._lines -= lines
            for line in lines:
                line.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(PIECE):
                await self._hold_back(len(data))
                writer.write(data)
                await writer.drain()
                self.passed += len(data)
            writer.write_eof()

    async def _hold_back(self, size: int) -> None:
        while self.is_silent:
            await asyncio.sleep(0.01)
        await asyncio.sleep(self.delay_s + (size / self.bytes_s if self.bytes_s else 0.0))
