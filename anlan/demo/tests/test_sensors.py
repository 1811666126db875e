"""The demo county's sensors are brought in once, with their past and the rules that watch them."""

import pytest
from django.utils.timezone import now

from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.sensor_net import STATIONS
from anlan.demo.ground import load_land
from anlan.demo.keys import demo_key
from anlan.demo.sensors import load_sensors
from anlan.demo.tests.test_means import the_county
from anlan.ground.fields import keyed_hash
from anlan.places.models import HazardZone
from anlan.telemetry.queries.books import published_book
from anlan.telemetry.queries.stations import has_stations
from anlan.telemetry.queries.wire import device_with_key, stream_ids, values_last_told

pytestmark = pytest.mark.django_db


def test_sensors_are_brought_in_once_with_keys_past_and_rules():
    load_land(the_county(), at=now())

    assert load_sensors(the_county(), at=now())

    assert has_stations(COUNTY_CODE)
    assert len(HazardZone.objects.all()) > 60
    assert published_book(COUNTY_CODE).number == 1
    device = device_with_key(keyed_hash(demo_key("QL001")))
    assert (device and device.code) == "QL001"
    told = values_last_told(COUNTY_CODE, now())
    assert len({code for code, _element in stream_ids(COUNTY_CODE)}) == STATIONS
    assert set(told) == set(stream_ids(COUNTY_CODE))
    assert not load_sensors(the_county(), at=now())
