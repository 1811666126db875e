"""Answers are saved whole or not at all; nobody overwrites or verifies unseen; the database holds the rules."""

import pytest
from django.db import IntegrityError, transaction

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob, carol
from anlan.assessment.actions import rounds, verification
from anlan.assessment.actions.answers import AnswerChange, AnswersConflict, NotYours, RoundNotOpen, save_answers
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.lifecycle import NotAllowed, OwnAnswer
from anlan.assessment.models import Answer, Assignment, AssignmentStatus, Flag, Note, OwnForm, Reminder, Round
from anlan.assessment.tests.county import (
    CLOSES,
    MORNING,
    NEXT_VILLAGE,
    OPENS,
    TODAY,
    VILLAGE,
    answer,
    assignment,
    ready,
    say,
    water_officer,
)
from anlan.ground.models import AuditEntry
from anlan.ground.versions import Conflict
from anlan.kernel.refusal import Refusal

pytestmark = pytest.mark.django_db


def hand_in(actor, row, unit=VILLAGE, department="emergency"):
    form = assignment(row, unit, department)
    return verification.submit_assignments(actor=actor, versions={form.pk: form.version}, at=MORNING)


def verify(actor, row, unit=VILLAGE):
    waiting = Answer.objects.filter(round=row, division__code=unit, status="submitted")
    versions = {found.pk: found.version for found in waiting}
    return verification.verify_answers(actor=actor, versions=versions, at=MORNING)


def test_an_answer_is_saved_with_its_author_and_in_the_audit_trail():
    row, officer = ready(), bob()

    say(officer, row, VILLAGE, "CAP-V-01", 2)

    found = answer(row, VILLAGE, "CAP-V-01")
    assert (found.value, found.author_ids, found.author_name, found.version) == (2, [officer.pk], "Bob", 1)
    entry = AuditEntry.objects.get(verb="answer saved")
    assert entry.division_code == VILLAGE
    assert entry.detail == {"unit": VILLAGE, "leaf": "CAP-V-01", "was": None, "now": 2}


def test_the_same_answer_again_changes_nothing():
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2)

    saved = say(alice(), row, VILLAGE, "CAP-V-01", 2)

    assert saved.unchanged == 1
    assert answer(row, VILLAGE, "CAP-V-01").author_ids == [officer.pk]


def test_a_cleared_answer_is_missing_and_not_zero():
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2)

    say(officer, row, VILLAGE, "CAP-V-01", None)

    assert answer(row, VILLAGE, "CAP-V-01").value is None


def test_whoever_saves_second_is_told_and_nothing_of_theirs_is_written():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    both = [
        AnswerChange(VILLAGE, "CAP-V-01", Entered(3), 0),
        AnswerChange(VILLAGE, "ORG-V-03", Entered(0.5), 0),
    ]

    with pytest.raises(AnswersConflict) as refused:
        save_answers(actor=analyst, round_id=row.pk, changes=both, way="web", at=MORNING)

    clash = refused.value.clashes[0]
    assert (clash.mine.value, clash.theirs.value, clash.their_name, clash.their_version) == (3, 2, "Bob", 1)
    assert Answer.objects.count() == 1


def test_two_who_say_the_same_do_not_clash():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)

    assert say(analyst, row, VILLAGE, "CAP-V-01", 2, version=0).changed == ()


@pytest.mark.parametrize(
    ("unit", "leaf", "reason"),
    [
        (NEXT_VILLAGE, "CAP-V-01", "not yours"),
        (VILLAGE, "ORG-T-02", "not part of this survey"),
        (VILLAGE, "NIX-V-01", "not part of this survey"),
        ("999902101201", "CAP-V-01", "not part of this survey"),
    ],
)
def test_what_is_not_asked_of_ones_own_units_is_refused(unit, leaf, reason):
    row = ready()

    with pytest.raises(NotYours, match=reason):
        say(bob(), row, unit, leaf, 1)


def test_a_department_fills_in_its_own_columns_only():
    row, officer = ready(), water_officer()
    leaves = row.system_version.leaves.filter(level="village")
    water = leaves.filter(department="water").first()
    other = leaves.exclude(department="water").first()

    say(officer, row, VILLAGE, water.code, 0)

    with pytest.raises(NotYours):
        say(officer, row, VILLAGE, other.code, 0)


def test_a_stranger_writes_nothing():
    row = ready()

    with pytest.raises(NotYours):
        say(carol(), row, VILLAGE, "CAP-V-01", 1)


def test_a_closed_round_takes_no_answers():
    row, officer = ready(), bob()
    rounds.close_round(actor=alice(), round_id=row.pk, expected_version=row.version, at=MORNING)

    with pytest.raises(RoundNotOpen, match="closed"):
        say(officer, row, VILLAGE, "CAP-V-01", 2)


def test_nothing_filled_in_cannot_be_handed_in():
    row, officer = ready(), bob()

    with pytest.raises(Refusal, match="Nothing has been filled in"):
        hand_in(officer, row)


def test_a_second_person_verifies_what_was_handed_in():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)

    verify(analyst, row)

    assert answer(row, VILLAGE, "CAP-V-01").verified_by_name == "Alice"
    assert assignment(row, VILLAGE).status == AssignmentStatus.VERIFIED


@pytest.mark.parametrize("way", ["web", "workbook", "phone"])
def test_nobody_verifies_what_they_wrote_by_any_way_in(way):
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2, way=way)
    hand_in(officer, row)

    with pytest.raises(OwnAnswer):
        verify(officer, row)


def test_an_author_of_an_earlier_value_is_an_author_still():
    row, officer, analyst = ready(), bob(), alice()
    say(analyst, row, VILLAGE, "CAP-V-01", 1)
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)

    with pytest.raises(OwnAnswer):
        verify(analyst, row)


