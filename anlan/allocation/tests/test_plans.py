from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from anlan.accounts.tests.factories import COUNTY, TOWNSHIP, alice, person
from anlan.allocation import events
from anlan.allocation.actions import plan_decisions, plan_solving, plans, rules
from anlan.allocation.core.asked import BadWish
from anlan.allocation.core.canonical import problem_from_content
from anlan.allocation.core.options import NothingToBuy
from anlan.allocation.core.plan import FloorsClash
from anlan.allocation.core.plan_life import BadPlanMove, OwnPlan
from anlan.allocation.core.settings import BadBudget
from anlan.allocation.core.solve import solve
from anlan.allocation.models import Plan, PlanLine
from anlan.allocation.queries.rules import NoRules
from anlan.allocation.tests.plan_county import (
    NAME,
    NOON,
    YUAN,
    approved,
    bound_source,
    county,
    drafted,
    grace,
    put_forward,
    solved,
    wishes,
)
from anlan.assessment.actions import rounds
from anlan.assessment.tests.assessed import published
from anlan.assessment.tests.county import CLOSES, SECOND_VILLAGE, draft
from anlan.funds import actions as funds
from anlan.ground.events import on
from anlan.ground.models import AuditEntry
from anlan.ground.versions import Conflict
from anlan.records.models import Notice
from anlan.worklists.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner():
    return alice()


@pytest.fixture
def money(planner):
    return county(planner)


def floors(asked, **wanted):
    return replace(asked, settings=replace(asked.settings, **wanted))


def test_a_plan_gives_what_its_money_can_and_not_one_fen_more(planner, money):
    plan = solved(planner)

    assert 0 < plan.spent_fen <= plan.budget_fen == money.amount_fen
    assert sum(line.total_fen for line in plan.lines.all()) == plan.spent_fen
    assert plan.gap is not None
    assert 0 <= plan.gap <= 0.001
    assert plan.units.get(code=SECOND_VILLAGE).score_after > plan.units.get(code=SECOND_VILLAGE).score_before


def test_every_line_says_why_and_every_unit_what_it_asked_for(planner, money):
    plan = solved(planner)

    assert all(line.reasons for line in plan.lines.all())
    weak = plan.units.get(code=SECOND_VILLAGE)
    assert weak.is_weak
    assert weak.needs_count > 0
    assert weak.needs_fen > 0


def test_what_was_missed_is_ranked_with_its_reason(planner, money):
    plan = solved(planner)

    misses = list(plan.misses.order_by("rank"))
    assert misses
    assert all(miss.reason[0] for miss in misses)
    assert [miss.rank for miss in misses] == list(range(1, len(misses) + 1))


def test_the_frozen_problem_solved_again_gives_the_same_plan(planner, money):
    plan = Plan.objects.get(pk=solved(planner).pk)

    again = solve(problem_from_content(plan.content), gap=0.001, nodes=20_000)

    bought = {(line.unit_code, line.measure.code, line.pieces) for line in plan.lines.select_related("measure")}
    problem = problem_from_content(plan.content)
    assert bought == {
        (problem.units[problem.options[one.option].unit].code, problem.options[one.option].measure, one.pieces)
        for one in again.purchases
    }


def test_a_source_pays_only_for_its_purpose(planner, money):
    bound_source(yuan=50_000, dimensions=frozenset({"digital"}))

    plan = solved(planner)

    paid = plan.lines.exclude(source=money)
    assert paid.exists()
    assert set(paid.values_list("dimension", flat=True)) == {"digital"}


def test_weak_units_gain_what_the_floor_asks(planner, money):
    plan = solved(planner, floors(wishes(), weak_gain=0.05))

    weak = plan.units.filter(is_weak=True)
    assert weak.exists()
    assert all(unit.gain >= 0.05 - 1e-9 for unit in weak)


