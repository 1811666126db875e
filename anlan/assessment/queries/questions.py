"""What a form asks and holds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from anlan.accounts.queries import Scope
from anlan.assessment.core.entry import Entered, entry_text
from anlan.assessment.core.values import Dimension
from anlan.assessment.core.values import Leaf as LeafValue
from anlan.assessment.models import Answer, Assignment, Evidence, Flag, FlagStatus, Leaf, Note, RoundStatus
from anlan.assessment.queries import boards
from anlan.assessment.queries.previous import entered_before
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a person just typed into one field, and why it was refused if it was."""

    leaf_code: str
    typed: str
    trouble: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One leaf as a form shows it."""

    leaf: LeafValue
    answer: Answer | None
    flags: tuple[Flag, ...]
    previous: Entered | None
    evidence: Entered | None
    attempt: Attempt | None

    @property
    def trouble(self) -> Refusal | None:
        """Why what was just typed was refused."""
        return self.attempt.trouble if self.attempt else None

    @property
    def shown(self) -> str:
        """The text that the field holds: what was typed and refused, or the answer."""
        if self.attempt and self.attempt.trouble:
            return self.attempt.typed
        entered = Entered(self.answer.value, self.answer.day) if self.answer else Entered()
        return entry_text(self.leaf, entered) or ""

    @property
    def is_just_saved(self) -> bool:
        """Whether what was just typed was taken."""
        return self.attempt is not None and self.attempt.trouble is None


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one dimension."""

    dimension: Dimension
    questions: tuple[Question, ...]


def questions_of(assignment: Assignment, attempt: Attempt | None = None) -> list[Question]:
    """Return what the assignment asks, with answers, open flags, evidence and the last round's answers."""
    row, division = assignment.round, assignment.division
    values = {leaf.code: leaf for leaf in system_of(row).leaves}
    asked = Leaf.objects.filter(
        system_version=row.system_version_id, level=division.level, department=assignment.department
    ).order_by("position")
    answers = _answers(assignment)
    flags = _open_flags(answers.values())
    before = entered_before(row, {division.pk: division.code})
    shown = dict(Evidence.objects.filter(round=row, division=division).values_list("leaf_code", "value"))
    return [
        Question(
            leaf=values[leaf.code],
            answer=answers.get(leaf.pk),
            flags=tuple(flags[leaf.pk]),
            previous=before.get((division.code, leaf.code)),
            evidence=Entered(shown[leaf.code]) if leaf.code in shown else None,
            attempt=attempt if attempt and attempt.leaf_code == leaf.code else None,
        )
        for leaf in asked
    ]


def _answers(assignment: Assignment) -> dict[int, Answer]:
    rows = Answer.objects.filter(
        round=assignment.round, division=assignment.division, leaf__department=assignment.department
    )
    return {answer.leaf_id: answer for answer in rows.select_related("leaf")}


def _open_flags(answers: Iterable[Answer]) -> dict[int, list[Flag]]:
    """Return the open flags by the leaf that they doubt."""
    leaves = {answer.pk: answer.leaf_id for answer in answers}
    flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(answer__in=leaves, status=FlagStatus.OPEN).order_by("pk"):
        flags[leaves[flag.answer_id]].append(flag)
    return flags


def sections_of(questions: Sequence[Question]) -> list[Section]:
    """Return the questions by dimension."""
    order = list(Dimension)
    ordered = sorted(questions, key=lambda question: order.index(question.leaf.dimension))
    return [
        Section(dimension, tuple(found)) for dimension, found in groupby(ordered, key=lambda one: one.leaf.dimension)
    ]


def form_of(assignment: Assignment, scope: Scope, attempt: Attempt | None = None) -> dict[str, Any]:
    """Return all that a unit's form shows; `scope` is where the person fills in."""
    questions = questions_of(assignment, attempt)
    tried = [question for question in questions if question.attempt]
    before, after = boards.neighbours_of(assignment, scope)
    return {
        "round": assignment.round,
        "assignment": assignment,
        "list_code": boards.list_code(assignment.division.code),
        "sections": sections_of(questions),
        "question": tried[0] if tried else None,
        "progress": boards.progress_of(assignment),
        "before": before,
        "after": after,
        "may_write": assignment.round.status == RoundStatus.OPEN
        and scope.covers(assignment.division.code, assignment.department),
        "notes": Note.objects.filter(round=assignment.round, division=assignment.division).order_by("form", "pk"),
    }
