"""The line to the broker: one thread that alone touches the socket, receives, hands over, and acknowledges when told.

The session lasts: what comes while the gateway is away waits at the broker, and what was not acknowledged comes again.
"""

import logging
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from anlan.telemetry.core import mqtt_packets
from anlan.telemetry.core.mqtt_packets import BadPacket, Kind, Packets, Reader, Version
from anlan.telemetry.gateway.decoding import UP
from anlan.telemetry.gateway.mqtt_keeping import Delivery

log = logging.getLogger(__name__)
SESSION = "anlan-gateway"
WINDOW = 50_000  # messages unacknowledged; deploy/mosquitto.conf has the same
PIECE = 1 << 18
KEEP_ALIVE_S = 30
PATIENCE_S = 10.0  # for an answer while the line is opened
LOOK_S = 0.5
GATHER_S = 0.003  # what comes within so long of the last is gathered first: small pieces cost as much as large ones
MANY = 2000  # messages in a piece that need no gathering
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 10.0
PORTS = {"mqtt": 1883, "mqtts": 8883}


class NotLetIn(OSError):
    """The broker answers, and says no."""


class NotBelieved(OSError):
    """The broker shows a certificate that is not believed; nothing was told to it, no password either."""


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is and how it is spoken to."""

    host: str
    port: int
    user: str
    password: str
    version: Version
    tls: ssl.SSLContext | None = None


class Keeper(Protocol):
    """Who keeps what comes."""

    @property
    def is_full(self) -> bool:
        """Whether nothing more should be read."""

    def hand(self, delivery: Delivery) -> None:
        """Take messages over."""


def broker_at(
    url: str, *, version: str, authority: str = "", certificate: str = "", key: str = "", is_name_checked: bool = True
) -> Broker:
    """Return the broker of an address, mqtt://user:password@host:port or mqtts://.

    Raises:
        ValueError: the address or the version is none.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError(f"{parts.scheme}://{parts.hostname} is no address of a broker, expected mqtt://host:port")
    versions = {"3.1.1": Version.V311, "5": Version.V5}
    if version not in versions:
        raise ValueError(f"MQTT {version} is not spoken here, expected 3.1.1 or 5")
    tls = None
    if parts.scheme == "mqtts":
        tls = ssl.create_default_context(cafile=authority or None)
        tls.check_hostname = is_name_checked
        if certificate:
            tls.load_cert_chain(certificate, key or None)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Broker(parts.hostname, parts.port or PORTS[parts.scheme], user, password, versions[version], tls)


class MqttReceiver:
    """Receives what devices publish, as long as it runs, through every fall of the line.

    Args:
        broker: to be heard.
        keeper: takes the messages over and has them acknowledged.
        clock: tells when something arrived.
        session: name of the lasting session; two gateways with one name throw each other out.
    """

    def __init__(
        self, broker: Broker, keeper: Keeper, *, clock: Callable[[], datetime], session: str = SESSION
    ) -> None:
        self._broker, self._keeper, self._clock, self._session = broker, keeper, clock, session
        self.is_connected = False
        self._is_reading = True
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="mqtt-receiving", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()

    def stop_reading(self) -> None:
        """Read nothing more; what is kept meanwhile is still acknowledged until `stop`."""
        self._is_reading = False

    def stop(self) -> None:
        """Send the acknowledgements that are there, take leave and end."""
        self._is_over.set()
        self._thread.join(PATIENCE_S)

    # From here on in the thread.

    def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._is_over.is_set():
            try:
                with self._opened() as line:
                    pause, self.is_connected = FIRST_PAUSE_S, True
                    self._serve(line)
            except NotBelieved as fault:
                log.error("%s; trying again in %.0f s", fault, LONGEST_PAUSE_S)  # noqa: TRY400  the words say it all
                self._is_over.wait(LONGEST_PAUSE_S)
            except (OSError, BadPacket) as fault:
                log.warning("The line to the broker is gone, trying again in %.1f s: %s", pause, fault)
                self._is_over.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
            finally:
                self.is_connected = False

    def _opened(self) -> "_Line":
        broker = self._broker
        plain = socket.create_connection((broker.host, broker.port), PATIENCE_S)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire = broker.tls.wrap_socket(plain, server_hostname=broker.host) if broker.tls else plain
        except ssl.SSLCertVerificationError as fault:
            plain.close()
            words = f"The certificate of the broker at {broker.host} is not believed: {fault.verify_message}"
            raise NotBelieved(f"{words} (ANLAN_MQTT_CA names the file of its authority)") from fault
        except OSError:
            plain.close()
            raise
        wire.setblocking(False)
        line = _Line(wire, Reader(broker.version))
        try:
            self._introduce(line)
        except (OSError, BadPacket):
            line.close()
            raise
        return line

    def _introduce(self, line: "_Line") -> None:
        broker = self._broker
        hello = mqtt_packets.connect(
            broker.version,
            self._session,
            user=broker.user,
            password=broker.password,
            keep_alive_s=KEEP_ALIVE_S,
            window=WINDOW,
        )
        answer = mqtt_packets.answer_to_connect(self._ask(line, hello, Kind.CONNACK))
        if not answer.is_yes:
            raise NotLetIn(f"the broker does not let us in (code {answer.code})")
        wanted = mqtt_packets.subscribe(broker.version, [f"{UP}#"])
        answer = mqtt_packets.answer_to_subscribe(broker.version, self._ask(line, wanted, Kind.SUBACK))
        if not answer.is_yes:
            raise NotLetIn(f"the broker does not let us hear {UP}# (code {answer.code})")

    def _ask(self, line: "_Line", packet: bytes, wanted: Kind) -> bytes:
        """Send a packet and return the body of the answer; messages that come before it are handed over."""
        line.put(packet)
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            line.send()
            packets = line.read() if line.wait(reads=True) else Packets()
            self._hand(line, packets)
            for kind, body in packets.others:
                if kind == wanted:
                    return body
        raise TimeoutError("the broker does not answer")

    def _hand(self, line: "_Line", packets: Packets) -> None:
        if packets.topics:
            arrived = self._clock().timestamp()
            self._keeper.hand(Delivery(line, packets.topics, packets.payloads, packets.numbers, arrived))

    def _serve(self, line: "_Line") -> None:
        heard = asked = time.monotonic()
        count = 0
        while not self._is_over.is_set():
            reads = self._is_reading and not self._keeper.is_full
            if line.wait(reads=reads) and reads:
                if count < MANY and time.monotonic() - heard < GATHER_S:
                    time.sleep(GATHER_S)
                heard = time.monotonic()
                count = self._take(line, line.read())
            line.send()
            now = time.monotonic()
            if now - asked > KEEP_ALIVE_S / 3:
                asked = now
                line.put(mqtt_packets.ping())
            if not reads:
                heard = now
            if now - heard > KEEP_ALIVE_S:
                raise TimeoutError(f"nothing came for {KEEP_ALIVE_S} s")
        line.leave()

    def _take(self, line: "_Line", packets: Packets) -> int:
        """Take what came; return how many messages there were."""
        self._hand(line, packets)
        for kind, body in packets.others:
            if kind == Kind.DISCONNECT:
                raise ConnectionAbortedError(f"the broker closes (code {mqtt_packets.reason_of_end(body)})")
        return len(packets.topics)


