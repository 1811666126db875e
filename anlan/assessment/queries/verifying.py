"""What waits for the second person, and what the checks doubt."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from anlan.accounts.queries import Scope
from anlan.assessment.models import Answer, AnswerStatus, Flag, FlagStatus, Round
from anlan.assessment.models.shapes import SHAPES
from anlan.assessment.queries.reach import within
from anlan.records import queries as records


@dataclass(frozen=True, slots=True)
class Waiting:
    """One answer that waits, as its verifier sees it."""

    answer: Answer
    is_own: bool
    flags: tuple[Flag, ...]
    file_count: int


@dataclass(frozen=True, slots=True)
class VerifierGroup:
    """The waiting answers of one unit; what the verifier wrote themself is theirs to leave."""

    code: str
    name: str
    answers: tuple[Waiting, ...]


def answers_to_verify(row: Round, township_code: str, department: str | None, scope: Scope) -> QuerySet[Answer]:
    """Return handed-in answers of a township and its villages that wait for a second person."""
    found = (
        Answer.objects.filter(
            within(scope, "division__code", "leaf__department"),
            round=row,
            status=AnswerStatus.SUBMITTED,
            division__code__startswith=township_code[:9],
        )
        .given()
        .with_division()
        .order_by("division__code", "leaf__position", "pk")
    )
    return found.filter(leaf__department=department) if department else found


def grouped_for_verifier(answers: Iterable[Answer], verifier_id: int) -> list[VerifierGroup]:
    """Return the waiting answers by unit."""
    rows = list(answers)
    flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(answer__in=rows, status=FlagStatus.OPEN).order_by("pk"):
        flags[flag.answer_id].append(flag)
    files = records.file_counts("assessment.answer", [row.pk for row in rows])
    return [
        VerifierGroup(
            code,
            name,
            tuple(
                Waiting(row, verifier_id in row.author_ids, tuple(flags[row.pk]), files.get(row.pk, 0)) for row in group
            ),
        )
        for (code, name), group in groupby(rows, key=lambda row: (row.division.code, row.division.name))
    ]


def flags_of(row: Round, scope: Scope, status: str) -> QuerySet[Flag]:
    """Return the round's flags in one state within the scope, by unit."""
    return (
        Flag.objects.filter(
            within(scope, "answer__division__code", "answer__leaf__department"), answer__round=row, status=status
        )
        .select_related("answer__division", "answer__leaf", "answer__round")
        .defer(*(f"answer__division__{field}" for field in SHAPES))
        .order_by("answer__division__code", "answer__leaf__position", "pk")
    )


def flag_lines(row: Round, reads: Scope, fills: Scope, status: str) -> list[tuple[Flag, bool]]:
    """Return the round's flags in one state, and of each whether the person may settle it."""
    return [
        (flag, fills.covers(flag.answer.division.code, flag.answer.leaf.department))
        for flag in flags_of(row, reads, status)
    ]


def open_flag_count(row: Round, scope: Scope) -> int:
    """Return how many of the round's flags within the scope wait to be settled."""
    return flags_of(row, scope, FlagStatus.OPEN).count()
