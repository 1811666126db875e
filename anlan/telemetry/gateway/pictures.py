"""Pictures that stations send: looked at, kept by their content, and named in the register."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from psycopg import Connection

from anlan.kernel.refusal import mark

JPEG_BEGINS, JPEG_ENDS = b"\xff\xd8\xff", b"\xff\xd9"
MOST_BYTES = 8 << 20
NO_JPEG = mark("The %(bytes)d bytes are no JPEG picture")
TOO_LARGE = mark("The picture has %(bytes)d bytes, more than is kept")
_KEEP = """
INSERT INTO telemetry_picture (station_id, device_id, taken_at, path, sha256, size)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture that came."""

    station_id: int
    device_id: int
    taken_at: datetime
    content: bytes


def fault_of_picture(content: bytes) -> str:
    """Return why the bytes are not kept as a picture (msgid), "" where they are."""
    if len(content) > MOST_BYTES:
        return TOO_LARGE
    # Cameras fill the last packet up with zeros, so the end mark may stand a little before the end.
    if not content.startswith(JPEG_BEGINS) or JPEG_ENDS not in content[-4096:]:
        return NO_JPEG
    return ""


def keep_pictures(connection: "Connection[Any]", pictures: Iterable[Taken]) -> None:
    """Keep pictures, each once, in the caller's transaction.

    The file is written first: equal content lies there once, and a file of a transaction that fails is found again
    when the station sends the picture once more.
    """
    for each in pictures:
        sha256 = hashlib.sha256(each.content).hexdigest()
        row = (each.station_id, each.device_id, each.taken_at, _stored(sha256, each.content), sha256, len(each.content))
        connection.execute(_KEEP, row)


def _stored(sha256: str, content: bytes) -> str:
    path = f"telemetry/{sha256[:2]}/{sha256}.jpg"
    if default_storage.exists(path) and default_storage.size(path) == len(content):
        return path
    # A file cut short by a full disk or a fall of the machine is written again, under a name of its own.
    return default_storage.save(path, ContentFile(content))
