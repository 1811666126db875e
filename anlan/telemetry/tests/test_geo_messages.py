"""Messages of geological monitoring into the store."""

import json

import pytest
from django.db import connection, transaction

from anlan.telemetry.actions.keeping import UNKNOWN_ELEMENT, Intake, begin_datastreams, keep
from anlan.telemetry.device_forms import DeviceForm
from anlan.telemetry.gateway.geo import take_geo
from anlan.telemetry.models import Datastream, Reading
from anlan.telemetry.queries.wire import wire_now
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.sl651_lines import NOW

pytestmark = pytest.mark.django_db
T = NOW.timestamp()
AT = str(int(T) * 1000 - 60_000)


def raw():
    connection.ensure_connection()
    return connection.connection


def taken(content, device="G1"):
    """Return the intake and what was refused; elements that mean something have their datastreams first."""
    payload = content if isinstance(content, bytes) else json.dumps(content).encode()
    wire = wire_now(raw())
    missing = [each for each in take_geo(Intake(wire), wire.by_code[device], payload, T)]
    wanted = [(wire.by_code[device], one.values["element"]) for one in missing if one.reason == UNKNOWN_ELEMENT]
    intake = Intake(begin_datastreams(raw(), wanted))
    return intake, take_geo(intake, intake.wire.by_code[device], payload, T)


def test_a_crack_meter_is_heard_from_its_first_message_on():
    make.device("G1", protocol="geo")

    intake, refused = taken({"L1_LF_1": {AT: {"value": 1.25}}})
    with transaction.atomic():
        keep(raw(), intake, at=NOW)

    assert refused == []
    assert (Reading.objects.get().value, Reading.objects.get().time.timestamp()) == (1.25, T - 60)
    begun = Datastream.objects.get()
    assert (begun.element, begun.property, begun.unit, begun.is_confirmed) == ("L1_LF_1", "crack", "mm", False)
    assert list(intake.heard) == [begun.device_id]


def test_a_gnss_receiver_tells_three_displacements():
    make.device("G1", protocol="geo")

    intake, refused = taken({"L1_GP_1": {AT: {"gpsInitial": "AA", "gpsTotalX": 1, "gpsTotalY": 2, "gpsTotalZ": 3}}})

    assert refused == []
    assert intake.values == [1.0, 2.0, 3.0]
    assert set(Datastream.objects.values_list("property", flat=True)) == {"displacement"}


def test_an_unknown_sensor_is_put_aside_and_the_others_kept():
    make.device("G1", protocol="geo")

    intake, (refused,) = taken({"L9_XX_1": {AT: 5}, "L1_LF_1": {AT: 1.25}})

    assert (refused.reason, refused.values) == (UNKNOWN_ELEMENT, {"element": "L9_XX_1"})
    assert (refused.protocol, refused.source, refused.device_code) == ("geo", "G1", "G1")
    assert intake.values == [1.25]


def test_a_message_with_one_bad_value_is_put_aside_whole():
    make.device("G1", protocol="geo")

    intake, (refused,) = taken({"L1_LF_1": {AT: 1.25}, "L1_LF_2": {AT: "NaN"}})

    assert refused.reason == "The value of %(element)s is not a finite number"
    assert (intake.values, intake.heard) == ([], {})


def test_a_time_beyond_the_calendar_is_refused():
    make.device("G1", protocol="geo")

    _, refused = taken({"L1_LF_1": {"9" * 18: 1.25}})

    assert [one.reason for one in refused] == ["The time %(time)s is none"]


def test_the_table_of_the_device_goes_first():
    own = {"L1_LF": {"property": "displacement", "unit": "cm", "name": "拉线"}, "L1_GP_1.gpsTotalZ": None}
    make.device("G1", protocol="geo", dialect={"geo": own})

    intake, refused = taken({"L1_LF_1": {AT: 1.25}, "L1_GP_1": {AT: {"gpsTotalX": 1, "gpsTotalZ": 9}}})

    assert refused == []
    assert intake.values == [1.25, 1.0]
    begun = Datastream.objects.get(element="L1_LF_1")
    assert (begun.property, begun.unit, begun.name) == ("displacement", "cm", "拉线")


@pytest.mark.parametrize(
    ("said", "is_taken"),
    [("", True), ('{"stays": false}', True), ('{"geo": {"crack": null}}', False), ('{"functions": {"E1": 5}}', False)],
)
def test_the_form_of_a_device_takes_no_extensions_that_no_gateway_could_use(said, is_taken):
    form = DeviceForm({"code": "G1", "protocol": "geo", "centre": 1, "dialect": said}, station=make.station())

    assert form.is_valid() is is_taken
    assert ("dialect" in form.errors) is not is_taken