def test_a_verified_answer_that_is_corrected_waits_again():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)
    verify(analyst, row)

    say(officer, row, VILLAGE, "CAP-V-01", 1)

    found = answer(row, VILLAGE, "CAP-V-01")
    assert (found.status, found.verified_by_id) == ("submitted", None)
    assert assignment(row, VILLAGE).status == AssignmentStatus.SUBMITTED


def test_what_changed_since_it_was_seen_is_not_verified():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)
    seen = answer(row, VILLAGE, "CAP-V-01")
    say(officer, row, VILLAGE, "CAP-V-01", 1)

    with pytest.raises(Conflict):
        verification.verify_answers(actor=analyst, versions={seen.pk: seen.version}, at=MORNING)


def test_a_draft_is_not_verified():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    found = answer(row, VILLAGE, "CAP-V-01")

    with pytest.raises(NotAllowed):
        verification.verify_answers(actor=analyst, versions={found.pk: found.version}, at=MORNING)


def send_back(actor, found, reason="照片看不清"):
    return verification.return_answer(
        actor=actor, answer_id=found.pk, expected_version=found.version, reason=reason, at=MORNING
    )


def test_a_returned_answer_tells_its_author_why_and_is_handed_in_again():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)

    send_back(analyst, answer(row, VILLAGE, "CAP-V-01"))

    found = answer(row, VILLAGE, "CAP-V-01")
    assert (found.status, found.return_reason) == ("returned", "照片看不清")
    assert assignment(row, VILLAGE).status == AssignmentStatus.RETURNED
    say(officer, row, VILLAGE, "CAP-V-01", 1)
    hand_in(officer, row)
    assert answer(row, VILLAGE, "CAP-V-01").status == "submitted"


def test_a_return_says_why():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)

    with pytest.raises(Refusal, match="must be mended"):
        send_back(analyst, answer(row, VILLAGE, "CAP-V-01"), reason="  ")


def test_nothing_is_returned_that_nobody_could_mend():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)
    rounds.close_round(actor=analyst, round_id=row.pk, expected_version=row.version, at=MORNING)

    with pytest.raises(RoundNotOpen, match="reopen"):
        send_back(analyst, answer(row, VILLAGE, "CAP-V-01"))


def broken(change) -> None:
    with transaction.atomic():
        change()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("answer_value_or_day", {"value": 1, "day": CLOSES}),
        ("answer_verified_has_verifier", {"status": "verified"}),
        ("answer_returned_has_reason", {"status": "returned"}),
        ("answer_has_author", {"author_ids": []}),
    ],
)
def test_the_database_holds_what_an_answer_is(name, fields):
    row = ready()
    say(bob(), row, VILLAGE, "CAP-V-01", 2)

    with pytest.raises(IntegrityError, match=name):
        broken(lambda: Answer.objects.update(**fields))


def test_the_database_itself_lets_no_author_verify():
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    itself = {"verified_by_id": officer.pk, "verified_at": MORNING, "status": "verified"}

    with pytest.raises(IntegrityError, match="answer_verifier_is_no_author"):
        broken(lambda: Answer.objects.update(**itself))


def test_the_database_holds_one_answer_assignment_and_reminder():
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    reminder = {"round": row, "township_code": TOWNSHIP, "department": "water", "sent_on": TODAY, "outstanding": 1}
    Reminder.objects.create(**reminder)
    for model, name in ((Answer, "answer_once"), (Assignment, "assignment_once"), (Reminder, "reminder_once_a_day")):
        copy = model.objects.filter(round=row).first()
        copy.pk = None

        with pytest.raises(IntegrityError, match=name):
            broken(copy.save)


@pytest.mark.parametrize(
    ("name", "fields"), [("round_closes_after_opening", {"closes_on": OPENS}), ("round_name_once", {})]
)
def test_the_database_holds_what_a_round_is(name, fields):
    row = ready()
    other = Round(name=row.name, county_code=COUNTY, system_version=row.system_version, opens_on=OPENS)
    other.closes_on = fields.get("closes_on", CLOSES)

    with pytest.raises(IntegrityError, match=name):
        broken(other.save)


@pytest.mark.parametrize("name", ["flag_open_once", "flag_settled_has_time"])
def test_the_database_holds_what_a_flag_is(name):
    row = ready()
    say(bob(), row, VILLAGE, "CAP-V-01", 2)
    found = answer(row, VILLAGE, "CAP-V-01")
    Flag.objects.create(answer=found, kind="jump", message="", raised_at=MORNING)
    status = "open" if name == "flag_open_once" else "confirmed"

    with pytest.raises(IntegrityError, match=name):
        broken(lambda: Flag.objects.create(answer=found, kind="jump", message="", raised_at=MORNING, status=status))


def test_the_database_holds_one_form_id_and_one_note_a_question():
    row = ready()
    form = {"system": row.system_version.system, "form_id": "own", "xlsform": b"", "questions": [], "xform": ""}
    own = OwnForm.objects.create(**form, imported_at=MORNING)
    note = {"round": row, "division": answerable(row), "form": own, "question": "路况", "saved_at": MORNING}
    Note.objects.create(**note)

    with pytest.raises(IntegrityError, match="own_form_id_once"):
        broken(lambda: OwnForm.objects.create(**form, imported_at=MORNING))
    with pytest.raises(IntegrityError, match="note_once"):
        broken(lambda: Note.objects.create(**note))


def answerable(row):
    return assignment(row, VILLAGE).division


def test_what_is_published_is_never_changed():
    row = ready()

    with pytest.raises(IntegrityError, match="published content is never changed"):
        broken(lambda: type(row.system_version).objects.filter(pk=row.system_version_id).update(content={}))
