"""What lies under the layers, in the real browser: a file of tiles of this site, and the national map service."""

import io
import re
import struct
from math import asinh, pi, radians, tan
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pypdf
import pytest
from django.db import connection
from PIL import Image
from playwright.sync_api import Page, Route, expect

from anlan.onemap.tests.opened import IN_BROWSER, SLOW_MS, drawn

pytestmark = IN_BROWSER
SERVICE = re.compile(r"^https://t[0-7]\.tianditu\.gov\.cn/")
OPEN = {"Access-Control-Allow-Origin": "*"}
PNG, MVT = 2, 1
DEEPEST = 14
EVERYWHERE = (4 ** (DEEPEST + 1) - 1) // 3  # tiles of zooms 0 to 14: one entry of the directory stands for all
WATERS = b'{"vector_layers": [{"id": "water", "fields": {}}]}'


def varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])


def tile_file(tile: bytes, kind: int, metadata: bytes = b"{}") -> bytes:
    """Return a PMTiles file, version 3, in which every tile is the same.

    Source: PMTiles specification 3.4, header of 127 bytes, directory of one entry with a run length.
    """
    directory = b"".join(map(varint, (1, 0, EVERYWHERE, len(tile), 1)))
    places = (127, len(directory), 127 + len(directory), len(metadata))
    tiles = 127 + len(directory) + len(metadata)
    head = b"PMTiles\x03" + struct.pack("<11Q", *places, 0, 0, tiles, len(tile), EVERYWHERE, 1, 1)
    head += struct.pack("<6B4iB2i", 1, 1, 1, kind, 0, DEEPEST, -1800000000, -850000000, 1800000000, 850000000, 0, 0, 0)
    return head + directory + metadata + tile


