"""Forms that phones filled in: taken over once each, every answer that cannot be told why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from anlan.accounts import queries as accounts
from anlan.assessment.actions.answers import AnswerChange, NotYours, RoundNotOpen, save_answers
from anlan.assessment.core.entry import BadEntry, Entered, entry_text, read_entry
from anlan.assessment.core.values import Leaf
from anlan.assessment.documents.phone_form import PHOTO, UNIT, question_name
from anlan.assessment.documents.phone_read import Instance
from anlan.assessment.models import Answer, Note, Round, RoundStatus, Submission, Way
from anlan.assessment.queries.phones import AskedBy, asked_by
from anlan.assessment.queries.subjects import answer_subject
from anlan.assessment.queries.surveys import system_of
from anlan.ground.audit import audit
from anlan.kernel.codes import BadCode, Level, check_code, prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.records import actions as records
from anlan.web.http import Person

ANSWERED_BY_OTHER = mark("%(name)s had entered %(theirs)s already; the phone says %(mine)s, which was not taken over")
OTHERS_LEAF = mark("%(leaf)s is filled in by another department")
PHOTO_ALONE = mark("%(file)s belongs to %(leaf)s, which was not answered; it was not kept")
Problem = dict[str, Any]  # question, message, values
Files = Mapping[str, UploadedFile]  # type: ignore[type-arg]


class UnknownForm(Refusal):
    """The round has no form of that id."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an export brought."""

    new: int
    known: int
    answers: int
    problems: int
    refused: tuple[tuple[int, Refusal], ...]  # number in the export, why


@dataclass(frozen=True, slots=True)
class _Received:
    row: Round
    unit: Any
    asked: AskedBy
    instance: Instance


@transaction.atomic
def receive_instance(*, actor: Person, row: Round, instance: Instance, files: Files, at: datetime) -> Submission:
    """Take a filled-in form over; one that came before only brings the files that were still missing.

    Answers that cannot be read, belong to others or contradict what somebody else entered are not
    taken over but listed with the submission; nothing that was sent is lost.

    Raises:
        RoundNotOpen: the phone keeps the form until the round is reopened.
        UnknownForm: the form is of another round.
        NotYours: the unit is not the sender's to fill in.
    """
    with connection.cursor() as cursor:  # the same form sent twice at once waits for itself
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [instance.instance_id])
    known = Submission.objects.filter(instance_id=instance.instance_id).first()
    received = _received(actor, row, instance)
    problems: list[Problem] = []
    if known is None:
        changes = list(_changes(actor, received, problems))
        saved = save_answers(actor=actor, round_id=row.pk, changes=changes, way=Way.PHONE, at=at)
        _keep_notes(actor, received, at)
        known = Submission(answers_saved=len(saved.changed), problems=[])
    elif known.round_id != row.pk or known.sender_id != actor.pk:
        return known
    _attach(actor, received, files, problems, at)
    known.problems = [*known.problems, *problems]
    return _keep(actor, known, received, at)


def _received(actor: Person, row: Round, instance: Instance) -> _Received:
    if row.status != RoundStatus.OPEN:
        raise RoundNotOpen("The survey %(round)s is closed and takes no more answers", round=row.name)
    code = check_code(instance.values.get(UNIT, ""))
    unit = places.units_within(prefix_of(row.county_code), row.opens_on).filter(code=code).first()
    if unit is None or not accounts.scope_of(actor, "survey.fill").covers(code):
        raise NotYours("%(unit)s is not yours to fill in", unit=code)
    leaves = {leaf.code: leaf for leaf in system_of(row).leaves}
    asked = asked_by(row, instance.form_id, Level(unit.level), leaves)
    if asked is None:
        raise UnknownForm(
            "The form %(form)s does not belong to the survey %(round)s", form=instance.form_id, round=row.name
        )
    return _Received(row, unit, asked, instance)


def _changes(actor: Person, received: _Received, problems: list[Problem]) -> Iterator[AnswerChange]:
    """Yield what is to be saved; what is not becomes a problem."""
    scope, unit, row = accounts.scope_of(actor, "survey.fill"), received.unit, received.row
    rows = Answer.objects.filter(round=row, division=unit.pk).select_related("leaf")
    present = {answer.leaf.code: answer for answer in rows}
    done: set[str] = set()
    for name, raw in received.instance.values.items():
        leaf = received.asked.leaves.get(name)
        if leaf is None or leaf.code in done or leaf.level != unit.level:
            continue
        done.add(leaf.code)
        if not scope.covers(unit.code, leaf.department):
            problems.append(_problem(name, OTHERS_LEAF, leaf=leaf.code))
            continue
        try:
            entered = read_entry(leaf, raw, closes_on=row.closes_on)
        except BadEntry as refused:
            problems.append(_problem(name, refused.message, **refused.values))
            continue
        answer = present.get(leaf.code)
        if entered is None:
            continue
        if answer and _is_others(actor, answer, entered):
            problems.append(_disagreement(name, leaf, answer, entered))
            continue
        yield AnswerChange(unit.code, leaf.code, entered, answer.version if answer else 0)


