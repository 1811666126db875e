"""Saving answers: one validated way in for web form, workbook and phone form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from anlan.accounts import queries as accounts
from anlan.assessment.actions.flags import check_round, close_flags_of
from anlan.assessment.core.entry import Entered
from anlan.assessment.models import Answer, AnswerStatus, Assignment, AssignmentStatus, Leaf, Round, RoundStatus
from anlan.ground.audit import audit_many
from anlan.ground.copying import insert_rows, update_rows
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import Refusal
from anlan.places import queries as places
from anlan.web.http import Person

Key = tuple[str, str]  # unit code, leaf code
HANDED_IN = (AssignmentStatus.SUBMITTED, AssignmentStatus.VERIFIED)
WRITTEN = (
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
)


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One leaf of one unit to be set. `expected_version` 0: there was no answer; None: whatever is there."""

    unit_code: str
    leaf_code: str
    entered: Entered
    expected_version: int | None = None

    @property
    def key(self) -> Key:
        """Unit code and leaf code."""
        return self.unit_code, self.leaf_code


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


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the round asks of whom."""

    row: Round
    leaves: Mapping[str, Leaf]
    units: Mapping[str, Any]  # code → division


@transaction.atomic
def save_answers(*, actor: Person, round_id: int, changes: Sequence[AnswerChange], way: str, at: datetime) -> Saved:
    """Save answers, all or none.

    An answer that was verified or returned goes back to be verified again. Everyone who ever wrote
    an answer is among its authors and may never verify it.

    Raises:
        RoundNotOpen: it was closed meanwhile.
        NotYours: a unit or a leaf's department is not the actor's to fill.
        AnswersConflict: a cell was changed on both sides.
    """
    asked = _asked(round_id)
    _check_yours(actor, changes, asked)
    handed_in = _hold_assignments(changes, asked)
    present = _present_answers(changes, asked)
    _check_clashes(changes, present)
    new: list[Answer] = []
    old: list[Answer] = []
    log: list[tuple[Answer, dict[str, Any]]] = []
    for change in changes:
        leaf, answer = asked.leaves[change.leaf_code], present.get(change.key)
        if not _is_news(answer, change.entered):
            continue
        before = _shown(answer)
        if answer is None:
            answer = Answer(round=asked.row, division=asked.units[change.unit_code], leaf=leaf, version=0)
        (old if answer.pk else new).append(answer)
        status = AnswerStatus.SUBMITTED if (answer.division_id, leaf.department) in handed_in else AnswerStatus.DRAFT
        _write(answer, change.entered, actor, way=way, status=status, at=at)
        log.append((answer, {"unit": change.unit_code, "leaf": leaf.code, "was": before, "now": _shown(answer)}))
    insert_rows(new)
    update_rows(old, WRITTEN)
    audit_many(actor, "answer saved", log, at=at)
    _after(actor, asked.row, [answer for answer, _ in log], handed_in, at)
    return Saved(changed=tuple(answer for answer, _ in log), unchanged=len(changes) - len(log))


def _asked(round_id: int) -> _Asked:
    """Hold the round open until the save commits, without hindering others who save."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM assessment_round WHERE id = %s FOR SHARE", [round_id])
    row = Round.objects.get(pk=round_id)
    if row.status != RoundStatus.OPEN:
        raise RoundNotOpen("The survey %(round)s is closed and takes no more answers", round=row.name)
    return _Asked(
        row,
        {leaf.code: leaf for leaf in Leaf.objects.filter(system_version_id=row.system_version_id)},
        {unit.code: unit for unit in places.units_within(prefix_of(row.county_code), row.opens_on)},
    )


def _check_yours(actor: Person, changes: Sequence[AnswerChange], asked: _Asked) -> None:
    scope = accounts.scope_of(actor, "survey.fill")
    judged: set[tuple[str, str]] = set()
    for change in changes:
        leaf, unit = asked.leaves.get(change.leaf_code), asked.units.get(change.unit_code)
        values = {"unit": change.unit_code, "leaf": change.leaf_code}
        if leaf is None or unit is None or leaf.level != unit.level:
            raise NotYours("%(leaf)s of %(unit)s is not part of this survey", **values)
        pair = (change.unit_code, leaf.department)
        if pair not in judged and not scope.covers(*pair):
            raise NotYours("%(leaf)s of %(unit)s is not yours to fill in", **values)
        judged.add(pair)


def _hold_assignments(changes: Sequence[AnswerChange], asked: _Asked) -> set[tuple[int, str]]:
    """Let nobody else save the same forms meanwhile; return the (division, department) pairs handed in already."""
    pairs = {(asked.units[change.unit_code].pk, asked.leaves[change.leaf_code].department) for change in changes}
    rows = asked.row.assignments.filter(division_id__in={division for division, _ in pairs})
    held = rows.select_for_update().order_by("pk").values_list("division_id", "department", "status")
    return {(division, department) for division, department, status in held if status in HANDED_IN} & pairs


def _present_answers(changes: Sequence[AnswerChange], asked: _Asked) -> dict[Key, Answer]:
    units = {asked.units[change.unit_code].pk: asked.units[change.unit_code] for change in changes}
    rows = (
        Answer.objects.select_for_update(of=("self",))
        .select_related("leaf")
        .filter(round=asked.row, division__in=units, leaf__code__in={change.leaf_code for change in changes})
        .order_by("pk")
    )
    found = {}
    for answer in rows:
        answer.division = units[answer.division_id]
        found[answer.division.code, answer.leaf.code] = answer
    return found


def _check_clashes(changes: Sequence[AnswerChange], present: Mapping[Key, Answer]) -> None:
    clashes = []
    for change in changes:
        answer = present.get(change.key)
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


def _is_news(answer: Answer | None, entered: Entered) -> bool:
    """Tell whether there is something to write: a returned answer confirmed as it was is."""
    if answer is None:
        return entered != Entered()
    return Entered(answer.value, answer.day) != entered or answer.status == AnswerStatus.RETURNED


def _write(answer: Answer, entered: Entered, actor: Person, *, way: str, status: str, at: datetime) -> None:
    answer.value, answer.day = entered.value, entered.day
    answer.way, answer.status, answer.saved_at = way, status, at
    answer.author_name = actor.name
    answer.author_ids = sorted({*answer.author_ids, actor.pk})
    answer.verified_by_id, answer.verified_by_name, answer.verified_at = None, "", None
    answer.return_reason = ""
    answer.version += 1


def _after(actor: Person, row: Round, changed: Sequence[Answer], handed_in: set[tuple[int, str]], at: datetime) -> None:
    """Close the flags of changed answers; a form that was handed in is checked and verified again."""
    close_flags_of(actor=actor, answers=changed, at=at)
    again = {(answer.division_id, answer.leaf.department) for answer in changed} & handed_in
    if not again:
        return
    for assignment in row.assignments.filter(
        division_id__in={division for division, _ in again}, status=AssignmentStatus.VERIFIED
    ):
        if (assignment.division_id, assignment.department) in again:
            Assignment.objects.filter(pk=assignment.pk).update(
                status=AssignmentStatus.SUBMITTED, version=assignment.version + 1
            )
    check_round(actor=actor, round_id=row.pk, at=at)


def _shown(answer: Answer | None) -> str | float | None:
    if answer is None:
        return None
    return answer.day.isoformat() if answer.day else answer.value
