from datetime import date
from itertools import product

import pytest

from anlan.accounts.core.scope import Grant
from anlan.worklists.core.levels import due_of, is_due_to_rise, is_own_list
from anlan.worklists.core.lifecycle import (
    NEXT,
    REFUSALS,
    STATE_NAMES,
    BadMove,
    OwnWork,
    TaskState,
    check_move,
    check_signer,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(("old", "new"), list(product(TaskState, TaskState)))
def test_a_task_moves_as_the_table_says_and_no_other_way(old, new):
    if new in NEXT[old]:
        check_move(old, new)
    else:
        with pytest.raises(BadMove) as refused:
            check_move(old, new)
        assert refused.value.message == REFUSALS[old]


def test_work_is_signed_off_only_after_it_was_done():
    assert [old for old in TaskState if TaskState.SIGNED_OFF in NEXT[old]] == [TaskState.DONE]


def test_every_state_has_a_name_and_a_refusal():
    assert set(STATE_NAMES) == set(REFUSALS) == set(NEXT) == set(TaskState)


def test_nobody_signs_off_their_own_work():
    check_signer(1, 2)
    check_signer(1, None)
    with pytest.raises(OwnWork, match="Somebody other"):
        check_signer(1, 1)


@pytest.mark.parametrize(
    ("due_on", "escalated_on", "rises"),
    [
        (date(2026, 11, 23), None, False),
        (date(2026, 11, 22), None, True),
        (date(2026, 11, 20), date(2026, 11, 22), True),
        (date(2026, 11, 20), date(2026, 11, 23), False),
    ],
)
def test_a_late_task_rises_once_a_day(due_on, escalated_on, rises):
    assert is_due_to_rise(due_on, escalated_on, TODAY) is rises


@pytest.mark.parametrize(
    ("day", "kind", "days"), [(20, "late", 3), (23, "today", 0), (26, "soon", 3), (27, "later", 4)]
)
def test_a_day_is_told_as_it_lies_to_today(day, kind, days):
    due = due_of(date(2026, 11, day), TODAY)

    assert (due.kind, due.days) == (kind, days)


@pytest.mark.parametrize(
    ("grant", "department", "is_theirs"),
    [
        (Grant("999901101", "township_officer"), "health", True),
        (Grant("999901101", "township_officer"), None, True),
        (Grant("999901", "analyst"), "health", False),
        (Grant("999901", "department_officer", "health"), "health", True),
        (Grant("999901", "department_officer", "water"), "health", False),
        (Grant("999901", "department_officer", "health"), None, False),
    ],
)
def test_a_list_is_the_units_own_and_its_departments(grant, department, is_theirs):
    assert is_own_list([grant], "999901101000", department) is is_theirs
