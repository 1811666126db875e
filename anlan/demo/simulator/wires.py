"""How devices speak: SL 651 frames over TCP, MQTT, HTTP, SensorThings, the JSON of geological monitoring.

Each report opens a line, is confirmed and closes it, as stations on a battery do. What is not confirmed is sent again
with the next report.
"""

import asyncio
import json
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from paho.mqtt import publish
from paho.mqtt.enums import MQTTProtocolVersion

from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.core.sl651.codes import Control, Direction, Encoding, Function, StationClass
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.replies import reading
from anlan.telemetry.core.sl651.values import Frame, Report, StationMark, TimeMark

PATIENCE_S = 10.0
CLASSES = {"39": StationClass.RIVER, "3B": StationClass.RESERVOIR}


@dataclass(frozen=True, slots=True)
class Told:
    """One report: seconds since 1970 as the device takes them, and values by element."""

    at: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the gateway hears.

    Attributes:
        mqtt: mqtt://host:port of the broker; the devices log in with their own names and keys.
        sl651: host and port.
        site: http://host:port.
        datastreams: SensorThings ids by device and element.
    """

    mqtt: str
    sl651: tuple[str, int]
    site: str
    datastreams: Mapping[tuple[str, str], int]


class NotConfirmed(Exception):
    """The report did not arrive, or nobody said so."""


def frame_of(address: str, serial: int, told: Told, *, is_extra: bool) -> bytes:
    """Return a report as an SL 651 frame."""
    moment = datetime.fromtimestamp(told.at, BEIJING)
    kind = next((CLASSES[element] for element in told.values if element in CLASSES), StationClass.RAIN)
    readings = tuple(reading(int(element, 16), value) for element, value in told.values.items())
    body = Report(serial % 65535 + 1, moment, (StationMark(address, kind), TimeMark(moment), *readings))
    function = Function.EXTRA if is_extra else Function.TIMED
    return encode(Frame(Encoding.HEX, Direction.UP, 1, address, 0, function, body, Control.ETX))


def json_of(reports: Sequence[Told]) -> bytes:
    """Return reports as devices send them by MQTT and HTTP."""
    return json.dumps([{"t": round(told.at, 3), "v": dict(told.values)} for told in reports]).encode()


def geo_of(reports: Sequence[Told]) -> bytes:
    """Return reports as geological monitoring sends them: sensor → time → fields."""
    content: dict[str, dict[str, dict[str, float]]] = {}
    for told in reports:
        for element, value in told.values.items():
            sensor, _, name = element.partition(".")
            content.setdefault(sensor, {}).setdefault(str(round(told.at * 1000)), {})[name] = value
    return json.dumps(content).encode()


async def send_frame(addresses: Addresses, frame: bytes) -> None:
    """Send a frame and wait for its confirmation.

    Raises:
        NotConfirmed: none came.
    """
    try:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection(*addresses.sl651)
            try:
                writer.write(frame)
                await writer.drain()
                answer = await reader.read(256)
            finally:
                writer.close()
    except (OSError, TimeoutError) as fault:
        raise NotConfirmed(str(fault)) from fault
    if not answer:
        raise NotConfirmed("the line was closed")


def publish_readings(addresses: Addresses, device: str, key: str, kind: str, payload: bytes) -> None:
    """Publish a message under the device's own topic; returns when the broker has it.

    Raises:
        NotConfirmed: it could not be published.
    """
    broker = urlsplit(addresses.mqtt)
    try:
        publish.single(
            f"anlan/up/{device}/{kind}", payload, qos=1, hostname=broker.hostname or "", port=broker.port or 1883,
            client_id=device, auth={"username": device, "password": key}, protocol=MQTTProtocolVersion.MQTTv5,
        )  # fmt: skip
    except Exception as fault:  # the library raises several kinds, and plain ones
        raise NotConfirmed(str(fault)) from fault


def post(address: str, key: str, body: bytes) -> int:
    """Post a body with a device's key; return the status.

    Raises:
        NotConfirmed: there was no answer, or one that says to try again.
    """
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, body, headers)  # noqa: S310  the site's own address
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        if fault.code >= 500:
            raise NotConfirmed(str(fault)) from fault
        return fault.code
    except (OSError, urllib.error.URLError) as fault:
        raise NotConfirmed(str(fault)) from fault


def observations_of(addresses: Addresses, device: str, reports: Sequence[Told]) -> bytes:
    """Return reports as SensorThings data arrays, one a datastream."""
    arrays: dict[int, list[list[object]]] = {}
    for told in reports:
        moment = datetime.fromtimestamp(told.at, UTC).isoformat()
        for element, value in told.values.items():
            arrays.setdefault(addresses.datastreams[device, element], []).append([moment, value])
    content = [
        {"Datastream": {"@iot.id": number}, "components": ["phenomenonTime", "result"], "dataArray": rows}
        for number, rows in arrays.items()
    ]
    return json.dumps(content).encode()
