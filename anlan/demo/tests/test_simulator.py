"""The demo's devices speak over the real wires, misbehave on purpose, and replay what a file holds."""

from functools import cache
from pathlib import Path

import msgspec
import numpy as np
import pytest

from anlan.demo.core.county import make_county
from anlan.demo.core.sensor_net import Network, make_network
from anlan.demo.core.storm import LASTS_S
from anlan.demo.simulator.faults import AHEAD_S, FAULTS, Fault, clock_of, garbled
from anlan.demo.simulator.replay import BadReplay, lines_of, moved
from anlan.demo.simulator.wires import Told, frame_of, geo_of, json_of
from anlan.demo.simulator.world import World
from anlan.telemetry.core.geo_payload import read_geo
from anlan.telemetry.core.readings_json import read_readings
from anlan.telemetry.core.sl651.decoding import decode
from anlan.telemetry.core.sl651.observed import observed

NOW = 1_782_864_000.0
DEVICES = {"QL001", "QL003"}


@cache
def network() -> Network:
    return make_network(make_county())


def world(begins_at: float = NOW) -> World:
    return World(network(), begins_at, {})


def wettest() -> str:
    fallen = world().fallen[-1]
    codes = [row.code for row in network().register.stations]
    rain = [place for place, row in enumerate(network().register.stations) if row.kind == "rain"]
    return codes[max(rain, key=lambda place: fallen[place])]


def test_a_report_in_every_form_says_what_the_device_sensed():
    told = Told(NOW, {"39": 101.25, "38": 12.61})

    frame = decode(frame_of("0099010001", 7, told, is_extra=False))
    assert [(each.code, each.value) for each in observed(frame)] == [(0x39, 101.25), (0x38, 12.61)]
    assert [tuple(each) for each in read_readings(json_of([told]))] == [("39", NOW, 101.25), ("38", NOW, 12.61)]
    geo = Told(NOW, {"L1_GP_1.gpsTotalX": 3.5})
    assert [(each.element, each.time, each.value) for each in read_geo(geo_of([geo]))] == [
        ("L1_GP_1.gpsTotalX", NOW, 3.5)
    ]


def test_a_counter_goes_on_where_it_stood_and_rises_by_the_storm():
    code = wettest()
    element = next(each.element for each in network().sensed if each.device == code)
    going_on = World(network(), NOW, {(code, element): 812.5})

    before = dict(going_on.readings(code, NOW - 10))[element]
    after = dict(going_on.readings(code, NOW + LASTS_S))[element]

    is_counter = (code, element) in going_on.counters
    assert before == (812.5 if is_counter else 0.0)
    assert after - before > 90


def test_a_river_passes_its_warning_level_in_the_storm():
    limits = {row.device: row.value for row in network().register.thresholds if row.colour == 2}
    levels = {each.device: each.element for each in network().sensed if each.property == "level"}
    storm = world()

    passed = [
        device
        for device, element in levels.items()
        if max(dict(storm.readings(device, NOW + at))[element] for at in range(0, 1200, 60)) > limits[device]
    ]

    assert len(passed) >= 5


def test_no_storm_no_rain():
    calm = world(float("inf"))

    assert dict(calm.readings("QL001", NOW))["26"] == 0.0


@pytest.mark.parametrize(("fault", "clock"), [(None, NOW), (Fault.AHEAD, NOW + AHEAD_S), (Fault.LONG_AGO, NOW % 86400)])
def test_a_clock_that_is_wrong_is_wrong(fault, clock):
    assert clock_of(fault, NOW) == clock


def test_a_garbled_device_garbles_every_third_message():
    payload = b"0123456789"

    assert [garbled(payload, count) == payload for count in range(6)] == [True, True, False, True, True, False]


def test_every_device_that_misbehaves_is_there():
    assert set(FAULTS) <= {row.code for row in network().register.devices}


def write(folder: Path, text: str) -> Path:
    path = folder / "replay.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_replayed_in_its_order_with_values_of_one_time_together(tmp_path):
    path = write(
        tmp_path,
        "device,element,time,value\n"
        "QL003,26,2026-07-01T09:00:00,2.5\n"
        "QL001,26,2026-07-01T08:00:00+08:00,1.5\n"
        "QL001,38,2026-07-01T08:00:00,12.5\n",
    )

    lines = lines_of(path, DEVICES)

    assert [(line.device, line.told.values) for line in lines] == [
        ("QL001", {"26": 1.5, "38": 12.5}),
        ("QL003", {"26": 2.5}),
    ]
    assert [line.told.at for line in moved(lines, NOW)] == [NOW - 3600, NOW]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The columns are"),
        ("a,b\n", "The columns are"),
        ("device,element,time,value\n", "no readings"),
        ("device,element,time,value\nQL999,26,2026-07-01,1\n", "no device QL999"),
        ("device,element,time,value\nQL001,26,noon,1\n", "noon is no time"),
        ("device,element,time,value\nQL001,26,2026-07-01,nan\n", "nan is no number"),
        ("device,element,time,value\nQL001,26\n", "is no time"),
    ],
)
def test_a_file_that_cannot_be_replayed_says_why_and_where(tmp_path, text, reason):
    with pytest.raises(BadReplay) as refusal:
        lines_of(write(tmp_path, text), DEVICES)

    assert reason in str(refusal.value)


def test_what_devices_say_is_json_that_others_read():
    told = [Told(NOW + step, {"rain": float(np.round(step, 1))}) for step in range(3)]

    assert len(msgspec.json.decode(json_of(told))) == 3
