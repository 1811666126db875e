"""The thread that reads SL 651 frames and keeps them, with a connection of its own.

A batch is one transaction; what it says is told back only after COMMIT, so that nothing is confirmed that is not kept.
While PostgreSQL is away the batch waits and is tried again; the lines stop reading when too much waits.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

import psycopg
from psycopg import Connection

from anlan.ground.outage import AWAY
from anlan.kernel.refusal import mark
from anlan.telemetry.actions.by_hand import correct_by_hand
from anlan.telemetry.actions.keeping import Intake, Refused, begin_datastreams, keep
from anlan.telemetry.gateway.pictures import keep_pictures
from anlan.telemetry.gateway.sl651_frames import Batch, Received, fill, read_batch, refusal
from anlan.telemetry.queries.passwords import passwords_now
from anlan.telemetry.queries.wire import Wire, wire_now

log = logging.getLogger(__name__)
REGISTER_CHANNEL, ORDER_CHANNEL = "telemetry_register", "telemetry_order"
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
LOOK_S = 0.5  # how often an idle thread looks for what was notified
BEGIN_AGAIN_S = 60.0  # before a datastream that could not be begun is tried again
COULD_NOT_BE_KEPT = mark("The frame could not be kept")
NOBODY = Wire({}, {}, {}, {})
Work = Callable[["Connection[Any]"], Any]
Done = Callable[[Any], object]


@dataclass(slots=True)
class Register:
    """Who may speak, as last read."""

    wire: Wire = NOBODY
    passwords: Mapping[int, int] = field(default_factory=dict)


class FrameKeeper:
    """Keeps frames for a server.

    Args:
        connect: opens a connection, autocommit.
        clock: tells the time.
    """

    def __init__(self, *, connect: Callable[[], "Connection[Any]"], clock: Callable[[], datetime]) -> None:
        self._connect, self._clock = connect, clock
        self.register = Register()
        self.on_order: Callable[[], None] = lambda: None  # called in the thread when a person asked for something
        self._jobs: SimpleQueue[tuple[Work, Done] | None] = SimpleQueue()
        self._connection: Connection[Any] | None = None
        self._changing: set[int] = set()
        self._is_stale = True
        self.is_well = False  # whether the last thing asked of PostgreSQL went well
        self._begun: dict[tuple[int, str], datetime] = {}
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sl651-keeping", daemon=True)

    def start(self) -> None:
        """Begin; the register is there once the first job is done."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """Finish what waits, as far as PostgreSQL is there, and end."""
        self._is_over.set()
        self._jobs.put(None)
        self._thread.join(timeout=30)

    def keep(self, received: Sequence[Received], refused: Sequence[Refused], done: Callable[[Any], object]) -> None:
        """Keep frames and what was no frame; `done` is called in this thread after COMMIT, whatever becomes of them."""
        self._jobs.put((lambda connection: self._keep(connection, received, refused), done))

    def do(self, work: Work, done: Done) -> None:
        """Do something else with the connection, in a transaction."""
        self._jobs.put((lambda connection: _in_transaction(connection, work), done))

    def change_password(self, device_id: int, *, is_under_way: bool) -> None:
        """Hear a device with any password while it is being changed there, for nobody knows when it is."""
        (self._changing.add if is_under_way else self._changing.discard)(device_id)
        self._is_stale = True

    # From here on in the thread.

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=LOOK_S)
            except Empty:
                self._look()
                continue
            if job is None:
                break
            work, done = job
            done(self._tried(work))
        if self._connection is not None:
            self._connection.close()

    def _look(self) -> None:
        """Hear what was notified, while nothing else is done."""
        try:
            self._opened()
        except AWAY:
            self._lose()

    def _tried(self, work: Work) -> Any:
        """Do it, again while PostgreSQL is away; None where this ends before it comes back."""
        pause = FIRST_PAUSE_S
        while True:
            try:
                result = work(self._opened())
                self.is_well = True
                return result
            except AWAY as fault:
                log.warning("PostgreSQL is away, trying again in %.1f s: %s", pause, fault)
                self._lose()
            except Exception:
                log.exception("a piece of work failed")
                self._lose()
                return None
            if self._is_over.wait(pause):
                return None
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _opened(self) -> "Connection[Any]":
        if self._connection is None:
            self._connection = self._connect()
            self._connection.execute(f"LISTEN {REGISTER_CHANNEL}")
            self._connection.execute(f"LISTEN {ORDER_CHANNEL}")
            self._is_stale = True
        for notify in self._connection.notifies(timeout=0):
            self._hear(notify)
        if self._is_stale:
            self._is_stale = False
            self._read_register(self._connection)
        return self._connection

    def _read_register(self, connection: "Connection[Any]") -> None:
        changing = set(self._changing)
        passwords = {device: number for device, number in passwords_now(connection).items() if device not in changing}
        self.register = Register(wire_now(connection), passwords)

    def _hear(self, notify: psycopg.Notify) -> None:
        if notify.channel == ORDER_CHANNEL:
            self.on_order()
        else:
            self._is_stale = True

    def _lose(self) -> None:
        self.is_well = False
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _keep(self, connection: "Connection[Any]", received: Sequence[Received], refused: Sequence[Refused]) -> Batch:
        try:
            return self._keep_together(connection, received, refused)
        except AWAY:
            raise
        except Exception:
            # One of them is poison; the others must not wait for it.
            log.exception("%d frames could not be kept together", len(received))
        whole = Batch(received)
        for place, one in enumerate(received):
            part = self._keep_alone(connection, one)
            if part is not None:
                whole.devices.update((place, device) for device in part.devices.values())
                whole.frames.update((place, frame) for frame in part.frames.values())
                whole.sent.update((place, sent) for sent in part.sent.values())
                whole.refused += [(place, each) for _, each in part.refused]
        for each in refused:
            self._refuse_alone(connection, each)
        return whole

    def _keep_together(
        self, connection: "Connection[Any]", received: Sequence[Received], refused: Iterable[Refused]
    ) -> Batch:
        at = self._clock()
        batch = read_batch(self.register.wire, self.register.passwords, received)
        self._begin(connection, batch, at)
        intake = Intake(self.register.wire)
        by_hand = fill(intake, batch)
        for each in refused:
            intake.refuse(each)
        with connection.transaction():
            correct_by_hand(connection, by_hand, at=at)
            keep_pictures(connection, batch.pictures)
            keep(connection, intake, at=at)
        return batch

    def _begin(self, connection: "Connection[Any]", batch: Batch, at: datetime) -> None:
        """Begin the datastreams of elements that mean something and are not registered yet."""
        wanted = {
            key
            for key in batch.unknown(self.register.wire)
            if key not in self._begun or (at - self._begun[key]).total_seconds() > BEGIN_AGAIN_S
        }
        if not wanted:
            return
        by_id = {device.id: device for device in self.register.wire.by_address.values()}
        with connection.transaction():
            wire = begin_datastreams(connection, [(by_id[device], element) for device, element in sorted(wanted)])
        self.register = Register(wire, self.register.passwords)
        self._begun |= dict.fromkeys(wanted, at)

    def _keep_alone(self, connection: "Connection[Any]", one: Received) -> Batch | None:
        try:
            return self._keep_together(connection, [one], ())
        except AWAY:
            raise
        except Exception:
            log.exception("a frame of %s could not be kept", one.source)
        self._refuse_alone(connection, refusal(one.data, one.source, COULD_NOT_BE_KEPT, {}))
        return None

    def _refuse_alone(self, connection: "Connection[Any]", refused: Refused) -> None:
        intake = Intake(NOBODY)
        intake.refuse(refused)
        try:
            with connection.transaction():
                keep(connection, intake, at=self._clock())
        except AWAY:
            raise
        except Exception:
            log.exception("bytes of %s could not be put aside: %s", refused.source, refused.payload[:64].hex())


def _in_transaction(connection: "Connection[Any]", work: Work) -> Any:
    with connection.transaction():
        return work(connection)
