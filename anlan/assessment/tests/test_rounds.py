"""A round is prepared, opened, reminded of, closed, reopened; the board tells how far it is."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from anlan.accounts import queries as accounts
from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, bob
from anlan.assessment import tasks
from anlan.assessment.actions import rounds
from anlan.assessment.actions.rounds import RoundProblem
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.lifecycle import NotAllowed
from anlan.assessment.models import Assignment, Reminder, Round
from anlan.assessment.queries import boards, reminders
from anlan.assessment.queries.previous import entered_before, previous_survey
from anlan.assessment.tests.county import (
    CLOSES,
    MORNING,
    NEXT_TOWNSHIP,
    OPENS,
    SECOND_VILLAGE,
    TODAY,
    VILLAGE,
    assignment,
    county,
    draft,
    opened,
    ready,
    say,
    water_officer,
)
from anlan.assessment.tests.test_answers import hand_in
from anlan.ground.versions import Conflict
from anlan.places.actions import merge_divisions
from anlan.places.core.succession import Heir
from anlan.places.queries import division_at
from anlan.records import queries as records
from anlan.worklists import queries as worklists

pytestmark = pytest.mark.django_db


def asked_to_fill(person) -> set[tuple[str, str]]:
    """Return the lists on which the person sees filling waiting."""
    waiting = [task for task in worklists.tasks_for(person) if task.state in ("open", "returned")]
    return {(task.division_code, task.department) for task in waiting if task.title.startswith("Fill in")}


def close(row, actor=None):
    row.refresh_from_db()
    return rounds.close_round(actor=actor, round_id=row.pk, expected_version=row.version, at=MORNING)


def reopen(row):
    row.refresh_from_db()
    return rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)


def test_opening_asks_every_unit_s_departments_and_puts_it_on_their_lists():
    row, officer = ready(), bob()

    departments = set(row.system_version.leaves.filter(level="village").values_list("department", flat=True))
    assert set(Assignment.objects.filter(division__code=VILLAGE).values_list("department", flat=True)) == departments
    assert (TOWNSHIP, "emergency") in asked_to_fill(officer)
    assert (NEXT_TOWNSHIP, "emergency") not in asked_to_fill(officer)


def test_which_department_fills_which_leaves_follows_the_system():
    row = ready()

    asked = boards.progress_of(assignment(row, VILLAGE, "water")).asked

    assert asked == row.system_version.leaves.filter(level="village", department="water").count()


def test_a_round_is_not_opened_twice():
    row = ready()

    with pytest.raises(NotAllowed):
        rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)


def test_two_who_open_at_once_do_not_both():
    county()
    row = draft()
    rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)

    with pytest.raises(Conflict):
        rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)


@pytest.mark.parametrize(
    ("given", "reason"),
    [({}, "named"), ({"name": "另一次", "closes_on": OPENS}, "not after")],
)
def test_a_round_that_cannot_be_is_refused(given, reason):
    ready()

    with pytest.raises(RoundProblem, match=reason):
        draft(**given)


def test_a_county_without_divisions_cannot_be_surveyed():
    county()
    row = draft(name="早年", opens_on=date(2019, 1, 1), closes_on=date(2019, 2, 1))

    with pytest.raises(RoundProblem, match="no divisions"):
        rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=MORNING)


def remind(row, today=TODAY, actor=None) -> int:
    return rounds.remind_round(actor=actor, round_id=row.pk, today=today, at=MORNING)


def test_each_outstanding_department_is_reminded_at_most_once_a_day():
    row, officer = ready(), bob()

    first, again, tomorrow = remind(row), remind(row), remind(row, TODAY + timedelta(days=1))

    assert (again, tomorrow) == (0, first)
    told = records.notices_for(officer)
    assert {notice.values["round"] for notice in told} == {row.name}
    assert Reminder.objects.filter(round=row, sent_on=TODAY, township_code=TOWNSHIP, department="water").exists()


def test_who_has_handed_in_everything_is_not_reminded():
    row, officer = ready(), bob()
    for unit, leaf, value in ((TOWNSHIP, "CAP-T-01", 20), (VILLAGE, "CAP-V-01", 2), (SECOND_VILLAGE, "CAP-V-01", 2)):
        say(officer, row, unit, leaf, value)
        hand_in(officer, row, unit)

    remind(row)

    assert not Reminder.objects.filter(township_code=TOWNSHIP, department="emergency").exists()
    assert (TOWNSHIP, "emergency") not in asked_to_fill(officer)
    assert (TOWNSHIP, "water") in asked_to_fill(officer)


def test_a_round_that_is_closed_is_not_reminded_of():
    row = ready()
    close(row)

    with pytest.raises(RoundProblem):
        remind(row)


def test_the_timer_reminds_of_rounds_in_their_last_week():
    row = ready()

    assert list(reminders.rounds_due(CLOSES - timedelta(days=8))) == []
    assert list(reminders.rounds_due(CLOSES - timedelta(days=7))) == [row]


def test_the_timer_runs():
    row = ready()
    Round.objects.filter(pk=row.pk).update(opens_on=date(2020, 1, 2), closes_on=date(2020, 1, 3))

    tasks.remind(timestamp=int(MORNING.timestamp()))

    assert Reminder.objects.filter(round=row).exists()


def test_closing_hands_in_what_was_typed_and_leaves_the_rest_missing():
    row, officer = ready(), bob()
    say(officer, row, VILLAGE, "CAP-V-01", 2)

    close(row)

    assert assignment(row, VILLAGE, "emergency").status == "submitted"
    assert assignment(row, VILLAGE, "water").status == "open"
    assert asked_to_fill(officer) == set()


def test_a_closed_round_is_reopened_for_supplements():
    row, officer = ready(), bob()
    close(row)

    reopen(row)

    say(officer, row, VILLAGE, "CAP-V-01", 2)
    assert (TOWNSHIP, "emergency") in asked_to_fill(officer)


def test_closing_while_somebody_types_is_told_kindly_and_keeps_the_text(client):
    row, officer = ready(), bob()
    client.force_login(officer)
    close(row)

    got = client.post(
        reverse("survey-answer", args=[row.pk, VILLAGE, "emergency", "CAP-V-01"]), {"value": "123", "version": "0"}
    )

    assert got.status_code == 409
    assert "123" in got.content.decode()


def test_the_board_counts_answers_by_township_and_department():
    row, officer, analyst = ready(), bob(), alice()
    say(officer, row, VILLAGE, "CAP-V-01", 2)
    hand_in(officer, row)

    board = {line.code: line for line in boards.board_of(row, accounts.scope_of(analyst, "survey.read"))}

    assert list(board) == [COUNTY, TOWNSHIP, NEXT_TOWNSHIP]
    cell = board[TOWNSHIP].departments["emergency"]
    assert (cell.units, cell.handed_in, cell.verified, cell.answered) == (3, 1, 0, 1)
    assert board[TOWNSHIP].name == "柳溪镇"


def test_the_board_shows_a_township_officer_their_own_and_a_department_its_column():
    row, officer, department = ready(), bob(), water_officer()

    mine = boards.board_of(row, accounts.scope_of(officer, "survey.read"))
    water = boards.board_of(row, accounts.scope_of(department, "survey.read"))

    assert [line.code for line in mine] == [TOWNSHIP]
    assert boards.departments_on(water) == ["water"]


def test_board_and_form_take_a_constant_number_of_queries(client, django_assert_max_num_queries):
    row, officer, analyst = ready(), bob(), alice()
    for unit in (VILLAGE, SECOND_VILLAGE):
        for leaf in ("CAP-V-01", "CAP-V-02"):
            say(officer, row, unit, leaf, 2)
    client.force_login(analyst)
    pages = (
        reverse("round", args=[row.pk]),
        reverse("survey-units", args=[row.pk, TOWNSHIP]),
        reverse("survey-form", args=[row.pk, VILLAGE, "emergency"]),
        reverse("survey-verify", args=[row.pk, TOWNSHIP]),
    )

    for page in pages:
        with django_assert_max_num_queries(25):
            client.get(page)


def test_the_last_round_s_answers_stand_beside_the_questions():
    county()
    officer = bob()
    first = opened(name="2025年度摸底", opens_on=date(2025, 11, 1), closes_on=date(2025, 11, 30))
    say(officer, first, VILLAGE, "CAP-V-01", 7)
    close(first)

    row = opened()

    division = division_at(VILLAGE, row.opens_on)
    assert entered_before(row, {division.pk: VILLAGE})[VILLAGE, "CAP-V-01"] == Entered(7)


def test_the_last_round_s_answers_follow_a_merged_village():
    county()
    officer, merged = bob(), "999901101203"
    first = opened(name="2025年度摸底", opens_on=date(2025, 11, 1), closes_on=date(2025, 11, 30))
    say(officer, first, VILLAGE, "CAP-V-01", 7)
    say(officer, first, SECOND_VILLAGE, "CAP-V-01", 5)
    say(officer, first, VILLAGE, "CAP-V-05", 0.9)
    say(officer, first, SECOND_VILLAGE, "CAP-V-05", 0.6)
    close(first)
    heir = Heir(merged, "柳湾村")
    merge_divisions(actor=None, codes=[VILLAGE, SECOND_VILLAGE], heir=heir, on=date(2026, 6, 1), at=MORNING)

    row = opened()

    before = previous_survey(row).answers
    assert before[merged, "CAP-V-01"].value == 12
    assert before[merged, "CAP-V-05"].value == pytest.approx((0.9 * 900 + 0.6 * 600) / 1500)
    division = division_at(merged, row.opens_on)
    assert entered_before(row, {division.pk: merged})[merged, "CAP-V-01"] == Entered(12)


def test_a_round_is_prepared_on_the_page(client):
    county()
    client.force_login(alice())

    made = client.post(
        reverse("round-create"),
        {"county_code": COUNTY, "name": "春季", "opens_on": "2026-03-01", "closes_on": "2026-04-01"},
    )
    taken = client.post(
        reverse("round-create"),
        {"county_code": COUNTY, "name": "春季", "opens_on": "2026-03-01", "closes_on": "2026-04-01"},
    )

    assert made.status_code == 302
    assert taken.status_code == 422
    assert "春季" in taken.content.decode()


def test_only_a_county_s_analyst_prepares_rounds(client):
    county()
    client.force_login(bob())

    client.post(
        reverse("round-create"),
        {"county_code": COUNTY, "name": "春季", "opens_on": "2026-03-01", "closes_on": "2026-04-01"},
    )

    assert not Round.objects.exists()


def test_an_upload_without_a_file_says_so(client):
    row, officer = ready(), bob()
    client.force_login(officer)

    got = client.post(reverse("survey-workbook-upload", args=[row.pk, TOWNSHIP]))

    assert got.status_code == 422
