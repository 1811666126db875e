"""What may be asked of an administrator, by value."""

from datetime import date

import pytest

from anlan.accounts.core.people import (
    BadDetail,
    BadMove,
    Move,
    NotOneself,
    NotYourPost,
    check_appointment,
    check_end,
    check_move,
    check_name,
    check_phone,
    check_somebody_else,
    check_username,
)
from anlan.accounts.core.roles import Post, Role, roles_to_appoint

COUNTY, TOWNSHIP, ELSEWHERE = "999901000000", "999901101000", "999902000000"
ADMINISTRATOR = (Post(Role.COUNTY_ADMIN, COUNTY),)
OFFICER = Post(Role.TOWNSHIP_OFFICER, TOWNSHIP)


def test_a_log_in_name_is_stored_in_small_letters():
    assert check_username("  Liu.Xi-3 ") == "liu.xi-3"


@pytest.mark.parametrize("text", ["", "ab", ".abc", "柳溪", "a b c", "a" * 41, "bob;drop"])
def test_a_log_in_name_that_is_none_is_refused(text):
    with pytest.raises(BadDetail, match="cannot be a log-in name"):
        check_username(text)


def test_a_telephone_number_is_stored_without_blanks():
    assert check_phone("+86 138-0013-8000") == "+8613800138000"
    assert check_phone(" ") == ""


@pytest.mark.parametrize("text", ["12", "call me", "138001380001380013800"])
def test_a_telephone_number_that_is_none_is_refused(text):
    with pytest.raises(BadDetail, match="no telephone number"):
        check_phone(text)


@pytest.mark.parametrize("text", [" ", "a" * 41])
def test_a_name_is_there_and_fits(text):
    with pytest.raises(BadDetail, match="1 to 40 characters"):
        check_name(text)


def test_an_administrator_appoints_within_the_own_area():
    check_appointment(ADMINISTRATOR, OFFICER)


@pytest.mark.parametrize(
    ("appointer", "wanted"),
    [
        (ADMINISTRATOR, Post(Role.TOWNSHIP_OFFICER, ELSEWHERE)),
        (ADMINISTRATOR, Post(Role.UPPER_PLATFORM, COUNTY)),
        ((Post(Role.COUNTY_ADMIN, TOWNSHIP),), Post(Role.COUNTY_ADMIN, COUNTY)),
        ((Post(Role.COUNTY_ADMIN, COUNTY, "health"),), OFFICER),
        ((Post(Role.ANALYST, COUNTY),), OFFICER),
        ((), OFFICER),
    ],
)
def test_nobody_appoints_beyond_their_own_reach(appointer, wanted):
    with pytest.raises(NotYourPost, match="cannot appoint"):
        check_appointment(appointer, wanted)


def test_a_department_officer_needs_a_department():
    with pytest.raises(BadDetail, match="needs a department"):
        check_appointment(ADMINISTRATOR, Post(Role.DEPARTMENT_OFFICER, COUNTY))


def test_an_administrator_names_every_role_but_the_provinces_and_an_analyst_none():
    assert roles_to_appoint(ADMINISTRATOR) == frozenset(Role) - {Role.UPPER_PLATFORM}
    assert roles_to_appoint([Post(Role.ANALYST, COUNTY)]) == frozenset()


def test_nobody_changes_their_own_rights():
    with pytest.raises(NotOneself, match="your own rights"):
        check_somebody_else(7, 7)


def test_a_move_leads_somewhere():
    with pytest.raises(BadMove, match="holds already"):
        check_move(OFFICER, Move(1, OFFICER, date(2026, 1, 1)))


def test_a_post_does_not_end_before_it_began():
    with pytest.raises(BadMove, match="began on 2026-02-01"):
        check_end(date(2026, 2, 1), None, date(2026, 1, 1))


def test_a_post_ends_once_but_its_end_may_be_brought_forward():
    check_end(date(2026, 1, 1), date(2026, 6, 1), date(2026, 3, 1))

    with pytest.raises(BadMove, match="ends on 2026-06-01 already"):
        check_end(date(2026, 1, 1), date(2026, 6, 1), date(2026, 7, 1))
