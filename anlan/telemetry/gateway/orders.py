"""What persons ask of stations: sent when the station is on line, one at a time, at most twice again.

An order waits until its station next speaks. The answer is kept with it; readings in an answer are kept as any others.
One that a gateway was killed over is sent once more; what moves water or power is forgotten after ten minutes.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from psycopg import Connection
from psycopg.types.json import Jsonb

from anlan.ground.fields import encrypt
from anlan.kernel.refusal import mark
from anlan.telemetry.core.order_content import SWITCHING, UNWRITTEN, BadOrder, answer_of, question
from anlan.telemetry.core.sl651.codes import HEX_START, Encoding, Function
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import Centre
from anlan.telemetry.core.sl651.values import Frame
from anlan.telemetry.gateway.sl651_frames import dialect_of, password_of
from anlan.telemetry.gateway.sl651_keeping import FrameKeeper
from anlan.telemetry.queries.wire import WireDevice
from anlan.telemetry.sealing import unsealed

log = logging.getLogger(__name__)
NO_ANSWER = mark("The station did not answer")
TOO_LATE = mark("The station was not on line in time")
KEEP, KEEP_SWITCHING = timedelta(days=1), timedelta(minutes=10)
MOST_PARTS = 200  # frames of one answer that are kept

_AGAIN = "UPDATE telemetry_order SET state = 'queued', sent_at = NULL WHERE state = 'sent'"
_FORGET = """
UPDATE telemetry_order SET state = 'failed', answered_at = %(at)s, answer = %(answer)s, content = content - 'password'
WHERE state = 'queued' AND asked_at < CASE WHEN function = ANY(%(switching)s) THEN %(soon)s ELSE %(late)s END
"""
_CLAIM = """
UPDATE telemetry_order SET state = 'sent', sent_at = %s
WHERE id IN (
    SELECT id FROM telemetry_order WHERE id IN (
        SELECT min(id) FROM telemetry_order WHERE state = 'queued' AND device_id = ANY(%s) GROUP BY device_id
    ) AND state = 'queued' FOR UPDATE SKIP LOCKED
) RETURNING id, device_id, function, content
"""
# Once it need not be sent any more, a password stays with the register alone.
_SETTLE = """
UPDATE telemetry_order SET state = %s, answered_at = %s, answer = %s, content = content - 'password'
WHERE id = %s AND state = 'sent'
"""
_REQUEUE = "UPDATE telemetry_order SET state = 'queued', sent_at = NULL WHERE id = ANY(%s) AND state = 'sent'"
_PASSWORD = "UPDATE telemetry_device SET password = %s, version = version + 1 WHERE id = %s"  # noqa: S105
_ASK = """
INSERT INTO telemetry_order (device_id, function, content, state, asked_by_name, asked_at, answer)
SELECT %(device)s, %(function)s, '{}', 'queued', '', %(at)s, '{}' WHERE NOT EXISTS (
    SELECT FROM telemetry_order WHERE device_id = %(device)s AND function = %(function)s
    AND (state IN ('queued', 'sent') OR asked_at > %(since)s))
"""


class Line(Protocol):
    """A connection on which a station speaks."""

    def send(self, data: bytes) -> None: ...


@dataclass(slots=True)
class Pending:
    """An order that was sent and waits for its answer."""

    order: int
    function: int
    content: dict[str, Any]
    data: bytes
    line: Line
    due: float
    resends: int = 0
    parts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Talk:
    """How to speak to a station that is on line: as it last spoke, in a frame that came whole."""

    device: WireDevice
    line: Line
    data: bytes

    def centre(self) -> Centre:
        """Return our side of the talk."""
        is_bytes = self.data[:2] == HEX_START
        return Centre(
            centre=self.data[2] if is_bytes else int(self.data[1:3], 16),
            station=self.device.address,
            password=password_of(self.data),
            encoding=Encoding.HEX if is_bytes else Encoding.ASCII,
        )


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an answer is waited for, seconds, and how often the question is sent again."""

    answer_s: float = 20.0
    resends: int = 2
    clock_again_s: float = 3600.0


