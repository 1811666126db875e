import io

import pytest
from django.contrib.gis.geos import Point
from PIL import Image

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import VILLAGE, alice, bob, carol, person
from anlan.onemap.core.plain_view import HEIGHT, WIDTH, view_asked, view_of
from anlan.places.tests.factories import OTHER_TOWNSHIP, load
from anlan.telemetry.models import StationState
from anlan.telemetry.tests.factories import station
from anlan.telemetry.tests.judging import NOW

pytestmark = pytest.mark.django_db
PAGES = ["/map/plain/", "/map/plain.png"]
COUNTY_BOX = (109.0, 28.0, 109.2, 28.2)


@pytest.fixture(autouse=True)
def county():
    load()
    calm = station("R1", name="柳溪站", place=Point(109.05, 28.05, srid=4326))
    red = station("R2", name="枫渡站", place=Point(109.15, 28.15, srid=4326), division_code=OTHER_TOWNSHIP)
    StationState.objects.create(station=calm, hazard=0, changed_at=NOW)
    StationState.objects.create(station=red, hazard=4, changed_at=NOW)


def drawn(client, **asked) -> Image.Image:
    return Image.open(io.BytesIO(client.get("/map/plain.png", asked).content)).convert("RGB")


def colour_at(image: Image.Image, place: tuple[float, float]) -> tuple[int, int, int]:
    return image.getpixel((round(place[0]), round(place[1])))


@pytest.mark.parametrize("url", PAGES)
def test_nobody_is_asked_to_log_in(client, url):
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("url", PAGES)
def test_whoever_has_no_part_of_the_map_finds_none(client, url):
    client.force_login(person("gina", Role.GRID_WORKER, VILLAGE))

    assert client.get(url).status_code == 404


def test_the_picture_shows_stations_where_they_stand_in_their_colour(client):
    client.force_login(alice())

    image = drawn(client)

    red = colour_at(image, view_asked("", COUNTY_BOX).at(109.15, 28.15))
    assert image.size == (WIDTH, HEIGHT)
    assert red[0] > 150 > red[1]


def test_the_gravest_station_is_the_first_of_the_list_and_leads_to_its_page(client):
    client.force_login(alice())

    text = client.get("/map/plain/").content.decode()

    assert text.index("枫渡站") < text.index("柳溪站")
    assert '<area shape="circle"' in text


def test_a_township_officer_sees_own_stations_alone(client):
    client.force_login(bob())

    text = client.get("/map/plain/").content.decode()

    assert "柳溪站" in text
    assert "枫渡站" not in text


def test_a_stranger_sees_an_empty_land(client):
    client.force_login(carol())

    assert "柳溪站" not in client.get("/map/plain/").content.decode()
    assert drawn(client).size == (WIDTH, HEIGHT)


def test_the_list_holds_what_the_picture_shows(client):
    client.force_login(alice())

    text = client.get("/map/plain/", {"bbox": "109.0,28.0,109.08,28.06"}).content.decode()

    assert "柳溪站" in text
    assert "枫渡站" not in text


def test_links_move_the_picture_and_keep_its_layers(client):
    client.force_login(alice())

    text = client.get("/map/plain/", {"layers": "stations"}).content.decode()

    assert text.count("bbox=") >= 6
    assert "layers=townships" not in text


def test_places_are_found_without_a_script(client):
    client.force_login(alice())

    text = client.get("/map/plain/", {"q": "lxc"}).content.decode()

    assert "柳溪村" in text


@pytest.mark.parametrize("bbox", ["", "1,2", "nan,0,1,1", "5,5,4,4", "a,b,c,d", "-999,0,999,1"])
def test_a_box_that_is_none_shows_everything(client, bbox):
    client.force_login(alice())

    assert client.get("/map/plain.png", {"bbox": bbox}).status_code == 200


def test_a_view_fits_its_bounds_and_comes_back():
    view = view_of(COUNTY_BOX)

    left, bottom = view.at(109.0, 28.0)
    right, top = view.at(109.2, 28.2)

    assert (round(bottom), round(top)) == (HEIGHT, 0)
    assert 0 < left < right < WIDTH
    assert view.moved(1, 0).moved(-1, 0).bounds == pytest.approx(view.bounds)
