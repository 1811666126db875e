"""Which files may be attached, told by what they hold and not by what they are called."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from anlan.kernel.refusal import Refusal

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
MOST_UNPACKED_BYTES = 400 * MEGABYTE
MOST_TIMES_UNPACKED = 150  # a workbook of one repeated row packs about a hundredfold
MOST_MEMBERS = 5000
LONGEST_NAME = 120


class BadFile(Refusal):
    """The file is not taken."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: its ending, the type that it is served as, and whether a browser may show it in place."""

    ending: str
    media_type: str
    is_picture: bool = False
    is_shown: bool = False


JPEG = FileKind("jpg", "image/jpeg", is_picture=True, is_shown=True)
PNG = FileKind("png", "image/png", is_picture=True, is_shown=True)
WEBP = FileKind("webp", "image/webp", is_picture=True, is_shown=True)
PDF = FileKind("pdf", "application/pdf", is_shown=True)
MP4 = FileKind("mp4", "video/mp4")
DOCX = FileKind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PPTX = FileKind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation")
KINDS = (JPEG, PNG, WEBP, PDF, DOCX, XLSX, PPTX, MP4)

ENDINGS: Mapping[str, FileKind] = {kind.ending: kind for kind in KINDS} | {"jpeg": JPEG}
SHOWN_TYPES = frozenset(kind.media_type for kind in KINDS if kind.is_shown)
OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
# Videos of phones begin with a box `ftyp` and one of these brands; QuickTime and HEIC pictures have others.
VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"MSNV",
    b"3gp4",
    b"3gp5",
)


def kind_of(name: str, content: bytes) -> FileKind:
    """Return what the file is.

    Raises:
        BadFile: it is empty, too large, of a kind that is not taken, not what its ending says, or a bomb.
    """
    if not content:
        raise BadFile("The file %(name)s is empty", name=name)
    check_size(name, len(content))
    said = ENDINGS.get(PurePosixPath(name.lower()).suffix.lstrip("."))
    if said is None:
        raise BadFile(
            "Files like %(name)s are not taken; these are: %(endings)s", name=name, endings=", ".join(ENDINGS)
        )
    if _found(name, content) != said:
        raise BadFile("The content of %(name)s is not what its ending says; save it again in its program", name=name)
    return said


def check_size(name: str, size: int) -> None:
    """Refuse what is too large, by its declared size too.

    Raises:
        BadFile: it has more than `MOST_BYTES`.
    """
    if size > MOST_BYTES:
        raise BadFile(
            "%(name)s has %(found)d MB; at most %(most)d MB are taken",
            name=name,
            found=-(-size // MEGABYTE),
            most=MOST_BYTES // MEGABYTE,
        )


def clean_name(name: str) -> str:
    r"""Return the file's own name without folders and unprintable characters, its ending kept.

    >>> clean_name("C:\\photos\\bridge.jpg")
    'bridge.jpg'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    if len(plain) <= LONGEST_NAME:
        return plain or "file"
    ending = PurePosixPath(plain).suffix[:10]
    return plain[: LONGEST_NAME - len(ending)] + ending


def _found(name: str, content: bytes) -> FileKind | None:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return WEBP
    if content.startswith(b"%PDF-"):
        return PDF
    if content[4:8] == b"ftyp" and content[8:12] in VIDEO_BRANDS:
        return MP4
    return _office_kind(name, content) if content.startswith(b"PK\x03\x04") else None


def _office_kind(name: str, content: bytes) -> FileKind | None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    _check_members(name, members, len(content))
    names = {member.filename for member in members}
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise BadFile("%(name)s contains macros; save it without them", name=name)
    return next((kind for part, kind in OFFICE_PARTS.items() if part in names), None)


def _check_members(name: str, members: list[zipfile.ZipInfo], size: int) -> None:
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    # Members that share bytes add up to more than the file holds: a bomb that needs no high ratio.
    if (
        len(members) > MOST_MEMBERS
        or packed > size
        or unpacked > min(MOST_UNPACKED_BYTES, max(size, MEGABYTE) * MOST_TIMES_UNPACKED)
    ):
        raise BadFile("%(name)s unpacks to far more than it holds and is not taken", name=name)
