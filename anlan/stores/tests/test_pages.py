"""Pages of reserve points and shelters: who sees and changes them, the map, what is refused in words."""

import json

import pytest
from django.urls import reverse

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, TOWNSHIP, VILLAGE, alice, bob, carol, person
from anlan.ground.audit import history_of
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.stores import actions
from anlan.stores.actions import IsSoAlready
from anlan.stores.models import Site
from anlan.stores.panels import open_site
from anlan.stores.tests.factories import SHELTER, STORE, site

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "竹坞避灾点",
    "kind": "fixed_short",
    "division_code": VILLAGE,
    "longitude": "109.04",
    "latitude": "28.05",
    "effective_area_m2": "600",
}


@pytest.fixture(autouse=True)
def county():
    load()


@pytest.fixture
def as_bob(client):
    """The officer of the township whose sites these are."""
    client.force_login(bob())
    return client


@pytest.fixture
def as_alice(client):
    client.force_login(alice())
    return client


def text_of(response) -> str:
    return response.content.decode()


def posts(row: Site) -> list[str]:
    return [reverse(f"site-{verb}", args=[row.pk]) for verb in ("close", "open", "strike", "phone")]


def map_in(response) -> dict:
    return json.loads(text_of(response).split('id="map-1" type="application/json">')[1].split("</script>")[0])


def elsewhere() -> Site:
    return site(name="枫渡储备点", division_code=OTHER_TOWNSHIP)


def test_the_list_and_its_map_hold_what_one_answers_for(as_bob):
    site(), elsewhere()

    response = as_bob.get(reverse("sites"))

    assert STORE.name in text_of(response)
    assert "枫渡储备点" not in text_of(response)
    shown = {layer["key"]: layer["visible"] for layer in map_in(response)["layers"]}
    assert shown["stores"]
    assert shown["shelters"]


def test_the_map_s_layer_tells_of_each_site(as_bob):
    row, _other = site(), elsewhere()

    features = as_bob.get(reverse("layer", args=[COUNTY[:6] + "101000", "stores"])).json()["features"]

    assert [feature["properties"]["name"] for feature in features] == [STORE.name]
    assert features[0]["properties"]["pk"] == row.pk
    assert features[0]["geometry"]["coordinates"] == [109.05, 28.1]


def test_the_layer_changes_with_a_site(as_bob):
    row = site()
    url = reverse("layer", args=[TOWNSHIP, "stores"])
    before = as_bob.get(url)["ETag"]
    actions.close_site(actor=None, site_id=row.pk, expected_version=1, at=NOON)

    assert as_bob.get(url)["ETag"] != before


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"group": "shelters"}, {SHELTER.name}),
        ({"kind": "reserve_point"}, {STORE.name}),
        ({"state": "closed"}, set()),
        ({"state": "unknown"}, set()),
        ({"unit": "柳溪村"}, {SHELTER.name}),
        ({"unit": TOWNSHIP[:9]}, {STORE.name, SHELTER.name}),
    ],
)
def test_the_list_is_narrowed(as_bob, query, found):
    site(), site(SHELTER)

    shown = text_of(as_bob.get(reverse("sites"), query))

    assert {name for name in (STORE.name, SHELTER.name) if name in shown} == found


def test_a_shelter_says_how_many_people_its_area_holds(as_bob):
    shown = text_of(as_bob.get(reverse("site", args=[site(SHELTER).pk])))

    assert "2,000" in shown
    assert "0.5" in shown


def test_the_township_records_a_site(as_bob):
    response = as_bob.post(reverse("site-new"), TYPED)

    row = Site.objects.get()
    assert response["Location"] == reverse("site", args=[row.pk])
    assert (row.unit_name, row.holds) == ("柳溪村", 300)


def test_the_form_s_map_fills_in_the_place(as_bob):
    assert map_in(as_bob.get(reverse("site-new")))["pick"] == {"longitude": "id_longitude", "latitude": "id_latitude"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("longitude", "999"), ("name", ""), ("effective_area_m2", "-1"), ("keeper_phone", "call me"), ("kind", "tent")],
)
def test_what_cannot_be_is_told_at_its_field(as_bob, field, value):
    response = as_bob.post(reverse("site-new"), TYPED | {field: value})

    assert response.status_code == 422
    assert f'id="id_{field}_error"' in text_of(response)
    assert not Site.objects.exists()


