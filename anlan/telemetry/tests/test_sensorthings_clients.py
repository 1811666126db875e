"""Real clients of SensorThings, and the payloads by which the standard is tested."""

import json
import re
from datetime import UTC, datetime

import frost_sta_client as fsc
import pytest

from anlan.ground.fields import keyed_hash
from anlan.telemetry.models import Reading
from anlan.telemetry.tests import factories as make

ROOT = "/telemetry/sensorthings/v1.1"
KEY = "key-of-d1"
# By the names of the files and the addresses that the test suite sends them to.
WITH_A_DATASTREAM = (
    "7",
    "8",
    "9",
    "10",
    "embeddedFeatureOfInterestValid",
    "intervalPhenomenonTime",
    "linkedDataStream",
)
WITHOUT_ONE = ("1", "2", "3", "4", "5", "6", "11", "12", "13", "14", "observation", "observationWithoutPTimeValid")


@pytest.fixture
def level():
    station = make.station("R1", name="Bridge")
    return make.datastream(make.device("D1", at=station, key_hash=keyed_hash(KEY)))


@pytest.mark.filterwarnings("ignore:furl.pathstr:DeprecationWarning")
@pytest.mark.django_db(transaction=True)
def test_the_frost_client_reads_the_register_and_creates_observations(live_server, level):
    service = fsc.SensorThingsService(live_server.url + ROOT, auth_handler=fsc.AuthHandler("D1", KEY))
    stream = service.datastreams().find(level.pk)

    for minute in range(3):
        time = datetime(2026, 7, 1, 0, minute, tzinfo=UTC).isoformat()
        service.create(fsc.Observation(phenomenon_time=time, result=100.0 + minute, datastream=stream))

    assert [thing.name for thing in service.things().query().list()] == ["Bridge"]
    found = service.observations().query().filter("result gt 100.5").orderby("phenomenonTime", "asc").top(1).list()
    assert [each.result for each in found] == [101.0, 102.0]  # the client follows the next pages by itself
    assert Reading.objects.count() == 3


def posted(client, path, text):
    return client.post(path, text, content_type="application/json", headers={"Authorization": f"Bearer {KEY}"})


def payload(shared, name, level):
    text = (shared / "sensorthings" / "ogc_ets_sta10" / "observations" / f"{name}.json").read_text()
    return re.sub(r"\$FOI[-_]ID", str(level.station_id), re.sub(r"\$DATASTREAM[-_]ID", str(level.pk), text))


@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.parametrize("name", WITH_A_DATASTREAM)
def test_an_observation_that_names_its_datastream_is_valid_everywhere(client, shared, level, name):
    assert posted(client, f"{ROOT}/Observations", payload(shared, name, level)).status_code == 201
    assert Reading.objects.count() == 1


@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.parametrize("name", WITHOUT_ONE)
def test_an_observation_without_a_datastream_is_valid_only_where_the_address_names_it(client, shared, level, name):
    text = payload(shared, name, level)

    assert posted(client, f"{ROOT}/Observations", text).status_code == 400
    assert posted(client, f"{ROOT}/Datastreams({level.pk})/Observations", text).status_code == 201


@pytest.mark.shared
@pytest.mark.django_db
def test_the_data_array_of_the_standards_own_example_is_kept_row_by_row(client, shared, level):
    response = posted(client, f"{ROOT}/CreateObservations", payload(shared, "dataArray", level))

    assert response.status_code == 201
    assert len([each for each in response.json() if not each.startswith("error")]) == 2


@pytest.mark.shared
@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["thing", "datastreams", "locations", "sensors", "observedproperties", "foi"])
def test_what_the_register_holds_is_created_there_and_not_here(client, shared, level, folder):
    sets = {"thing": "Things", "datastreams": "Datastreams", "locations": "Locations", "sensors": "Sensors"}
    sets |= {"observedproperties": "ObservedProperties", "foi": "FeaturesOfInterest"}
    for file in (shared / "sensorthings" / "ogc_ets_sta10" / folder).glob("*.json"):
        text = re.sub(r"\$[A-Z]+[-_]ID", "1", file.read_text())

        response = posted(client, f"{ROOT}/{sets[folder]}", text)

        assert response.status_code == 400
        assert "Only Observations" in json.loads(response.content)["message"]