class Orders:
    """The orders of the stations that are on line. Lives in the thread of the event loop."""

    def __init__(
        self,
        *,
        keeper: FrameKeeper,
        clock: Callable[[], datetime],
        call: Callable[..., object],
        tick: Callable[[], float],
        patience: Patience = Patience(),  # noqa: B008  it cannot be changed
    ) -> None:
        self._keeper, self._clock, self._call, self._tick, self._patience = keeper, clock, call, tick, patience
        self._talks: dict[int, Talk] = {}
        self._pending: dict[int, Pending] = {}
        self._is_looking, self._is_first = False, True

    def heard(self, device: WireDevice, line: Line, data: bytes) -> None:
        """Note that the station speaks on this line."""
        talk = self._talks.get(device.id)
        if talk is None or talk.line is not line:
            self._talks[device.id] = Talk(device, line, data)
            self.look()
        else:
            talk.device, talk.data = device, data

    def answered(self, device: WireDevice, frame: Frame) -> None:
        """Take a frame that may be the answer to what the station was asked."""
        pending = self._pending.get(device.id)
        if pending is not None and frame.function == pending.function:
            self._take(device.id, pending, frame)

    def waits(self, device_id: int) -> bool:
        """Tell whether the station was asked something and must stay on line."""
        return device_id in self._pending

    def gone(self, line: Line) -> None:
        """Note that a line is closed: what was asked on it is asked again when its station is back."""
        lost = [device for device, talk in self._talks.items() if talk.line is line]
        again = [self._pending.pop(device).order for device in lost if device in self._pending]
        for device in lost:
            del self._talks[device]
        if again:
            self._keeper.do(lambda connection: connection.execute(_REQUEUE, [again]), _nothing)

    def set_clock(self, device: WireDevice) -> None:
        """Have the clock of a station set, at most once an hour."""
        at = self._clock()
        since = at - timedelta(seconds=self._patience.clock_again_s)
        values = {"device": device.id, "function": int(Function.SET_CLOCK), "at": at, "since": since}
        self._keeper.do(lambda connection: connection.execute(_ASK, values), lambda _: self._call(self.look))

    def look(self) -> None:
        """Look for orders of the stations that are on line and free."""
        free = [device for device in self._talks if device not in self._pending]
        if not self._is_looking:
            self._is_looking = True
            at, is_first, self._is_first = self._clock(), self._is_first, False
            work = lambda connection: _claimed(connection, free, at, is_first=is_first)  # noqa: E731
            self._keeper.do(work, lambda rows: self._call(self._found, rows or []))

    def sweep(self) -> None:
        """Send again what was not answered in time, or give it up."""
        now = self._tick()
        for device, pending in list(self._pending.items()):
            if pending.due > now:
                continue
            if pending.resends < self._patience.resends:
                pending.resends += 1
                pending.due = now + self._patience.answer_s
                pending.line.send(pending.data)
            else:
                self._settle(device, pending, "failed", {"fault": NO_ANSWER, "parts": pending.parts})
        self.look()

    def _found(self, rows: Iterable[tuple[int, int, int, dict[str, Any]]]) -> None:
        self._is_looking = False
        late = []
        for order, device_id, function, content in rows:
            talk = self._talks.get(device_id)
            if talk is None or device_id in self._pending:
                late.append(order)  # it left meanwhile
                continue
            self._send(talk, order, function, unsealed(content))
        if late:
            self._keeper.do(lambda connection: connection.execute(_REQUEUE, [late]), _nothing)

    def _send(self, talk: Talk, order: int, function: int, content: dict[str, Any]) -> None:
        pending = Pending(order, function, content, b"", talk.line, self._tick() + self._patience.answer_s)
        self._pending[talk.device.id] = pending
        try:
            dialect = dialect_of(talk.device)
            asked = question(talk.centre(), function, content, at=self._clock(), dialect=dialect)
            pending.data = encode(asked, dialect=dialect)
        except BadOrder as fault:
            self._settle(talk.device.id, pending, "failed", {"fault": fault.message, "values": fault.values})
            return
        except ValueError as fault:
            self._settle(talk.device.id, pending, "failed", {"fault": UNWRITTEN, "values": {"why": str(fault)}})
            return
        if function == Function.PASSWORD:
            self._keeper.change_password(talk.device.id, is_under_way=True)
        talk.line.send(pending.data)

    def _take(self, device_id: int, pending: Pending, frame: Frame) -> None:
        if len(pending.parts) < MOST_PARTS:
            pending.parts.append(answer_of(frame))
        if frame.is_last:
            self._settle(device_id, pending, "answered", {"parts": pending.parts})
        else:
            pending.due = self._tick() + self._patience.answer_s

    def _settle(self, device_id: int, pending: Pending, state: str, answer: dict[str, Any]) -> None:
        del self._pending[device_id]
        row = (state, self._clock(), Jsonb(answer), pending.order)

        def work(connection: "Connection[Any]") -> None:
            connection.execute(_SETTLE, row)
            if state == "answered" and pending.function == Function.PASSWORD:
                connection.execute(_PASSWORD, [encrypt(pending.content["password"]), device_id])

        if pending.function == Function.PASSWORD:
            self._keeper.change_password(device_id, is_under_way=False)
        self._keeper.do(work, lambda _: self._call(self.look))


def _claimed(connection: "Connection[Any]", devices: list[int], at: datetime, *, is_first: bool) -> list[Any]:
    if is_first:
        connection.execute(_AGAIN)  # a gateway was killed before it was answered
    connection.execute(
        _FORGET,
        {
            "at": at,
            "answer": Jsonb({"fault": TOO_LATE}),
            "switching": [int(function) for function in SWITCHING],
            "soon": at - KEEP_SWITCHING,
            "late": at - KEEP,
        },
    )
    return connection.execute(_CLAIM, [at, devices]).fetchall() if devices else []


def _nothing(_result: object) -> None:
    """Nobody waits for it."""