def test_floors_that_clash_with_the_money_are_named_with_the_least_that_would_do(planner, money):
    asked = replace(floors(wishes(), weak_gain=0.3), budgets={f"source-{money.pk}": (500 * YUAN,)})

    with pytest.raises(FloorsClash) as refused:
        solved(planner, asked)

    assert "yuan would be needed" in str(refused.value)
    assert refused.value.values["floors"]
    assert not PlanLine.objects.exists()


def test_a_budget_of_nothing_is_refused(planner, money):
    asked = replace(wishes(), budgets={f"source-{money.pk}": (0,)})

    with pytest.raises(BadBudget):
        solved(planner, asked)


def test_more_than_a_source_has_is_refused(planner, money):
    asked = replace(wishes(), budgets={f"source-{money.pk}": (money.amount_fen + 1,)})

    with pytest.raises(BadWish) as refused:
        drafted(planner, asked)

    assert "there are 200000.00" in str(refused.value)


def test_a_negative_budget_is_refused(planner, money):
    with pytest.raises(BadBudget):
        solved(planner, replace(wishes(), budgets={f"source-{money.pk}": (-1,)}))


def test_a_source_whose_purpose_fits_nothing_stays_and_is_told(planner, money):
    bound_source(yuan=50_000, measures=frozenset({"M-NONE"}))

    plan = solved(planner)

    assert any("fits nothing" in message for message, _values in plan.notes)


def test_only_money_that_fits_nothing_is_refused(planner):
    published(planner)
    rules.load_default_rules(actor=None, county_code=COUNTY, at=NOON)
    bound_source(yuan=50_000, measures=frozenset({"M-NONE"}))

    with pytest.raises(NothingToBuy):
        solved(planner)


def test_without_an_assessment_or_rules_there_is_no_plan(planner):
    with pytest.raises(plans.NoAssessment):
        drafted(planner, replace(wishes(), budgets={}))

    published(planner)
    with pytest.raises(NoRules):
        drafted(planner, replace(wishes(), budgets={}))


def test_a_plan_has_a_name(planner, money):
    with pytest.raises(plans.NoName):
        drafted(planner, name="  ")


def test_a_newer_round_is_warned_of_and_recorded(planner, money):
    later = draft(name="2027年度摸底", opens_on=CLOSES + timedelta(days=1), closes_on=CLOSES + timedelta(days=30))
    rounds.open_round(actor=None, round_id=later.pk, expected_version=later.version, at=NOON)

    assert solved(planner).newer_round == "2027年度摸底"


def test_a_kept_line_stays_and_a_barred_one_goes(planner, money):
    plan = solved(planner)
    kept, barred = plan.lines.select_related("measure").order_by("position")[:2]
    lines = [((kept.unit_code, kept.measure.code), kept.pieces), ((barred.unit_code, barred.measure.code), 0)]

    plan = plans.set_lines(actor=planner, plan_id=plan.pk, lines=lines, expected_version=plan.version, at=NOON)
    assert not plan.is_solved
    assert not plan.lines.exists()
    plan = plan_solving.solve_plan(actor=planner, plan_id=plan.pk, expected_version=plan.version, at=NOON)

    found = {(line.unit_code, line.measure.code): line for line in plan.lines.select_related("measure")}
    assert found[lines[0][0]].is_pinned
    assert found[lines[0][0]].pieces == kept.pieces
    assert lines[1][0] not in found


def test_two_people_do_not_change_a_plan_at_once(planner, money):
    plan = drafted(planner)
    plans.change_wishes(
        actor=planner, plan_id=plan.pk, name="新名称", asked=wishes(), expected_version=plan.version, at=NOON
    )

    with pytest.raises(Conflict):
        plans.change_wishes(
            actor=planner, plan_id=plan.pk, name="别的", asked=wishes(), expected_version=plan.version, at=NOON
        )


def test_what_was_changed_while_the_solver_was_at_work_is_not_overwritten(planner, money):
    plan = drafted(planner)
    seen = plan.version
    plans.change_wishes(
        actor=planner,
        plan_id=plan.pk,
        name=NAME,
        asked=floors(wishes(), weak_gain=0.01),
        expected_version=seen,
        at=NOON,
    )

    with pytest.raises(Conflict):
        plan_solving.solve_plan(actor=planner, plan_id=plan.pk, expected_version=seen, at=NOON)

    assert not Plan.objects.get(pk=plan.pk).is_solved


