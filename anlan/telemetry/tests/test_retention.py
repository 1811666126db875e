"""Old months of readings: what goes, what stays of them, and that charts go on."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from anlan.accounts.tests.factories import alice
from anlan.telemetry.actions.corrections import correct_reading
from anlan.telemetry.actions.keeping import Intake, keep
from anlan.telemetry.actions.retention import months_to_go, retain_readings
from anlan.telemetry.models import Datastream, HourOfReadings, Reading
from anlan.telemetry.queries.series import told_between
from anlan.telemetry.queries.wire import wire_now
from anlan.telemetry.tests.factories import datastream, device

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 4, tzinfo=UTC)
OLD = datetime(2023, 7, 1, 10, tzinfo=UTC)


def tell(stream: Datastream, *told: tuple[datetime, float]) -> None:
    connection.ensure_connection()
    intake = Intake(wire_now(connection.connection))
    for time, value in told:
        moment = time.timestamp()
        intake.put(intake.wire.streams[stream.device_id, stream.element], moment, value, moment)
    with transaction.atomic():
        keep(connection.connection, intake, at=AT)


def old(minute: int) -> datetime:
    return OLD.replace(minute=minute)


def values_of(stream: Datastream) -> list[tuple[float, float]]:
    told = told_between(stream.pk, 0.0, AT.timestamp())
    return list(zip(told.times.tolist(), told.values.tolist(), strict=True))


def test_a_month_goes_when_it_is_older_than_is_kept():
    stream = datastream(device())
    tell(stream, (OLD, 56.0), (datetime(2023, 11, 30, tzinfo=UTC), 56.0), (AT, 56.0))

    gone = months_to_go(kept_months=36, at=AT)

    assert gone == [2023 * 12 + 6]
    assert months_to_go(kept_months=0, at=datetime(2026, 12, 1, tzinfo=UTC)) == [2023 * 12 + 6, 2023 * 12 + 10]


def test_what_goes_stays_as_hours_and_charts_go_on():
    stream = datastream(device())
    tell(stream, (old(10), 56.0), (old(20), 57.0), (old(30), 58.5), (AT, 55.0))

    (done,) = retain_readings(kept_months=36, at=AT)

    assert (done.name, done.readings, done.hours) == ("2023-07", 3, 1)
    assert Reading.objects.count() == 1
    hour = HourOfReadings.objects.get()
    assert (hour.count, hour.lowest, hour.highest, hour.last) == (3, 56.0, 58.5, 58.5)
    assert values_of(stream) == [
        (OLD.replace(hour=11).timestamp(), pytest.approx(57.1667, abs=1e-3)),
        (AT.timestamp(), 55.0),
    ]


def test_a_reading_on_the_hour_tells_of_the_hour_that_ends_there():
    stream = datastream(device(), "rain")
    tell(stream, (OLD, 4.0), (old(30), 1.0))

    retain_readings(kept_months=36, at=AT)

    assert list(HourOfReadings.objects.order_by("ends_at").values_list("ends_at", flat=True)) == [
        OLD,
        OLD.replace(hour=11),
    ]


def test_an_hour_over_the_end_of_a_month_is_one():
    stream = datastream(device(), "rain")
    tell(stream, (datetime(2023, 7, 31, 23, 30, tzinfo=UTC), 1.0), (datetime(2023, 8, 1, tzinfo=UTC), 2.0))

    retain_readings(kept_months=36, at=AT)

    hour = HourOfReadings.objects.get()
    assert (hour.count, hour.lowest, hour.mean, hour.highest, hour.last) == (2, 1.0, 1.5, 2.0, 2.0)


def test_rain_of_an_hour_is_its_sum_and_a_counter_where_it_stood():
    each = datastream(device("D1"), "rain", is_counter=False)
    total = datastream(Datastream.objects.get().device, "pj", property="rain", is_counter=True)
    tell(each, (old(10), 1.0), (old(20), 2.0))
    tell(total, (old(10), 101.0), (old(20), 103.0))

    retain_readings(kept_months=36, at=AT)

    assert [value for _time, value in values_of(each)] == [3.0]
    assert [value for _time, value in values_of(total)] == [103.0]


def test_only_what_is_believed_stays_and_what_a_person_put_right():
    stream = datastream(device(), highest=100.0)
    tell(stream, (old(10), 999.0), (old(20), float("nan")), (old(30), 56.0), (old(40), 998.0))
    correct_reading(
        actor=alice(), datastream_id=stream.pk, time=old(40), value=58.0, reason="slip of the pen", seen=0, at=AT
    )

    retain_readings(kept_months=36, at=AT)

    hour = HourOfReadings.objects.get()
    assert (hour.count, hour.lowest, hour.highest) == (2, 56.0, 58.0)


def test_what_comes_later_of_an_hour_that_is_kept_changes_nothing():
    stream = datastream(device())
    tell(stream, (old(10), 56.0))
    retain_readings(kept_months=36, at=AT)
    tell(stream, (old(10), 56.0), (old(20), 70.0))

    (done,) = retain_readings(kept_months=36, at=AT)

    assert (done.readings, done.hours) == (2, 0)
    assert HourOfReadings.objects.get().mean == 56.0


def test_the_command_tells_first_and_then_does():
    stream = datastream(device())
    tell(stream, (OLD, 56.0))
    told = StringIO()

    call_command("retain_readings", "--dry-run", "--months", "3", stdout=told)
    assert "2023-07: 1 readings would be" in told.getvalue()
    assert Reading.objects.count() == 1

    call_command("retain_readings", "--months", "3", stdout=told)
    assert "1 readings let go of, 1 hours kept" in told.getvalue()
    assert not Reading.objects.exists()


def test_an_hour_holds_something():
    stream = datastream(device())

    with pytest.raises(IntegrityError, match="hour_of_readings_holds_some"):
        HourOfReadings.objects.create(
            datastream=stream, ends_at=OLD, count=0, lowest=1.0, mean=1.0, highest=1.0, last=1.0
        )
