"""Workbooks that come back: kept, mended by suggestions, taken over all or none."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from anlan.accounts import queries as accounts
from anlan.assessment.actions.answers import AnswerChange, Saved, save_answers
from anlan.assessment.core.workbook_values import Key, Place, WorkbookReading, conflicts, suggestions_of
from anlan.assessment.documents.workbook_file import MOST_BYTES
from anlan.assessment.models import Round, Way
from anlan.assessment.queries.workbooks import known_answers, read_back
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person
from anlan.web.models import Upload
from anlan.web.uploads import accept_suggestions, content_of, keep_upload, settle_upload

PURPOSE = "assessment.workbook"


class StillWrong(Refusal):
    """A workbook with bad cells is not taken over."""


class UndecidedConflict(Refusal):
    """A cell was changed on both sides and nobody said which counts."""


@transaction.atomic
def receive_workbook(*, actor: Person, row: Round, code: str, file: UploadedFile, at: datetime) -> Upload:  # type: ignore[type-arg]
    """Keep a workbook that was filled in, once it can be opened at all.

    Raises:
        BadUpload: it is of another kind, empty or too large.
        BadWorkbook: it is none of ours, damaged, with macros, or packed like a bomb.
    """
    about = {"round": row.pk, "code": code}
    upload = keep_upload(
        actor=actor, purpose=PURPOSE, file=file, endings=(".xlsx",), most_bytes=MOST_BYTES, about=about, at=at
    )
    read_upload(actor, upload, row)
    return upload


def read_upload(person: Person, upload: Upload, row: Round) -> WorkbookReading:
    """Return what the workbook says with the suggestions that were accepted."""
    accepted = {_place(text): value for text, value in upload.accepted.items()}
    fills = accounts.scope_of(person, "survey.fill")
    return read_back(content_of(upload), row, upload.about["code"], fills, accepted)


@transaction.atomic
def accept_cells(*, actor: Person, upload: Upload, row: Round, chosen: Collection[str] | None) -> int:
    """Take suggestions over in place of what was typed; `chosen` None takes all. Return how many."""
    offered = suggestions_of(read_upload(actor, upload, row).problems)
    named = {f"{sheet}!{cell}": text for (sheet, cell), text in offered.items()}
    taken = {place: text for place, text in named.items() if chosen is None or place in chosen}
    accept_suggestions(upload=upload, accepted=taken)
    return len(taken)


def _place(text: str) -> Place:
    sheet, _, cell = text.rpartition("!")
    return sheet, cell


@transaction.atomic
def commit_workbook(
    *, actor: Person, upload: Upload, row: Round, choices: Mapping[Key, tuple[str, int]], at: datetime
) -> Saved:
    """Take a workbook over, all or none.

    Args:
        actor: who sent it.
        upload: the file.
        row: the round.
        choices: of each conflict "mine" or "theirs", with the version of theirs that was shown.
        at: now.

    Raises:
        StillWrong: a cell cannot be read.
        UndecidedConflict: a conflict has no choice, or theirs changed again since it was shown.
        AnswersConflict: somebody saved meanwhile.
    """
    reading = read_upload(actor, upload, row)
    if reading.problems:
        raise StillWrong("%(count)d cells cannot be read; nothing was taken over", count=len(reading.problems))
    clashes = {clash.typed.key: clash for clash in conflicts(reading.changes, known_answers(row, upload.about["code"]))}
    changes = []
    for change in reading.changes:
        expected = change.base.version
        if change.key in clashes:
            side, version = choices.get(change.key, ("", -1))
            if version != clashes[change.key].current.version:
                raise UndecidedConflict("Choose yours or theirs for every answer that was changed on both sides")
            if side != "mine":
                continue
            expected = version
        changes.append(AnswerChange(change.unit_code, change.leaf_code, change.entered, expected))
    settle_upload(upload=upload, state="committed", at=at)
    return save_answers(actor=actor, round_id=row.pk, changes=changes, way=Way.WORKBOOK, at=at)
