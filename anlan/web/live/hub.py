"""Who watches, and what they are told: each event is read once and handed to all in memory."""

import asyncio
from collections.abc import Hashable, Iterator, Sequence
from typing import Protocol

from anlan.web.live import wire
from anlan.web.live.wire import Event

MOST_BYTES_WAITING = 256 * 1024
PATIENCE_S = 5.0  # for the last bytes of a stream that ends


class Reach(Hashable, Protocol):
    """Where somebody may see what; `accounts` provides it."""

    def prefixes(self, capability: str) -> tuple[str, ...]:
        """Return the areas in which the person holds the capability; with no capability, all of theirs."""
        ...


class Viewer:
    """One open stream: what waits to be sent, and until when it may take."""

    __slots__ = ("_size", "checked_at", "deadline", "floor", "is_over", "pieces", "reach", "session_key", "waiting")

    def __init__(self, session_key: str, reach: Reach, floor: int) -> None:
        self.session_key = session_key
        self.reach = reach
        self.floor = floor  # what they have had already
        self.checked_at = 0.0
        self.is_over = False
        self.waiting = asyncio.Event()
        self.deadline: asyncio.Timeout | None = None
        self.pieces: list[bytes] = []
        self._size = 0

    def put(self, piece: bytes) -> None:
        """Queue it; a viewer that does not keep up is cut off and comes back for the rest."""
        self._size += len(piece)
        if self._size > MOST_BYTES_WAITING:
            self.end(patience_s=0)
            return
        self.pieces.append(piece)
        self.waiting.set()

    def take(self) -> bytes:
        """Return what waits."""
        whole = b"".join(self.pieces)
        self.pieces.clear()
        self._size = 0
        if not self.is_over:
            self.waiting.clear()
        return whole

    def end(self, patience_s: float = PATIENCE_S) -> None:
        """End the stream once what waits is sent, or after a while, whichever comes first."""
        if self.deadline and not self.deadline.expired():
            self.deadline.reschedule(asyncio.get_running_loop().time() + patience_s)
        self.is_over = True
        self.waiting.set()


class Audience:
    """Viewers of the same reach: what they may see is decided once for all of them."""

    def __init__(self, reach: Reach) -> None:
        self.viewers: set[Viewer] = set()
        self._reach = reach
        self._prefixes: dict[str, tuple[str, ...]] = {}

    def sees(self, event: Event) -> bool:
        """Tell whether the event's division lies where they hold the event's capability."""
        prefixes = self._prefixes.get(event.capability)
        if prefixes is None:
            prefixes = self._prefixes[event.capability] = self._reach.prefixes(event.capability)
        return event.division_code.startswith(prefixes)

    def tell(self, events: Sequence[Event]) -> None:
        """Hand the viewers what they may see and have not had."""
        seen = [event for event in events if self.sees(event)]
        if not seen:
            return
        whole = b"".join(event.frame for event in seen)
        for viewer in tuple(self.viewers):
            if viewer.floor < seen[0].number:
                viewer.put(whole)
            elif rest := b"".join(event.frame for event in seen if event.number > viewer.floor):
                viewer.put(rest)


class Hub:
    """All viewers of this process, and the number of the last event handed to them."""

    def __init__(self) -> None:
        self.number: int | None = None  # None: not read yet
        self.is_connected = False
        self._audiences: dict[Reach, Audience] = {}

    def __iter__(self) -> Iterator[Viewer]:
        return (viewer for audience in self._audiences.values() for viewer in tuple(audience.viewers))

    def join(self, viewer: Viewer) -> Audience:
        """Add the viewer: whatever comes after the hub's present number reaches them."""
        audience = self._audiences.setdefault(viewer.reach, Audience(viewer.reach))
        audience.viewers.add(viewer)
        return audience

    def leave(self, viewer: Viewer) -> None:
        """Forget the viewer, and the audience with its last one."""
        audience = self._audiences[viewer.reach]
        audience.viewers.discard(viewer)
        if not audience.viewers:
            del self._audiences[viewer.reach]

    def tell(self, events: Sequence[Event]) -> None:
        """Hand on what was numbered since the last time."""
        if events:
            self.number = events[-1].number
            for audience in self._audiences.values():
                audience.tell(events)

    def tell_reset(self, number: int) -> None:
        """Tell everybody that events were missed for good."""
        self.number = number
        for viewer in self:
            viewer.floor = number
            viewer.take()
            viewer.put(wire.reset(number))

    def close(self) -> None:
        """End every stream; the pages come back to whoever serves then."""
        for viewer in self:
            viewer.end()
