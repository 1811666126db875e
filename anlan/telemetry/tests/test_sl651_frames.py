"""Ten thousand broken frames into an intake: each is taken or put aside, and no exception escapes."""

from datetime import UTC, datetime
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from anlan.telemetry.actions.keeping import Intake
from anlan.telemetry.core.sl651.checksum import crc16
from anlan.telemetry.core.sl651.encoding import encode
from anlan.telemetry.core.sl651.packets import in_packets
from anlan.telemetry.core.sl651.stream import Splitter
from anlan.telemetry.core.sl651.values import Content, Fragment
from anlan.telemetry.core.tests.sl651_frames import PUBLISHED, TIMED
from anlan.telemetry.core.tests.test_sl651_stream import picture
from anlan.telemetry.gateway.sl651_frames import Received, fill, read_batch
from anlan.telemetry.queries.wire import Wire, WireDevice, WireStream

ARRIVED = datetime(2026, 7, 1, tzinfo=UTC).timestamp()
STATION = WireDevice(1, "S1", "sl651", "0011223344", 5, {}, "", 1, "999901101000")
OTHER = WireDevice(2, "S2", "sl651", "0012345678", 1, {"elements": {"FF12": {"name": "x"}}}, "", 2, "999901101000")
WIRE = Wire(
    {each.code: each for each in (STATION, OTHER)},
    {each.address: each for each in (STATION, OTHER)},
    {},
    {(1, "39"): WireStream(1, 1.0, 0.0, -inf, inf), (1, "26"): WireStream(2, 1.0, 0.0, -inf, inf)},
)
SEEDS = [
    bytes.fromhex(TIMED),
    *(bytes.fromhex(one) for one in PUBLISHED.values()),
    *(encode(packet) for packet in in_packets(picture(900), 400)),
    encode(picture(300)),
]
ROUNDS, TOGETHER = 100, 100


def broken(seed: bytes, rng) -> bytes:
    """Return a frame with some bytes changed, cut or doubled; half of them with a CRC that agrees."""
    content = bytearray(seed)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(content))
        kind = rng.randrange(4)
        if kind == 0:
            content[at] = rng.randrange(256)
        elif kind == 1:
            content[at] ^= 1 << rng.randrange(8)
        elif kind == 2 and len(content) > 20:
            del content[at]
        else:
            content[at:at] = bytes([content[at]])
    if rng.random() < 0.5 and content[:2] == b"\x7e\x7e":
        body = len(content) - 17
        content[11] = (content[11] & 0xF0 if content[13] == 2 else 0) | body >> 8 & 0x0F
        content[12] = body & 0xFF
        content[-2:] = crc16(bytes(content[:-2])).to_bytes(2, "big")
    return bytes(content)


@settings(max_examples=ROUNDS, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_broken_frame_is_lost_and_no_exception_escapes(rng):
    stream = b"".join(broken(rng.choice(SEEDS), rng) for _ in range(TOGETHER))
    splitter = Splitter()

    pieces = splitter.feed(stream) + splitter.give_up()
    received = [Received(piece.data, "127.0.0.1", ARRIVED) for piece in pieces if piece.fault is None]
    batch = read_batch(WIRE, {2: 0x1234}, received)
    intake = Intake(WIRE)
    fill(intake, batch)

    assert b"".join(piece.data for piece in pieces) == stream
    put_aside = {place for place, _ in batch.refused}
    assert put_aside | set(batch.devices) == set(range(len(received)))
    assert all("\x00" not in str(refused.values) for refused in intake.refused)
    assert len(intake.readings()) == len(intake.datastreams)


def test_the_seeds_hold_what_they_should():
    assert len(SEEDS) * ROUNDS * TOGETHER >= 10_000
    assert any(isinstance(item, Content) for item in picture(300).body.items)
    assert isinstance(in_packets(picture(900), 400)[0].body, Fragment)