def test_a_plan_that_was_not_computed_is_not_put_forward(planner, money):
    plan = drafted(planner)

    with pytest.raises(plan_decisions.NotSolved):
        plan_decisions.put_forward(actor=planner, plan_id=plan.pk, expected_version=plan.version, at=NOON)


def test_what_asks_for_money_that_is_not_there_is_not_put_forward(planner, money):
    plan = solved(planner, replace(wishes(), factor=1.2))
    assert plan.budget_fen == round(money.amount_fen * 1.2)

    with pytest.raises(BadWish):
        plan_decisions.put_forward(actor=planner, plan_id=plan.pk, expected_version=plan.version, at=NOON)


def test_nobody_approves_a_plan_of_their_own(planner, money):
    plan = put_forward(planner)

    with pytest.raises(OwnPlan):
        plan_decisions.approve_plan(actor=planner, plan_id=plan.pk, expected_version=plan.version, at=NOON)


def test_who_changed_a_plan_does_not_approve_it(planner, money):
    chief, other = grace(), person("henry", "analyst")
    plan = drafted(planner)
    plan = plans.change_wishes(
        actor=chief, plan_id=plan.pk, name=NAME, asked=wishes(), expected_version=plan.version, at=NOON
    )
    plan = plan_solving.solve_plan(actor=planner, plan_id=plan.pk, expected_version=plan.version, at=NOON)
    plan = plan_decisions.put_forward(actor=other, plan_id=plan.pk, expected_version=plan.version, at=NOON)

    with pytest.raises(OwnPlan):
        plan_decisions.approve_plan(actor=chief, plan_id=plan.pk, expected_version=plan.version, at=NOON)


def test_the_database_itself_knows_that_an_approver_is_no_author(planner, money):
    plan = put_forward(planner)

    with pytest.raises(IntegrityError, match="plan_approver_is_second_person"), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(state="approved", approved_by_id=planner.pk, approved_at=NOON)


def test_an_approved_plan_puts_work_on_the_lists_of_villages_and_townships(planner, money):
    plan = approved(planner, grace())

    keys = dict(Task.objects.filter(key__startswith=f"allocation.plan:{plan.pk}:").values_list("key", "division_code"))
    served = plan.units.filter(line_count__gt=0)
    assert {f"allocation.plan:{plan.pk}:own:{unit.code}" for unit in served} <= set(keys)
    assert keys[f"allocation.plan:{plan.pk}:below:{TOWNSHIP}"] == TOWNSHIP
    task = Task.objects.get(key=f"allocation.plan:{plan.pk}:own:{SECOND_VILLAGE}")
    assert task.division_code == SECOND_VILLAGE
    assert task.due_on == date(2026, 12, 31)
    assert Task.objects.get(key=f"allocation.approve:{plan.pk}").state == "done"


def test_an_approved_plan_is_news(planner, money):
    @on(events.PLAN_APPROVED)
    def hear(plan_id: int) -> None:
        """Hear it."""

    plan = approved(planner, grace())

    told = ProcrastinateJob.objects.filter(task_name__endswith="hear", args__plan_id=plan.pk)
    assert told.exists()