def plain_tile(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(stream, "PNG")
    return stream.getvalue()


def water_tile() -> bytes:
    """Return a vector tile that is water from edge to edge."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ST_AsMVT(row, 'water', 4096, 'shape') FROM"
            " (SELECT ST_MakeEnvelope(0, 0, 4096, 4096) AS shape) AS row"
        )
        return bytes(cursor.fetchone()[0])


def share_of(page: Page, red: range, green: range, blue: range) -> float:
    """Return the share of the map's picture whose colour lies within the ranges."""
    picture = Image.open(io.BytesIO(page.locator("[data-part=canvas]").screenshot())).convert("RGB")
    inside = sum(
        count for count, (r, g, b) in picture.getcolors(1 << 24) or () if r in red and g in green and b in blue
    )
    return inside / (picture.width * picture.height)


@pytest.mark.parametrize(
    ("kind", "colours"),
    [
        (PNG, (range(190, 256), range(120), range(120))),
        (MVT, (range(0xBD, 0xCA), range(0xD3, 0xE0), range(0xE2, 0xEF))),
    ],
    ids=["pictures", "vectors"],
)
def test_a_file_of_tiles_of_this_site_is_drawn_under_the_layers(opened, settings, tmp_path, kind, colours):
    path = Path(tmp_path / "county.pmtiles")
    path.write_bytes(tile_file(plain_tile("#e02020"), PNG) if kind == PNG else tile_file(water_tile(), MVT, WATERS))
    settings.PMTILES = str(path)
    page = drawn(opened("/map/#map=13/28.3/109.4&layers="))
    assert share_of(page, *colours) < 0.01

    page.get_by_role("radio", name="本站离线底图").check()
    expect(page).to_have_url(re.compile("base=pmtiles"))
    page.wait_for_timeout(3_000)

    assert share_of(page, *colours) > 0.5


def test_a_file_of_tiles_that_is_none_is_told_and_the_own_map_stays(opened, settings, tmp_path):
    path = tmp_path / "county.pmtiles"
    path.write_bytes(b"no tiles" * 100)
    settings.PMTILES = str(path)
    page = drawn(opened())

    page.get_by_role("radio", name="本站离线底图").check()

    expect(page.locator("#toasts")).to_contain_text("底图未能载入", timeout=SLOW_MS)


def tile_of(zoom: int, longitude: float, latitude: float) -> tuple[int, int]:
    """Return column and row of the tile of the web's projection in which a place of WGS 84 lies."""
    across = (longitude + 180) / 360
    down = (1 - asinh(tan(radians(latitude))) / pi) / 2
    return int(across * 2**zoom), int(down * 2**zoom)


def test_the_map_service_is_asked_with_the_key_for_just_the_tiles_of_the_view_unshifted(opened, settings):
    settings.TIANDITU_KEY = "key-of-this-site"
    asked: list[dict[str, list[str]]] = []

    def answer(route: Route) -> None:
        asked.append(parse_qs(urlsplit(route.request.url).query))
        route.fulfill(status=200, headers=OPEN, content_type="image/png", body=plain_tile("#20a020"))

    page = opened("/map/plain/")
    page.route(SERVICE, answer)
    page.goto("/map/#map=13/28.1/109.1&layers=&base=vec")
    drawn(page)
    page.wait_for_timeout(3_000)

    assert {told["tk"][0] for told in asked} == {"key-of-this-site"}
    assert {told["LAYER"][0] for told in asked} == {"vec", "cva"}
    places = {(told["TILEMATRIX"][0], int(told["TILECOL"][0]), int(told["TILEROW"][0])) for told in asked}
    zoom = int(max(places)[0])
    column, row = tile_of(zoom, 109.1, 28.1)
    columns = sorted({x for _zoom, x, _y in places})
    rows = sorted({y for _zoom, _x, y in places})
    assert (str(zoom), column, row) in places
    assert abs((columns[0] + columns[-1]) / 2 - column) <= 1
    assert abs((rows[0] + rows[-1]) / 2 - row) <= 1
    assert share_of(page, range(110), range(120, 220), range(110)) > 0.5
    expect(page.locator("[data-part=source]")).to_contain_text("国家基础地理信息中心")


def test_a_key_that_the_map_service_refuses_is_told_once_and_the_layers_stay(opened, settings):
    settings.TIANDITU_KEY = "wrong"
    page = opened("/map/plain/")
    page.route(SERVICE, lambda route: route.fulfill(status=403, headers=OPEN, body='{"msg": "非法key"}'))

    page.goto("/map/#map=13/28.1/109.1&layers=stations&base=vec")
    drawn(page)

    expect(page.locator("#toasts .toast")).to_have_count(1, timeout=SLOW_MS)
    expect(page.locator("#toasts")).to_contain_text("密钥")
    page.mouse.click(720, 480)
    expect(page.get_by_role("checkbox", name="监测站点", exact=True)).to_be_checked()


def test_the_map_on_the_screen_becomes_a_pdf_with_title_and_legend(opened, alarm):
    page = drawn(opened("/map/#map=12/28.1/109.1&layers=townships,stations,alarms"))

    page.locator("[data-tool=print]:visible").click()
    page.locator("[data-part=print] input[name=title]").fill("今晚会商用图")
    with page.expect_download() as taken:
        page.locator("[data-part=print] .btn-primary").click()

    document = pypdf.PdfReader(taken.value.path())
    words = "".join(sheet.extract_text() for sheet in document.pages).replace(" ", "")
    picture = max((image.image for sheet in document.pages for image in sheet.images), key=lambda one: one.size)
    assert len(document.pages) == 1
    assert all(told in words for told in ("今晚会商用图", "乡镇", "监测站点"))
    assert picture.width >= 1_000
    assert len(picture.convert("RGB").getcolors(1 << 24)) > 50  # a map, no empty sheet


def test_a_picture_that_the_site_refuses_is_told_in_the_dialogue(opened):
    page = drawn(opened())
    page.route("**/map/print", lambda route: route.fulfill(status=503, body=""))

    page.locator("[data-tool=print]:visible").click()
    page.locator("[data-part=print] .btn-primary").click()

    expect(page.locator("[data-part=print-trouble]")).to_be_visible()
    expect(page.locator("[data-part=print-trouble]")).to_contain_text("PDF")
