"""Readings enter the store once, whole, and with a parcel for the rules."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from math import inf, nan

import pytest
from django.db import connection, transaction

from anlan.telemetry.actions.keeping import Intake, Kept, Refused, begin_datastreams, keep, keep_all_new
from anlan.telemetry.core.parcels import unpack
from anlan.telemetry.core.quality import Quality
from anlan.telemetry.gateway.connecting import connect
from anlan.telemetry.models import Datastream, Parcel, Quarantined, Reading
from anlan.telemetry.queries.wire import Wire, wire_now
from anlan.telemetry.tests import factories as make
from anlan.telemetry.tests.gateway_process import wait_until
from anlan.telemetry.tests.sl651_lines import forget_readings

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
T = NOW.timestamp()


def raw():
    connection.ensure_connection()
    return connection.connection


def register() -> tuple[Wire, Datastream]:
    level = make.datastream(make.device("D1"))
    return wire_now(raw()), level


def kept(*readings: tuple[float, float], refused: tuple[Refused, ...] = ()) -> Kept:
    wire = wire_now(raw())
    intake = Intake(wire)
    for time, value in readings:
        assert intake.take(wire.by_code["D1"], "level", time, value, T) == ""
    for each in refused:
        intake.refuse(each)
    with transaction.atomic():
        return keep(raw(), intake, at=NOW)


def test_a_reading_is_in_the_store_and_in_a_parcel():
    _, level = register()

    found = kept((T - 60, 101.5))

    assert found == Kept(1, 1, 0)
    row = Reading.objects.get()
    assert (row.datastream_id, row.time, row.value, row.flags) == (level.pk, NOW - timedelta(minutes=1), 101.5, 0)
    parcel = unpack(bytes(Parcel.objects.get().content))
    assert parcel.readings.values.tolist() == [101.5]


def test_the_first_value_of_an_instant_stays():
    register()
    kept((T - 60, 101.5))

    found = kept((T - 60, 101.5), (T - 60, 99.0), (T - 120, 101.4))

    assert found.stored == 1
    assert sorted(Reading.objects.values_list("value", flat=True)) == [101.4, 101.5]


@pytest.mark.parametrize(
    ("time", "value", "flags"),
    [
        (T - 60, 12000.0, Quality.RANGE),
        (T - 60, 1e308, Quality.RANGE),
        (T + 3600, 101.0, Quality.CLOCK),
        (-347155200.0, 101.0, Quality.CLOCK),  # 1959, as in a frame of a test bench
        (4080000000.0, 101.0, Quality.CLOCK),  # 2099
    ],
)
def test_what_looks_wrong_is_flagged_and_kept(time, value, flags):
    register()

    kept((time, value))

    assert Reading.objects.get().flags == flags


def test_a_missing_value_that_was_told_is_kept_as_missing():
    register()

    kept((T - 60, nan))

    assert str(Reading.objects.get().value) == "nan"


def test_infinity_and_times_that_are_none_and_unknown_elements_are_refused_with_the_reason():
    wire, _ = register()
    intake = Intake(wire)
    device = wire.by_code["D1"]

    reasons = [
        intake.take(device, "level", T, inf, T),
        intake.take(device, "level", 1e300, 1.0, T),
        intake.take(device, "level", nan, 1.0, T),
        intake.take(device, "colour", T, 1.0, T),
    ]

    assert reasons == [
        "The value of %(element)s is not a finite number",
        "The time %(time)s is none",
        "The time %(time)s is none",
        "The element %(element)s is not registered",
    ]
    assert len(intake.readings()) == 0


def test_the_same_bytes_for_the_same_reason_lie_once_in_the_quarantine():
    register()
    bad = Refused("mqtt", "anlan/up/D9/readings", b"{", "The device is not registered", device_code="D9")

    kept(refused=(bad,))
    kept(refused=(bad,))

    row = Quarantined.objects.get()
    assert (bytes(row.payload), row.times, row.state) == (b"{", 2, "waiting")


@pytest.fixture
def emptied(transactional_db):
    forget_readings()  # what others left: the table is not Django's to empty
    yield
    forget_readings()


@pytest.mark.usefixtures("emptied")
@pytest.mark.parametrize("count", [1, 100])
def test_nothing_is_half_written(count):
    wire, _ = register()
    kept((T - 3600, 1.0))  # the month has its part
    intake = Intake(wire)
    for place in range(count):
        intake.take(wire.by_code["D1"], "level", T - place, 1.0, T)
    intake.refuse(Refused("telex", "", b"", "no such protocol"))

    with pytest.raises(Exception, match="quarantined_protocol_is_known"), transaction.atomic():
        keep(raw(), intake, at=NOW)

    assert Reading.objects.count() == 1
    assert Parcel.objects.count() == 1


def test_an_element_that_means_something_begins_a_datastream_by_itself():
    wire, _ = register()
    device = wire.by_code["D1"]

    after = begin_datastreams(raw(), [(device, "26"), (device, "nonsense")])

    assert (device.id, "26") in after.streams
    assert (device.id, "nonsense") not in after.streams
    begun = Datastream.objects.get(element="26")
    assert (begun.property, begun.is_counter, begun.is_confirmed) == ("rain", True, False)


def test_a_month_made_later_takes_what_lay_beyond():
    _, level = register()
    early = datetime(2031, 3, 5, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO telemetry_reading_beyond VALUES (%s, %s, 1, 0, %s)", [level.pk, early, early])

    kept((early.timestamp() + 60, 2.0))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemetry_reading_2031_03")
        assert cursor.fetchone() == (2,)


def test_values_are_brought_into_the_unit_of_the_datastream():
    register()
    Datastream.objects.update(factor=0.01, offset=100.0)

    kept((T, 150.0))

    assert Reading.objects.get().value == pytest.approx(101.5)


MANY = [(T - 60 * minute, float(minute)) for minute in range(20, 0, -1)]


def test_many_new_readings_of_a_datastream_enter_at_once_and_once():
    register()

    assert kept(*MANY).stored == 20
    assert kept(*MANY).stored == 0
    assert sorted(Reading.objects.values_list("value", flat=True)) == [float(value) for value in range(1, 21)]


def test_of_many_readings_what_stands_already_stays():
    register()
    kept((T - 300, 99.0))

    assert kept(*MANY).stored == 19

    assert Reading.objects.get(time=NOW - timedelta(minutes=5)).value == 99.0


def test_of_many_readings_the_first_of_an_instant_stays():
    register()

    assert kept(*MANY, (T - 300, 99.0)).stored == 20

    assert Reading.objects.get(time=NOW - timedelta(minutes=5)).value == 5.0


def test_many_readings_of_a_month_without_its_part_make_it():
    register()
    march = datetime(2033, 3, 1, tzinfo=UTC).timestamp()

    assert kept(*((time - T + march, value) for time, value in MANY)).stored == 20

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM telemetry_reading_2033_02")
        assert cursor.fetchone() == (20,)


BROUGHT = 'INSERT INTO telemetry_reading (datastream_id, "time", value, arrived_at) VALUES (%s, %s, 99, %s)'


def kept_by(line, intake: Intake) -> Kept:
    with line.transaction():
        return keep(line, intake, at=NOW)


def waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_stat_activity WHERE application_name = 'keeper' AND wait_event_type = 'Lock'")
        return cursor.fetchone() is not None


@pytest.mark.usefixtures("emptied")
def test_what_somebody_else_brings_in_the_same_moment_stays_and_the_rest_is_kept():
    wire, level = register()
    kept((T - 3600, 1.0))  # the month has its part

    with connect("other") as other, connect("keeper") as keeper, ThreadPoolExecutor(1) as pool:
        with other.transaction():
            other.execute(BROUGHT, [level.pk, NOW - timedelta(minutes=5), NOW])
            found = pool.submit(kept_by, keeper, filled(wire))
            wait_until(waits)

        assert found.result(10) == Kept(20, 19, 0)
    assert Reading.objects.get(time=NOW - timedelta(minutes=5)).value == 99.0
    assert Parcel.objects.count() == 2


def test_whoever_sends_old_frames_with_a_new_one_has_a_clock_that_is_right():
    device = make.device("D9")
    wire = wire_now(raw())
    intake = Intake(wire)

    for sent in (T - 7200, T - 3600, T - 2, None):
        intake.hear(wire.by_code[device.code], T, sent)

    assert intake.heard[device.pk].clock_error_s == -2.0


def filled(wire: Wire, later: float = 0.0) -> Intake:
    intake = Intake(wire)
    for time, value in MANY:
        intake.take(wire.by_code["D1"], "level", time + later, value, T)
    return intake


@pytest.mark.usefixtures("emptied")
def test_what_is_all_new_is_kept_by_one_statement_with_its_parcel_and_nothing_else_is():
    wire, _ = register()

    assert not keep_all_new(raw(), filled(wire, 9e8), at=NOW)  # its month has no part
    kept((T - 3600, 1.0))
    assert keep_all_new(raw(), filled(wire), at=NOW)
    assert not keep_all_new(raw(), filled(wire), at=NOW)  # it stands
    assert not keep_all_new(raw(), Intake(wire), at=NOW)

    assert Reading.objects.count() == 21
    assert [len(unpack(bytes(each.content)).readings) for each in Parcel.objects.order_by("pk")] == [1, 20]


@pytest.mark.usefixtures("emptied")
def test_one_statement_keeps_nothing_where_somebody_else_brings_it_or_within_a_transaction():
    wire, level = register()
    kept((T - 3600, 1.0))

    with transaction.atomic():
        assert not keep_all_new(raw(), filled(wire), at=NOW)
    with connect("other") as other, connect("keeper") as keeper, ThreadPoolExecutor(1) as pool:
        with other.transaction():
            other.execute(BROUGHT, [level.pk, NOW - timedelta(minutes=5), NOW])
            found = pool.submit(keep_all_new, keeper, filled(wire), at=NOW)
            wait_until(waits)
        assert not found.result(10)

    assert Reading.objects.count() == 2
    assert Parcel.objects.count() == 1
