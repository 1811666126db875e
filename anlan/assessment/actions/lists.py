"""What the survey puts on work lists, and takes off again. One township's filling in one department is one task."""

from collections.abc import Iterable
from datetime import datetime

from anlan.assessment.models import Answer, Assignment, AssignmentStatus, Round
from anlan.assessment.queries.boards import OUTSTANDING, list_code
from anlan.kernel.refusal import mark
from anlan.web.http import Person
from anlan.worklists import actions as worklists

Pair = tuple[str, str]  # township code, department


def put_fill_tasks(actor: Person | None, row: Round, pairs: Iterable[Pair], at: datetime) -> None:
    """Ask each township's department to fill in."""
    for township, department in sorted(pairs):
        worklists.put_task(
            actor=actor,
            key=_fill_key(row.pk, township, department),
            title=mark("Fill in the survey %(round)s"),
            values={"round": row.name},
            division_code=township,
            department=department,
            url=fill_url(row.pk, township, department),
            due_on=row.closes_on,
            at=at,
        )


def put_verify_tasks(actor: Person | None, row: Round, pairs: Iterable[Pair], at: datetime) -> None:
    """Ask for a second person where answers were handed in."""
    for township, department in sorted(pairs):
        worklists.put_task(
            actor=actor,
            key=_verify_key(row.pk, township, department),
            title=mark("Verify answers of the survey %(round)s"),
            values={"round": row.name},
            division_code=township,
            department=department,
            url=f"/survey/{row.pk}/verify/{township}/?department={department}",
            due_on=row.closes_on,
            at=at,
        )


def put_mend_task(actor: Person, answer: Answer, at: datetime) -> None:
    """Ask for a returned answer to be mended."""
    worklists.put_task(
        actor=actor,
        key=_mend_key(answer),
        title=mark("Mend a returned answer: %(leaf)s of %(unit)s"),
        values={"leaf": answer.leaf.name_zh, "unit": answer.division.name},
        division_code=list_code(answer.division.code),
        department=answer.leaf.department,
        url=form_url(answer),
        due_on=answer.round.closes_on,
        at=at,
    )


def finish_filling(actor: Person, assignments: Iterable[Assignment], answers: Iterable[Answer], at: datetime) -> None:
    """End the tasks of townships whose last unit is handed in, and of answers that were mended."""
    for row, (township, department) in _lists_of(assignments):
        if not _some(row, township, department, OUTSTANDING):
            worklists.finish_task(actor=actor, key=_fill_key(row.pk, township, department), at=at)
    for answer in answers:
        worklists.finish_task(actor=actor, key=_mend_key(answer), at=at)


def finish_verifying(actor: Person, assignments: Iterable[Assignment], at: datetime) -> None:
    """End the tasks of townships where nothing waits for the second person any more."""
    for row, (township, department) in _lists_of(assignments):
        if not _some(row, township, department, (AssignmentStatus.SUBMITTED,)):
            worklists.finish_task(actor=actor, key=_verify_key(row.pk, township, department), at=at)


def withdraw_filling(actor: Person | None, row: Round, at: datetime) -> None:
    """Take the asking back: the round is closed."""
    worklists.withdraw_tasks(actor=actor, key_prefix=f"assessment.fill:{row.pk}:", at=at)


def fill_url(round_id: int, township: str, department: str) -> str:
    """Return where a department fills in a township's units."""
    return f"/survey/{round_id}/fill/{township}/?department={department}"


def form_url(answer: Answer) -> str:
    """Return where the answer stands in its form."""
    return f"/survey/{answer.round_id}/units/{answer.division.code}/{answer.leaf.department}/#{answer.leaf.code}"


def pairs_of(assignments: Iterable[Assignment]) -> set[Pair]:
    """Return the lists that the assignments stand on."""
    return {(list_code(one.division.code), one.department) for one in assignments}


def _lists_of(assignments: Iterable[Assignment]) -> list[tuple[Round, Pair]]:
    found = {(one.round_id, list_code(one.division.code), one.department): one.round for one in assignments}
    return [(row, (township, department)) for (_, township, department), row in sorted(found.items())]


def _some(row: Round, township: str, department: str, states: Iterable[str]) -> bool:
    rows = row.assignments.filter(department=department, division__code__startswith=township[:9])
    return rows.filter(status__in=list(states)).exists()


def _fill_key(round_id: int, township: str, department: str) -> str:
    return f"assessment.fill:{round_id}:{township}:{department}"


def _verify_key(round_id: int, township: str, department: str) -> str:
    return f"assessment.verify:{round_id}:{township}:{department}"


def _mend_key(answer: Answer) -> str:
    return f"assessment.returned:{answer.pk}"