def test_a_township_records_no_site_of_another(as_bob):
    response = as_bob.post(reverse("site-new"), TYPED | {"division_code": OTHER_TOWNSHIP})

    assert response.status_code == 422
    assert not Site.objects.exists()


def test_the_same_site_twice_is_refused_in_words(as_bob):
    as_bob.post(reverse("site-new"), TYPED)

    response = as_bob.post(reverse("site-new"), TYPED)

    assert response.status_code == 422
    assert 'id="id_name_error"' in text_of(response)


def test_a_site_is_corrected_as_it_was_seen_and_keeps_its_number(as_bob):
    row = site(SHELTER)
    url = reverse("site-edit", args=[row.pk])

    assert SHELTER.keeper_phone not in text_of(as_bob.get(url))
    assert as_bob.post(url, TYPED | {"version": "1"}).status_code == 302
    assert as_bob.post(url, TYPED | {"version": "1", "name": "别的"}).status_code == 409
    row.refresh_from_db()
    assert (row.name, row.keeper_phone) == ("竹坞避灾点", SHELTER.keeper_phone)


def test_a_site_is_closed_and_opened_again(as_bob):
    row = site()

    assert as_bob.post(reverse("site-close", args=[row.pk]), {"version": "1"}).status_code == 302
    assert not Site.objects.get().is_open
    assert as_bob.post(reverse("site-open", args=[row.pk]), {"version": "2"}).status_code == 302
    assert Site.objects.get().is_open
    assert [entry.verb for entry in history_of("stores.site", row.pk)][:2] == ["site opened", "site closed"]


def test_what_is_closed_is_not_closed_again():
    row = site(is_open=False)

    with pytest.raises(IsSoAlready, match="closed already"):
        actions.close_site(actor=None, site_id=row.pk, expected_version=1, at=NOON)
    with pytest.raises(IsSoAlready, match="open already"):
        actions.open_site(actor=None, site_id=site(SHELTER).pk, expected_version=1, at=NOON)


def test_a_site_that_never_was_is_struck(as_bob):
    row = site()

    assert as_bob.post(reverse("site-strike", args=[row.pk]), {"version": "1"})["Location"] == reverse("sites")
    assert not Site.objects.exists()


def test_the_number_is_shown_to_whoever_says_what_for(as_bob):
    row = site(SHELTER)
    url = reverse("site-phone", args=[row.pk])

    assert SHELTER.keeper_phone not in text_of(as_bob.get(reverse("site", args=[row.pk])))
    assert as_bob.post(url, {"purpose": " "}).status_code == 409
    assert SHELTER.keeper_phone in text_of(as_bob.post(url, {"purpose": "转移"}))


def test_whoever_only_reads_is_offered_no_change_and_refused_it(client):
    row = site(SHELTER)
    client.force_login(person("vera", Role.VILLAGE_OFFICER, VILLAGE))
    changing = [*posts(row), reverse("site-edit", args=[row.pk])]

    shown = text_of(client.get(reverse("site", args=[row.pk])))

    assert not any(url in shown for url in changing)
    assert [client.post(url, {"version": "1"}).status_code for url in [*changing, reverse("site-new")]] == [404] * 6


def test_another_county_s_sites_are_not_there(client):
    row = site()
    client.force_login(carol())

    assert client.get(reverse("site", args=[row.pk])).status_code == 404
    assert client.post(reverse("site-close", args=[row.pk]), {"version": "1"}).status_code == 404
    assert row.name not in text_of(client.get(reverse("sites")))


def test_nobody_is_asked_to_log_in(client):
    row = site()
    gets = [reverse("sites"), reverse("site-new"), reverse("site", args=[row.pk]), reverse("site-edit", args=[row.pk])]

    assert [client.get(url).status_code for url in gets] == [302] * 4
    assert [client.post(url).status_code for url in posts(row)] == [401] * 4


def test_the_whole_county_chooses_among_villages_with_their_township(as_alice):
    assert "柳溪镇 · 柳溪村" in text_of(as_alice.get(reverse("site-new")))


def test_the_navigation_leads_there(as_bob):
    assert reverse("sites") in text_of(as_bob.get(reverse("home")))


def test_the_panel_of_a_site_is_written_by_whoever_manages_it():
    row = site(SHELTER)

    assert open_site(bob(), row.pk).may_write
    assert not open_site(person("vera", Role.VILLAGE_OFFICER, VILLAGE), row.pk).may_write
