"""An agreement's life: both sides, its work on the lists, the yearly check and what follows it, its constraints."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from anlan.accounts.tests.factories import alice, bob
from anlan.allocation.actions.pairing_agreements import (
    AlreadyConfirmed,
    BadTerms,
    NotFollowed,
    ReasonMissing,
    Terms,
    break_off_agreement,
    confirm_side,
    continue_agreement,
    decline_agreement,
    end_agreement,
    renew_agreement,
)
from anlan.allocation.actions.pairing_duties import NewDuty, put_duty
from anlan.allocation.actions.pairing_following import check_year
from anlan.allocation.actions.pairing_reminders import begin_due, remind_agreement, remind_all
from anlan.allocation.actions.pairing_tasks import agreement_in, duty_in
from anlan.allocation.core.pairing_life import AGREEMENT_NAMES, AGREEMENT_NEXT, LIVE, OVER, BadMove, SamePerson
from anlan.allocation.models import Agreement, PairingReminder, YearlyCheck
from anlan.allocation.tests.pairs import (
    NOON,
    TERMS,
    TODAY,
    active,
    agreements,
    assessed_county,
    both_confirm,
    officer,
    proposed,
)
from anlan.assessment.tests.county import SECOND_VILLAGE, VILLAGE
from anlan.ground.models import AuditEntry
from anlan.ground.versions import Conflict
from anlan.records.models import Notice
from anlan.worklists.models import Task

pytestmark = pytest.mark.django_db
YEAR_LATER = NOON.replace(year=2027)


@pytest.fixture
def analyst():
    return alice()


@pytest.fixture
def waiting(analyst):
    """The first village's agreement, which waits for both sides."""
    assessed_county(analyst)
    return next(one for one in agreements(analyst) if one.helper_code == VILLAGE)


def confirmed(agreement, side, who):
    return confirm_side(actor=who, agreement_id=agreement.pk, side=side, expected_version=agreement.version, at=NOON)


def checked(agreement, who, *, is_met=True, reason="", at=YEAR_LATER):
    return check_year(
        actor=who,
        agreement_id=agreement.pk,
        is_met=is_met,
        reason=reason,
        expected_version=agreement.version,
        at=at,
    )


def task(agreement, what):
    return Task.objects.get(key=f"allocation.pairing:{agreement.pk}:{what}")


def test_with_one_confirmation_an_agreement_still_waits(waiting):
    agreement = confirmed(waiting, "helper", officer(VILLAGE))

    assert agreement.state == "proposed"
    assert task(agreement, "confirm:helper").state == "done"
    assert task(agreement, "confirm:helped").state == "open"


def test_with_both_confirmations_it_begins_on_its_day(waiting):
    agreement = both_confirm(waiting)

    assert agreement.state == "active"
    assert (task(agreement, "visit").division_code, task(agreement, "check").division_code) == (
        VILLAGE,
        agreement.county_code,
    )
    assert {"agreement confirmed by one side", "agreement begun"} <= set(
        AuditEntry.objects.filter(object_kind="allocation.agreement").values_list("verb", flat=True)
    )


def test_an_agreement_for_later_waits_for_its_day(analyst):
    later = TODAY + timedelta(days=30)
    agreement = active(analyst, Terms(later, 1, 4))

    assert agreement.state == "agreed"
    assert not begin_due(agreement_id=agreement.pk, today=later - timedelta(days=1), at=NOON)
    assert begin_due(agreement_id=agreement.pk, today=later, at=NOON)
    assert not begin_due(agreement_id=agreement.pk, today=later, at=NOON)


def test_a_side_confirms_once(waiting):
    agreement = confirmed(waiting, "helper", officer(VILLAGE))

    with pytest.raises(AlreadyConfirmed, match="has confirmed this agreement already"):
        confirmed(agreement, "helper", bob())


def test_one_person_does_not_confirm_for_both_sides(waiting):
    of_both = bob()
    agreement = confirmed(waiting, "helper", of_both)

    with pytest.raises(SamePerson, match="somebody else confirms"):
        confirmed(agreement, "helped", of_both)


def test_who_confirms_an_older_state_is_told(waiting):
    confirmed(waiting, "helper", officer(VILLAGE))

    with pytest.raises(Conflict):
        confirmed(waiting, "helped", officer(SECOND_VILLAGE))


def test_declining_says_why_and_takes_the_work_off_the_lists(waiting):
    who = officer(SECOND_VILLAGE)
    with pytest.raises(ReasonMissing, match="Say why"):
        decline_agreement(actor=who, agreement_id=waiting.pk, reason=" ", expected_version=waiting.version, at=NOON)

    declined = decline_agreement(
        actor=who, agreement_id=waiting.pk, reason="另有对口单位", expected_version=waiting.version, at=NOON
    )

    assert (declined.state, declined.close_reason, declined.closed_on) == ("declined", "另有对口单位", TODAY)
    assert Notice.objects.filter(to_person__username="alice", message__contains="declined").exists()
    assert set(Task.objects.filter(key__startswith=f"allocation.pairing:{waiting.pk}:").values_list("state")) == {
        ("withdrawn",)
    }


