"""`ingest.mqtt`: a backlog that the broker holds, drained: decoded, checked, committed and judged by the rules.

The limit is paho's client that only counts; the peer is the bare pipeline that one would write from the manuals: paho,
msgspec, COPY, INSERT … ON CONFLICT, acknowledged after COMMIT, without a register, flags, derived figures or rules.
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from bench import mqtt_load as load
from bench.frame import Measure

MESSAGES = 120_000
PEER_BATCH = 5000
ROUNDS = load.rounds()


def measures() -> Iterator[Measure]:
    """Yield the figure, and the same with a broker that speaks TLS, as where sensors come over the open net."""
    load.site()
    yield Measure(
        f"{MESSAGES} messages of one level each, drained, committed and judged, s",
        ours=_ours,
        limit="paho receives and counts",
        probe=_counted,
        peer="paho, msgspec, COPY, no rules",
        peer_value=_peer,
        times_peer=0.75,
        times_limit=2.0,
    )
    yield Measure(
        f"{MESSAGES} messages the same way by TLS, s",
        ours=lambda: _ours(is_secure=True),
        limit="paho receives and counts, by TLS",
        probe=lambda: _counted(is_secure=True),
        times_limit=2.0,
    )


def messages(number: int, began: float) -> list[load.Message]:
    """Return what the gauges tell: levels of the last hours, second by second, no two runs the same instant."""
    steps = MESSAGES // load.DEVICES
    first = int(began) - 3000 + number % 7 * 300
    return [
        (
            load.topic_of(device),
            b'{"t":%d.%03d,"v":{"level":%.2f}}' % (first + step, number % 1000, 90 + step % 40 / 10),
        )
        for step in range(steps)
        for device in range(load.DEVICES)
    ]


def _preloaded(session: str) -> list[load.Message]:
    told = messages(next(ROUNDS), time.time())
    load.in_a_process(load.preload, load.port(), session, told)
    return told


# The limit and the peer, each in a process of its own.


def _counted(*, is_secure: bool = False) -> float:
    _preloaded("counter")
    where = (load.tls_port(), load.authority()) if is_secure else (load.port(), "")
    seconds = float(load.in_a_process(_count, *where))
    load.forget("counter")
    return seconds


def _client(session: str, port: int, authority: str = "") -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2, session, clean_session=False, manual_ack=True)
    client.username_pw_set(load.USER, load.PASSWORD)
    if authority:
        client.tls_set(authority)
    client.connect("127.0.0.1", port)
    return client


def _count(port: int, authority: str) -> float:
    client, count, began = _client("counter", port, authority), 0, 0.0

    def receive(client: paho.Client, _: object, message: paho.MQTTMessage) -> None:
        nonlocal count, began
        began = began or time.perf_counter()
        count += 1
        client.ack(message.mid, message.qos)
        if count == MESSAGES:
            client.disconnect()

    client.on_message = receive
    client.loop_forever()
    return time.perf_counter() - began


def _peer() -> float:
    _preloaded("peer")
    with load.database() as connection:
        connection.execute(
            'CREATE TABLE IF NOT EXISTS bare (device integer, "time" timestamptz, value float8,'
            ' arrived_at timestamptz, PRIMARY KEY (device, "time"))'
        )
        connection.execute("TRUNCATE bare")
        dsn = connection.info.dsn, connection.info.password
    seconds = float(load.in_a_process(_pipe, load.port(), *dsn))
    load.forget("peer")
    return seconds


def _pipe(port: int, dsn: str, password: str) -> float:
    import psycopg

    client, count, began = _client("peer", port), 0, 0.0
    waiting: list[paho.MQTTMessage] = []
    decode = msgspec.json.Decoder().decode
    with psycopg.connect(dsn, password=password) as connection:

        def write(some: Sequence[paho.MQTTMessage]) -> None:
            arrived = time.time()
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute("CREATE TEMP TABLE came (device int, t float8, value float8, at float8) ON COMMIT DROP")
                with cursor.copy("COPY came FROM STDIN") as copy:
                    copy.write("".join(_line(each, decode(each.payload), arrived) for each in some))
                cursor.execute(
                    "INSERT INTO bare SELECT device, to_timestamp(t), value, to_timestamp(at) FROM came"
                    " ON CONFLICT DO NOTHING"
                )
            for each in some:
                client.ack(each.mid, each.qos)

        def receive(client: paho.Client, _: object, message: paho.MQTTMessage) -> None:
            nonlocal count, began
            began = began or time.perf_counter()
            count += 1
            waiting.append(message)
            if len(waiting) >= PEER_BATCH or count == MESSAGES:
                write(waiting)
                waiting.clear()
            if count == MESSAGES:
                client.disconnect()

        client.on_message = receive
        client.loop_forever()
    return time.perf_counter() - began


def _line(message: paho.MQTTMessage, told: Any, arrived: float) -> str:
    return f"{message.topic[10:-9]}\t{told['t']}\t{told['v']['level']}\t{arrived}\n"


# Ours: the gateway and the judge, each as the process that it is.


def _ours(*, is_secure: bool = False) -> float:
    told = _preloaded("anlan-gateway")
    judge = load.start_process("judge")
    with load.database() as connection:
        load.until(lambda: load.is_judging(connection), "the judge")
        gateway = load.start_process("gateway", "--no-sl651", **(load.by_tls() if is_secure else {}))
        last = msgspec.json.decode(told[-1][1])["t"]
        load.until(lambda: _is_stored(connection, last), "the last reading")
        load.until(lambda: not connection.execute("SELECT 1 FROM telemetry_parcel LIMIT 1").fetchone(), "the rules")
        ended = time.time()
        since, until = (msgspec.json.decode(told[place][1])["t"] for place in (0, -1))
        row = connection.execute(
            "SELECT count(*), extract(epoch FROM min(arrived_at)) FROM telemetry_reading"
            ' WHERE "time" BETWEEN to_timestamp(%s) AND to_timestamp(%s)'
            " AND arrived_at > to_timestamp(%s)",
            [since - 0.01, until + 0.01, ended - load.PATIENCE_S],
        ).fetchone()
    for process in (gateway, judge):
        process.terminate()
        process.wait()
    load.forget("anlan-gateway")
    if row is None or row[0] != MESSAGES:
        raise ValueError(f"{row and row[0]} readings were stored, expected {MESSAGES}")
    return ended - float(row[1])


def _is_stored(connection: Any, at: float) -> bool:
    stream = load.site()[load.DEVICES - 1]
    found = connection.execute(
        'SELECT 1 FROM telemetry_reading WHERE datastream_id = %s AND "time" = to_timestamp(%s)', [stream, round(at, 3)]
    ).fetchone()
    return found is not None
