from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from anlan.assessment.core.entry import Entered
from anlan.assessment.core.tests.workbook_cases import SCOPE
from anlan.assessment.core.values import Answer
from anlan.assessment.core.workbook_values import Known, TypedCell, WorkbookReading, conflicts

KEY = ("999901100000", "ORG-T-02")


def typed(value, version):
    return TypedCell(*KEY, Entered(value=value), Known(version, Entered(value=6)), "乡镇指标", "E9")


def test_a_cell_changed_on_both_sides_is_a_conflict():
    found = conflicts([typed(8, 1)], {KEY: Known(2, Entered(value=7))})

    assert [(conflict.typed.cell, conflict.current.entered.value) for conflict in found] == [("E9", 7)]


def test_the_same_answer_on_both_sides_is_no_conflict():
    assert conflicts([typed(8, 1)], {KEY: Known(2, Entered(value=8))}) == ()


def test_an_answer_that_was_given_meanwhile_where_there_was_none_is_a_conflict():
    new = TypedCell(*KEY, Entered(value=8), Known(), "乡镇指标", "E9")

    assert conflicts([new], {}) == ()
    assert len(conflicts([new], {KEY: Known(1, Entered(value=7))})) == 1


@given(st.floats(0, 1e6), st.integers(0, 9))
def test_nothing_conflicts_while_nobody_else_wrote(value, version):
    cell = typed(value, version)

    assert conflicts([cell], {KEY: cell.base}) == ()


def test_a_reading_is_a_survey_without_what_was_cleared():
    day = TypedCell("999901100000", "PRO-T-02", Entered(day=date(2025, 3, 1)), Known(), "", "")
    gone = TypedCell("999901101000", "PRO-T-02", Entered(), Known(), "", "")

    survey = WorkbookReading(SCOPE, (typed(8, 1), day, gone), ()).survey()

    assert survey.answers == {KEY: Answer(8), ("999901100000", "PRO-T-02"): Answer(None, date(2025, 3, 1))}
    assert (survey.name, survey.closes_on, survey.units) == (SCOPE.round_name, SCOPE.closes_on, SCOPE.units)
