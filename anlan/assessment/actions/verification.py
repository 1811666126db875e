"""Handing in, verifying, returning; settling the checks' flags."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from anlan.accounts import queries as accounts
from anlan.assessment import events
from anlan.assessment.actions.rounds import fill_task_key
from anlan.assessment.core.lifecycle import ANSWER_NEXT, ASSIGNMENT_NEXT, check_move, check_verifier
from anlan.assessment.models import Answer, AnswerStatus, Assignment, AssignmentStatus, Flag, FlagStatus, RoundStatus
from anlan.assessment.queries.boards import list_code
from anlan.ground.audit import audit, audit_many
from anlan.ground.events import announce
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.records import actions as records
from anlan.web.http import Person
from anlan.worklists import actions as worklists


class NothingToHandIn(Refusal):
    """No answer was given yet."""


class OpenFlags(Refusal):
    """The checks still doubt an answer."""


class ReasonMissing(Refusal):
    """A return says why."""


@transaction.atomic
def submit_assignment(*, actor: Person, assignment_id: int, expected_version: int, at: datetime) -> Assignment:
    """Hand in what one department filled in for one unit; missing answers stay missing.

    Raises:
        NotAllowed: it is handed in already.
        NothingToHandIn: no answer was given at all.
    """
    assignment = _locked(assignment_id)
    check_version(assignment, expected_version)
    _check_open(assignment)
    check_move(ASSIGNMENT_NEXT, assignment.status, AssignmentStatus.SUBMITTED)
    answers = _answers_of(assignment)
    if not answers.exclude(value=None, day=None).exists():
        raise NothingToHandIn("Nothing has been filled in yet")
    answers.filter(status__in=[AnswerStatus.DRAFT, AnswerStatus.RETURNED]).update(status=AnswerStatus.SUBMITTED)
    assignment.status, assignment.submitted_at = AssignmentStatus.SUBMITTED, at
    save_version(assignment, ["status", "submitted_at"])
    _finish_fill_task(actor, assignment, at)
    _put_verify_task(actor, assignment, at)
    audit(actor, "assignment handed in", assignment, at=at)
    announce(events.ASSIGNMENT_SUBMITTED, assignment_id=assignment.pk)
    return assignment


def _locked(assignment_id: int) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("round", "division")
        .get(pk=assignment_id)
    )


def _check_open(assignment: Assignment) -> None:
    if assignment.round.status != RoundStatus.OPEN:
        raise NothingToHandIn("The survey %(round)s is closed and takes no more answers", round=assignment.round.name)


def _answers_of(assignment: Assignment):  # type: ignore[no-untyped-def]
    return Answer.objects.filter(
        round=assignment.round, division=assignment.division, leaf__department=assignment.department
    )


def _finish_fill_task(actor: Person, assignment: Assignment, at: datetime) -> None:
    """The township's task is done when its last unit is handed in."""
    township = list_code(assignment.division.code)
    waiting = Assignment.objects.filter(
        round=assignment.round,
        department=assignment.department,
        status__in=[AssignmentStatus.OPEN, AssignmentStatus.RETURNED],
        division__code__startswith=township[:9],
    )
    if not waiting.exists():
        worklists.finish_task(
            actor=actor, key=fill_task_key(assignment.round_id, township, assignment.department), at=at
        )


def _put_verify_task(actor: Person, assignment: Assignment, at: datetime) -> None:
    township = list_code(assignment.division.code)
    worklists.put_task(
        actor=actor,
        key=f"assessment.verify:{assignment.round_id}:{township}:{assignment.department}",
        title=mark("Verify answers of the survey %(round)s"),
        values={"round": assignment.round.name},
        division_code=township,
        department=assignment.department,
        url=f"/survey/{assignment.round_id}/verify/{township}/?department={assignment.department}",
        due_on=assignment.round.closes_on,
        at=at,
    )


@transaction.atomic
def verify_answers(*, actor: Person, versions: Mapping[int, int], at: datetime) -> int:
    """Accept handed-in answers, all or none; `versions` maps each answer to the version that was seen.

    Raises:
        OwnAnswer: the actor is an author of one, by whatever way it came in.
        Conflict: somebody changed one meanwhile.
        NotAllowed: one is not handed in.
        OpenFlags: a check's doubt is not settled.
    """
    answers = _locked_answers(versions)
    flagged = Flag.objects.filter(answer__in=answers, status=FlagStatus.OPEN).count()
    if flagged:
        raise OpenFlags("%(count)d answers carry an open flag; confirm or correct them first", count=flagged)
    for answer in answers:
        check_version(answer, versions[answer.pk])
        check_move(ANSWER_NEXT, answer.status, AnswerStatus.VERIFIED)
        check_verifier(actor.pk, answer.author_ids)
        answer.status, answer.version = AnswerStatus.VERIFIED, answer.version + 1
        answer.verified_by_id, answer.verified_by_name, answer.verified_at = actor.pk, actor.name, at
    Answer.objects.bulk_update(
        answers, ["status", "version", "verified_by_id", "verified_by_name", "verified_at"], batch_size=1000
    )
    audit_many(actor, "answer verified", [(answer, {}) for answer in answers], at=at)
    _settle_assignments(actor, answers, at)
    return len(answers)


