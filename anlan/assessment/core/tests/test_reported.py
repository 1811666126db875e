from datetime import date

import pytest

from anlan.assessment.core.reported import differs, reported_value, scored_value
from anlan.assessment.core.tests.workbook_cases import CLOSES, OFFICE, POSTS, REVISED
from anlan.assessment.core.values import Answer


@pytest.mark.parametrize(
    ("leaf", "reported", "evidence", "doubtful"),
    [
        (POSTS, 20, 20, False),
        (POSTS, 21, 20, False),
        (POSTS, 19, 20, False),
        (POSTS, 22, 20, True),
        (POSTS, 1, 0, True),
        (POSTS, 0, 0, False),
        (OFFICE, 1, 1, False),
        (OFFICE, 1, 0, True),
    ],
)
def test_evidence_contradicts_by_more_than_5_percent_or_at_all_for_yes_or_no(leaf, reported, evidence, doubtful):
    assert differs(leaf, reported, evidence) is doubtful


def test_where_they_differ_the_evidence_is_scored():
    assert scored_value(POSTS, Answer(value=6, evidence_value=4), CLOSES) == (4, True)


def test_where_they_agree_the_report_is_scored():
    assert scored_value(POSTS, Answer(value=20, evidence_value=20.5), CLOSES) == (20, False)


def test_evidence_alone_is_no_answer():
    assert scored_value(POSTS, Answer(evidence_value=4), CLOSES) == (None, False)


def test_ages_count_from_the_closing_date():
    assert reported_value(REVISED, Answer(day=date(2026, 10, 1)), CLOSES) == 30
    assert scored_value(REVISED, Answer(day=date(2026, 10, 1), evidence_value=400.0), CLOSES) == (400, True)