def test_an_approved_plan_never_changes_again(planner, money):
    plan = approved(planner, grace())

    with pytest.raises(plans.NotADraftPlan):
        plans.change_wishes(
            actor=planner, plan_id=plan.pk, name="x", asked=wishes(), expected_version=plan.version, at=NOON
        )
    for change in (
        lambda: Plan.objects.filter(pk=plan.pk).update(spent_fen=1),
        lambda: Plan.objects.filter(pk=plan.pk).delete(),
        lambda: plan.lines.update(pieces=2),
        lambda: plan.lines.all().delete(),
        lambda: plan.units.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_a_plan_is_sent_back_with_a_reason_and_its_maker_is_told(planner, money):
    chief, plan = grace(), put_forward(planner)

    with pytest.raises(plan_decisions.ReasonMissing):
        plan_decisions.send_back(actor=chief, plan_id=plan.pk, reason=" ", expected_version=plan.version, at=NOON)
    plan = plan_decisions.send_back(
        actor=chief, plan_id=plan.pk, reason="先保薄弱村", expected_version=plan.version, at=NOON
    )

    assert (plan.state, plan.return_reason) == ("draft", "先保薄弱村")
    assert Notice.objects.filter(to_person_id=planner.pk, values__reason="先保薄弱村").exists()
    assert Task.objects.get(key=f"allocation.approve:{plan.pk}").state == "withdrawn"


def test_a_plan_is_not_approved_twice(planner, money):
    chief = grace()
    plan = approved(planner, chief)

    with pytest.raises(BadPlanMove):
        plan_decisions.approve_plan(actor=chief, plan_id=plan.pk, expected_version=plan.version, at=NOON)


def test_a_newer_plan_of_the_year_takes_the_place_of_the_older_one(planner, money):
    chief = grace()
    old = approved(planner, chief)
    new = approved(planner, chief, floors(wishes(), weak_gain=0.05), name="第二版")

    old.refresh_from_db()
    assert (old.state, new.supersedes_id) == ("superseded", old.pk)
    waiting = Task.objects.filter(key__startswith=f"allocation.plan:{old.pk}:").exclude(state="withdrawn")
    assert not waiting.exists()


def test_money_that_was_withdrawn_meanwhile_is_not_approved(planner, money):
    plan = put_forward(planner)
    funds.withdraw_source(actor=None, source_id=money.pk, reason="上级收回", expected_version=money.version, at=NOON)

    with pytest.raises(BadWish):
        plan_decisions.approve_plan(actor=grace(), plan_id=plan.pk, expected_version=plan.version, at=NOON)


def test_a_problem_changed_behind_our_back_is_not_approved(planner, money):
    plan = put_forward(planner)
    content = Plan.objects.get(pk=plan.pk).content
    content["sources"][0]["budget_fen"] = [1]
    Plan.objects.filter(pk=plan.pk).update(content=content)

    with pytest.raises(plan_decisions.Tampered):
        plan_decisions.approve_plan(actor=grace(), plan_id=plan.pk, expected_version=plan.version, at=NOON)


def test_documents_are_issued_once_with_the_approval(planner, money):
    plan = approved(planner, grace())

    first = plan_decisions.issue_documents(actor=planner, plan_id=plan.pk, at=NOON)
    second = plan_decisions.issue_documents(actor=planner, plan_id=plan.pk, at=NOON)

    assert {row.media for row in first} == {"docx", "xlsx"}
    assert [row.sha256 for row in first] == [row.sha256 for row in second]
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.documents.update(name="x")


def test_a_draft_has_no_issued_documents(planner, money):
    with pytest.raises(plan_decisions.NotApproved):
        plan_decisions.issue_documents(actor=planner, plan_id=solved(planner).pk, at=NOON)


def test_a_draft_is_thrown_away_and_a_decided_plan_is_not(planner, money):
    plan = drafted(planner)
    plans.discard_plan(actor=planner, plan_id=plan.pk, expected_version=plan.version, at=NOON)
    assert not Plan.objects.filter(pk=plan.pk).exists()

    other = put_forward(planner)
    with pytest.raises(plans.NotADraftPlan):
        plans.discard_plan(actor=planner, plan_id=other.pk, expected_version=other.version, at=NOON)


def test_each_step_stands_in_the_trail(planner, money):
    plan = approved(planner, grace())

    verbs = set(
        AuditEntry.objects.filter(object_kind="allocation.plan", object_id=plan.pk).values_list("verb", flat=True)
    )
    assert verbs >= {"plan drafted", "plan solved", "plan put forward", "plan approved"}
