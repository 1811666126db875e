"""Checks raise flags once; somebody confirms or corrects; nothing changes by itself."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from anlan.accounts.tests.factories import TOWNSHIP, alice, bob
from anlan.assessment.actions.flags import ReasonMissing, SettledAlready, check_round, confirm_flag
from anlan.assessment.actions.verification import OpenFlags, verify_answers
from anlan.assessment.models import Flag
from anlan.assessment.templatetags.survey import flag_text
from anlan.assessment.tests.county import MORNING, answer, ready, say
from anlan.assessment.tests.test_answers import hand_in

pytestmark = pytest.mark.django_db


def contradictory():
    """Three full-time posts in a township that says it has two posts in all."""
    row, officer = ready(), bob()
    say(officer, row, TOWNSHIP, "ORG-T-02", 2)
    say(officer, row, TOWNSHIP, "ORG-T-03", 3)
    hand_in(officer, row, TOWNSHIP)
    return row, officer


def test_handing_in_raises_what_cannot_both_be_true():
    row, _ = contradictory()

    flag = Flag.objects.get()
    assert (flag.kind, flag.answer) == ("contradiction", answer(row, TOWNSHIP, "ORG-T-03"))
    with override("zh-hans"):
        assert "应急管理岗位数" in flag_text(flag)


def test_checking_again_raises_nothing_twice():
    row, _ = contradictory()

    assert check_round(actor=None, round_id=row.pk, at=MORNING) == 0
    assert Flag.objects.count() == 1


def test_a_doubted_answer_is_not_verified():
    row, _ = contradictory()
    found = answer(row, TOWNSHIP, "ORG-T-03")

    with pytest.raises(OpenFlags):
        verify_answers(actor=alice(), versions={found.pk: found.version}, at=MORNING)


def test_correcting_the_answer_closes_its_flag():
    row, officer = contradictory()

    say(officer, row, TOWNSHIP, "ORG-T-03", 1)

    flag = Flag.objects.get()
    assert (flag.status, flag.settled_by_name) == ("corrected", "Bob")


def test_correcting_the_other_answer_closes_the_flag_too():
    row, officer = contradictory()

    say(officer, row, TOWNSHIP, "ORG-T-02", 5)

    assert Flag.objects.get().status == "corrected"


def test_a_correction_that_is_still_wrong_is_flagged_anew():
    row, officer = contradictory()

    say(officer, row, TOWNSHIP, "ORG-T-03", 4)

    assert sorted(Flag.objects.values_list("status", flat=True)) == ["corrected", "open"]


def test_a_confirmed_doubt_is_not_raised_again_while_the_figures_are_the_same():
    row, officer = contradictory()
    flag = Flag.objects.get()

    confirm_flag(actor=officer, flag_id=flag.pk, remark="编制在县局", at=MORNING)

    assert check_round(actor=None, round_id=row.pk, at=MORNING) == 0
    assert answer(row, TOWNSHIP, "ORG-T-03").value == 3


def test_a_confirmation_says_why_and_is_given_once():
    _, officer = contradictory()
    flag = Flag.objects.get()

    with pytest.raises(ReasonMissing):
        confirm_flag(actor=officer, flag_id=flag.pk, remark=" ", at=MORNING)
    confirm_flag(actor=officer, flag_id=flag.pk, remark="编制在县局", at=MORNING)
    with pytest.raises(SettledAlready):
        confirm_flag(actor=officer, flag_id=flag.pk, remark="再说一次", at=MORNING)


def test_flags_are_settled_on_their_page(client):
    row, officer = contradictory()
    client.force_login(officer)
    page = reverse("survey-flags", args=[row.pk])

    assert "专职应急管理岗位数" in client.get(page).content.decode()
    client.post(reverse("flag-settle", args=[Flag.objects.get().pk]), {"remark": "编制在县局"})

    assert "编制在县局" in client.get(f"{page}?status=confirmed").content.decode()
