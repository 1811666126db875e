import pytest

from anlan.accounts.core.scope import Grant
from anlan.records.core.notices import is_addressed

TOWNSHIP = "999901101000"


@pytest.mark.parametrize(
    ("grant", "is_for_them"),
    [
        (Grant("999901101", "township_officer"), True),
        (Grant("999901", "analyst"), False),
        (Grant("999901101201", "village_officer"), False),
        (Grant("999901102", "township_officer"), False),
        (Grant("999901", "department_officer", "health"), True),
        (Grant("999901", "department_officer", "water"), False),
        (Grant("999902", "department_officer", "health"), False),
        (Grant("999901101", "department_officer", "water"), False),
    ],
)
def test_news_of_a_units_health_work_is_for_its_own_people_and_the_health_department(grant, is_for_them):
    assert is_addressed([grant], TOWNSHIP, "health") is is_for_them


def test_news_without_a_department_is_for_the_units_own_people_alone():
    assert is_addressed([Grant("999901101", "township_officer")], TOWNSHIP, None)
    assert not is_addressed([Grant("999901", "department_officer", "health")], TOWNSHIP, None)
