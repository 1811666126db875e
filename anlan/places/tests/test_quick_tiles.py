"""Tiles come by dozens: whoever got one is let through for some seconds without being asked who they are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anlan.accounts.models import User
from anlan.accounts.tests.factories import alice, bob
from anlan.places.queries import layers
from anlan.places.tests.factories import load
from anlan.places.tests.test_tiles import BESIDE, HERE, names, tile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county(settings):
    load()
    settings.QUICK_PASS_S = 60.0
    yield
    layers.STAMPS.clear()


def statements(work) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        work()
    return [each["sql"] for each in asked.captured_queries]


def test_the_second_tile_asks_for_nothing_but_the_layer(client):
    client.force_login(alice())
    first = statements(lambda: tile(client, "townships"))

    second = statements(lambda: tile(client, "townships", BESIDE))

    assert any("django_session" in each for each in first)
    assert not any("django_session" in each or "accounts_" in each for each in second)


def test_everybody_gets_their_own_areas_all_the_same(client):
    for who, seen in ((alice(), ["枫渡镇", "柳溪镇"]), (bob(), ["柳溪镇"]), (alice_again(), ["枫渡镇", "柳溪镇"])):
        client.force_login(who)
        for _ in range(2):
            assert names(tile(client, "townships"), "townships") == seen
        client.logout()


def alice_again() -> User:
    return User.objects.get(username="alice")


def test_a_pass_is_good_for_tiles_alone(client):
    client.force_login(alice())
    tile(client, "townships")
    User.objects.update(is_active=False, disabled_at="2026-07-01T00:00Z")

    assert tile(client, "townships").status_code == 200
    assert client.get("/map/layers/townships.geojson").status_code == 302
    assert client.get(reverse("home")).status_code == 302


def test_when_it_has_run_out_the_whole_way_is_gone_again(client, settings):
    settings.QUICK_PASS_S = 1e-9
    client.force_login(alice())
    tile(client, "townships")
    User.objects.update(is_active=False, disabled_at="2026-07-01T00:00Z")

    assert tile(client, "townships").status_code == 302


def test_whoever_logs_out_takes_the_cookie_along(client):
    client.force_login(alice())
    tile(client, "townships")

    client.logout()

    assert tile(client, "townships").status_code == 302


@pytest.mark.parametrize("address", ["/map/tiles/no-such-layer/8/205/107.mvt", "/map/tiles/townships/3/900/900.mvt"])
def test_what_there_is_not_is_told_as_ever(client, address):
    client.force_login(alice())
    tile(client, "townships")

    assert client.get(address).status_code == 404


def test_a_pass_keeps_the_headers_of_every_answer(client):
    client.force_login(alice())

    first, second = tile(client, "townships"), tile(client, "townships", HERE)

    for name in ("Content-Security-Policy", "X-Content-Type-Options", "ETag", "Cache-Control", "Content-Type"):
        assert second[name] == first[name]
    assert second.content == first.content


def test_a_stamp_serves_a_view_and_is_asked_for_again(client, settings):
    settings.TILE_STAMP_S = 60.0
    client.force_login(bob())
    tile(client, "villages")

    again = statements(lambda: tile(client, "villages", BESIDE))

    assert not any("count(" in each.lower() and "st_asmvt" not in each.lower() for each in again)
