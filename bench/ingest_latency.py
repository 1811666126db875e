"""`ingest.latency`: from a device's publishing to the committed alarm, at half of the load that `ingest.mqtt` drains.

A process publishes plain levels at a steady rate, by raw packets. Every now and then a gauge passes its warning level:
its reading carries the instant of publishing, and another process looks every few milliseconds for alarms that are
committed. The peer is the way without us: from publishing to a subscriber, over the same broker at the same rate. Its
p99 hangs on what else the machine does within those seconds; how quick the machine is, its median tells where the line
is not full, the limit.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from anlan.telemetry.core import mqtt_packets
from anlan.telemetry.core.mqtt_packets import Reader, Version
from bench import mqtt_load as load
from bench.frame import OUT, Measure
from bench.ingest_mqtt import MESSAGES

CALM_PER_SECOND = 4000
UNMEASURED_PER_SECOND = 8000  # where `ingest.mqtt` has not been taken on this machine
SECONDS = 12
WARMING_S = 4.0
LOOKS_EVERY_S = 0.004
PREPARES_S = 0.5
PIECES_S = 0.002  # between two pieces that are sent
FRESH = "TRUNCATE telemetry_alarm, telemetry_watchstate, telemetry_judged, telemetry_latest, telemetry_parcel CASCADE"


def measures() -> Iterator[Measure]:
    """Yield the figure."""
    load.site()
    yield Measure(
        f"p99 from publishing to the committed alarm at {half_of_the_load()} messages a second, ms",
        ours=_ours,
        limit=f"median to a bare subscriber at {CALM_PER_SECOND} a second",
        probe=lambda: _bare(50, CALM_PER_SECOND),
        peer="p99 from publishing to a bare subscriber",
        peer_value=lambda: _bare(99, half_of_the_load()),
        at_most=250.0,
    )


def half_of_the_load() -> int:
    """Return half of what `ingest.mqtt` drained here the last time, messages a second."""
    lines = OUT.read_text(encoding="utf-8").splitlines() if OUT.exists() else []
    taken = [line for line in map(json.loads, lines) if line["bench"] == "ingest.mqtt" and "TLS" not in line["figure"]]
    return round(MESSAGES / taken[-1]["ours"] / 2) if taken else UNMEASURED_PER_SECOND


def publish(port: int, seconds: float, per_second: int, alarms: bool) -> None:
    """Publish at the rate; each message tells the instant at which it is due, also where it is sent late.

    All are made before the first is sent, so that little but sending is done while others are measured.
    """
    line = load.opened(port, f"gauges-{os.getpid()}")
    line.setblocking(False)
    count = int(seconds * per_second)
    begins = time.time() + PREPARES_S + 4e-6 * count
    packets = list(_packets(begins, count, per_second, alarms))
    out, sent = bytearray(), 0
    while sent < count or out:
        due = min(max(int((time.time() - begins) * per_second), sent), count)
        out += b"".join(packets[sent:due])
        sent = due
        load.exchange(line, out, PIECES_S)
        time.sleep(PIECES_S)
    line.close()


def _packets(begins: float, count: int, per_second: int, alarms: bool) -> Iterator[bytes]:
    """Yield calm levels of the one half of the gauges; of the other half each passes its warning level once."""
    calm, passing = load.DEVICES // 2, iter(range(load.DEVICES // 2, load.DEVICES))
    topics = [load.topic_of(device) for device in range(load.DEVICES)]
    for number in range(count):
        due = begins + number / per_second
        is_time = alarms and number % (per_second // 25) == 0 and number > WARMING_S * per_second
        device = next(passing, None) if is_time else None
        level = 50.0 if device is None else 150.0
        topic = topics[number % calm if device is None else device]
        yield load.packet(number, topic, b'{"t":%.3f,"v":{"level":%.1f}}' % (due, level))


def _ours() -> float:
    return float(np.percentile(_latencies_ms(), 99))


def _latencies_ms() -> list[float]:
    with load.database() as connection:
        connection.execute(FRESH)
        judge = load.start_process("judge")
        load.until(lambda: load.is_judging(connection), "the judge")
        gateway = load.start_process("gateway", "--no-sl651")
        load.until(lambda: load.is_heard(connection), "the gateway")
        publisher = load.in_the_background(publish, load.port(), WARMING_S + SECONDS, half_of_the_load(), True)
        found = _seen(connection, publisher)
        for process in (gateway, judge):
            process.terminate()
            process.wait()
    if len(found) < 100:
        raise ValueError(f"{len(found)} alarms came, expected at least 100")
    return found


def _seen(connection: Any, publisher: Any) -> list[float]:
    """Look for new alarms until the publisher has ended; return how long after publishing each was seen."""
    last = connection.execute("SELECT coalesce(max(id), 0) FROM telemetry_alarm").fetchone()[0]
    found, ends = [], None
    while ends is None or time.monotonic() < ends:
        if ends is None and not publisher.is_alive():
            ends = time.monotonic() + 2.0
        rows = connection.execute(
            "SELECT id, extract(epoch FROM raised_at)::float8 FROM telemetry_alarm"
            " WHERE id > %s AND rule_key = 'level' ORDER BY id",
            [last],
        ).fetchall()
        seen = time.time()
        found += [1e3 * (seen - raised) for _, raised in rows]
        last = rows[-1][0] if rows else last
        time.sleep(LOOKS_EVERY_S)
    return found


def _bare(share: float, per_second: int) -> float:
    return float(np.percentile(load.in_a_process(_heard, load.port(), per_second), share))


def _heard(port: int, per_second: int) -> list[float]:
    session = f"listener-{os.getpid()}"
    line = load.opened(port, session, subscribes=True)
    reader, late = Reader(Version.V5), list[float]()
    publisher = load.in_the_background(publish, port, 4.0, per_second, False)
    line.settimeout(0.5)
    while publisher.is_alive() or not late:
        try:
            packets = reader.feed(line.recv(1 << 18))
        except TimeoutError:
            continue
        now = time.time()
        late += [1e3 * (now - float(payload[5 : payload.index(b",")])) for payload in packets.payloads]
        line.sendall(mqtt_packets.acknowledge(packets.numbers))
    line.shutdown(socket.SHUT_RDWR)
    line.close()
    load.forget(session, port)  # or the broker keeps for it whatever is published from now on
    return late
