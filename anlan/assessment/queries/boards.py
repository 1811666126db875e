"""Who has filled in what: the completion board and the lists behind it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anlan.accounts.queries import Scope
from anlan.assessment.models import Answer, AnswerStatus, Assignment, AssignmentStatus, Leaf, Round
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


def list_code(unit_code: str) -> str:
    """Return whose work list a unit's filling stands on: its township's, or the county's for the county."""
    return ancestor_at(unit_code, Level.TOWNSHIP)


def departments_on(board: Iterable[BoardRow]) -> list[str]:
    """Return the departments that have a column on the board."""
    return sorted({department for row in board for department in row.departments})


def progress_of(assignment: Assignment) -> Progress:
    """Return how far one assignment is."""
    asked = _asked(assignment.round).get((assignment.division.level, assignment.department), 0)
    answered, checked = _given(assignment.round).get((assignment.division_id, assignment.department), (0, 0))
    return Progress(units=1, asked=asked, answered=answered, checked=checked)


def neighbours_of(assignment: Assignment, scope: Scope) -> tuple[Assignment | None, Assignment | None]:
    """Return the assignments before and after this one in the same township and department."""
    near = [
        found
        for found, _ in assignments_in(assignment.round, list_code(assignment.division.code), scope)
        if found.department == assignment.department
    ]
    place = [found.pk for found in near].index(assignment.pk)
    return near[place - 1] if place else None, near[place + 1] if place + 1 < len(near) else None


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
