"""A register that came as a workbook: looked at, then taken over whole."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from anlan.ground.audit import Actor
from anlan.kernel.refusal import Refusal
from anlan.telemetry.actions.register import rehearse_register, take_register
from anlan.telemetry.core.register_checking import BadRegister
from anlan.telemetry.core.register_rows import Counts
from anlan.telemetry.documents.register_file import BY_KEY, faults_in_sheets, register_in
from anlan.web.models import Upload
from anlan.web.row_books import BadRowBook
from anlan.web.sheet_books import FaultySheets, SheetFault
from anlan.web.uploads import content_of, settle_upload


@dataclass(frozen=True, slots=True)
class Looked:
    """What a workbook holds: what would come of it by sheet, or what is wrong with it."""

    counts: Mapping[str, tuple[int, Counts]] = field(default_factory=dict)  # title → rows and what comes of them
    faults: Sequence[SheetFault] = ()
    refused: Refusal | None = None

    @property
    def is_whole(self) -> bool:
        """Tell that it can be taken over."""
        return self.refused is None

    @property
    def changes_nothing(self) -> bool:
        """Tell that everything stands on record as the workbook says."""
        return self.is_whole and not any(counts.added or counts.changed for _rows, counts in self.counts.values())


def look_at(*, actor: Actor, content: bytes, units: Collection[str], at: datetime) -> Looked:
    """Return what a workbook would change, of these units; nothing is kept."""
    try:
        register, numbers = register_in(content)
    except FaultySheets as refused:
        return Looked(faults=refused.faults, refused=refused)
    except BadRowBook as refused:
        return Looked(refused=refused)
    try:
        told = rehearse_register(actor=actor, register=register, units=units, at=at)
    except BadRegister as bad:
        faults = faults_in_sheets(bad.found, numbers)
        return Looked(faults=faults, refused=FaultySheets(faults))
    return Looked({BY_KEY[key].title: (len(numbers[key]), counts) for key, counts in told.items()})


@transaction.atomic
def take_over(*, actor: Actor, upload: Upload, units: Collection[str], at: datetime) -> Counts:
    """Take a workbook over that was looked at, of these units.

    Raises:
        AlreadySettled: that was done or refused before.
        BadRowBook, FaultySheets, BadRegister: it is not whole; nothing is taken over.
    """
    settle_upload(upload=upload, state="committed", at=at)
    register, _numbers = register_in(content_of(upload))
    return take_register(actor=actor, register=register, units=units, at=at)
