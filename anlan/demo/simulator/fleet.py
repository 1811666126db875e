"""All devices at once: each reports in its turn, more often in a storm, over its own wire and with its own faults."""

import asyncio
import logging
import zlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from anlan.demo.simulator.faults import FAULTS, LATE_REPORTS, UNKNOWN_ADDRESS, Fault, clock_of, garbled
from anlan.demo.simulator.replay import Line
from anlan.demo.simulator.wires import (
    Addresses,
    NotConfirmed,
    Told,
    frame_of,
    geo_of,
    json_of,
    observations_of,
    post,
    publish_readings,
    send_frame,
)
from anlan.demo.simulator.world import World
from anlan.telemetry.core.properties import Protocol
from anlan.telemetry.core.register_rows import DeviceRow

log = logging.getLogger(__name__)
CALM_S, STORMY_S = 60.0, 15.0
LOOK_S = 0.5
AGAIN_S = 2.0
KEPT = 500  # reports that a device remembers while nobody confirms
AT_ONCE = 50
THREADS = 12
JSON_KINDS = {Protocol.MQTT: "readings", Protocol.GEO: "geo"}


@dataclass(slots=True)
class Device:
    """One device: who it is, what it has not got rid of yet, when it reports next."""

    row: DeviceRow
    key: str
    due_at: float
    waiting: deque[Told] = field(default_factory=lambda: deque(maxlen=KEPT))
    reports: int = 0
    is_busy: bool = False

    @property
    def fault(self) -> Fault | None:
        """How it misbehaves."""
        return FAULTS.get(self.row.code)


@dataclass(slots=True)
class Counts:
    """What became of the reports so far."""

    sent: int = 0
    failed: int = 0


class Fleet:
    """The devices of the county.

    Args:
        rows: of the register.
        keys: by code.
        world: that they sense.
        addresses: where the gateway hears.
        clock: seconds since 1970.
    """

    def __init__(  # noqa: PLR0913  who, what, where and when
        self,
        rows: Sequence[DeviceRow],
        *,
        keys: Mapping[str, str],
        world: World,
        addresses: Addresses,
        clock: Callable[[], float],
        is_faulty: bool = True,
    ) -> None:
        self.world, self.addresses, self.clock, self.is_faulty = world, addresses, clock, is_faulty
        now = clock()
        self.devices = [Device(row, keys[row.code], now + _turn(row.code, CALM_S)) for row in rows]
        self.counts = Counts()
        self._threads = ThreadPoolExecutor(THREADS)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, until: float = float("inf")) -> None:
        """Report until an instant, seconds since 1970."""
        while self.clock() < until:
            self._begin_reports()
            await asyncio.sleep(LOOK_S)
        await asyncio.gather(*self._tasks)

    async def replay(self, lines: Sequence[Line], speed: float) -> None:
        """Send reports of a file in their order, so many times faster than they came; 0 sends them at once."""
        devices = {device.row.code: device for device in self.devices}
        begins, first = self.clock(), lines[0].told.at if lines else 0.0
        for line in lines:
            due = begins + (line.told.at - first) / speed if speed else begins
            await asyncio.sleep(max(due - self.clock(), 0.0))
            while True:
                try:
                    await self._send(devices[line.device], [line.told], None)
                    break
                except NotConfirmed as reason:
                    self.counts.failed += 1
                    log.warning("%s was not confirmed, trying again: %s", line.device, reason)
                    await asyncio.sleep(AGAIN_S)
            self.counts.sent += 1

    def _begin_reports(self) -> None:
        now = self.clock()
        every = STORMY_S if self.world.is_stormy(now) else CALM_S
        for device in self.devices:
            device.due_at = min(device.due_at, now + every)
            if device.due_at <= now and not device.is_busy and not self._is_silent(device):
                device.due_at += every
                device.is_busy = True
                task = asyncio.get_running_loop().create_task(self._report(device, now))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def _is_silent(self, device: Device) -> bool:
        return self.is_faulty and device.fault is Fault.SILENT and device.reports >= 2

    async def _report(self, device: Device, now: float) -> None:
        fault = device.fault if self.is_faulty else None
        device.waiting.append(Told(clock_of(fault, now), dict(self.world.readings(device.row.code, now))))
        device.reports += 1
        try:
            if fault is Fault.LATE and device.reports % LATE_REPORTS:
                return
            reports = list(device.waiting)[-AT_ONCE:]
            if fault is Fault.LATE:
                reports.reverse()
            for _ in range(2 if fault is Fault.TWICE else 1):
                await self._send(device, reports, fault)
            for _ in reports:
                device.waiting.pop()
            self.counts.sent += len(reports)
        except NotConfirmed as reason:
            self.counts.failed += 1
            log.debug("%s was not confirmed: %s", device.row.code, reason)
        finally:
            device.is_busy = False

    async def _send(self, device: Device, reports: Sequence[Told], fault: Fault | None) -> None:
        code, wire = device.row.code, Protocol(device.row.protocol)
        if wire is Protocol.SL651:
            for told in reports:
                await self._send_frame(device, told, fault)
            return
        if wire in JSON_KINDS:
            payload = geo_of(reports) if wire is Protocol.GEO else json_of(reports)
            payload = garbled(payload, device.reports) if fault is Fault.GARBLED else payload
            await self._blocking(publish_readings, self.addresses, code, device.key, JSON_KINDS[wire], payload)
        elif wire is Protocol.HTTP:
            await self._blocking(post, f"{self.addresses.site}/telemetry/readings", device.key, json_of(reports))
        else:
            address = f"{self.addresses.site}/telemetry/sensorthings/v1.1/CreateObservations"
            await self._blocking(post, address, device.key, observations_of(self.addresses, code, reports))

    async def _send_frame(self, device: Device, told: Told, fault: Fault | None) -> None:
        is_extra = self.world.is_stormy(self.clock())
        frame = frame_of(device.row.address, device.reports, told, is_extra=is_extra)
        if fault is not Fault.GARBLED:
            await send_frame(self.addresses, frame)
            return
        damaged = garbled(frame, device.reports)
        if damaged is frame:
            await send_frame(self.addresses, frame)
            return
        stranger = frame_of(UNKNOWN_ADDRESS, device.reports, told, is_extra=False)
        for bad in (damaged, stranger):
            try:
                await send_frame(self.addresses, bad)
            except NotConfirmed:
                continue  # as it should be

    async def _blocking(self, work: Callable[..., object], *arguments: object) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def _turn(code: str, every: float) -> float:
    """Return when in its interval a device reports, so that they do not all speak at once."""
    return zlib.crc32(code.encode()) % 1000 / 1000 * every
