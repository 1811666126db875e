"""Who has filled in what: the completion board and the lists behind it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anlan.accounts.core.scope import Scope
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import Leaf as LeafValue
from anlan.assessment.models import Answer, AnswerStatus, Assignment, AssignmentStatus, Flag, FlagStatus, Leaf, Round
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.codes import Level, ancestor_at


@dataclass(slots=True)
class Progress:
    """How far some assignments are. Counts of assignments and of answers."""

    units: int = 0
    handed_in: int = 0
    verified: int = 0
    asked: int = 0
    answered: int = 0
    checked: int = 0

    @property
    def share(self) -> float:
        """Answered share of what is asked, in [0, 1]."""
        return self.answered / self.asked if self.asked else 0.0

    def add(self, other: "Progress") -> None:
        """Count the other's figures in."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One township of the board: progress by department and in all."""

    code: str
    name: str
    departments: dict[str, Progress]
    total: Progress


@dataclass(frozen=True, slots=True)
class Question:
    """One leaf as a form shows it."""

    leaf: LeafValue
    leaf_id: int
    answer: Answer | None
    flags: tuple[Flag, ...]
    previous: Entered | None


def rounds_for(scope: Scope) -> QuerySet[Round]:
    """Return the rounds of every county that the scope reaches into, latest first."""
    counties = {ancestor_at(grant.prefix.ljust(12, "0"), Level.COUNTY) for grant in scope.grants if len(grant.prefix) >= 6}
    wide = Q()
    for grant in scope.grants:
        if len(grant.prefix) < 6:
            wide |= Q(county_code__startswith=grant.prefix)
    found = Round.objects.filter(wide | Q(county_code__in=counties)) if scope.grants else Round.objects.none()
    return found.select_related("system_version__system").order_by("-closes_on", "-pk")


def board_of(row: Round, scope: Scope) -> list[BoardRow]:
    """Return the completion board of what lies in the scope, a row a township, in two queries and one for names."""
    asked = _asked(row)
    given = _given(row)
    board: dict[str, dict[str, Progress]] = defaultdict(lambda: defaultdict(Progress))
    names: dict[str, str] = {}
    assignments = row.assignments.select_related("division").order_by("division__code", "department")
    for assignment in assignments:
        code, department = assignment.division.code, assignment.department
        if not scope.covers(code, department):
            continue
        township = ancestor_at(code, Level.TOWNSHIP)
        if code == township:
            names[township] = assignment.division.name
        answered, checked = given.get((assignment.division_id, department), (0, 0))
        board[township][department].add(
            Progress(
                units=1,
                handed_in=assignment.status in (AssignmentStatus.SUBMITTED, AssignmentStatus.VERIFIED),
                verified=assignment.status == AssignmentStatus.VERIFIED,
                asked=asked.get((assignment.division.level, department), 0),
                answered=answered,
                checked=checked,
            )
        )
    return [
        BoardRow(code, names.get(code, code), dict(departments), _sum(departments.values()))
        for code, departments in sorted(board.items())
    ]


def _asked(row: Round) -> dict[tuple[str, str], int]:
    """Leaves asked of a unit, by (level, department)."""
    rows = Leaf.objects.filter(system_version=row.system_version_id).values_list("level", "department")
    return {(level, department): count for level, department, count in rows.annotate(count=Count("pk")).order_by()}


def _given(row: Round) -> dict[tuple[int, str], tuple[int, int]]:
    """Answers given and verified, by (division, department)."""
    rows = (
        Answer.objects.filter(round=row)
        .exclude(value=None, day=None)
        .values_list("division_id", "leaf__department")
        .annotate(given=Count("pk"), checked=Count("pk", filter=Q(status=AnswerStatus.VERIFIED)))
        .order_by()
    )
    return {(division, department): (given, checked) for division, department, given, checked in rows}


def _sum(parts: Iterable[Progress]) -> Progress:
    total = Progress()
    for part in parts:
        total.add(part)
    return total


def assignments_in(row: Round, township_code: str, scope: Scope) -> list[tuple[Assignment, Progress]]:
    """Return the assignments of a township and its villages that the scope covers, with their progress."""
    asked, given = _asked(row), _given(row)
    found = []
    rows = row.assignments.select_related("division").filter(division__code__startswith=township_code[:9])
    for assignment in rows.order_by("division__code", "department"):
        if scope.covers(assignment.division.code, assignment.department):
            answered, checked = given.get((assignment.division_id, assignment.department), (0, 0))
            total = asked.get((assignment.division.level, assignment.department), 0)
            found.append((assignment, Progress(units=1, asked=total, answered=answered, checked=checked)))
    return found


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
