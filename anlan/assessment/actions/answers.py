"""Saving answers: one validated way in for web form, workbook and phone form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from anlan.accounts import queries as accounts
from anlan.assessment.core.entry import Entered
from anlan.assessment.models import Answer, AnswerStatus, Assignment, AssignmentStatus, Leaf, Round, RoundStatus
from anlan.ground.audit import audit_many
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal
from anlan.places import queries as places
from anlan.web.http import Person

Key = tuple[str, str]  # unit code, leaf code


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One leaf of one unit to be set. `expected_version` 0: there was no answer; None: whatever is there."""

    unit_code: str
    leaf_code: str
    entered: Entered
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """A cell changed on both sides since it was read."""

    unit_code: str
    leaf_code: str
    mine: Entered
    theirs: Entered
    their_name: str
    their_version: int


class AnswersConflict(Refusal):
    """Somebody else saved the same answers meanwhile; nothing was written."""

    def __init__(self, clashes: Sequence[Clash]) -> None:
        super().__init__(
            "%(count)d answers were changed by somebody else meanwhile; compare and save again", count=len(clashes)
        )
        self.clashes = tuple(clashes)


class RoundNotOpen(Refusal):
    """The round takes no answers now."""


class NotYours(Refusal):
    """The unit or leaf belongs to others."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did."""

    changed: tuple[Answer, ...]
    unchanged: int


@transaction.atomic
def save_answers(
    *, actor: Person, round_id: int, changes: Sequence[AnswerChange], way: str, at: datetime
) -> Saved:
    """Save answers, all or none.

    An answer that was verified or returned goes back to be verified again. Everyone who ever wrote
    an answer is among its authors and may never verify it.

    Raises:
        RoundNotOpen: it was closed meanwhile.
        NotYours: a unit or a leaf's department is not the actor's to fill.
        AnswersConflict: a cell was changed on both sides.
    """
    row = _open_round(round_id)
    leaves = {leaf.code: leaf for leaf in Leaf.objects.filter(system_version_id=row.system_version_id)}
    units = {unit.code: unit.pk for unit in places.units_within(prefix_of(row.county_code), row.opens_on)}
    _check_yours(actor, changes, leaves, units)
    present = _present_answers(row, changes, units)
    _check_clashes(changes, present)
    handed_in = _handed_in(row, {units[change.unit_code] for change in changes})
    new: list[Answer] = []
    old: list[Answer] = []
    log: list[tuple[Answer, dict[str, Any]]] = []
    for change in changes:
        leaf = leaves[change.leaf_code]
        answer = present.get((change.unit_code, change.leaf_code))
        if answer is None and change.entered == Entered():
            continue
        if answer and Entered(answer.value, answer.day) == change.entered and answer.status != AnswerStatus.RETURNED:
            continue
        before = _shown(answer)
        if answer is None:
            answer = Answer(round=row, division_id=units[change.unit_code], leaf=leaf, version=0)
            new.append(answer)
        else:
            old.append(answer)
        status = AnswerStatus.SUBMITTED if (answer.division_id, leaf.department) in handed_in else AnswerStatus.DRAFT
        _write(answer, change.entered, actor, way=way, status=status, at=at)
        log.append((answer, {"unit": change.unit_code, "leaf": leaf.code, "was": before, "now": _shown(answer)}))
    _store(row, new, old)
    audit_many(actor, "answer saved", log, at=at)
    return Saved(changed=tuple(answer for answer, _ in log), unchanged=len(changes) - len(log))


def _open_round(round_id: int) -> Round:
    """Hold the round open until the save commits, without hindering others who save."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM assessment_round WHERE id = %s FOR SHARE", [round_id])
    row = Round.objects.get(pk=round_id)
    if row.status != RoundStatus.OPEN:
        raise RoundNotOpen("The survey %(round)s is closed and takes no more answers", round=row.name)
    return row


def _check_yours(
    actor: Person, changes: Sequence[AnswerChange], leaves: Mapping[str, Leaf], units: Mapping[str, int]
) -> None:
    scope = accounts.scope_of(actor, "survey.fill")
    judged: set[tuple[str, str]] = set()
    for change in changes:
        leaf = leaves.get(change.leaf_code)
        if leaf is None or change.unit_code not in units:
            raise NotYours("%(unit)s or %(leaf)s is not part of this survey", unit=change.unit_code, leaf=change.leaf_code)
        pair = (change.unit_code, leaf.department)
        if pair not in judged and not scope.covers(change.unit_code, leaf.department):
            raise NotYours("%(leaf)s of %(unit)s is not yours to fill in", unit=change.unit_code, leaf=change.leaf_code)
        judged.add(pair)


def _present_answers(row: Round, changes: Sequence[AnswerChange], units: Mapping[str, int]) -> dict[Key, Answer]:
    codes = {change.unit_code for change in changes}
    of_unit = {units[code]: code for code in codes}
    rows = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("leaf")
        .filter(round=row, division_id__in=of_unit, leaf__code__in={change.leaf_code for change in changes})
        .order_by("pk")
    )
    return {(of_unit[answer.division_id], answer.leaf.code): answer for answer in rows}


def _check_clashes(changes: Sequence[AnswerChange], present: Mapping[Key, Answer]) -> None:
    clashes = []
    for change in changes:
        answer = present.get((change.unit_code, change.leaf_code))
        version = answer.version if answer else 0
        if change.expected_version in (None, version):
            continue
        theirs = Entered(answer.value, answer.day) if answer else Entered()
        if theirs == change.entered:
            continue  # both sides say the same
        name = answer.author_name if answer else ""
        clashes.append(Clash(change.unit_code, change.leaf_code, change.entered, theirs, name, version))
    if clashes:
        raise AnswersConflict(clashes)


def _handed_in(row: Round, division_ids: set[int]) -> set[tuple[int, str]]:
    """Return the (division, department) pairs already handed in; one that was verified is reopened to be verified."""
    rows = row.assignments.filter(
        division_id__in=division_ids, status__in=[AssignmentStatus.SUBMITTED, AssignmentStatus.VERIFIED]
    )
    return set(rows.values_list("division_id", "department"))


def _write(answer: Answer, entered: Entered, actor: Person, *, way: str, status: str, at: datetime) -> None:
    answer.value, answer.day = entered.value, entered.day
    answer.way, answer.status, answer.saved_at = way, status, at
    answer.author_name = actor.name
    answer.author_ids = sorted({*answer.author_ids, actor.pk})
    answer.verified_by_id, answer.verified_by_name, answer.verified_at = None, "", None
    answer.return_reason = ""
    answer.version += 1


def _store(row: Round, new: list[Answer], old: list[Answer]) -> None:
    Answer.objects.bulk_create(new, batch_size=2000)
    Answer.objects.bulk_update(
        old,
        [
            "value",
            "day",
            "way",
            "status",
            "saved_at",
            "author_name",
            "author_ids",
            "verified_by_id",
            "verified_by_name",
            "verified_at",
            "return_reason",
            "version",
        ],
        batch_size=1000,
    )
    touched = {(answer.division_id, answer.leaf.department) for answer in (*new, *old)}
    verified = row.assignments.filter(
        division_id__in={division for division, _ in touched}, status=AssignmentStatus.VERIFIED
    )
    for assignment in verified:
        if (assignment.division_id, assignment.department) in touched:
            Assignment.objects.filter(pk=assignment.pk).update(
                status=AssignmentStatus.SUBMITTED, version=assignment.version + 1
            )


def _shown(answer: Answer | None) -> str | float | None:
    if answer is None:
        return None
    return answer.day.isoformat() if answer.day else answer.value
