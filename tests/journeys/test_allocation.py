"""From the assessment to the plan, its approval, a pair of villages and what a village sees of it, by four people."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import localdate
from playwright.sync_api import Page, expect

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, NOON, VILLAGE, person
from anlan.allocation.actions import rules
from anlan.allocation.models import Agreement, Plan
from anlan.assessment.actions import answers, results, rounds
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import Direction, Kind, Leaf
from anlan.funds.tests.factories import source
from anlan.kernel.codes import level_of
from tests.journeys.conftest import UNITS, VILLAGE_TWO, press

pytestmark = pytest.mark.django_db(transaction=True)
REACHED = {VILLAGE: 1.0, VILLAGE_TWO: 0.3}
CLOSES = NOON.date() - timedelta(days=20)


def entered(leaf: Leaf, share: float) -> Entered:
    """Return an answer at a share of the target."""
    if leaf.kind is Kind.BOOLEAN:
        return Entered(value=float(share > 0.5))
    if leaf.kind is Kind.DATE:
        return Entered(day=CLOSES - timedelta(days=round(leaf.target * (2 - share))))
    value = leaf.target * (share if leaf.direction is Direction.POSITIVE else 2 - share)
    return Entered(value=value if leaf.kind is Kind.RATIO else float(round(value)))


@pytest.fixture
def assessed(cast):
    """A county whose first village is strong and whose second is weak, with rules and 300 000 yuan for this year."""
    row = rounds.create_round(
        actor=None, name="摸底", county_code=COUNTY, opens_on=CLOSES - timedelta(days=60), closes_on=CLOSES, at=NOON
    )
    rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=NOON)
    changes = [
        answers.AnswerChange(code, leaf.code, entered(leaf, REACHED.get(code, 0.7)), None)
        for code, _name, _people in UNITS
        for leaf in default_system().at_level(level_of(code))
    ]
    answers.save_answers(actor=cast["alice"], round_id=row.pk, changes=changes, way="workbook", at=NOON)
    found = results.run_assessment(actor=cast["alice"], round_id=row.pk, method="default", at=NOON)
    results.publish_assessment(actor=cast["alice"], assessment_id=found.pk, at=NOON)
    rules.load_default_rules(actor=cast["alice"], county_code=COUNTY, at=NOON)
    source(None, amount_fen=30_000_000, year=localdate().year)
    person("grace", Role.COMMANDER)
    person("hugo", Role.VILLAGE_OFFICER, VILLAGE)
    person("vera", Role.VILLAGE_OFFICER, VILLAGE_TWO)


def to_result(page: Page, work: Callable[[], None]) -> None:
    """Let the worker do the job that the page waits for, and go on to its result."""
    work()
    page.locator("#job a.btn-primary").click()
    page.wait_for_load_state("networkidle")


def make_plan(page: Page, work: Callable[[], None]) -> int:
    """Ask for a plan in which every weak unit gains five points, and have it computed."""
    page.goto("/allocation/plans/")
    page.locator("a[href*='/plans/new/']").click()
    page.fill("input[name=name]", "年度方案")
    page.fill("input[name=weak_gain]", "5")
    page.locator("form[method=post]:has(input[name=weak_gain]) button.btn-primary").click()
    to_result(page, work)
    return Plan.objects.get(name="年度方案").pk


def ask_what_if(page: Page, plan_id: int, work: Callable[[], None]) -> None:
    """Estimate what less money would do, then have it computed and stand it beside the plan."""
    page.goto(f"/allocation/plans/{plan_id}/what-if/")
    page.fill("input[name=factor]", "70")
    with page.expect_response(lambda answer: "/what-if/?" in answer.url):
        page.locator("button[formmethod=get]").click()
    expect(page.locator("#estimate tbody tr")).to_have_count(11)
    page.locator("#what-if button.btn-primary").click()
    to_result(page, work)
    page.locator(f"a[href*='compare/?with={plan_id}']").click()
    expect(page.locator("main table").first).to_contain_text("21.00")


def approve(page: Page, plan_id: int, work: Callable[[], None]) -> None:
    """Find the plan on one's list, approve it, and see its documents."""
    page.goto("/work/unit/")
    page.locator("main a", has_text="审批资源分配方案").first.click()
    page.goto(f"/allocation/plans/{plan_id}/")
    press(page, "/approve/")
    to_result(page, work)
    expect(page.locator("a[href*='/plans/documents/']")).to_have_count(2)


def make_pairs(page: Page, work: Callable[[], None]) -> int:
    """Propose pairs along straight lines and make an agreement of each."""
    page.goto("/allocation/pairing/new/")
    page.fill("input[name=name]", "年度结对")
    page.select_option("select[name=way]", "straight")
    page.locator("form[method=post]:has(select[name=way]) button.btn-primary").click()
    page.wait_for_load_state("networkidle")
    press(page, "/solve/")
    to_result(page, work)
    press(page, "/confirm/")
    return Agreement.objects.get(helped_code=VILLAGE_TWO).pk


def test_from_the_assessment_to_a_village_s_task(window, work, assessed):
    alice, grace, hugo, vera = window("alice"), window("grace"), window("hugo"), window("vera", width=390)

    plan_id = make_plan(alice, work)
    expect(alice.locator("main")).to_contain_text("与同样规则下的理论上界之差")
    ask_what_if(alice, plan_id, work)
    alice.goto(f"/allocation/plans/{plan_id}/")
    press(alice, "/put-forward/")
    approve(grace, plan_id, work)
    agreement_id = make_pairs(alice, work)
    for page in (hugo, vera):
        page.goto(f"/allocation/pairing/{agreement_id}/")
        press(page, "/confirm/")
    work()
    vera.goto("/work/unit/")
    expect(vera.locator("main")).to_contain_text("落实方案“年度方案”")
    vera.goto("/allocation/")
    seen = vera.locator("main")
    expect(seen).to_contain_text("枫香村 → 双桥村")
    expect(seen).to_contain_text("得到的支持")

    assert Agreement.objects.get(pk=agreement_id).state == "active"
    assert Plan.objects.get(pk=plan_id).state == "approved"
    weak = Plan.objects.get(pk=plan_id).units.get(code=VILLAGE_TWO)
    assert weak.gain >= 0.05 - 1e-9
