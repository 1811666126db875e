"""The SL 651-2014 server: stations hold TCP lines to it, it keeps what they send and only then confirms it.

Frames of all lines are gathered for some milliseconds and kept by one transaction (`sl651_keeping`). Between a frame
and its confirmation lies a COMMIT, always; a station that hears nothing sends again, and is then confirmed again.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from anlan.kernel.refusal import mark
from anlan.telemetry.actions.keeping import Refused
from anlan.telemetry.core.sl651.batch_replies import confirmations
from anlan.telemetry.core.sl651.codes import Function
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.dialect_content import stays_on_line
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.faults import DecodeFault
from anlan.telemetry.core.sl651.packets import BrokenMessage
from anlan.telemetry.core.sl651.replies import confirmation
from anlan.telemetry.core.sl651.stream import Piece
from anlan.telemetry.core.sl651.values import Frame, Packet
from anlan.telemetry.gateway.orders import Orders, Patience
from anlan.telemetry.gateway.sl651_frames import (
    Batch,
    Received,
    dialect_of,
    function_of,
    is_packet,
    refusal,
    sender_of,
    wants_confirmation,
)
from anlan.telemetry.gateway.sl651_keeping import FrameKeeper
from anlan.telemetry.gateway.sl651_line import Line
from anlan.telemetry.gateway.sl651_packets import Packets
from anlan.telemetry.gateway.spending import Allowance
from anlan.telemetry.queries.wire import WireDevice

log = logging.getLogger(__name__)
CUT_OFF = mark("The line was cut off after %(bytes)d bytes without a frame")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a server bears, and how long.

    Attributes:
        lines: open at once; what comes beyond is closed at once.
        gather_s: how long frames are gathered before they are kept.
        together: how many frames are kept by one transaction at most.
        waiting: bytes that wait to be kept; beyond, no line is read.
        idle_s: without a byte, before a line is closed; stations send keep-alives every 255 s at the latest.
        frame_s: from the first to the last byte of a frame.
        rubbish: bytes without a frame between, before a line is cut off.
        aside: bytes that one address may have put aside in an hour.
        silent_s: without a packet, before a missing one is asked for.
        message_s: for all packets of a message.
        resends: of questions, and of the call for a packet.
        answer_s: how long an answer to a question is waited for.
        clock_s: how wrong a station's clock may be before it is set; None never sets it.
    """

    lines: int = 2000
    gather_s: float = 0.01
    together: int = 2000
    waiting: int = 16 << 20
    idle_s: float = 600.0
    frame_s: float = 60.0
    rubbish: int = 64 << 10
    aside: int = 4 << 20
    silent_s: float = 15.0
    message_s: float = 1200.0
    resends: int = 2
    answer_s: float = 20.0
    clock_s: float | None = None
    sweep_s: float = 1.0


