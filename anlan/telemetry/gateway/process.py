"""One process that hears the devices on every wire, until it is told to end."""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.db import DatabaseError, close_old_connections

from anlan.telemetry.actions.mqtt_accounts import publish_mqtt_accounts
from anlan.telemetry.gateway.connecting import connect
from anlan.telemetry.gateway.mqtt import SESSION, Broker, MqttReceiver
from anlan.telemetry.gateway.mqtt_keeping import MessageKeeper
from anlan.telemetry.gateway.sl651_keeping import FrameKeeper
from anlan.telemetry.gateway.sl651_server import Limits, Sl651Server

log = logging.getLogger(__name__)
BEAT_S = 1.0


class Wire(Protocol):
    """One way in, which runs beside the others."""

    @property
    def is_well(self) -> bool:
        """Whether devices are heard and what they say is kept."""

    @property
    def is_alive(self) -> bool:
        """Whether it still tries."""

    async def start(self) -> None:
        """Begin to listen."""

    async def stop(self) -> None:
        """Finish what came and end."""


class MqttWire:
    """MQTT: a thread that receives, a thread that keeps."""

    def __init__(self, broker: Broker, *, clock: Callable[[], datetime], session: str = SESSION) -> None:
        self.keeper = MessageKeeper(
            connect=lambda: connect("anlan gateway mqtt"), clock=clock, on_register=_publish_accounts
        )
        self.receiver = MqttReceiver(broker, self.keeper, clock=clock, session=session)

    @property
    def is_well(self) -> bool:
        return self.receiver.is_connected and self.keeper.is_well

    @property
    def is_alive(self) -> bool:
        return self.receiver.is_alive and self.keeper.is_alive

    async def start(self) -> None:
        self.keeper.start()
        self.receiver.start()

    async def stop(self) -> None:
        self.receiver.stop_reading()
        await asyncio.to_thread(self.keeper.stop)
        await asyncio.to_thread(self.receiver.stop)


def sl651_wire(host: str, port: int, *, clock: Callable[[], datetime], clock_s: float | None = None) -> Wire:
    """Return the server to which SL 651 stations hold their lines.

    Args:
        host: to listen on.
        port: to listen on.
        clock: tells the time.
        clock_s: by how much a station's clock may be wrong before it is set; None never sets it.
    """
    keeper = FrameKeeper(connect=lambda: connect("anlan gateway sl651"), clock=clock)
    return Sl651Server(host=host, port=port, keeper=keeper, clock=clock, limits=Limits(clock_s=clock_s))


def _publish_accounts() -> None:
    """Let the broker know who is registered; without it the devices of before are still let in."""
    try:
        close_old_connections()
        if publish_mqtt_accounts():
            log.info("The accounts of the devices were written for the broker")
    except (OSError, DatabaseError):
        log.exception("The accounts could not be written for the broker")


async def run(wires: Sequence[Wire], *, alive: Path | None = None) -> bool:
    """Run until SIGTERM or SIGINT; return False when one of the wires fell by itself.

    Args:
        wires: that are started, and stopped at the end.
        alive: touched each second while all is well, for whoever waits or watches.
    """
    told_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, told_to_end.set)
    if alive:
        alive.unlink(missing_ok=True)  # of one that was killed
    for wire in wires:
        await wire.start()
    while not told_to_end.is_set() and all(wire.is_alive for wire in wires):
        if alive and all(wire.is_well for wire in wires):
            alive.touch()
        with suppress(TimeoutError):
            await asyncio.wait_for(told_to_end.wait(), BEAT_S)
    for wire in wires:
        await wire.stop()
    if alive:
        alive.unlink(missing_ok=True)
    return told_to_end.is_set()