class _Line:
    """One connection. All but `acknowledge` belongs to the receiver's thread."""

    def __init__(self, wire: socket.socket, reader: Reader) -> None:
        self.wire, self._reader = wire, reader
        self._out = bytearray()
        self._change = threading.Lock()
        self._is_open = True
        self._call, self._called = socket.socketpair()
        self._call.setblocking(False)
        self._called.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._called, selectors.EVENT_READ)
        self._wanted = 0

    def __enter__(self) -> "_Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def acknowledge(self, numbers: Sequence[bytes]) -> None:
        """Have messages acknowledged; called by whoever kept them. A line that is gone needs no answer."""
        with self._change:
            if self._is_open and numbers:
                self._out += mqtt_packets.acknowledge(numbers)
                try:
                    self._call.send(b"\0")
                except BlockingIOError:
                    return  # the thread was called already

    def put(self, packet: bytes) -> None:
        with self._change:
            self._out += packet

    def read(self) -> Packets:
        """Read what is there. By TLS that is asked for record by record: mosquitto puts each message into its own."""
        data = bytearray()
        while len(data) < PIECE:
            try:
                piece = self.wire.recv(PIECE)
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                break
            if not piece and not data:
                raise ConnectionResetError("the broker closed the line")
            data += piece
            if not piece or not isinstance(self.wire, ssl.SSLSocket):
                break
        return self._reader.feed(bytes(data)) if data else Packets()

    def wait(self, *, reads: bool) -> bool:
        """Wait until there is something to do; return whether bytes came."""
        if reads and isinstance(self.wire, ssl.SSLSocket) and self.wire.pending():
            return True
        self._want((selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if self._out else 0))
        came = False
        for key, events in self._selector.select(LOOK_S):
            if key.fileobj is self._called:
                self._called.recv(4096)
            elif events & selectors.EVENT_READ:
                came = True
        return came

    def _want(self, events: int) -> None:
        if events == self._wanted:
            return
        if not self._wanted:
            self._selector.register(self.wire, events)
        elif not events:
            self._selector.unregister(self.wire)
        else:
            self._selector.modify(self.wire, events)
        self._wanted = events

    def send(self) -> None:
        """Send what waits, as far as the line takes it."""
        with self._change:
            while self._out:
                try:
                    sent = self.wire.send(self._out)
                except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    return
                del self._out[:sent]

    def leave(self) -> None:
        """Send what waits and take leave; the session stays."""
        self.put(mqtt_packets.disconnect())
        self.wire.settimeout(PATIENCE_S)
        with self._change:
            self.wire.sendall(self._out)

    def close(self) -> None:
        with self._change:
            self._is_open = False
        self._selector.close()
        for each in (self.wire, self._call, self._called):
            each.close()
