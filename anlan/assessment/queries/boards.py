"""Who has filled in what: the completion board and the lists behind it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anlan.accounts.core.scope import Grant
from anlan.accounts.queries import Scope
from anlan.assessment.models import Answer, AnswerStatus, Assignment, AssignmentStatus, Leaf, Round, RoundStatus
from anlan.assessment.queries.reach import within
from anlan.kernel.codes import Level, ancestor_at, prefix_of
from anlan.places import queries as places

Asked = dict[tuple[str, str], int]  # (level, department) → leaves
Given = dict[tuple[int, str], tuple[int, int]]  # (division, department) → given, verified


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
class UnitLine:
    """One assignment of the list of a township's units."""

    assignment: Assignment
    progress: Progress
    may_fill: bool

    @property
    def may_hand_in(self) -> bool:
        """Whether the person may hand it in and something was filled in."""
        return self.may_fill and self.assignment.status in OUTSTANDING and self.progress.answered > 0


OUTSTANDING = (AssignmentStatus.OPEN, AssignmentStatus.RETURNED)


def list_code(unit_code: str) -> str:
    """Return whose work list a unit's filling stands on: its township's, or the county's for the county."""
    return ancestor_at(unit_code, Level.TOWNSHIP)


def departments_on(board: Iterable[BoardRow]) -> list[str]:
    """Return the departments that have a column on the board."""
    return sorted({department for row in board for department in row.departments})


def progress_of(assignment: Assignment) -> Progress:
    """Return how far one assignment is."""
    return _progress_of(assignment, _asked(assignment.round), _given(assignment.round, assignment.division.code))


def neighbours_of(assignment: Assignment, scope: Scope) -> tuple[Assignment | None, Assignment | None]:
    """Return the assignments before and after this one in the same township and department."""
    township = list_code(assignment.division.code)
    rows = assignment.round.assignments.with_division().filter(
        within(scope, "division__code", "department"),
        department=assignment.department,
        division__code__startswith=township[:9],
    )
    near = list(rows.order_by("division__code", "pk"))
    keys = [found.pk for found in near]
    if assignment.pk not in keys:
        return None, None
    place = keys.index(assignment.pk)
    return near[place - 1] if place else None, near[place + 1] if place + 1 < len(near) else None


def rounds_for(scope: Scope) -> QuerySet[Round]:
    """Return the rounds of every county that the scope reaches into, latest first."""
    reached = Q(pk__in=[])
    for prefix in scope.prefixes:  # the six digits of a county at most: a township's people see its county's rounds
        reached |= Q(county_code__startswith=prefix[:6])
    found = Round.objects.filter(reached)
    return found.select_related("system_version__system").order_by("-closes_on", "-pk")


def board_of(row: Round, scope: Scope) -> list[BoardRow]:
    """Return the completion board of what lies in the scope, a row a township."""
    asked = _asked(row)
    given = _given(row)
    board: dict[str, dict[str, Progress]] = defaultdict(lambda: defaultdict(Progress))
    names: dict[str, str] = {}
    rows = row.assignments.filter(within(scope, "division__code", "department")).order_by("division__code")
    # Plain values: a county has thousands of assignments, and the start page shows their sum.
    told = rows.values_list("division__code", "division__name", "division__level", "division", "department", "status")
    for code, name, level, division_id, department, status in told:
        township = list_code(code)
        if code == township:
            names[township] = name
        progress = _progress(status, asked.get((level, department), 0), given.get((division_id, department), (0, 0)))
        board[township][department].add(progress)
    names |= dict(places.names_of(code for code in board if code not in names))
    return [
        BoardRow(code, names.get(code, code), dict(departments), total_of(departments.values()))
        for code, departments in sorted(board.items())
    ]


def _progress(status: str, asked: int, given: tuple[int, int]) -> Progress:
    answered, checked = given
    return Progress(
        units=1,
        handed_in=int(status in (AssignmentStatus.SUBMITTED, AssignmentStatus.VERIFIED)),
        verified=int(status == AssignmentStatus.VERIFIED),
        asked=asked,
        answered=answered,
        checked=checked,
    )


def _progress_of(assignment: Assignment, asked: Asked, given: Given) -> Progress:
    division, department = assignment.division, assignment.department
    return _progress(
        assignment.status,
        asked.get((division.level, department), 0),
        given.get((division.pk, department), (0, 0)),
    )


def _asked(row: Round) -> Asked:
    """Leaves asked of a unit, by (level, department)."""
    rows = Leaf.objects.filter(system_version=row.system_version_id).values_list("level", "department")
    return {(level, department): count for level, department, count in rows.annotate(count=Count("pk")).order_by()}


def _given(row: Round, prefix: str = "") -> Given:
    """Answers given and verified, by (division, department)."""
    rows = (
        Answer.objects.filter(round=row, division__code__startswith=prefix)
        .given()
        .values_list("division_id", "leaf__department")
        .annotate(given=Count("pk"), checked=Count("pk", filter=Q(status=AnswerStatus.VERIFIED)))
        .order_by()
    )
    return {(division, department): (given, checked) for division, department, given, checked in rows}


def total_of(parts: Iterable[Progress]) -> Progress:
    """Return the figures of all parts together."""
    total = Progress()
    for part in parts:
        total.add(part)
    return total


def units_in(row: Round, code: str, department: str | None, scopes: tuple[Scope, Scope]) -> list[UnitLine]:
    """Return the assignments of a township and its villages, with their progress.

    Args:
        row: the round.
        code: the township, or the county for its own.
        department: only this one's; None for all.
        scopes: where the person reads and where they fill in.
    """
    reads, fills = scopes
    asked, given = _asked(row), _given(row, list_code(code)[:9])
    rows = row.assignments.with_division().filter(
        within(reads, "division__code", "department"), division__code__startswith=list_code(code)[:9]
    )
    is_open = row.status == RoundStatus.OPEN
    return [
        UnitLine(
            assignment,
            _progress_of(assignment, asked, given),
            is_open and fills.covers(assignment.division.code, assignment.department),
        )
        for assignment in (rows.filter(department=department) if department else rows).order_by(
            "division__code", "department"
        )
    ]


def outstanding_of(row: Round) -> dict[tuple[str, str], int]:
    """Return how many units each (township, department) has still to hand in."""
    outstanding: dict[tuple[str, str], int] = defaultdict(int)
    waiting = row.assignments.filter(status__in=OUTSTANDING)
    for code, department in waiting.values_list("division__code", "department"):
        outstanding[list_code(code), department] += 1
    return dict(outstanding)


def departments_of(row: Round, scope: Scope, code: str) -> list[str | None]:
    """Return whose columns the person may fill in within the division; None first stands for all together."""
    rows = row.assignments.filter(division__code__startswith=prefix_of(code))
    asked = sorted(set(rows.values_list("department", flat=True)))
    if any(grant.department is None for grant in _grants_at(scope, code)):
        return [None, *asked]
    mine = {grant.department for grant in _grants_at(scope, code)}
    return [department for department in asked if department in mine]


def department_within(scope: Scope, code: str, wanted: str | None) -> str | None:
    """Return the department to make a workbook for: the one asked for where it is the person's, else their own."""
    own = [grant.department for grant in _grants_at(scope, code)]
    if None in own or wanted in own:
        return wanted or None
    return own[0]


def _grants_at(scope: Scope, code: str) -> list[Grant]:
    return [grant for grant in scope.grants if code.startswith(grant.prefix)]
