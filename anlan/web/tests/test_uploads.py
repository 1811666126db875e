"""Files sent: kept by content, refused in words that help, decided once, nobody else's."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.http import Http404

from anlan.web.models import Upload
from anlan.web.tests.cast import NOON, person
from anlan.web.uploads import (
    AlreadySettled,
    BadUpload,
    accept_suggestions,
    content_of,
    forget_uploads,
    keep_upload,
    settle_upload,
    upload_for,
)

pytestmark = pytest.mark.django_db


def send(actor, name="answers.xlsx", content=b"quiet waters", **changes):
    asked = {"purpose": "survey", "endings": (".xlsx",), "most_bytes": 1024, "about": {"round": 7}, "at": NOON}
    return keep_upload(actor=actor, file=SimpleUploadedFile(name, content), **(asked | changes))


def test_a_file_is_kept_under_the_hash_of_its_content(alice):
    upload = send(alice)

    assert content_of(upload) == b"quiet waters"
    assert upload.path == f"uploads/{upload.sha256[:2]}/{upload.sha256}"
    assert (upload.name, upload.size, upload.about, upload.state) == ("answers.xlsx", 12, {"round": 7}, "pending")


def test_the_same_content_is_stored_once(alice):
    first, second = send(alice), send(alice, "again.xlsx")

    assert first.path == second.path
    assert default_storage.listdir(f"uploads/{first.sha256[:2]}")[1].count(first.sha256) == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("old.xls", "of the old kind .xls"),
        ("old.XLS", "of the old kind .xls"),
        ("wps.et", "of WPS's own kind .et"),
        ("risky.xlsm", "carries macros"),
        ("notes.txt", "send a file that ends in .xlsx"),
        ("no-ending", "send a file that ends in .xlsx"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_advice(alice, name, words):
    with pytest.raises(BadUpload, match=words):
        send(alice, name)

    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_both_sizes(alice):
    with pytest.raises(BadUpload, match=r"has 2\.0 MB; at most 1 MB are taken"):
        send(alice, content=b"x" * 2 * 1024 * 1024, most_bytes=1024 * 1024)


def test_an_empty_file_is_refused(alice):
    with pytest.raises(BadUpload, match="is empty"):
        send(alice, content=b"")


def test_a_path_in_the_name_goes_nowhere(alice):
    assert send(alice, "../../etc/answers.xlsx").name == "answers.xlsx"


def test_only_the_sender_finds_it_and_only_for_its_purpose(alice):
    upload = send(alice)

    assert upload_for(alice, upload.pk, "survey") == upload
    with pytest.raises(Http404):
        upload_for(person("Carol"), upload.pk, "survey")
    with pytest.raises(Http404):
        upload_for(alice, upload.pk, "places")


def test_accepted_suggestions_add_up(alice):
    upload = send(alice)

    accept_suggestions(upload=upload, accepted={"B2": "0.37"})
    accept_suggestions(upload=upload, accepted={"B3": "12"})

    assert Upload.objects.get().accepted == {"B2": "0.37", "B3": "12"}


def test_it_is_decided_once(alice):
    upload = send(alice)

    settle_upload(upload=upload, state="committed", at=NOON)

    assert Upload.objects.get().state == "committed"
    with pytest.raises(AlreadySettled):
        settle_upload(upload=upload, state="discarded", at=NOON)


def test_a_settled_upload_says_when(alice):
    send(alice)

    with pytest.raises(IntegrityError, match="upload_is_settled_once_decided"):
        Upload.objects.update(state="committed")


def test_no_upload_is_empty(alice):
    send(alice)

    with pytest.raises(IntegrityError, match="upload_is_not_empty"):
        Upload.objects.update(size=0)


def test_what_nobody_took_over_is_forgotten_with_its_content(alice):
    dropped = send(alice, content=b"dropped")
    taken = send(alice, content=b"taken")
    shared_old, shared_new = send(alice, content=b"shared"), send(alice, content=b"shared", at=NOON + timedelta(days=1))
    settle_upload(upload=taken, state="committed", at=NOON)

    count = forget_uploads(before=NOON + timedelta(hours=1))

    assert count == 2
    assert set(Upload.objects.all()) == {taken, shared_new}
    assert not default_storage.exists(dropped.path)
    assert default_storage.exists(taken.path)
    assert default_storage.exists(shared_old.path)
