"""The page of a datastream's observations, which one statement answers: it says what the way for all requests says."""

from datetime import UTC, datetime, timedelta
from math import nan

import pytest

from anlan.accounts.tests import factories as cast
from anlan.ground.fields import keyed_hash
from anlan.telemetry.models import Correction, Reading
from anlan.telemetry.tests import factories as make

pytestmark = pytest.mark.django_db
ROOT = "/telemetry/sensorthings/v1.1"
T0 = datetime(2026, 6, 30, 23, 50, tzinfo=UTC)  # the hour lies in two months
KEY = "key-of-d1"


@pytest.fixture
def level():
    station = make.station("R1", name="Bridge")
    return make.datastream(make.device("D1", at=station, key_hash=keyed_hash(KEY)))


@pytest.fixture
def stored(level):
    other = make.datastream(level.device, "rain")
    rows = [(level, minute, 100 + minute / 8, minute % 16) for minute in range(0, 60, 5)]
    rows += [(level, 61, nan, 0), (level, 62, 1e300, 1), (level, 63, 5e-324, 0), (other, 5, 7.0, 0)]
    for of, minute, value, flags in rows:
        time = T0 + timedelta(minutes=minute)
        Reading.objects.create(datastream=of, time=time, value=value, flags=flags, arrived_at=T0)
    for minute, value in ((5, 9.0), (10, None)):
        corrected(level, minute, value)
    corrected(level, 15, 8.0, is_current=False)
    corrected(other, 20, 8.0)
    return level


def corrected(of, minute, value, is_current=True):
    who = {"by_id": 1, "by_name": "Alice", "reason": "typing error", "at": T0}
    time = T0 + timedelta(minutes=minute)
    Correction.objects.create(datastream=of, time=time, value=value, is_current=is_current, **who)


def asked(client, path, options, key=KEY):
    return client.get(f"{ROOT}/{path}", options, headers={"Authorization": f"Bearer {key}"})


def two_answers(client, level, options):
    """Return the page, and the same by the way for all requests, which alone counts."""
    path = f"Datastreams({level.pk})/Observations"
    page, counted = (asked(client, path, {**options, **more}).json() for more in ({}, {"$count": "true"}))
    assert counted.pop("@iot.count") >= len(counted["value"])
    if "@iot.nextLink" in counted:
        counted["@iot.nextLink"] = counted["@iot.nextLink"].replace("&%24count=true", "").replace("%24count=true&", "")
    return page, counted


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"$top": "4"},
        {"$top": "4", "$skip": "5"},
        {"$top": "4", "$skip": "50"},
        {"$top": "3", "$orderby": "phenomenonTime asc"},
        {"$top": "3", "$orderby": "resultTime"},
        {"$orderby": "phenomenonTime desc"},
        {"$filter": "phenomenonTime ge 2026-07-01T00:00:00Z"},
        {"$filter": "phenomenonTime gt 2026-07-01T00:00:00Z and resultTime le 2026-07-01T08:20:00+08:00"},
        {"$filter": "phenomenonTime lt 2026-07-01T00:00:00.000Z", "$top": "1", "$orderby": "phenomenonTime asc"},
        {"$filter": "phenomenonTime gt 2026-08-01T00:00:00Z"},
        {"$filter": "phenomenonTime gt 2026-07-01T00:00:00Z and result gt 102", "$top": "1"},
    ],
)
def test_the_page_is_what_every_other_request_would_tell(client, stored, options):
    page, counted = two_answers(client, stored, options)

    assert page == counted


def test_a_page_tells_quality_and_what_was_corrected_and_what_is_missing(client, stored):
    found = asked(client, f"Datastreams({stored.pk})/Observations", {}).json()["value"]

    told = {each["phenomenonTime"]: each for each in found}
    assert told["2026-07-01T00:51:00.000Z"]["result"] is None
    assert told["2026-06-30T23:55:00.000Z"]["parameters"] == {"raw": 100.625, "corrected": True}
    assert told["2026-07-01T00:00:00.000Z"]["result"] is None
    assert "parameters" not in told["2026-07-01T00:05:00.000Z"]
    assert told["2026-07-01T00:52:00.000Z"]["resultQuality"] == ["out of range"]


def test_a_datastream_without_observations_has_an_empty_page(client, level):
    assert asked(client, f"Datastreams({level.pk})/Observations", {}).json() == {"value": []}


def test_a_page_beyond_the_reach_is_not_there(client, stored):
    station = make.station("R2", division_code="999902101000")
    make.datastream(make.device("D2", at=station, key_hash=keyed_hash("key-of-d2")))
    path = f"Datastreams({stored.pk})/Observations"

    assert asked(client, path, {}, "key-of-d2").status_code == 404
    assert asked(client, path, {}, "nobody's").status_code == 401
    client.force_login(cast.carol())
    assert client.get(f"{ROOT}/{path}").status_code == 404
    assert asked(client, f"Datastreams({10**17})/Observations", {}).status_code == 404


@pytest.mark.parametrize(
    "condition",
    [
        "phenomenonTime gt 2026-13-01T00:00:00Z",
        "phenomenonTime gt 2026-07-01T00:00:00",
        "phenomenonTime like 2026-07-01T00:00:00Z",
        "phenomenonTime gt 2026-07-01T00:00:00Z and ",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused_for_a_page_too(client, stored, condition):
    assert asked(client, f"Datastreams({stored.pk})/Observations", {"$filter": condition}).status_code == 400


def test_a_page_costs_a_device_few_queries(client, stored, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        assert asked(client, f"Datastreams({stored.pk})/Observations", {}).status_code == 200
