"""What is followed under an agreement: tasks and deliverables, visits with place and photo, value."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from anlan.accounts.models import User
from anlan.accounts.tests.factories import alice, bob
from anlan.allocation.actions.pairing_agreements import NotFollowed, ReasonMissing, break_off_agreement
from anlan.allocation.actions.pairing_duties import (
    BadDuty,
    NewDuty,
    OwnDelivery,
    accept_duty,
    deliver_duty,
    put_duty,
    return_duty,
    strike_duty,
)
from anlan.allocation.actions.pairing_following import (
    BadValue,
    BadVisit,
    NewValue,
    NewVisit,
    record_value,
    record_visit,
)
from anlan.allocation.core.pairing_life import BadMove
from anlan.allocation.models import Duty, GivenValue, Visit
from anlan.allocation.queries.pairing_figures import figures_of
from anlan.allocation.receivers import deliver_what_was_done, take_back_what_was_returned
from anlan.allocation.tests.pairs import NOON, TODAY, active
from anlan.assessment.tests.county import SECOND_VILLAGE, VILLAGE
from anlan.records.core.file_kinds import BadFile
from anlan.records.core.tests.file_cases import photo
from anlan.records.models import StoredFile
from anlan.worklists import actions as worklists
from anlan.worklists.models import Task

pytestmark = pytest.mark.django_db
INSIDE, OUTSIDE = (109.05, 28.15), (110.0, 29.0)
VISIT = NewVisit(TODAY, "helper", 3, "应急广播使用培训")
GENERATOR = NewDuty("deliverable", "helper", "移交发电机1台", TODAY + timedelta(days=30))


@pytest.fixture
def agreement():
    return active(alice())


@pytest.fixture
def helper(agreement):
    return User.objects.get(pk=agreement.helper_confirmed_by_id)


@pytest.fixture
def helped(agreement):
    return User.objects.get(pk=agreement.helped_confirmed_by_id)


def put(agreement, who, duty=GENERATOR):
    return put_duty(actor=who, agreement_id=agreement.pk, duty=duty, at=NOON)


def delivered(duty, who, remark=""):
    return deliver_duty(actor=who, duty_id=duty.pk, remark=remark, expected_version=duty.version, at=NOON)


def visited(agreement, who, visit=VISIT, *photos):
    files = [SimpleUploadedFile(name, content) for name, content in photos]
    return record_visit(actor=who, agreement_id=agreement.pk, visit=visit, photos=files, at=NOON)


def task(agreement, what):
    return Task.objects.get(key=f"allocation.pairing:{agreement.pk}:{what}")


def test_a_deliverable_stands_on_the_list_of_who_owes_it(agreement, helped):
    duty = put(agreement, helped)

    assert (task(agreement, f"duty:{duty.pk}").division_code, task(agreement, f"duty:{duty.pk}").due_on) == (
        VILLAGE,
        duty.due_on,
    )


def test_what_is_delivered_waits_on_the_other_list_until_it_is_accepted(agreement, helper, helped):
    duty = delivered(put(agreement, helper), helper, "已送达村委会")

    assert task(agreement, f"duty:{duty.pk}").state == "done"
    assert task(agreement, f"accept:{duty.pk}").division_code == SECOND_VILLAGE

    accepted = accept_duty(actor=helped, duty_id=duty.pk, expected_version=duty.version, at=NOON)
    assert (accepted.state, task(agreement, f"accept:{duty.pk}").state) == ("accepted", "done")


def test_nobody_accepts_their_own_delivery(agreement, helper):
    duty = delivered(put(agreement, helper), helper)

    with pytest.raises(OwnDelivery, match="other than who delivered"):
        accept_duty(actor=helper, duty_id=duty.pk, expected_version=duty.version, at=NOON)


def test_a_delivery_is_sent_back_with_a_reason_and_is_due_again(agreement, helper, helped):
    duty = delivered(put(agreement, helper), helper)
    with pytest.raises(ReasonMissing):
        return_duty(actor=helped, duty_id=duty.pk, reason="", expected_version=duty.version, at=NOON)

    back = return_duty(actor=helped, duty_id=duty.pk, reason="缺少配件", expected_version=duty.version, at=NOON)

    assert (back.state, back.return_reason, back.delivered_on) == ("due", "缺少配件", None)
    assert (task(agreement, f"duty:{duty.pk}").state, task(agreement, f"accept:{duty.pk}").state) == (
        "open",
        "withdrawn",
    )


def test_a_task_done_on_the_work_list_is_done_here_too(agreement, helper):
    duty = put(agreement, helper, replace(GENERATOR, kind="task"))
    key = f"allocation.pairing:{agreement.pk}:duty:{duty.pk}"
    worklists.finish_task(actor=helper, key=key, at=NOON)

    for _twice in range(2):
        deliver_what_was_done(task_id=task(agreement, f"duty:{duty.pk}").pk, key=key)

    duty.refresh_from_db()
    assert (duty.state, duty.version) == ("delivered", 2)


def test_a_task_sent_back_on_the_work_list_is_due_again(agreement, helper, helped):
    duty = delivered(put(agreement, helper, replace(GENERATOR, kind="task")), helper)
    found = task(agreement, f"duty:{duty.pk}")
    worklists.return_task(actor=bob(), task_id=found.pk, expected_version=found.version, reason="缺照片", at=NOON)

    for _twice in range(2):
        take_back_what_was_returned(task_id=found.pk, key=found.key)

    duty.refresh_from_db()
    assert (duty.state, duty.version) == ("due", 3)
    assert task(agreement, f"duty:{duty.pk}").state == "returned"


def test_news_of_other_tasks_changes_nothing(agreement, helper):
    put(agreement, helper)

    deliver_what_was_done(task_id=1, key="survey.fill:1:999901101000")
    deliver_what_was_done(task_id=1, key=f"allocation.pairing:{agreement.pk}:duty:0")

    assert Duty.objects.get().state == "due"


def test_what_is_struck_off_leaves_the_list(agreement, helper, helped):
    duty = put(agreement, helper)

    struck = strike_duty(actor=helped, duty_id=duty.pk, expected_version=duty.version, at=NOON)

    assert (struck.state, task(agreement, f"duty:{duty.pk}").state) == ("struck", "withdrawn")
    with pytest.raises(BadMove, match="struck off"):
        delivered(struck, helper)


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        (replace(GENERATOR, title=" "), "Say what is to be done"),
        (replace(GENERATOR, due_on=TODAY - timedelta(days=1)), "from today to 2027-12-01"),
        (replace(GENERATOR, due_on=TODAY + timedelta(days=400)), "from today to 2027-12-01"),
    ],
)
def test_a_duty_has_words_and_a_day_within_the_agreement(agreement, helper, duty, words):
    with pytest.raises(BadDuty, match=words):
        put(agreement, helper, duty)


def test_a_visit_finishes_its_task_and_puts_the_next(agreement, helper):
    before = task(agreement, "visit").due_on

    visited(agreement, helper)

    again = task(agreement, "visit")
    assert (again.state, again.values["number"]) == ("open", 2)
    assert again.due_on > before


def test_a_visit_in_the_helped_unit_is_not_flagged(agreement, helper):
    visit = visited(agreement, helper, replace(VISIT, longitude=INSIDE[0], latitude=INSIDE[1]))

    assert visit.is_outside is False


def test_a_visit_elsewhere_is_flagged_and_kept(agreement, helper):
    visit = visited(agreement, helper, replace(VISIT, longitude=OUTSIDE[0], latitude=OUTSIDE[1]))

    assert visit.is_outside is True
    assert figures_of(agreement, TODAY).visits_outside == 1


def test_without_a_place_the_photo_tells_it(agreement, helper):
    visit = visited(agreement, helper, VISIT, ("visit.jpg", photo(with_place=True)))

    assert (visit.longitude, visit.latitude, visit.is_outside) == (109.06, 28.1, False)


def test_without_any_place_nothing_is_flagged(agreement, helper):
    visit = visited(agreement, helper, VISIT, ("visit.jpg", photo()))

    assert (visit.longitude, visit.is_outside) == (None, None)
    assert StoredFile.objects.get().object_id == visit.pk


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("visit.jpg", b"MZ no picture at all", "not what its ending says"),
        ("visit.exe", b"MZ", "not taken"),
        ("visit.jpg", b"", "empty"),
        ("visit.jpg", photo()[:60], "damaged"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_is_kept(agreement, helper, name, content, words):
    with pytest.raises(BadFile, match=words):
        visited(agreement, helper, VISIT, (name, content))

    assert not Visit.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_document_is_no_photo(agreement, helper):
    with pytest.raises(BadVisit, match="no picture"):
        visited(agreement, helper, VISIT, ("visit.pdf", b"%PDF-1.7 fine"))

    assert not Visit.objects.exists()


def test_a_visit_has_few_photos(agreement, helper):
    with pytest.raises(BadVisit, match="At most 9 photos"):
        visited(agreement, helper, VISIT, *[(f"{number}.jpg", photo()) for number in range(10)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"visited_on": TODAY + timedelta(days=1)}, "to today"),
        ({"visited_on": TODAY - timedelta(days=1)}, "beginning of the agreement"),
        ({"people": 0}, "1 to 200 people"),
        ({"summary": " "}, "Say what was done"),
        ({"longitude": 109.0}, "both longitude and latitude"),
        ({"longitude": 28.1, "latitude": 109.0}, "no such place on earth"),
        ({"longitude": float("nan"), "latitude": 28.0}, "no such place on earth"),
    ],
)
def test_a_visit_that_cannot_have_been_is_refused(agreement, helper, change, words):
    with pytest.raises(BadVisit, match=words):
        visited(agreement, helper, replace(VISIT, **change))


def test_value_adds_up_by_who_gave_it(agreement, helper, helped):
    values = (
        NewValue("helper", "goods", "发电机1台", 350_000, TODAY),
        NewValue("helper", "money", "培训经费", 100_050, TODAY),
        NewValue("helper", "work", "技术员2人3天", None, TODAY),
        NewValue("helped", "goods", "农产品", 20_000, TODAY),
    )
    for value in values:
        record_value(actor=helper, agreement_id=agreement.pk, value=value, at=NOON)

    figures = figures_of(agreement, TODAY)
    assert (figures.given_fen, figures.received_fen, figures.in_kind) == (450_050, 20_000, 1)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NewValue("helper", "goods", " ", 1, TODAY), "Say what was given"),
        (NewValue("helper", "money", "经费", None, TODAY), "Money has an amount"),
        (NewValue("helper", "goods", "发电机", 0, TODAY), "more than 0"),
        (NewValue("helper", "goods", "发电机", -5, TODAY), "more than 0"),
        (NewValue("helper", "goods", "发电机", 5, TODAY + timedelta(days=1)), "to today"),
    ],
)
def test_a_value_that_cannot_be_is_refused(agreement, helper, value, words):
    with pytest.raises(BadValue, match=words):
        record_value(actor=helper, agreement_id=agreement.pk, value=value, at=NOON)


def test_nothing_is_followed_after_the_end(agreement, helper):
    break_off_agreement(
        actor=alice_again(), agreement_id=agreement.pk, reason="并村", expected_version=agreement.version, at=NOON
    )

    with pytest.raises(NotFollowed):
        visited(agreement, helper)
    with pytest.raises(NotFollowed):
        record_value(
            actor=helper, agreement_id=agreement.pk, value=NewValue("helper", "goods", "机", 1, TODAY), at=NOON
        )


def alice_again():
    return User.objects.get(username="alice")


def test_figures_count_what_is_due_delivered_and_accepted(agreement, helper, helped):
    first, second = put(agreement, helper), put(agreement, helper, replace(GENERATOR, due_on=TODAY))
    accept_duty(actor=helped, duty_id=delivered(first, helper).pk, expected_version=2, at=NOON)

    figures = figures_of(agreement, TODAY + timedelta(days=1))

    assert second.state == "due"
    assert (figures.deliverables, figures.delivered, figures.accepted, figures.overdue) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("name", "model", "change"),
    [
        ("duty_kind_side_and_state_are_known", Duty, {"side": "both"}),
        ("duty_has_words", Duty, {"title": ""}),
        ("duty_delivered_has_its_day", Duty, {"state": "delivered"}),
        ("duty_accepted_has_its_day", Duty, {"accepted_on": TODAY}),
        ("duty_accepted_by_another", Duty, {"delivered_by_id": 1, "accepted_by_id": 1}),
        ("visit_side_is_known", Visit, {"side": "both"}),
        ("visit_by_somebody_who_says_what", Visit, {"people": 0}),
        ("visit_place_is_whole_and_on_earth", Visit, {"longitude": 109.0}),
        ("visit_place_is_whole_and_on_earth", Visit, {"longitude": 209.0, "latitude": 28.0}),
        ("given_value_side_and_kind_are_known", GivenValue, {"kind": "love"}),
        ("given_value_has_words", GivenValue, {"words": ""}),
        ("given_value_more_than_0", GivenValue, {"amount_fen": 0}),
        ("given_money_has_an_amount", GivenValue, {"kind": "money", "amount_fen": None}),
    ],
)
def test_the_database_holds_what_is_followed(agreement, helper, name, model, change):
    put(agreement, helper)
    visited(agreement, helper)
    record_value(actor=helper, agreement_id=agreement.pk, value=NewValue("helper", "goods", "机", 1, TODAY), at=NOON)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**change)
