"""What a form asks, what waits for the verifier, and what the checks doubt."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from anlan.accounts.queries import Scope
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import Dimension
from anlan.assessment.core.values import Leaf as LeafValue
from anlan.assessment.models import Answer, AnswerStatus, Assignment, Flag, FlagStatus, Leaf, Round
from anlan.assessment.queries.surveys import system_of


@dataclass(frozen=True, slots=True)
class Question:
    """One leaf as a form shows it."""

    leaf: LeafValue
    leaf_id: int
    answer: Answer | None
    flags: tuple[Flag, ...]
    previous: Entered | None


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one dimension."""

    dimension: Dimension
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class VerifierGroup:
    """The waiting answers of one unit; what the verifier wrote themself is theirs to leave."""

    code: str
    name: str
    answers: tuple[tuple[Answer, bool, tuple[Flag, ...]], ...]  # answer, is own, open flags


def questions_of(assignment: Assignment) -> list[Question]:
    """Return what the assignment asks, with answers, open flags and the last round's answers."""
    row = assignment.round
    values = {leaf.code: leaf for leaf in system_of(row).leaves}
    leaves = Leaf.objects.filter(
        system_version=row.system_version_id, level=assignment.division.level, department=assignment.department
    ).order_by("position")
    answers = {
        answer.leaf_id: answer
        for answer in Answer.objects.filter(round=row, division=assignment.division).select_related("leaf")
    }
    flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(answer__in=answers.values(), status=FlagStatus.OPEN).order_by("pk"):
        flags[flag.answer_id].append(flag)
    before = _previous(row, assignment.division.code)
    return [
        Question(
            leaf=values[leaf.code],
            leaf_id=leaf.pk,
            answer=(answer := answers.get(leaf.pk)),
            flags=tuple(flags[answer.pk]) if answer else (),
            previous=before.get(leaf.code),
        )
        for leaf in leaves
    ]


def _previous(row: Round, code: str) -> dict[str, Entered]:
    if row.previous_id is None:
        return {}
    rows = Answer.objects.filter(round=row.previous_id, division__code=code).values_list("leaf__code", "value", "day")
    return {leaf: Entered(value, day) for leaf, value, day in rows}


def sections_of(assignment: Assignment) -> list[Section]:
    """Return the assignment's questions by dimension."""
    ordered = sorted(questions_of(assignment), key=lambda question: list(Dimension).index(question.leaf.dimension))
    return [
        Section(dimension, tuple(questions))
        for dimension, questions in groupby(ordered, key=lambda question: question.leaf.dimension)
    ]


def question_of(assignment: Assignment, leaf_code: str) -> dict[str, Any]:
    """Return one question of the assignment as its form needs it."""
    found = [question for question in questions_of(assignment) if question.leaf.code == leaf_code]
    return {"question": found[0] if found else None, "assignment": assignment, "round": assignment.round}


def answers_to_verify(row: Round, township_code: str, department: str | None, scope: Scope) -> QuerySet[Answer]:
    """Return handed-in answers of a township and its villages that wait for a second person."""
    found = (
        Answer.objects.filter(
            scope.q("division__code"), round=row, status=AnswerStatus.SUBMITTED, division__code__startswith=township_code[:9]
        )
        .exclude(value=None, day=None)
        .select_related("leaf", "division")
        .order_by("division__code", "leaf__position", "pk")
    )
    return found.filter(leaf__department=department) if department else found


def grouped_for_verifier(answers: Iterable[Answer], verifier_id: int) -> list[VerifierGroup]:
    """Return the waiting answers by unit."""
    rows = list(answers)
    flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(answer__in=rows, status=FlagStatus.OPEN).order_by("pk"):
        flags[flag.answer_id].append(flag)
    return [
        VerifierGroup(
            code, name, tuple((row, verifier_id in row.author_ids, tuple(flags[row.pk])) for row in group)
        )
        for (code, name), group in groupby(rows, key=lambda row: (row.division.code, row.division.name))
    ]


def flags_of(row: Round, scope: Scope, status: str) -> QuerySet[Flag]:
    """Return the round's flags in one state within the scope, by unit."""
    return (
        Flag.objects.filter(scope.q("answer__division__code"), answer__round=row, status=status)
        .select_related("answer__division", "answer__leaf", "answer__round")
        .order_by("answer__division__code", "answer__leaf__position", "pk")
    )


def open_flag_count(row: Round) -> int:
    """Return how many flags of the round wait to be settled."""
    return Flag.objects.filter(answer__round=row, status=FlagStatus.OPEN).count()
