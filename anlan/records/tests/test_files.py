import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from PIL import Image

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, alice, bob, carol, person
from anlan.records import actions, queries
from anlan.records.actions.files import AlreadyAttached, AlreadyRemoved
from anlan.records.core.file_kinds import BadFile
from anlan.records.core.tests.file_cases import docx, huge_png, photo
from anlan.records.models import StoredFile
from anlan.records.tests.factories import BRIDGE, uploaded

pytestmark = pytest.mark.django_db
ATTACH = "/records/tests.bridge/7/attach/"


def attached(who, name="桥.jpg", content=None, **options):
    file = uploaded(name, photo() if content is None else content)
    return actions.attach_file(actor=who, subject=BRIDGE, file=file, at=NOON, **options)


def served(client, row, query=""):
    """Return the answer with its file read to the end."""
    answer = client.get(f"/records/files/{row.pk}/{query}")
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def content_of(row):
    with default_storage.open(row.path) as file:
        return file.read()


def test_a_picture_is_kept_upright_and_without_what_its_camera_wrote():
    row = attached(bob(), content=photo(with_place=True))

    with default_storage.open(row.path) as file, Image.open(file) as image:
        assert image.size == (20, 40)
        assert not image.getexif()
    assert b"SecretCamera" not in content_of(row)
    assert (row.longitude, row.latitude) == (None, None)


@pytest.mark.parametrize(("name", "form"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")])
def test_the_place_of_a_picture_is_kept_where_that_is_asked_for(name, form):
    row = attached(bob(), name, photo(with_place=True, form=form), keeps_place=True)

    assert (row.longitude, row.latitude) == (109.06, 28.1)
    assert b"SecretCamera" not in content_of(row)


def test_a_picture_without_a_place_has_none():
    row = attached(bob(), keeps_place=True)

    assert (row.longitude, row.latitude) == (None, None)


@pytest.mark.parametrize("size", [(9_000, 7_000), (10_000, 9_000), (65_000, 65_000)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(size):
    with pytest.raises(BadFile, match="more than 60 million pixels"):
        attached(bob(), "bomb.png", huge_png(*size))


@pytest.mark.parametrize("content", [photo()[:300], b"\xff\xd8\xff\xe0 no picture"])
def test_a_damaged_picture_is_refused(content):
    with pytest.raises(BadFile, match="is damaged"):
        attached(bob(), content=content)


def test_nothing_of_a_refused_file_is_kept():
    with pytest.raises(BadFile):
        attached(bob(), "a.pdf", b"<html>")

    assert not StoredFile.objects.exists()


def test_the_same_content_is_attached_once():
    who = bob()
    attached(who)

    with pytest.raises(AlreadyAttached, match="as 桥.jpg"):
        attached(who, "another.jpg")


def test_equal_content_on_two_objects_lies_in_the_store_once():
    who, other = bob(), BRIDGE.__class__("tests.bridge", 8, "木桥", BRIDGE.division_code, "/", may_write=True)
    first = attached(who)
    second = actions.attach_file(actor=who, subject=other, file=uploaded("b.jpg", photo()), at=NOON)

    assert first.path == second.path == f"records/{first.sha256[:2]}/{first.sha256}"


def test_a_removed_file_leaves_its_trace_and_is_served_no_more(client):
    who = bob()
    row = attached(who)
    client.force_login(who)

    page = client.post(f"/records/files/{row.pk}/remove/", follow=True).content.decode()

    assert "<s>桥.jpg</s>" in page
    assert client.get(f"/records/files/{row.pk}/").status_code == 404
    assert queries.files_of("tests.bridge", 7) == []


def test_a_file_is_removed_once():
    who = bob()
    row = attached(who)
    actions.remove_file(actor=who, file_id=row.pk, at=NOON)

    with pytest.raises(AlreadyRemoved, match="by Bob"):
        actions.remove_file(actor=who, file_id=row.pk, at=NOON)


def test_a_removed_file_can_be_attached_again():
    who = bob()
    actions.remove_file(actor=who, file_id=attached(who).pk, at=NOON)

    attached(who)

    assert queries.file_counts("tests.bridge", [7, 8]) == {7: 1}


def test_the_database_lets_nobody_change_or_delete_a_file():
    row = attached(bob())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        StoredFile.objects.update(name="other.jpg")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"size": 0}, "file_is_not_empty"),
        ({"sha256": "abc"}, "file_is_named_by_its_hash"),
        ({"removed_at": NOON}, "file_removal_names_who_and_when"),
        ({"longitude": 109.0}, "file_place_is_whole_and_on_earth"),
        ({"longitude": 190.0, "latitude": 1.0}, "file_place_is_whole_and_on_earth"),
        ({}, "file_once_on_a_subject"),
    ],
)
def test_the_database_holds_what_a_file_is(changes, constraint):
    row = attached(bob())
    other = {field.name: getattr(row, field.name) for field in StoredFile._meta.fields if field.name != "id"}

    with pytest.raises(IntegrityError, match=constraint):
        StoredFile.objects.create(**other | changes)


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [("桥.jpg", None, "inline"), ("合同.pdf", b"%PDF-1.7\n", "inline"), ("计划.docx", docx(), "attachment")],
)
def test_a_file_goes_out_so_that_nothing_in_it_can_act(client, name, content, way):
    who = bob()
    row = attached(who, name, content)
    client.force_login(who)

    answer = served(client, row)

    assert answer["Content-Disposition"].startswith(way)
    assert answer["Content-Type"] == row.media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert answer.body == content_of(row)
    assert served(client, row, "?save=1")["Content-Disposition"].startswith("attachment")


def test_pictures_and_papers_are_sandboxed(client):
    who = bob()
    client.force_login(who)

    answers = [served(client, attached(who, *file)) for file in (("a.jpg",), ("b.docx", docx()))]

    assert {answer["Content-Security-Policy"] for answer in answers} == {"default-src 'none'; sandbox"}


def test_a_file_is_attached_from_the_panel(client):
    client.force_login(bob())

    page = client.post(ATTACH, {"file": uploaded("桥.jpg", photo())}, follow=True).content.decode()

    assert "桥.jpg" in page


def test_a_form_without_a_file_is_refused(client):
    client.force_login(bob())

    assert client.post(ATTACH).status_code == 409


def test_strangers_and_readers_reach_no_file(client):
    row = attached(alice())

    for who, seen in ((carol(), 404), (person("duty", Role.DUTY_OFFICER, COUNTY), 200)):
        client.force_login(who)
        assert served(client, row).status_code == seen
        assert client.post(f"/records/files/{row.pk}/remove/").status_code == 404
        assert client.post(ATTACH, {"file": uploaded("b.jpg", photo())}).status_code == 404


def test_a_file_whose_content_is_lost_is_not_found(client):
    who = bob()
    row = attached(who, "old.pdf", b"%PDF-1.1 lost")
    default_storage.delete(row.path)
    client.force_login(who)

    assert client.get(f"/records/files/{row.pk}/").status_code == 404