def _locked_answers(versions: Mapping[int, int]) -> list[Answer]:
    rows = Answer.objects.select_for_update(of=("self",)).select_related("leaf", "division", "round")
    return list(rows.filter(pk__in=versions).order_by("pk"))


def _settle_assignments(actor: Person, answers: Sequence[Answer], at: datetime) -> None:
    """An assignment whose every given answer is verified is verified itself."""
    for division_id, department, round_id in {(a.division_id, a.leaf.department, a.round_id) for a in answers}:
        assignment = Assignment.objects.select_related("round", "division").get(
            division_id=division_id, department=department, round_id=round_id
        )
        left = _answers_of(assignment).exclude(value=None, day=None).exclude(status=AnswerStatus.VERIFIED)
        if assignment.status == AssignmentStatus.SUBMITTED and not left.exists():
            assignment.status = AssignmentStatus.VERIFIED
            save_version(assignment, ["status"])
            _finish_verify_task(actor, assignment, at)


def _finish_verify_task(actor: Person, assignment: Assignment, at: datetime) -> None:
    township = list_code(assignment.division.code)
    waiting = Assignment.objects.filter(
        round=assignment.round,
        department=assignment.department,
        status=AssignmentStatus.SUBMITTED,
        division__code__startswith=township[:9],
    )
    if not waiting.exists():
        key = f"assessment.verify:{assignment.round_id}:{township}:{assignment.department}"
        worklists.finish_task(actor=actor, key=key, at=at)


@transaction.atomic
def return_answer(*, actor: Person, answer_id: int, expected_version: int, reason: str, at: datetime) -> Answer:
    """Send an answer back to be mended.

    Raises:
        ReasonMissing: no reason was given.
        OwnAnswer: the actor wrote it.
    """
    if not reason.strip():
        raise ReasonMissing("Say what must be mended")
    answer = _locked_answers({answer_id: expected_version})[0]
    check_version(answer, expected_version)
    check_move(ANSWER_NEXT, answer.status, AnswerStatus.RETURNED)
    check_verifier(actor.pk, answer.author_ids)
    answer.status, answer.return_reason = AnswerStatus.RETURNED, reason.strip()[:500]
    answer.verified_by_id, answer.verified_by_name, answer.verified_at = None, "", None
    save_version(
        answer, ["status", "return_reason", "verified_by_id", "verified_by_name", "verified_at"]
    )
    assignment = Assignment.objects.select_for_update().get(
        round=answer.round, division=answer.division, department=answer.leaf.department
    )
    assignment.status = AssignmentStatus.RETURNED
    save_version(assignment, ["status"])
    _put_back(actor, answer, at)
    audit(actor, "answer returned", answer, at=at, detail={"reason": answer.return_reason})
    announce(events.ANSWER_RETURNED, answer_id=answer.pk)
    return answer


def _put_back(actor: Person, answer: Answer, at: datetime) -> None:
    township = list_code(answer.division.code)
    url = f"/survey/{answer.round_id}/fill/{answer.division.code}/?department={answer.leaf.department}#{answer.leaf.code}"
    worklists.put_task(
        actor=actor,
        key=f"assessment.returned:{answer.pk}",
        title=mark("Mend a returned answer: %(leaf)s of %(unit)s"),
        values={"leaf": answer.leaf.name_zh, "unit": answer.division.name},
        division_code=township,
        department=answer.leaf.department,
        url=url,
        due_on=answer.round.closes_on,
        at=at,
    )
    for author_id in answer.author_ids:
        records.send_notice(
            to_person_id=author_id,
            message=mark("%(leaf)s of %(unit)s was returned: %(reason)s"),
            values={"leaf": answer.leaf.name_zh, "unit": answer.division.name, "reason": answer.return_reason},
            url=url,
            at=at,
        )


@transaction.atomic
def settle_flag(*, actor: Person, flag_id: int, status: str, remark: str, at: datetime) -> Flag:
    """Confirm that a doubted answer is right as it stands, or say that it was corrected.

    Raises:
        ReasonMissing: a confirmation says why.
        NothingToHandIn: it was settled already.
    """
    flag = Flag.objects.select_for_update(of=("self",)).select_related("answer").get(pk=flag_id)
    if flag.status != FlagStatus.OPEN:
        raise NothingToHandIn("This flag was settled already")
    if status == FlagStatus.CONFIRMED and not remark.strip():
        raise ReasonMissing("Say why the answer is right")
    flag.status, flag.settled_at, flag.settled_by_name = status, at, actor.name
    flag.remark = remark.strip()[:300]
    flag.save(update_fields=["status", "settled_at", "settled_by_name", "remark"])
    audit(actor, "flag settled", flag, at=at, detail={"status": status, "remark": flag.remark})
    return flag
