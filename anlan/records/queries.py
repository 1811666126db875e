"""What others may ask about comments, files and notices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from anlan.accounts import queries as accounts
from anlan.ground.audit import history_of
from anlan.ground.models import AuditEntry
from anlan.records.core.notices import is_addressed
from anlan.records.models import Comment, Notice, StoredFile
from anlan.web.http import Person


@dataclass(frozen=True, slots=True)
class PanelContent:
    """Everything that a panel shows of one object."""

    comments: list[Comment]
    files: list[StoredFile]
    removed_files: list[StoredFile]
    history: list[AuditEntry]


def panel_content(kind: str, pk: int) -> PanelContent:
    """Return the object's comments and files, oldest first, and its history, newest first."""
    files = list(StoredFile.objects.on(kind, pk).order_by("pk"))
    return PanelContent(
        comments=list(Comment.objects.on(kind, pk).order_by("pk")),
        files=[row for row in files if row.removed_at is None],
        removed_files=[row for row in files if row.removed_at is not None],
        history=history_of(kind, pk),
    )


def files_of(kind: str, pk: int) -> list[StoredFile]:
    """Return the files that are on the object now, oldest first."""
    return list(StoredFile.objects.present().on(kind, pk).order_by("pk"))


def file_counts(kind: str, pks: Iterable[int]) -> Mapping[int, int]:
    """Return how many files each of the objects has; those without any are left out."""
    rows = StoredFile.objects.present().filter(kind=kind, object_id__in=list(pks))
    return dict(rows.order_by("object_id").values_list("object_id").annotate(files=Count("pk")))


def file_count(kind: str, pk: int) -> int:
    """Return how many files are on the object now."""
    return StoredFile.objects.present().on(kind, pk).count()


def comment_count(kind: str, pk: int) -> int:
    """Return how many comments on the object stand."""
    return Comment.objects.on(kind, pk).filter(withdrawn_at__isnull=True).count()


def notices_for(person: Person) -> QuerySet[Notice]:
    """Return the person's notices, newest first."""
    return Notice.objects.filter(to_person_id=person.pk).order_by("-pk")


def unread_count(person: Person) -> int:
    """Return how many notices the person has not read."""
    return Notice.objects.unread().filter(to_person_id=person.pk).count()


def people_addressed(division_code: str, department: str | None, capability: str) -> list[int]:
    """Return whom news about the unit's work is for, among those who hold the capability there."""
    holders = accounts.people_in(division_code, department=department, capability=capability)
    return [
        person.pk
        for person in holders
        if is_addressed(accounts.scope_of(person, capability).grants, division_code, department)
    ]
