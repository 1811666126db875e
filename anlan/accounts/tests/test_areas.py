from datetime import date

import pytest

from anlan.accounts.actions.areas import follow_divisions
from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import NOON, TOWNSHIP, bob, post

pytestmark = pytest.mark.django_db
THEN = date(2026, 7, 1)
NEXT_TOWNSHIP = "999901102000"


def test_a_post_goes_on_in_the_division_that_takes_over():
    officer = bob()

    follow_divisions(actor=None, moved={TOWNSHIP: NEXT_TOWNSHIP}, on=THEN, at=NOON)

    periods = officer.postings.order_by("starts_on").values_list("area_code", "ends_on")
    assert list(periods) == [(TOWNSHIP, THEN), (NEXT_TOWNSHIP, None)]


def test_whoever_holds_the_post_there_already_gets_no_second_one():
    officer = bob()
    post(officer, Role.TOWNSHIP_OFFICER, NEXT_TOWNSHIP)

    assert follow_divisions(actor=None, moved={TOWNSHIP: NEXT_TOWNSHIP}, on=THEN, at=NOON) == 0
    assert list(officer.postings.held_on(THEN).values_list("area_code", flat=True)) == [NEXT_TOWNSHIP]
