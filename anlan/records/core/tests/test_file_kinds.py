import pytest

from anlan.records.core.file_kinds import DOCX, JPEG, MOST_BYTES, PDF, BadFile, clean_name, kind_of
from anlan.records.core.tests.file_cases import docx, photo


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("a.JPG", photo(), JPEG), ("b.jpeg", photo(), JPEG), ("c.pdf", b"%PDF-1.7\n", PDF), ("d.docx", docx(), DOCX)],
)
def test_a_file_is_told_by_its_content(name, content, kind):
    assert kind_of(name, content) == kind


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.pdf", b"", "is empty"),
        ("page.html", b"<html>", "are not taken"),
        ("run.exe", b"MZ", "are not taken"),
        ("noending", photo(), "are not taken"),
        ("picture.png", photo(), "not what its ending says"),
        ("script.jpg", b"<script>alert(1)</script>", "not what its ending says"),
        ("table.xlsx", docx(), "not what its ending says"),
        ("broken.docx", b"PK\x03\x04 and no archive", "not what its ending says"),
        ("phone.mp4", b"\x00\x00\x00\x18ftypheic", "not what its ending says"),
        ("macro.docx", docx({"word/vbaProject.bin": b"x"}), "contains macros"),
    ],
)
def test_what_is_not_what_it_seems_is_refused(name, content, words):
    with pytest.raises(BadFile, match=words):
        kind_of(name, content)


def test_a_large_file_is_refused_with_its_size():
    with pytest.raises(BadFile, match="has 51 MB; at most 50 MB"):
        kind_of("film.mp4", b"\0" * (MOST_BYTES + 1))


def test_an_archive_that_unpacks_to_far_more_is_refused():
    with pytest.raises(BadFile, match="unpacks to far more"):
        kind_of("bomb.docx", docx({"word/media/zeros.bin": b"\0" * 200_000_000}))


def test_an_archive_of_very_many_members_is_refused():
    with pytest.raises(BadFile, match="unpacks to far more"):
        kind_of("bomb.docx", docx({f"word/{number}": b"" for number in range(5001)}))


def test_an_archive_whose_members_share_bytes_is_refused():
    content = bytearray(docx({"word/a.bin": bytes(range(256)) * 40}))
    directory = content.index(b"PK\x01\x02")
    content[directory + 20 : directory + 24] = (50_000).to_bytes(4, "little")  # the packed size that it claims

    with pytest.raises(BadFile, match="unpacks to far more"):
        kind_of("bomb.docx", bytes(content))


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd.pdf", "passwd.pdf"), ("桥 2026\u202e.jpg", "桥 2026.jpg"), ("...", "file"), ("", "file")],
)
def test_a_name_is_kept_without_folders_and_signs_that_mislead(name, kept):
    assert clean_name(name) == kept


def test_a_long_name_keeps_its_ending():
    assert len(clean_name("长" * 300 + ".docx")) == 120
    assert clean_name("长" * 300 + ".docx").endswith(".docx")
