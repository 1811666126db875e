"""Files that a person sends: kept by content hash, previewed, then taken over whole or dropped.

The context that asked for the file reads it by `content_of`, shows what it found, and settles the upload.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any, Literal

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404

from anlan.kernel.refusal import Refusal, mark
from anlan.web.http import Person
from anlan.web.models import Upload, UploadState

MEGABYTE = 1024 * 1024
ADVICE = {
    ".xls": mark("%(name)s is of the old kind .xls. Open it in Excel or WPS, choose “Save as” and the type .xlsx"),
    ".et": mark("%(name)s is of WPS's own kind .et. Open it in WPS, choose “Save as” and the type .xlsx"),
    ".xlsm": mark(
        "%(name)s carries macros. Open it in Excel or WPS, choose “Save as” and the type .xlsx, without macros"
    ),
}


class BadUpload(Refusal):
    """The file is not one that is taken here; nothing was kept."""


class AlreadySettled(Refusal):
    """The upload was taken over or dropped before."""


def keep_upload(  # noqa: PLR0913  one call says everything that is asked of the file
    *,
    actor: Person,
    purpose: str,
    file: "UploadedFile[bytes]",
    endings: tuple[str, ...],
    most_bytes: int,
    about: Mapping[str, Any],
    at: datetime,
) -> Upload:
    """Keep the file until its sender decides.

    Raises:
        BadUpload: it is empty, too large or of another kind than asked for.
    """
    name = PurePath(file.name or "").name
    _check(name, file.size or 0, endings, most_bytes)
    path, digest = keep_content("uploads", file)
    return Upload.objects.create(
        purpose=purpose,
        name=name[-200:],
        path=path,
        sha256=digest,
        size=file.size or 0,
        about=dict(about),
        actor_id=actor.pk,
        actor_name=str(actor.name),
        created_at=at,
    )


def _check(name: str, size: int, endings: tuple[str, ...], most_bytes: int) -> None:
    ending = PurePath(name).suffix.lower()
    if ending not in endings:
        if ending in ADVICE and ".xlsx" in endings:
            raise BadUpload(ADVICE[ending], name=name)
        raise BadUpload("%(name)s cannot be read here; send a file that ends in %(endings)s", name=name,
                        endings=", ".join(endings))  # fmt: skip
    if not size:
        raise BadUpload("%(name)s is empty", name=name)
    if size > most_bytes:
        raise BadUpload(
            "%(name)s has %(found).1f MB; at most %(most)d MB are taken",
            name=name,
            found=size / MEGABYTE,
            most=most_bytes // MEGABYTE,
        )


def keep_content(folder: str, file: File) -> tuple[str, str]:  # type: ignore[type-arg]
    """Store the content under its hash, once; return where it stands and the hash."""
    sha256 = hashlib.sha256()
    for chunk in file.chunks():
        sha256.update(chunk)
    digest = sha256.hexdigest()
    path = f"{folder}/{digest[:2]}/{digest}"
    if not default_storage.exists(path):
        file.seek(0)
        path = default_storage.save(path, file)
    return path, digest


def upload_for(person: Person, upload_id: int, purpose: str) -> Upload:
    """Return the person's own upload for that purpose; 404 for anybody else's."""
    found = Upload.objects.filter(pk=upload_id, purpose=purpose, actor_id=person.pk).first()
    if found is None:
        raise Http404
    return found


def content_of(upload: Upload) -> bytes:
    """Return what was sent."""
    with default_storage.open(upload.path) as file:
        return bytes(file.read())


def accept_suggestions(*, upload: Upload, accepted: Mapping[str, Any]) -> None:
    """Keep what the sender clicked to put right in a pending upload."""
    upload.accepted = {**upload.accepted, **accepted}
    upload.save(update_fields=["accepted"])


@transaction.atomic
def settle_upload(*, upload: Upload, state: Literal["committed", "discarded"], at: datetime) -> None:
    """Say what became of a pending upload, once.

    Raises:
        AlreadySettled: that was said before, in another window perhaps.
    """
    changed = Upload.objects.filter(pk=upload.pk, state=UploadState.PENDING).update(state=state, settled_at=at)
    if not changed:
        raise AlreadySettled("%(name)s was already taken over or dropped; send it again if needed", name=upload.name)
    upload.state, upload.settled_at = state, at


@transaction.atomic
def forget_uploads(*, before: datetime) -> int:
    """Delete uploads that were never taken over, with content that no other upload holds; return how many."""
    old = Upload.objects.exclude(state=UploadState.COMMITTED).filter(created_at__lt=before)
    paths = set(old.values_list("path", flat=True))
    count, _kinds = old.delete()
    for path in paths - set(Upload.objects.filter(path__in=paths).values_list("path", flat=True)):
        default_storage.delete(path)
    return count
