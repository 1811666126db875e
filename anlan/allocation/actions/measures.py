"""Measures by their own verbs: removed, and a whole catalogue brought in from a workbook."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from anlan.allocation.actions.rules import edit_rules
from anlan.allocation.core.measures import without_measure
from anlan.allocation.documents.measures_file import (
    MOST_BYTES,
    BadMeasuresFile,
    RowTrouble,
    content_from_workbook,
)
from anlan.allocation.models import RuleVersion
from anlan.web.http import Person


class BadRows(BadMeasuresFile):
    """Some rows of the sheet are wrong; none was taken over."""

    troubles: list[RowTrouble]


@transaction.atomic
def remove_measure(*, actor: Person, version_id: int, code: str, expected_version: int, at: datetime) -> RuleVersion:
    """Take a measure out of a draft, with the conditions of others that name it."""
    content = RuleVersion.objects.values_list("content", flat=True).get(pk=version_id)
    return edit_rules(
        actor=actor,
        version_id=version_id,
        content=without_measure(content, code),
        expected_version=expected_version,
        at=at,
    )


@transaction.atomic
def replace_measures(
    *,
    actor: Person,
    version_id: int,
    file: UploadedFile | None,  # type: ignore[type-arg]
    expected_version: int,
    at: datetime,
) -> RuleVersion:
    """Make a draft's catalogue what a workbook says, all of it or nothing.

    Raises:
        BadMeasuresFile: there is no file, or it holds no sheet of measures.
        BadRows: some rows are wrong; `troubles` says which and how.
        BadCatalogue: the rows together are no catalogue.
    """
    if file is None or file.size is None or file.size > MOST_BYTES:
        raise BadMeasuresFile("Choose an .xlsx file of at most %(most)d bytes", most=MOST_BYTES)
    content, troubles = content_from_workbook(file.read())
    if troubles:
        refused = BadRows("%(count)d rows of the sheet are wrong; nothing was taken over", count=len(troubles))
        refused.troubles = troubles
        raise refused
    return edit_rules(actor=actor, version_id=version_id, content=content, expected_version=expected_version, at=at)
