"""A register brought in whole: what is new, what is corrected, what is refused."""

from dataclasses import replace

import pytest

from anlan.accounts.tests.factories import NOON, TOWNSHIP, VILLAGE, alice
from anlan.ground.audit import history_of
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.telemetry.actions.register import load_register, take_register
from anlan.telemetry.core.register_checking import BadRegister
from anlan.telemetry.core.register_rows import (
    Counts,
    DatastreamRow,
    DeviceRow,
    Register,
    StationRow,
    ThresholdRow,
)
from anlan.telemetry.models import Datastream, Device, Station, Threshold

pytestmark = pytest.mark.django_db
RAIN = StationRow("QL-R01", "柳溪雨量站", "rain", TOWNSHIP, 109.03, 28.07)
GAUGE = StationRow(
    "QL-W01", "柳溪水位站", "river", VILLAGE, 109.05, 28.1,
    river="柳溪", upstream=("QL-R01",), keeper_name="陈永福", keeper_phone="13800001234",
)  # fmt: skip
BOX = DeviceRow("D-W01", "QL-W01", "sl651", address="0012345678", password="04D2")
LEVEL = DatastreamRow("D-W01", "39", "level")
LIMITS = (
    ThresholdRow("D-W01", "39", "reading", 2, 57.5),
    ThresholdRow("D-W01", "39", "reading", 3, 58.5),
)
WHOLE = Register((RAIN, GAUGE), (BOX,), (LEVEL,), LIMITS)


@pytest.fixture(autouse=True)
def county():
    load()


def bring(register: Register = WHOLE, units=None) -> Counts:
    return take_register(actor=None, register=register, units=units, at=NOON)


def faults_of(register: Register, units=None) -> set[tuple[str, int, str]]:
    with pytest.raises(BadRegister) as refused:
        bring(register, units)
    return {(each.part, each.row, each.fault.column) for each in refused.value.found}


def test_a_register_is_recorded_whole():
    counts = bring()

    gauge = Station.objects.get(code="QL-W01")
    stream = Datastream.objects.get()
    assert counts == Counts(4, 1)
    assert (gauge.unit_name, gauge.keeper_phone, [one.code for one in gauge.upstream.all()]) == (
        "柳溪村", "13800001234", ["QL-R01"],
    )  # fmt: skip
    assert (stream.unit, stream.station, stream.is_confirmed) == ("m", gauge, True)
    assert sorted(stream.thresholds.values_list("colour", "value")) == [(2, 57.5), (3, 58.5)]


def test_what_a_datastream_says_nothing_of_is_believed_as_is_usual():
    own = replace(LEVEL, element="3B", highest=80.0, spike=0.5)
    bring(replace(WHOLE, datastreams=(LEVEL, own)))

    found = Datastream.objects.order_by("element").values_list("lowest", "highest", "spike")
    assert list(found) == [(-100.0, 9000.0, 2.0), (-100.0, 80.0, 0.5)]


def test_bringing_the_same_twice_changes_nothing():
    bring()

    assert bring() == Counts(0, 0)
    assert set(Station.objects.values_list("version", flat=True)) == {1}


def test_the_parts_may_be_given_by_themselves():
    load_register(actor=None, stations=[RAIN, GAUGE], at=NOON)

    assert load_register(actor=None, devices=[BOX], datastreams=[LEVEL], at=NOON) == Counts(2, 0)
    assert load_register(actor=None, thresholds=LIMITS, at=NOON) == Counts(0, 1)


def test_what_is_corrected_is_told_but_for_numbers_and_passwords():
    bring()
    gauge = replace(GAUGE, name="柳溪大桥站", keeper_phone="13900005678")

    assert take_register(actor=alice(), register=Register((gauge,)), units=None, at=NOON) == Counts(0, 1)
    detail = history_of("telemetry.station", Station.objects.get(code="QL-W01").pk)[0].detail
    assert detail == {"name": {"from": "柳溪水位站", "to": "柳溪大桥站"}, "keeper_phone": {}}


def test_a_number_or_password_left_out_stays():
    bring()

    bring(Register((replace(GAUGE, keeper_phone=""),), (replace(BOX, password=""),)))

    assert Station.objects.get(code="QL-W01").keeper_phone == GAUGE.keeper_phone
    assert Device.objects.get().password == "04D2"


def test_the_limits_of_a_datastream_become_those_given():
    bring()

    bring(Register(thresholds=(ThresholdRow("D-W01", "39", "reading", 4, 61.0),)))

    assert list(Threshold.objects.values_list("colour", "value")) == [(4, 61.0)]