def test_who_declined_is_not_proposed_to_each_other_again(waiting, analyst):
    who = officer(SECOND_VILLAGE)
    decline_agreement(actor=who, agreement_id=waiting.pk, reason="不便", expected_version=waiting.version, at=NOON)

    row = proposed(analyst, name="第二轮")

    assert not row.pairs.filter(helper__code=VILLAGE, helped__code=SECOND_VILLAGE).exists()


def test_an_active_agreement_is_not_declined_but_broken_off(analyst):
    agreement = active(analyst)
    with pytest.raises(BadMove, match="yearly check comes first"):
        decline_agreement(
            actor=analyst, agreement_id=agreement.pk, reason="不便", expected_version=agreement.version, at=NOON
        )

    broken = break_off_agreement(
        actor=analyst, agreement_id=agreement.pk, reason="两村合并", expected_version=agreement.version, at=NOON
    )

    assert broken.state == "broken_off"
    assert not Task.objects.filter(key__startswith=f"allocation.pairing:{agreement.pk}:", state="open").exists()
    assert Notice.objects.filter(message__contains="broke off").exists()


def test_a_proposed_agreement_is_not_broken_off(waiting, analyst):
    with pytest.raises(BadMove, match="waits for both sides"):
        break_off_agreement(
            actor=analyst, agreement_id=waiting.pk, reason="不便", expected_version=waiting.version, at=NOON
        )


def test_a_yearly_check_keeps_the_figures_and_asks_what_follows(analyst):
    agreement = active(analyst)

    found = checked(agreement, analyst)

    agreement.refresh_from_db()
    assert (agreement.state, found.year, found.figures["visits_expected"]) == ("checked", 1, 4)
    assert task(agreement, "decide").state == "open"
    assert task(agreement, "visit").state == "withdrawn"


def test_not_met_says_why(analyst):
    agreement = active(analyst)

    with pytest.raises(ReasonMissing, match="Say why"):
        checked(agreement, analyst, is_met=False)

    assert not YearlyCheck.objects.exists()


def test_the_database_holds_a_check_a_year_and_its_reason(analyst):
    agreement = active(analyst)
    found = checked(agreement, analyst)
    with pytest.raises(IntegrityError, match="yearly_check_not_met_says_why"), transaction.atomic():
        YearlyCheck.objects.update(is_met=False)

    found.pk = None
    with pytest.raises(IntegrityError, match="yearly_check_once_a_year"), transaction.atomic():
        found.save()


def test_a_checked_agreement_is_not_checked_again(analyst):
    agreement = active(analyst)
    checked(agreement, analyst)
    agreement.refresh_from_db()

    with pytest.raises(BadMove, match="whether it goes on"):
        checked(agreement, analyst)


def test_a_checked_agreement_goes_on_into_its_next_year(analyst):
    agreement = active(analyst, Terms(TODAY, 2, 4))
    checked(agreement, analyst)
    agreement.refresh_from_db()

    goes_on = continue_agreement(
        actor=analyst, agreement_id=agreement.pk, expected_version=agreement.version, at=YEAR_LATER
    )

    assert goes_on.state == "active"
    assert task(agreement, "check").values["year"] == 2


def test_an_agreement_whose_time_is_over_does_not_go_on(analyst):
    agreement = active(analyst)
    checked(agreement, analyst)
    agreement.refresh_from_db()

    with pytest.raises(BadTerms, match="time is over"):
        continue_agreement(actor=analyst, agreement_id=agreement.pk, expected_version=agreement.version, at=YEAR_LATER)


def test_only_a_checked_agreement_goes_on_ends_or_is_made_anew(analyst):
    agreement = active(analyst)
    known = {"actor": analyst, "agreement_id": agreement.pk, "expected_version": agreement.version, "at": NOON}

    with pytest.raises(BadMove):
        continue_agreement(**known)
    with pytest.raises(BadMove):
        end_agreement(**known, reason="")
    with pytest.raises(BadMove):
        renew_agreement(**known, terms=TERMS)


def test_made_anew_both_sides_confirm_again_and_the_place_stays_taken(analyst):
    agreement = active(analyst)
    checked(agreement, analyst)
    agreement.refresh_from_db()

    new = renew_agreement(
        actor=analyst,
        agreement_id=agreement.pk,
        expected_version=agreement.version,
        terms=replace(TERMS, starts_on=YEAR_LATER.date()),
        at=YEAR_LATER,
    )

    agreement.refresh_from_db()
    assert (agreement.state, new.state, new.previous) == ("renewed", "proposed", agreement)
    assert new.helper_place == agreement.helper_place
    assert task(new, "confirm:helper").division_code == VILLAGE