def _is_others(actor: Person, answer: Answer, entered: Entered) -> bool:
    """Tell whether somebody else's other answer stands there: an offline form must not silently overwrite it."""
    theirs = Entered(answer.value, answer.day)
    return theirs not in (Entered(), entered) and actor.pk not in answer.author_ids


def _disagreement(name: str, leaf: Leaf, answer: Answer, entered: Entered) -> Problem:
    theirs = entry_text(leaf, Entered(answer.value, answer.day))
    mine = entry_text(leaf, entered)
    return _problem(name, ANSWERED_BY_OTHER, name=answer.author_name, theirs=theirs, mine=mine)


def _problem(question: str, message: str, **values: Any) -> Problem:
    return {"question": question, "message": message, "values": values}


def _keep_notes(actor: Person, received: _Received, at: datetime) -> None:
    for name, label in received.asked.notes.items():
        text = received.instance.values.get(name)
        if text:
            Note.objects.update_or_create(
                round=received.row,
                division_id=received.unit.pk,
                form=received.asked.own_form,
                question=label[:120],
                defaults={"text": text, "author_name": actor.name, "saved_at": at},
            )


def _attach(actor: Person, received: _Received, files: Files, problems: list[Problem], at: datetime) -> None:
    """Keep photographs as evidence of the answers that they belong to."""
    wanted = {
        received.instance.values.get(f"{question_name(leaf.code)}{PHOTO}"): leaf
        for leaf in received.asked.leaves.values()
    }
    rows = Answer.objects.with_division().filter(round=received.row, division=received.unit.pk)
    answers = {answer.leaf.code: answer for answer in rows}
    for name, file in files.items():
        leaf = wanted.get(name)
        if leaf is None:
            continue
        if leaf.code not in answers:
            problems.append(_problem(question_name(leaf.code), PHOTO_ALONE, file=name, leaf=leaf.code))
            continue
        subject = answer_subject(answers[leaf.code], may_write=True)
        try:
            records.attach_file(actor=actor, subject=subject, file=file, at=at, keeps_place=True)
        except records.AlreadyAttached:
            continue
        except Refusal as refused:
            problems.append(_problem(question_name(leaf.code), refused.message, **refused.values))


def _keep(actor: Person, submission: Submission, received: _Received, at: datetime) -> Submission:
    instance, is_new = received.instance, submission.pk is None
    if is_new:
        submission.round, submission.division = received.row, received.unit
        submission.instance_id, submission.form_id = instance.instance_id, instance.form_id[:80]
        submission.content, submission.received_at = instance.content, at
        submission.sender_id, submission.sender_name = actor.pk, actor.name
    submission.save()
    if is_new:
        audit(actor, "phone form received", submission, at=at, detail={"answers": submission.answers_saved})
    return submission


def import_instances(
    *, actor: Person, row: Round, instances: Sequence[Instance], form_id: str, at: datetime
) -> Imported:
    """Take the filled-in forms of an export over; those that came before are left alone.

    A form that cannot be taken is told with its number and keeps none of the others back: sending the
    mended export again brings only what is new.
    """
    ids = [one.instance_id for one in instances]
    known = set(Submission.objects.filter(instance_id__in=ids).values_list("instance_id", flat=True))
    taken: list[Submission] = []
    refused: list[tuple[int, Refusal]] = []
    for number, instance in enumerate(instances, 1):
        if instance.instance_id in known:
            continue
        known.add(instance.instance_id)
        named = instance if instance.form_id else replace(instance, form_id=form_id)
        try:
            taken.append(receive_instance(actor=actor, row=row, instance=named, files={}, at=at))
        except (NotYours, UnknownForm, BadCode) as trouble:
            refused.append((number, trouble))
    return Imported(
        new=len(taken),
        known=len(instances) - len(taken) - len(refused),
        answers=sum(submission.answers_saved for submission in taken),
        problems=sum(len(submission.problems) for submission in taken),
        refused=tuple(refused),
    )
