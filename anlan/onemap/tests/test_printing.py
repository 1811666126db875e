import io
import struct

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import VILLAGE, alice, person
from anlan.onemap.core.printing import BadPicture, size_of_png
from anlan.places.tests.factories import load

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county():
    load()


def png(width: int = 400, height: int = 300) -> bytes:
    stream = io.BytesIO()
    Image.new("RGBA", (width, height), "#336699").save(stream, "PNG")
    return stream.getvalue()


def printed(client, picture: bytes, **changes):
    fields = {"title": "防汛形势图", "layers": "townships,rivers,own", "bounds": "109,28,109.2,28.2", "paper": "a4"}
    return client.post("/map/print", {**fields, **changes, "picture": SimpleUploadedFile("map.png", picture)})


def text_of(response) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages)


def test_the_page_has_title_legend_issuer_date_and_number(client):
    client.force_login(alice())

    response = printed(client, png(), note="仅供内部使用")
    told = text_of(response).replace(" ", "")

    assert response["Content-Type"] == "application/pdf"
    for words in ("防汛形势图", "青岚县", "Alice", "乡镇", "河流", "仅供内部使用", "1/1"):
        assert words in told


def test_a_large_page_is_large(client):
    client.force_login(alice())

    page = pypdf.PdfReader(io.BytesIO(printed(client, png(), paper="a3").content)).pages[0]

    assert float(page.mediabox.width) == pytest.approx(1190.6, abs=1)


def test_a_legend_holds_only_layers_that_one_may_see(client):
    client.force_login(person("uma", Role.VILLAGE_OFFICER, VILLAGE))

    assert "配对" not in text_of(printed(client, png(), layers="pairs,own"))


def cut(content: bytes) -> bytes:
    return content[:60]


def lying(content: bytes) -> bytes:
    return content[:16] + struct.pack(">II", 7000, 7000) + content[24:]


@pytest.mark.parametrize(
    "picture", [b"GIF89a", cut(png()), lying(png()), png(20, 20)], ids=["gif", "cut", "lie", "tiny"]
)
def test_what_is_no_picture_of_a_map_is_refused(client, picture):
    client.force_login(alice())

    assert printed(client, picture).status_code == 409


@pytest.mark.parametrize("changes", [{"title": ""}, {"title": "x" * 81}, {"paper": "a0"}, {"note": "x" * 201}])
def test_a_page_that_cannot_be_is_refused(client, changes):
    client.force_login(alice())

    assert printed(client, png(), **changes).status_code == 409


def test_a_picture_of_too_many_dots_is_not_even_opened():
    head = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + struct.pack(">II", 8000, 8000) + bytes(20)

    with pytest.raises(BadPicture, match="8000 × 8000"):
        size_of_png(head)


def test_nobody_prints_without_logging_in(client):
    assert printed(client, png()).status_code == 401


def test_whoever_has_no_part_of_the_map_prints_none(client):
    client.force_login(person("gina", Role.GRID_WORKER, VILLAGE))

    assert printed(client, png()).status_code == 404