def test_an_ended_agreement_leaves_its_place_and_counts_as_proven(analyst):
    agreement = active(analyst)
    checked(agreement, analyst)
    agreement.refresh_from_db()

    end_agreement(
        actor=analyst, agreement_id=agreement.pk, reason="", expected_version=agreement.version, at=YEAR_LATER
    )

    row = proposed(analyst, name="第二轮")
    pair = row.pairs.get(helper__code=VILLAGE, helped__code=SECOND_VILLAGE)
    assert pair.parts["history"] > 0


def test_reminders_are_sent_once_a_day_and_tell_how_much_is_due(analyst):
    agreement = active(analyst)
    day = TODAY + timedelta(days=100)  # the first visit was due after 91 days

    first = remind_agreement(agreement_id=agreement.pk, today=day, at=NOON)
    again = remind_agreement(agreement_id=agreement.pk, today=day, at=NOON)

    assert (first.visits, first.deliverables, first.checks) == (1, 0, 0)
    assert again is None
    told = Notice.objects.filter(message__startswith="Under the pairing")
    assert {notice.values["late"] for notice in told} == {1}


def test_nobody_is_reminded_of_nothing(analyst):
    agreement = active(analyst)

    assert remind_agreement(agreement_id=agreement.pk, today=TODAY, at=NOON) is None


def test_an_overdue_deliverable_is_reminded_of(analyst):
    agreement = active(analyst)
    duty = NewDuty("deliverable", "helper", "移交发电机1台", TODAY)
    put_duty(actor=analyst, agreement_id=agreement.pk, duty=duty, at=NOON)

    reminded = remind_agreement(agreement_id=agreement.pk, today=TODAY + timedelta(days=2), at=NOON)

    assert reminded.deliverables == 1


def test_the_daily_timer_begins_and_reminds_every_live_agreement(waiting):
    both_confirm(waiting)

    # The other agreement of the round still waits for its units, since ten days.
    assert remind_all(today=TODAY + timedelta(days=11), at=NOON) == 1
    assert remind_all(today=TODAY + timedelta(days=11), at=NOON) == 0


def test_work_taken_off_the_list_undone_comes_back(waiting):
    agreement = both_confirm(waiting)
    Task.objects.filter(key=f"allocation.pairing:{agreement.pk}:visit").update(state="withdrawn")

    remind_agreement(agreement_id=agreement.pk, today=TODAY, at=NOON)

    assert task(agreement, "visit").state == "open"


def test_nothing_is_followed_before_both_sides_agreed(waiting, analyst):
    with pytest.raises(NotFollowed, match="not active"):
        put_duty(actor=analyst, agreement_id=waiting.pk, duty=NewDuty("task", "helper", "培训", TODAY), at=NOON)


def test_every_state_has_its_words_and_its_row():
    assert set(AGREEMENT_NEXT) == set(AGREEMENT_NAMES)
    assert set(AGREEMENT_NAMES) == LIVE | OVER


def test_keys_of_work_tell_their_agreement_and_duty():
    assert agreement_in("allocation.pairing:7:visit") == 7
    assert agreement_in("survey.fill:7") is None
    assert duty_in("allocation.pairing:7:duty:12") == 12


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("agreement_units_are_codes", {"helper_code": "柳溪村"}),
        ("agreement_of_two", {"helped_code": VILLAGE}),
        ("agreement_ends_after_it_starts", {"ends_on": TODAY}),
        ("agreement_visits_1_to_12", {"visits_a_year": 13}),
        ("agreement_agreed_by_both", {"helped_confirmed_by_id": None}),
        ("agreement_agreed_by_both", {"state": "proposed"}),
        ("agreement_over_has_its_day", {"state": "ended"}),
        ("agreement_over_has_its_day", {"closed_on": TODAY}),
        ("agreement_closed_says_why", {"state": "broken_off", "closed_on": TODAY}),
        ("agreement_within_helper_load", {"helper_place": 3}),
        ("agreement_within_helper_load", {"helper_place": 10, "most_helped": 10}),
    ],
)
def test_the_database_holds_what_an_agreement_is(analyst, name, change):
    agreement = active(analyst)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**change)


def test_the_database_knows_the_states(waiting):
    with pytest.raises(IntegrityError, match="agreement_state_is_known"), transaction.atomic():
        Agreement.objects.filter(pk=waiting.pk).update(state="lost")


def test_the_database_knows_two_people_a_place_a_pair_and_a_day_once(analyst):
    agreement = active(analyst)
    PairingReminder.objects.create(agreement=agreement, sent_on=TODAY)
    with pytest.raises(IntegrityError, match="agreement_confirmed_by_two_people"), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(helped_confirmed_by_id=agreement.helper_confirmed_by_id)
    with pytest.raises(IntegrityError, match="pairing_reminder_once_a_day"), transaction.atomic():
        PairingReminder.objects.create(agreement=agreement, sent_on=TODAY)

    agreement.pk = None
    with pytest.raises(IntegrityError, match="agreement_place_of_helper_once"), transaction.atomic():
        agreement.save()
    agreement.helper_place = 2
    with pytest.raises(IntegrityError, match="agreement_one_live_of_a_pair"), transaction.atomic():
        agreement.save()