@pytest.mark.parametrize(
    ("part", "row", "changes", "column"),
    [
        ("stations", RAIN, {"code": "雨量"}, "code"),
        ("stations", RAIN, {"name": " "}, "name"),
        ("stations", RAIN, {"kind": "tent"}, "kind"),
        ("stations", RAIN, {"longitude": 999.0}, "longitude"),
        ("stations", RAIN, {"elevation_m": 99999.0}, "elevation_m"),
        ("stations", RAIN, {"keeper_phone": "call me"}, "keeper_phone"),
        ("stations", RAIN, {"division_code": "9999"}, "division_code"),
        ("stations", RAIN, {"division_code": "999901109000"}, "division_code"),
        ("stations", RAIN, {"upstream": ("QL-R01",)}, "upstream"),
        ("stations", RAIN, {"upstream": ("NONE",)}, "upstream"),
        ("stations", RAIN, {"note": "x" * 201}, "note"),
        ("devices", BOX, {"code": "a b"}, "code"),
        ("devices", BOX, {"protocol": "smoke"}, "protocol"),
        ("devices", BOX, {"address": "12"}, "address"),
        ("devices", BOX, {"protocol": "mqtt"}, "address"),
        ("devices", BOX, {"centre": 0}, "centre"),
        ("devices", BOX, {"password": "xyz"}, "password"),
        ("devices", BOX, {"station": "NONE"}, "station"),
        ("datastreams", LEVEL, {"element": "a b"}, "element"),
        ("datastreams", LEVEL, {"property": "luck"}, "property"),
        ("datastreams", LEVEL, {"unit": "cm"}, "unit"),
        ("datastreams", LEVEL, {"property": "flow", "unit": "bucket"}, "unit"),
        ("datastreams", LEVEL, {"factor": 0.0}, "factor"),
        ("datastreams", LEVEL, {"offset": float("nan")}, "offset"),
        ("datastreams", LEVEL, {"interval_s": 0.0}, "interval_s"),
        ("datastreams", LEVEL, {"noise_mm": -1.0}, "noise_mm"),
        ("datastreams", LEVEL, {"lowest": 2.0, "highest": 1.0}, "lowest"),
        ("datastreams", LEVEL, {"is_counter": True}, "is_counter"),
        ("datastreams", LEVEL, {"device": "NONE"}, "device"),
        ("thresholds", LIMITS[0], {"quantity": "rain_1h"}, "quantity"),
        ("thresholds", LIMITS[0], {"colour": 5}, "colour"),
        ("thresholds", LIMITS[0], {"value": float("inf")}, "value"),
        ("thresholds", LIMITS[0], {"element": "40"}, "element"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_loads_nothing(part, row, changes, column):
    rows = tuple(replace(row, **changes) if one == row else one for one in getattr(WHOLE, part))

    assert column in {name for where, _row, name in faults_of(replace(WHOLE, **{part: rows})) if where == part}
    assert not Station.objects.exists()


def test_a_higher_colour_lies_higher():
    low = (LIMITS[0], replace(LIMITS[1], value=57.0))

    assert faults_of(replace(WHOLE, thresholds=low)) == {("thresholds", 1, "value")}


def test_a_row_stands_once():
    assert faults_of(replace(WHOLE, stations=(RAIN, GAUGE, RAIN))) == {("stations", 2, "code")}


def test_an_address_belongs_to_one_device():
    bring()

    assert faults_of(Register(devices=(replace(BOX, code="D-W02"),))) == {("devices", 0, "address")}


def test_a_township_brings_in_its_own_stations_only():
    assert faults_of(Register((replace(RAIN, division_code=OTHER_TOWNSHIP),)), {TOWNSHIP, VILLAGE}) == {
        ("stations", 0, "division_code")
    }


def test_a_township_takes_over_nobody_s_station_device_or_limits():
    bring()
    mine = {OTHER_TOWNSHIP}

    assert faults_of(Register((replace(RAIN, division_code=OTHER_TOWNSHIP),)), mine) == {("stations", 0, "code")}
    own = replace(RAIN, code="MINE", division_code=OTHER_TOWNSHIP)
    stolen = replace(BOX, station="MINE")
    assert faults_of(Register((own,), (stolen,)), mine) == {("devices", 0, "code")}
    assert faults_of(Register(devices=(replace(BOX, code="D-X", address="0000000001"),)), mine) == {
        ("devices", 0, "station")
    }
    assert faults_of(Register(datastreams=(LEVEL,)), mine) == {("datastreams", 0, "device")}
    assert faults_of(Register(thresholds=LIMITS[:1]), mine) == {("thresholds", 0, "element")}
