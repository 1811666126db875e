"""Attaching files to an object and removing them."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from anlan.ground.audit import audit
from anlan.kernel.refusal import Refusal
from anlan.records.core.file_kinds import check_size, clean_name, kind_of
from anlan.records.core.panels import Subject
from anlan.records.models import StoredFile
from anlan.records.pictures import Picture, redraw
from anlan.web.http import Person


class AlreadyAttached(Refusal):
    """The object has a file of the same content."""


class AlreadyRemoved(Refusal):
    """The file is gone already."""


@transaction.atomic
def attach_file(
    *,
    actor: Person,
    subject: Subject,
    file: UploadedFile,  # type: ignore[type-arg]
    at: datetime,
    keeps_place: bool = False,
) -> StoredFile:
    """Keep a file on an object; a picture without what its camera wrote, but for the place where that is asked for.

    Raises:
        BadFile: it is empty, too large, of another kind than its ending says, a bomb, or of a kind not taken.
        AlreadyAttached: the object has it already.
    """
    name = clean_name(file.name or "")
    check_size(name, file.size or 0)
    content = file.read()
    kind = kind_of(name, content)
    picture = redraw(name, content, kind) if kind.is_picture else Picture(content, None, None)
    sha256 = hashlib.sha256(picture.content).hexdigest()
    before = StoredFile.objects.present().on(subject.kind, subject.pk).filter(sha256=sha256).first()
    if before:
        raise AlreadyAttached("This file is attached already, as %(name)s", name=before.name)
    row = StoredFile.objects.create(
        kind=subject.kind,
        object_id=subject.pk,
        division_code=subject.division_code,
        author_id=actor.pk,
        author_name=actor.name,
        at=at,
        name=name,
        media_type=kind.media_type,
        size=len(picture.content),
        sha256=sha256,
        path=_stored(sha256, picture.content),
        longitude=picture.longitude if keeps_place else None,
        latitude=picture.latitude if keeps_place else None,
    )
    audit(actor, "file attached", row, at=at, detail={"on": f"{subject.kind} {subject.pk}", "sha256": sha256})
    return row


def _stored(sha256: str, content: bytes) -> str:
    """Return where the content lies; equal content lies there once."""
    path = f"records/{sha256[:2]}/{sha256}"
    return path if default_storage.exists(path) else default_storage.save(path, ContentFile(content))


@transaction.atomic
def remove_file(*, actor: Person, file_id: int, at: datetime) -> StoredFile:
    """Take a file off its object; its name and who removed it stay to be seen.

    Raises:
        AlreadyRemoved: somebody did so before.
    """
    row = StoredFile.objects.select_for_update().get(pk=file_id)
    if row.removed_at:
        raise AlreadyRemoved("%(name)s was removed already by %(who)s", name=row.name, who=row.removed_by_name)
    row.removed_at, row.removed_by_id, row.removed_by_name = at, actor.pk, actor.name
    row.save(update_fields=["removed_at", "removed_by_id", "removed_by_name"])
    audit(actor, "file removed", row, at=at, detail={"on": f"{row.kind} {row.object_id}", "sha256": row.sha256})
    return row
