"""The thread that keeps what came by MQTT, with a connection of its own, and acknowledges it after COMMIT.

While one batch is written the next is received. While PostgreSQL is away the batch waits and is tried again; nothing is
acknowledged meanwhile, so that the broker holds back what is more than the window. A message that cannot be kept is
found by halving its batch and put into the quarantine; the others do not wait for it.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from psycopg import Connection

from anlan.ground.outage import AWAY
from anlan.kernel.refusal import mark
from anlan.telemetry.actions.keeping import Intake, begin_datastreams
from anlan.telemetry.gateway.decoding import Message, Taking, parts_of
from anlan.telemetry.queries.passwords import passwords_now
from anlan.telemetry.queries.wire import Wire, wire_now

log = logging.getLogger(__name__)
REGISTER_CHANNEL = "telemetry_register"
LINGER_S = 0.02  # a batch may grow for so long
MOST_MESSAGES = 8000  # of a batch
MOST_WAITING, MOST_WAITING_BYTES = 100_000, 128 << 20  # beyond them nothing more is read
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
LOOK_S = 0.5  # how often an idle thread looks for what was notified
BEGIN_AGAIN_S = 60.0  # before a datastream that could not be begun is tried again
COULD_NOT_BE_KEPT = mark("The message could not be kept: %(fault)s")


class Line(Protocol):
    """What messages came by, and what their acknowledgement goes back on."""

    def acknowledge(self, numbers: Sequence[bytes]) -> None:
        """Acknowledge messages; does nothing when the line is gone."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """Messages that came together: N topics, payloads and numbers."""

    line: Line
    topics: Sequence[bytes]
    payloads: Sequence[bytes]
    numbers: Sequence[bytes]
    arrived: float


@dataclass(slots=True)
class Counts:
    """What came of it since the start."""

    received: int = 0
    stored: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Waiting:
    deliveries: list[Delivery] = field(default_factory=list)
    messages: int = 0
    bytes: int = 0


class MessageKeeper:
    """Keeps messages for the lines.

    Args:
        connect: opens a connection, autocommit.
        clock: tells the time.
        on_register: called in the thread when the register changed, and once at the beginning.
    """

    def __init__(
        self,
        *,
        connect: Callable[[], "Connection[Any]"],
        clock: Callable[[], datetime],
        on_register: Callable[[], object] = lambda: None,
    ) -> None:
        self._connect, self._clock, self._on_register = connect, clock, on_register
        self.counts = Counts()
        self.is_well = False  # whether the last thing asked of PostgreSQL went well
        self._waiting = _Waiting()
        self._change = threading.Condition()
        self._is_ending = self._is_stale = False
        self._connection: Connection[Any] | None = None
        self._wire: Wire
        self._passwords: Mapping[int, int] = {}
        self._begun: dict[tuple[int, str], float] = {}
        self._thread = threading.Thread(target=self._run, name="mqtt-keeping", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience_s: float = 30.0) -> None:
        """Keep what waits, as far as PostgreSQL is there, and end."""
        with self._change:
            self._is_ending = True
            self._change.notify_all()
        self._thread.join(patience_s)

    def hand(self, delivery: Delivery) -> None:
        """Take messages over; they are acknowledged when they are kept."""
        with self._change:
            waiting = self._waiting
            waiting.deliveries.append(delivery)
            waiting.messages += len(delivery.topics)
            waiting.bytes += sum(map(len, delivery.payloads))
            self._change.notify_all()

    @property
    def is_full(self) -> bool:
        """Whether so much waits that nothing more should be read."""
        return self._waiting.messages >= MOST_WAITING or self._waiting.bytes >= MOST_WAITING_BYTES

    # From here on in the thread.

    def _run(self) -> None:
        while not (self._is_ending and not self._waiting.deliveries):
            batch = self._next_batch()
            if not self._tried(lambda batch=batch: self._keep(batch)):  # type: ignore[misc]
                break
        if self._connection is not None:
            self._connection.close()

    def _next_batch(self) -> list[Delivery]:
        with self._change:
            self._change.wait_for(lambda: self._waiting.deliveries or self._is_ending, LOOK_S)
            if not self._waiting.deliveries:
                return []
            until = time.monotonic() + LINGER_S
            while self._waiting.messages < MOST_MESSAGES and not self._is_ending:
                left = until - time.monotonic()
                if left <= 0 or not self._change.wait(left):
                    break
            batch, count = [], 0
            for delivery in self._waiting.deliveries:
                if count >= MOST_MESSAGES:
                    break
                batch.append(delivery)
                count += len(delivery.topics)
            # They stay among those that wait until they are kept: what is held is what counts.
            return batch

    def _settle(self, batch: Sequence[Delivery]) -> None:
        with self._change:
            waiting = self._waiting
            del waiting.deliveries[: len(batch)]
            waiting.messages -= sum(len(delivery.topics) for delivery in batch)
            waiting.bytes -= sum(sum(map(len, delivery.payloads)) for delivery in batch)

    def _tried(self, work: Callable[[], None]) -> bool:
        """Do it, again while PostgreSQL is away; False where this ends before it comes back."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                work()
            except AWAY as fault:
                log.warning("PostgreSQL is away, trying again in %.1f s: %s", pause, fault)
                self._lose()
            else:
                self.is_well = True
                return True
            if self._is_ending:
                return False
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _keep(self, batch: Sequence[Delivery]) -> None:
        connection = self._opened()
        if not batch:
            return
        messages = [
            (topic, payload, delivery.arrived)
            for delivery in batch
            for topic, payload in zip(delivery.topics, delivery.payloads, strict=True)
        ]
        self._keep_messages(connection, messages)
        for delivery in batch:
            delivery.line.acknowledge([number for number in delivery.numbers if number])
        self._settle(batch)

    def _keep_messages(self, connection: "Connection[Any]", messages: "Sequence[_Message]") -> None:
        at = self._clock()
        try:
            taking = self._take(messages)
            if self._begin(connection, taking, at):
                taking = self._take(messages)
            with connection.transaction():
                kept = taking.keep(connection, at=at)
        except AWAY:
            raise
        except Exception as fault:  # noqa: BLE001  whatever it is, it is told by _keep_apart
            self._keep_apart(connection, messages, fault)
            return
        self.counts.received += len(messages)
        self.counts.stored += kept.stored
        self.counts.refused += kept.refused

    def _take(self, messages: "Sequence[_Message]") -> Taking:
        taking = Taking(Intake(self._wire), self._passwords)
        taking.take_many(messages)
        return taking

    def _begin(self, connection: "Connection[Any]", taking: Taking, at: datetime) -> bool:
        """Begin the datastreams of elements that mean something and are not registered yet."""
        seconds = at.timestamp()
        wanted = {
            key: device
            for key, device in taking.missing.items()
            if seconds - self._begun.get(key, -BEGIN_AGAIN_S) >= BEGIN_AGAIN_S
        }
        if wanted:
            with connection.transaction():
                self._wire = begin_datastreams(connection, [(device, key[1]) for key, device in sorted(wanted.items())])
            self._begun |= dict.fromkeys(wanted, seconds)
        return bool(wanted)

    def _keep_apart(self, connection: "Connection[Any]", messages: "Sequence[_Message]", fault: Exception) -> None:
        if len(messages) > 1:
            log.warning("%d messages could not be kept together: %s", len(messages), fault)
            middle = len(messages) // 2
            self._keep_messages(connection, messages[:middle])
            self._keep_messages(connection, messages[middle:])
            return
        topic, payload, arrived = messages[0]
        log.error("A message could not be kept", exc_info=fault)
        source = topic.decode(errors="replace")
        taking = Taking(Intake(self._wire))
        code, kind = parts_of(source)
        words = {"fault": type(fault).__name__}
        taking.refuse(Message(source, kind, payload, arrived), COULD_NOT_BE_KEPT, words, code=code)
        try:
            with connection.transaction():
                taking.keep(connection, at=self._clock())
        except AWAY:
            raise
        except Exception:
            log.exception("Bytes of %s could not be put aside: %s", source, payload.hex())
        self.counts.received += 1
        self.counts.refused += 1

    def _opened(self) -> "Connection[Any]":
        if self._connection is None:
            self._connection = self._connect()
            self._connection.execute(f"LISTEN {REGISTER_CHANNEL}")
            self._is_stale = True
        for _ in self._connection.notifies(timeout=0):
            self._is_stale = True
        if self._is_stale:
            self._is_stale = False
            self._wire, self._passwords = wire_now(self._connection), passwords_now(self._connection)
            self._on_register()
        return self._connection

    def _lose(self) -> None:
        self.is_well = False
        if self._connection is not None:
            self._connection.close()
        self._connection = None


_Message = tuple[bytes, bytes, float]
