"""Devices that go on whatever is killed: what nobody acknowledged they send again, as often as it takes."""

import http.client
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from anlan.telemetry.tests.sl651_lines import Caller
from anlan.web.tests.live_process import Listening

WINDOW = 100  # messages that a device leaves unacknowledged
PATIENCE_S = 5.0
PAUSE_S = 0.1
ANSWER_S = 2.0
NOT_AUTHORISED = 135  # of MQTT 5
Message = tuple[str, bytes]  # topic and payload


class Busy(threading.Thread):
    """Works until it is ended; what fails is done again."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.is_over = threading.Event()

    def run(self) -> None:
        while not self.is_over.is_set():
            try:
                self.work()
            except (OSError, ValueError, EOFError, AssertionError, http.client.HTTPException):
                self.is_over.wait(PAUSE_S)

    def work(self) -> None:
        raise NotImplementedError

    def end(self) -> None:
        self.is_over.set()
        self.join(4 * PATIENCE_S)


class Gauge(Busy):
    """Speaks MQTT.

    Args:
        port: of the broker.
        code: of the device.
        key: of the device.
        endless: makes a message of a number; so many `a_second` are told until `rest`, besides those of `tell`.
    """

    def __init__(
        self, port: int, code: str, key: str, *, endless: Callable[[int], Message] | None = None, a_second: int = 0
    ) -> None:
        super().__init__()
        self._port, self._code, self._key = port, code, key
        self._endless, self._a_second, self._count = endless, a_second, 0
        self._began = time.monotonic()
        self._waiting: deque[Message] = deque()
        self._flying: dict[int, Message] = {}
        self._is_resting = False
        self.accepted: set[Message] = set()
        self.rejected: set[Message] = set()

    def tell(self, messages: Iterable[Message]) -> None:
        self._waiting.extend(messages)

    def rest(self) -> None:
        """Tell nothing new."""
        self._is_resting = True

    @property
    def is_done(self) -> bool:
        """Whether all that was told is answered."""
        return not (self._waiting or self._flying)

    def work(self) -> None:
        """Hold a line for as long as it stands."""
        client = paho.Client(CallbackAPIVersion.VERSION2, f"device-{self._code}", protocol=paho.MQTTv5)
        client.username_pw_set(self._code, self._key)
        client.on_publish = self._answered
        client.connect("127.0.0.1", self._port)
        try:
            self._await(client)
            while not self.is_over.is_set() and client.is_connected():
                self._send(client)
                client.loop(0.02)
        finally:
            self._waiting.extendleft(reversed(self._flying.values()))
            self._flying.clear()
            client.disconnect()

    def _await(self, client: paho.Client) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not client.is_connected():
            if client.loop(0.02) or time.monotonic() > deadline:
                raise TimeoutError("the broker does not answer")

    def _send(self, client: paho.Client) -> None:
        if self._endless and not self._is_resting:
            due = int((time.monotonic() - self._began) * self._a_second)
            if len(self._waiting) < WINDOW:  # who is behind catches up by and by
                self.tell(map(self._endless, range(self._count, min(due, self._count + WINDOW))))
                self._count = max(min(due, self._count + WINDOW), self._count)
        while self._waiting and len(self._flying) < WINDOW:
            message = self._waiting[0]
            number = client.publish(*message, qos=1).mid
            self._flying[number] = message
            self._waiting.popleft()

    def _answered(self, _client: paho.Client, _data: object, number: int, reason: Any, _properties: object) -> None:
        message = self._flying.pop(number, None)
        if message is not None:
            (self.rejected if reason.value == NOT_AUTHORISED else self.accepted).add(message)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens on this machine."""

    port: int


class Reporter(Busy):
    """A station that reports by SL 651, each report when the one before is confirmed.

    Args:
        port: of the gateway.
        frame_of: makes a report of a number.
    """

    def __init__(self, port: int, frame_of: Callable[[int], bytes]) -> None:
        super().__init__()
        self._port, self._frame_of = port, frame_of
        self.accepted: set[int] = set()

    def work(self) -> None:
        with Caller(Address(self._port)) as caller:
            while not self.is_over.wait(PAUSE_S):
                number = len(self.accepted)
                caller.send(self._frame_of(number))
                if not caller.answer(within=ANSWER_S):
                    raise TimeoutError("no confirmation")
                self.accepted.add(number)


class OpenPage(Busy):
    """A page that stays open: it comes again with the number of the last event, as browsers do.

    Args:
        port: of the live stream.
        client: who is logged in.
        kind: of the events that are noted by their numbers.
    """

    def __init__(self, port: int, client: Any, kind: str) -> None:
        super().__init__()
        self._port, self._client, self._kind = port, client, kind
        self._last: int | None = None
        self.first: int | None = None
        self.heard: list[int] = []

    def work(self) -> None:
        with Listening(self._port, self._client, last=self._last) as page:
            try:
                while not self.is_over.is_set():
                    event = page.next()
                    if self.first is None:
                        self.first = event.number
                    if event.kind == self._kind:
                        self.heard.append(event.number)
            finally:
                self._last = page.last if page.last is not None else self._last
