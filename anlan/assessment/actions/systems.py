"""Editing and publishing indicator systems; a change is a new version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from anlan.assessment.core.system_content import system_content, system_from_content
from anlan.assessment.core.system_editing import without_leaf
from anlan.assessment.core.values import System
from anlan.assessment.documents.system_file import MOST_BYTES, BadSystemFile, content_from_file
from anlan.assessment.models import IndicatorSystem, Leaf, SystemVersion
from anlan.ground.audit import audit
from anlan.ground.publishing import PublishStatus
from anlan.ground.versions import check_version, save_version
from anlan.kernel.canonical import sha256_of
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person


class NotADraft(Refusal):
    """Only a draft can be edited."""


@transaction.atomic
def load_system(*, actor: Person | None, system: System, at: datetime) -> SystemVersion:
    """Bring in a system and publish it, unless the published version already says the same."""
    family, _ = IndicatorSystem.objects.get_or_create(
        key=system.key, defaults={"name_zh": system.name_zh, "name_en": system.name_en}
    )
    content = system_content(system)
    current = family.versions.filter(status=PublishStatus.PUBLISHED).first()
    if current and current.sha256 == sha256_of(content):
        return current
    draft = _draft_of(family, content, note="")
    return publish_version(actor=actor, version_id=draft.pk, expected_version=draft.version, at=at)


@transaction.atomic
def start_draft(*, actor: Person, system_id: int, at: datetime) -> SystemVersion:
    """Return the system's draft, copied from its published version if there is none."""
    family = IndicatorSystem.objects.select_for_update().get(pk=system_id)
    draft = family.versions.filter(status=PublishStatus.DRAFT).first()
    if draft:
        return draft
    current = family.versions.get(status=PublishStatus.PUBLISHED)
    draft = _draft_of(family, current.content, note="")
    audit(actor, "system draft begun", draft, at=at)
    return draft


@transaction.atomic
def edit_draft(
    *, actor: Person, version_id: int, content: Mapping[str, Any], expected_version: int, at: datetime
) -> SystemVersion:
    """Replace a draft's content after checking the whole of it.

    Raises:
        NotADraft: it was published meanwhile.
        Conflict: somebody else edited it.
        Refusal: the content is no system (`core.system_content`).
    """
    version = SystemVersion.objects.select_for_update().get(pk=version_id)
    if version.status != PublishStatus.DRAFT:
        raise NotADraft("This version is published; a change is a new version")
    check_version(version, expected_version)
    checked = system_content(system_from_content(content))
    version.content, version.sha256 = checked, sha256_of(checked)
    save_version(version, ["content", "sha256"])
    audit(actor, "system edited", version, at=at, detail={"sha256": version.sha256})
    return version


@transaction.atomic
def remove_leaf(*, actor: Person, version_id: int, code: str, expected_version: int, at: datetime) -> SystemVersion:
    """Take a leaf out of a draft, with the rules that name it; its group shares its weight."""
    content = SystemVersion.objects.values_list("content", flat=True).get(pk=version_id)
    return edit_draft(
        actor=actor,
        version_id=version_id,
        content=without_leaf(content, code),
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def replace_from_file(
    *,
    actor: Person,
    version_id: int,
    file: UploadedFile | None,  # type: ignore[type-arg]
    expected_version: int,
    at: datetime,
) -> SystemVersion:
    """Make a draft what a file says; it stays in its own family.

    Raises:
        BadSystemFile: there is no file, or it holds no system.
        BadSystem: it holds one that cannot be scored with.
    """
    if file is None or file.size is None or file.size > MOST_BYTES:
        raise BadSystemFile("Choose a .yaml or .xlsx file of at most %(most)d bytes", most=MOST_BYTES)
    content = content_from_file(str(file.name), file.read())
    key = SystemVersion.objects.values_list("system__key", flat=True).get(pk=version_id)
    return edit_draft(
        actor=actor, version_id=version_id, content=content | {"key": key}, expected_version=expected_version, at=at
    )


@transaction.atomic
def publish_version(*, actor: Person | None, version_id: int, expected_version: int, at: datetime) -> SystemVersion:
    """Publish a draft; the version before it is superseded. Open rounds keep theirs."""
    version = SystemVersion.objects.select_for_update().get(pk=version_id)
    if version.status != PublishStatus.DRAFT:
        raise NotADraft("This version is published; a change is a new version")
    check_version(version, expected_version)
    system = system_from_content(version.content)
    version.system.versions.filter(status=PublishStatus.PUBLISHED).update(status=PublishStatus.SUPERSEDED)
    version.status, version.published_at = PublishStatus.PUBLISHED, at
    version.published_by_id = actor.pk if actor else None
    version.published_by_name = actor.name if actor else ""
    save_version(version, ["status", "published_at", "published_by_id", "published_by_name"])
    Leaf.objects.bulk_create(
        Leaf(
            system_version=version,
            code=leaf.code,
            dimension=leaf.dimension,
            level=leaf.level,
            kind=leaf.kind,
            department=leaf.department,
            name_zh=leaf.name_zh,
            name_en=leaf.name_en,
            position=position,
        )
        for position, leaf in enumerate(system.leaves)
    )
    IndicatorSystem.objects.filter(pk=version.system_id).update(name_zh=system.name_zh, name_en=system.name_en)
    audit(actor, "system published", version, at=at, detail={"sha256": version.sha256})
    return version


@transaction.atomic
def discard_draft(*, actor: Person, version_id: int, at: datetime) -> None:
    """Throw a draft away; a published version stays."""
    version = SystemVersion.objects.select_for_update().get(pk=version_id)
    if version.status != PublishStatus.DRAFT:
        raise NotADraft("This version is published; a change is a new version")
    audit(actor, "system draft discarded", version, at=at)
    version.delete()


def _draft_of(family: IndicatorSystem, content: Mapping[str, Any], *, note: str) -> SystemVersion:
    number = (family.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    return SystemVersion.objects.create(
        system=family, number=number, content=dict(content), sha256=sha256_of(content), note=note
    )
