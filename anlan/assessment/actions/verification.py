"""Handing in, verifying, returning."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from anlan.assessment import events
from anlan.assessment.actions import lists
from anlan.assessment.actions.answers import RoundNotOpen
from anlan.assessment.actions.flags import ReasonMissing, check_round
from anlan.assessment.core.lifecycle import ANSWER_NEXT, ASSIGNMENT_NEXT, check_move, check_verifier
from anlan.assessment.models import Answer, AnswerStatus, Assignment, AssignmentStatus, Flag, FlagStatus, RoundStatus
from anlan.assessment.models.answers import AnswerQuerySet
from anlan.ground.audit import audit, audit_many
from anlan.ground.copying import update_rows
from anlan.ground.events import announce
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.records import actions as records
from anlan.web.http import Person


class NothingToHandIn(Refusal):
    """No answer was given yet."""


class OpenFlags(Refusal):
    """The checks still doubt an answer."""


@transaction.atomic
def submit_assignments(*, actor: Person, versions: Mapping[int, int], at: datetime) -> list[Assignment]:
    """Hand in what was filled in, all or none; `versions` maps each assignment to the version that was seen.

    Missing answers stay missing. The checks look at what was handed in at once.

    Raises:
        NotAllowed: one is handed in already.
        NothingToHandIn: one has no answer at all.
    """
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("round").with_division()
    assignments = list(rows.filter(pk__in=versions).order_by("pk"))
    for assignment in assignments:
        check_version(assignment, versions[assignment.pk])
        _submit(actor, assignment, at)
    for round_id in sorted({assignment.round_id for assignment in assignments}):
        check_round(actor=actor, round_id=round_id, at=at)
    return assignments


def _submit(actor: Person, assignment: Assignment, at: datetime) -> None:
    _check_open(assignment)
    check_move(ASSIGNMENT_NEXT, assignment.status, AssignmentStatus.SUBMITTED)
    answers = _answers_of(assignment)
    if not answers.given().exists():
        raise NothingToHandIn("Nothing has been filled in yet for %(unit)s", unit=assignment.division.name)
    mended = list(answers.filter(status=AnswerStatus.RETURNED))
    answers.filter(status__in=[AnswerStatus.DRAFT, AnswerStatus.RETURNED]).update(status=AnswerStatus.SUBMITTED)
    assignment.status, assignment.submitted_at = AssignmentStatus.SUBMITTED, at
    save_version(assignment, ["status", "submitted_at"])
    lists.finish_filling(actor, [assignment], mended, at)
    lists.put_verify_tasks(actor, assignment.round, lists.pairs_of([assignment]), at)
    audit(actor, "assignment handed in", assignment, at=at)
    announce(events.ASSIGNMENT_SUBMITTED, assignment_id=assignment.pk)


def _check_open(row: Assignment | Answer) -> None:
    if row.round.status != RoundStatus.OPEN:
        raise RoundNotOpen("The survey %(round)s is closed and takes no more answers", round=row.round.name)


def _answers_of(assignment: Assignment) -> AnswerQuerySet:
    return Answer.objects.filter(
        round=assignment.round, division=assignment.division, leaf__department=assignment.department
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
    update_rows(answers, ["status", "version", "verified_by_id", "verified_by_name", "verified_at"])
    audit_many(actor, "answer verified", [(answer, {}) for answer in answers], at=at)
    _settle_assignments(actor, answers, at)
    return len(answers)


def _locked_answers(keys: Iterable[int]) -> list[Answer]:
    rows = Answer.objects.select_for_update(of=("self",)).with_division().select_related("leaf", "division", "round")
    return list(rows.filter(pk__in=list(keys)).order_by("pk"))


def _settle_assignments(actor: Person, answers: Sequence[Answer], at: datetime) -> None:
    """An assignment whose every given answer is verified is verified itself."""
    pairs = {(answer.division_id, answer.leaf.department) for answer in answers}
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("round").with_division()
    submitted = rows.filter(
        round__in={answer.round_id for answer in answers},
        division__in={division for division, _ in pairs},
        status=AssignmentStatus.SUBMITTED,
    ).order_by("pk")
    settled = []
    for assignment in submitted:
        left = _answers_of(assignment).given().exclude(status=AnswerStatus.VERIFIED)
        if (assignment.division_id, assignment.department) in pairs and not left.exists():
            assignment.status = AssignmentStatus.VERIFIED
            save_version(assignment, ["status"])
            settled.append(assignment)
    lists.finish_verifying(actor, settled, at)


@transaction.atomic
def return_answer(*, actor: Person, answer_id: int, expected_version: int, reason: str, at: datetime) -> Answer:
    """Send an answer back to be mended.

    Raises:
        ReasonMissing: no reason was given.
        OwnAnswer: the actor wrote it.
        RoundNotOpen: nobody could mend it.
    """
    if not reason.strip():
        raise ReasonMissing("Say what must be mended")
    answer = _locked_answers([answer_id])[0]
    if answer.round.status != RoundStatus.OPEN:
        raise RoundNotOpen("The survey %(round)s is closed; reopen it for supplements first", round=answer.round.name)
    check_version(answer, expected_version)
    check_move(ANSWER_NEXT, answer.status, AnswerStatus.RETURNED)
    check_verifier(actor.pk, answer.author_ids)
    answer.status, answer.return_reason = AnswerStatus.RETURNED, reason.strip()[:500]
    answer.verified_by_id, answer.verified_by_name, answer.verified_at = None, "", None
    save_version(answer, ["status", "return_reason", "verified_by_id", "verified_by_name", "verified_at"])
    assignment = Assignment.objects.select_for_update().get(
        round=answer.round, division=answer.division, department=answer.leaf.department
    )
    assignment.status = AssignmentStatus.RETURNED
    save_version(assignment, ["status"])
    lists.put_mend_task(actor, answer, at)
    _tell_authors(answer, at)
    audit(actor, "answer returned", answer, at=at, detail={"reason": answer.return_reason})
    announce(events.ANSWER_RETURNED, answer_id=answer.pk)
    return answer


def _tell_authors(answer: Answer, at: datetime) -> None:
    for author_id in answer.author_ids:
        records.send_notice(
            to_person_id=author_id,
            message=mark("%(leaf)s of %(unit)s was returned: %(reason)s"),
            values={"leaf": answer.leaf.name_zh, "unit": answer.division.name, "reason": answer.return_reason},
            url=lists.form_url(answer),
            at=at,
        )
