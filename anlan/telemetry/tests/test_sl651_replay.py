"""The published frames, over TCP into the database."""

import json
from datetime import datetime

import pytest

from anlan.telemetry.core.quality import Quality
from anlan.telemetry.core.sl651.clock import BEIJING
from anlan.telemetry.models import Datastream, Device, Quarantined, Reading
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import Caller, forget_readings, serving, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.shared]
# Station, sender's name of the frame: what is measured, when (Beijing time).
VALUES = {
    "test_30_up": ("0012345678", "591011 1549", {"20": 0.5, "26": 0.5, "39": 0.127, "38": 11.15}),
    "timed_32_up": ("0011223344", "170718 1100", {"20": 4.0, "26": 4.0, "39": 10.49, "38": 10.99}),
    "timed_32_up_b": ("0012345678", "141205 1100", {"20": 10.0, "26": 10.0, "39": 14.42, "38": 12.2}),
    "timed_32_rain": ("0000000022", "190305 1500", {"22": 5.0, "1A": 5.0, "20": 5.0, "26": 5.0}),
    "extra_33_up": ("0011223344", "170718 1022", {"20": 4.0, "26": 4.0, "39": 10.49, "38": 11.02}),
    "query_37_reply": ("0012345678", "591011 1614", {"20": 1.5, "26": 1.5, "39": 0.122, "38": 11.08}),
    "status_46_reply": ("0011223344", "170718 102008", {"45": 1024.0}),
}
ANSWERED = {"test_30_up": "test_30_down", "timed_32_up": "timed_32_down", "timed_32_up_b": "timed_32_down_b"}
FIVE_MINUTES = [f"1707181{hour}{minute:02d}" for hour, minute in [(0, m) for m in range(5, 60, 5)] + [(1, 0)]]


def beijing(digits: str) -> datetime:
    digits = digits.replace(" ", "")
    year = int(digits[:2])
    parts = [int(digits[at : at + 2]) for at in range(2, len(digits), 2)]
    return datetime(year + (1900 if year >= 50 else 2000), *parts, tzinfo=BEIJING)


@pytest.fixture
def frames(shared):
    known = json.loads((shared / "vectors.json").read_text("utf-8"))["sl651_frames"]
    return {name: (bytes.fromhex(one["hex"]), one["crc_ok"]) for name, one in known.items()}


@pytest.fixture(autouse=True)
def stations(db):
    forget_readings()
    for number, address in enumerate(["0012345678", "0011223344", "0000000022", "0011111112"]):
        make.device(f"S{number}", at=make.station(f"S{number}"), protocol="sl651", address=address)


def stored(address: str) -> dict[tuple[str, datetime], float]:
    """Return what is stored of a station, by element and time."""
    elements = dict(Datastream.objects.filter(device__address=address).values_list("pk", "element"))
    rows = Reading.objects.filter(datastream_id__in=elements)
    return {(elements[row.datastream_id], row.time.astimezone(BEIJING)): row.value for row in rows}


@pytest.mark.parametrize("name", VALUES)
def test_every_element_of_a_published_frame_is_stored_with_its_time(frames, name):
    address, time, values = VALUES[name]

    with serving() as server, Caller(server) as caller:
        caller.send(frames[name][0])
        until(lambda: len(stored(address)) == len(values))

    assert stored(address) == {(element, beijing(time)): value for element, value in values.items()}


def test_the_hourly_report_fills_the_hour(frames):
    with serving() as server, Caller(server) as caller:
        assert caller.ask(frames["hourly_34_up"][0])

    found = stored("0011223344")
    rain = [found.pop(("F4", beijing(at))) for at in FIVE_MINUTES]
    level = [found.pop(("F5", beijing(at))) for at in FIVE_MINUTES]
    assert str(rain) == "[0.5, 0.0, 0.0, 0.0, 2.0, nan, nan, nan, nan, nan, 0.0, 0.0]"
    assert str(level) == "[0.12, 0.12, 0.28, 0.49, 0.49, nan, nan, nan, nan, nan, 0.49, 0.49]"
    at = beijing("170718 1100")
    assert found == {("26", at): 4.0, ("39", at): 10.49, ("20", at): 4.0, ("38", at): 10.99}


def test_the_answer_of_a_period_fills_the_hour(frames):
    with serving() as server, Caller(server) as caller:
        caller.send(frames["period_38_reply"][0])
        until(lambda: len(stored("0011223344")) == 12)

    assert sorted(stored("0011223344")) == [("F4", beijing(at)) for at in FIVE_MINUTES]


@pytest.mark.parametrize("name", ANSWERED)
def test_the_published_confirmation_goes_back_byte_for_byte(frames, name):
    confirmation = frames[ANSWERED[name]][0]
    # Those confirmations carry the station's own time.
    at = beijing(confirmation[16:22].hex())

    with serving(clock=lambda: at) as server, Caller(server) as caller:
        assert caller.ask(frames[name][0]) == confirmation


@pytest.mark.parametrize("name", ["heartbeat_2F", "config_43_reply", "query_37_reply", "period_38_reply"])
def test_keep_alives_and_answers_are_not_confirmed(frames, name):
    with serving() as server, Caller(server) as caller:
        caller.send(frames[name][0])
        until(lambda: server.counts["kept"])

        assert caller.answer(within=0.2) == b""


@pytest.mark.parametrize("name", ["test_30_down", "timed_32_down", "timed_32_down_b"])
def test_what_goes_the_other_way_is_put_aside(frames, name):
    with serving() as server, Caller(server) as caller:
        caller.send(frames[name][0])
        row = until(Quarantined.objects.first)

    assert row.reason in {"The device is not registered", "the frame goes the other way: byte %(offset)d"}
    assert bytes(row.payload) == frames[name][0]


@pytest.mark.parametrize(("name", "found"), [("manual_35_broken_crc", "4602"), ("no_crc_32", "7B54")])
def test_the_published_frames_with_a_wrong_crc_lie_in_the_quarantine(frames, name, found):
    with serving() as server, Caller(server) as caller:
        caller.send(frames[name][0])
        row = until(Quarantined.objects.first)
        assert caller.answer(within=0.1) == b""

    assert (bytes(row.payload), row.source, row.state) == (frames[name][0], "127.0.0.1", "waiting")
    assert row.reason == "the CRC at byte %(offset)d is %(found)s, computed %(expected)s"
    assert row.values["found"] == found
    assert not Reading.objects.exists()


def test_a_test_frame_of_1959_is_kept_with_the_flag_of_a_wrong_clock(frames):
    with serving() as server, Caller(server) as caller:
        assert caller.ask(frames["test_30_up"][0])

    assert set(Reading.objects.values_list("flags", flat=True)) == {int(Quality.CLOCK)}


def test_all_published_frames_in_one_go_leave_nothing_out(frames):
    good = [data for data, is_good in frames.values() if is_good]

    with serving() as server, Caller(server) as caller:
        caller.send(b"".join(data for data, _ in frames.values()))
        until(lambda: server.counts["kept"] + Quarantined.objects.count() >= len(frames))

        assert server.counts["frames"] == len(good) == 14
    assert Quarantined.objects.count() == 5  # two wrong CRCs, three that go the other way
    assert Device.objects.filter(datastreams__isnull=False).distinct().count() == 3