class Sl651Server:
    """Hears stations on a port.

    Args:
        host: to listen on.
        port: to listen on; 0 takes a free one, see `port`.
        keeper: keeps the frames; this starts and stops it.
        clock: tells the time.
        limits: what it bears.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        keeper: FrameKeeper,
        clock: Callable[[], datetime],
        limits: Limits = Limits(),  # noqa: B008  it cannot be changed
    ) -> None:
        self._host, self._port, self._keeper, self._clock, self.limits = host, port, keeper, clock, limits
        self.counts: Counter[str] = Counter()  # frames, kept, confirmed, refused, rejected, lines
        self._lines: set[Line] = set()
        self._waiting: list[tuple[Line, Received, Packet | None]] = []
        self._refused: list[Refused] = []
        self.is_resting = False  # so much waits that no line is read
        self._waiting_bytes, self._is_keeping, self._is_ending = 0, False, False
        self._timer: asyncio.TimerHandle | None = None
        self._allowance = Allowance(limits.aside, 3600.0)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            OSError: the port is taken.
        """
        self._loop = asyncio.get_running_loop()
        limits = self.limits
        self._packets = Packets(
            clock=self._clock, silent_s=limits.silent_s, longest_s=limits.message_s, resends=limits.resends
        )
        self._orders = Orders(
            keeper=self._keeper,
            clock=self._clock,
            call=self._call,
            tick=self._loop.time,
            patience=Patience(limits.answer_s, limits.resends),
        )
        self._keeper.on_order = lambda: self._call(self._orders.look)
        self._keeper.start()
        # Nobody is let in before it is known who may speak: while PostgreSQL is away stations find the port closed.
        self._server = await self._loop.create_server(
            self._line, self._host, self._port, backlog=512, start_serving=False
        )
        self._keeper.do(lambda _: None, lambda _: self._call(self._begin_serving))
        self._sweeper = self._loop.call_later(limits.sweep_s, self._sweep)

    def _begin_serving(self) -> None:
        if self._server is not None and not self._is_ending:
            self._begun = self._loop.create_task(self._server.start_serving())
            log.info("SL 651 is heard on %s:%d", self._host, self.port)

    async def stop(self) -> None:
        """Close the port and the lines, and keep what came whole."""
        if self._server is None:
            return
        self._is_ending = True
        self._server.close()
        self._sweeper.cancel()
        self._flush()
        await asyncio.to_thread(self._keeper.stop)
        await asyncio.sleep(0)  # the last confirmations
        for line in list(self._lines):
            line.end()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server else self._port

    @property
    def is_well(self) -> bool:
        """Whether stations are heard and what they say is kept."""
        return self._server is not None and self._server.is_serving() and self._keeper.is_well

    @property
    def is_alive(self) -> bool:
        """Whether it still tries."""
        return self._server is not None and not self._is_ending and self._keeper.is_alive

    def _line(self) -> Line:
        return Line(self, self._loop)

    def _call(self, call: Callable[..., object], *arguments: object) -> None:
        """Call in the thread of the event loop, from any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *arguments)

    # What a line tells.

    def opened(self, line: Line) -> None:
        """Take a line, unless there are too many."""
        if len(self._lines) >= self.limits.lines:
            self.counts["turned away"] += 1
            line.end()
            return
        self._lines.add(line)
        if self.is_resting:
            line.rest()

    def closed(self, line: Line) -> None:
        """Forget a line."""
        self._lines.discard(line)
        self._orders.gone(line)

    def came(self, line: Line, piece: Piece) -> None:
        """Take a frame, or put aside what is none."""
        if line not in self._lines:
            return  # it was cut off
        if piece.fault is not None:
            self._rubbish(line, piece)
            return
        line.rubbish = 0
        self.counts["frames"] += 1
        data = piece.data
        device, reason = sender_of(self._keeper.register.wire, self._keeper.register.passwords, data)
        if (reason or device is None) and not self._allowance.take(line.source, len(data), self._loop.time()):
            self.counts["rejected"] += 1
            return
        if device is None or reason or not is_packet(data):
            self._wait(line, Received(data, line.source, self._clock().timestamp()))
            return
        try:
            frame = decode(data, dialect=dialect_of(device), is_checked=True)
            if frame.packet is None:
                return
            whole = self._packets.add(frame, frame.packet, line, dialect_of(device), now=self._loop.time())
        except DecodeFault as fault:
            content = fault.content if isinstance(fault, BrokenMessage) else data
            self._put_aside(refusal(content, line.source, fault.message, fault.values, device))
            return
        if whole is not None:
            packet = Packet(frame.packet.total, frame.packet.total)
            self._wait(line, Received(data, line.source, self._clock().timestamp(), whole), packet)

    def _rubbish(self, line: Line, piece: Piece) -> None:
        line.rubbish += len(piece.data)
        if piece.fault is None or not self._allowance.take(line.source, len(piece.data), self._loop.time()):
            self.counts["rejected"] += 1
        else:
            content = piece.data[: self.limits.rubbish]
            self._put_aside(refusal(content, line.source, piece.fault.message, piece.fault.values))
        if line.rubbish > self.limits.rubbish and line in self._lines:
            self._put_aside(refusal(piece.data[:64], line.source, CUT_OFF, {"bytes": line.rubbish}))
            self._lines.discard(line)
            line.end()

    def _put_aside(self, refused: Refused) -> None:
        self.counts["refused"] += 1
        self._refused.append(refused)
        self._waiting_bytes += len(refused.payload)
        self._gathered()

    def _wait(self, line: Line, received: Received, packet: Packet | None = None) -> None:
        self._waiting.append((line, received, packet))
        self._waiting_bytes += len(received.data)
        self._gathered()

    # Keeping.

    def _gathered(self) -> None:
        """See to it that what waits is kept soon, and that not too much waits."""
        if self._waiting_bytes > self.limits.waiting and not self.is_resting:
            self.is_resting = True
            for line in self._lines:
                line.rest()
        if self._is_keeping:
            return  # the next batch goes when this one is there
        if len(self._waiting) >= self.limits.together:
            self._flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(self.limits.gather_s, self._flush)

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._is_keeping or not (self._waiting or self._refused):
            return
        batch = list(islice(self._waiting, self.limits.together))
        refused, self._refused = self._refused, []
        del self._waiting[: len(batch)]
        self._waiting_bytes = sum(len(one.data) for _, one, _ in self._waiting)
        self._is_keeping = True
        received = [one for _, one, _ in batch]
        self._keeper.keep(received, refused, lambda kept: self._call(self._kept, batch, kept))

    def _kept(self, batch: list[tuple[Line, Received, Packet | None]], kept: Batch | None) -> None:
        """Confirm what is committed."""
        self._is_keeping = False
        if kept is not None:
            self.counts["kept"] += len(kept.devices)
            self.counts["refused"] += len(kept.refused)
            for place, device in kept.devices.items():
                line, received, _ = batch[place]
                self._orders.heard(device, line, received.data)
                self._look_at_clock(device, received, kept.sent.get(place))
            for place, frame in kept.frames.items():
                line, _, packet = batch[place]
                self._answer(line, kept.devices[place], replace(frame, packet=packet) if packet else frame)
            self._confirm_reports(batch, kept)
        self._flush()
        if self.is_resting and self._waiting_bytes < self.limits.waiting // 2:
            self.is_resting = False
            for line in self._lines:
                line.go_on()

    def _confirm_reports(self, batch: list[tuple[Line, Received, Packet | None]], kept: Batch) -> None:
        """Confirm what was read together: reports, one frame each."""
        places = [place for place in kept.devices if place not in kept.frames]
        reports = [kept.received[place].data for place in places]
        stay = [self._stays(kept.devices[place]) for place in places]
        answers = confirmations(reports, at=self._clock(), stay=stay)
        for place, answer in zip(places, answers, strict=True):
            batch[place][0].send(answer)
        self.counts["confirmed"] += len(answers)

    def _answer(self, line: Line, device: WireDevice, frame: Frame) -> None:
        self._orders.answered(device, frame)
        if wants_confirmation(frame):
            self.counts["confirmed"] += 1
            line.send(encode(confirmation(frame, at=self._clock(), stays=self._stays(device))))

    def _stays(self, device: WireDevice) -> bool:
        return not device.dialect or self._orders.waits(device.id) or stays_on_line(device.dialect)

    def _look_at_clock(self, device: WireDevice, received: Received, sent: float | None) -> None:
        if self.limits.clock_s is None or sent is None or function_of(received.data) == Function.TEST:
            return
        if abs(sent - received.arrived) > self.limits.clock_s:
            self._orders.set_clock(device)

    def _sweep(self) -> None:
        """Close what is silent, ask again for what is missing."""
        now = self._loop.time()
        for line in list(self._lines):
            if self.is_resting:
                break
            if line.begun and now - line.begun > self.limits.frame_s:
                if not line.give_up():  # else a length lied, and the station speaks on
                    line.end()
            elif now - line.heard > self.limits.idle_s:
                line.end()
        for (station, function), missing in self._packets.sweep(now=now):
            self.counts["given up"] += 1
            log.warning("of %02X of %s packets %s never came", function, station, missing[:20])
        self._orders.sweep()
        self._sweeper = self._loop.call_later(self.limits.sweep_s, self._sweep)
