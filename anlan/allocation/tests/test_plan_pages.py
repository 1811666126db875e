from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from anlan.accounts.core.roles import Role
from anlan.accounts.tests.factories import COUNTY, alice, bob, carol, person
from anlan.allocation.actions import plan_decisions
from anlan.allocation.models import Plan
from anlan.allocation.tests.plan_county import NOON, approved, county, drafted, grace, put_forward, solved, wishes
from anlan.assessment.tests.county import NEXT_TOWNSHIP, NEXT_VILLAGE, SECOND_VILLAGE, VILLAGE
from anlan.funds.models import Source
from anlan.web.models import Job

pytestmark = pytest.mark.django_db
TABS = ("plan", "plan-lines", "plan-units", "plan-misses", "plan-compare")


@pytest.fixture
def planner():
    return alice()


@pytest.fixture
def money(planner) -> Source:
    return county(planner)


@pytest.fixture
def as_planner(client, planner, money):
    client.force_login(planner)
    return client


def text_of(response) -> str:
    return response.content.decode()


def form_of(money: Source, **changes: str) -> dict[str, str]:
    """Return what a new plan's form is filled in with."""
    given = {
        "name": "2026年度方案",
        f"budget:source-{money.pk}": "150000",
        "weakness": "1",
        "people": "0.5",
        "gap": "0.1",
    }
    return given | changes


def test_the_analyst_makes_a_plan_and_watches_it_being_computed(as_planner, money):
    address = reverse("plan-new", args=[COUNTY]) + "?first_year=2026&years=1"
    assert "200,000.00" in text_of(as_planner.get(address))

    answer = as_planner.post(address, form_of(money, weak_gain="5"))

    plan, job = Plan.objects.get(), Job.objects.get()
    assert answer.url == reverse("job", args=[job.pk])
    assert plan.asked["weak_gain"] == 0.05
    assert plan.asked["budgets"] == {f"source-{money.pk}": [15_000_000]}


def test_a_draft_is_saved_without_being_computed(as_planner, money):
    answer = as_planner.post(
        reverse("plan-new", args=[COUNTY]) + "?first_year=2026", form_of(money, draft="1"), follow=True
    )

    assert not Job.objects.exists()
    assert "尚未按当前要求求解" in text_of(answer)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "name"),
        ("weak_gain", "150", "weak_gain"),
        ("township_least", "-3", "township_least"),
        ("weakness", "nine", "weakness"),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_stored(as_planner, money, field, value, words):
    answer = as_planner.post(reverse("plan-new", args=[COUNTY]) + "?first_year=2026", form_of(money, **{field: value}))

    assert answer.status_code == 422
    assert answer.context["form"].errors[words]
    assert not Plan.objects.exists()


def test_more_than_there_is_is_refused_in_words_and_the_typed_text_stays(as_planner, money):
    answer = as_planner.post(
        reverse("plan-new", args=[COUNTY]) + "?first_year=2026",
        form_of(money, **{f"budget:source-{money.pk}": "999999"}),
    )

    assert answer.status_code == 422
    assert "可用仅 200000.00 元" in text_of(answer)
    assert "999999" in text_of(answer)


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_a_solved_plan_opens(as_planner, planner, tab):
    plan = solved(planner)

    assert as_planner.get(reverse(tab, args=[plan.pk])).status_code == 200


def test_the_list_shows_plans_with_their_state(as_planner, planner):
    put_forward(planner)

    assert "已提交" in text_of(as_planner.get(reverse("plans")))


def test_a_line_says_why_on_its_page(as_planner, planner):
    plan = solved(planner)

    shown = text_of(as_planner.get(reverse("plan-unit", args=[plan.pk, SECOND_VILLAGE])))

    assert "该单元属薄弱单元" in shown or "薄弱" in shown
    assert "每万元" in shown


def test_what_if_shows_an_estimate_and_makes_a_plan_of_its_own(as_planner, planner, money):
    plan = solved(planner)
    address = reverse("plan-what-if", args=[plan.pk])

    shown = text_of(as_planner.get(address))
    assert "估算" in shown
    assert shown.count("<tr") >= 12
    asked = form_of(money, name="假设", factor="120", **{f"budget:source-{money.pk}": "200000"})
    as_planner.post(address, asked)

    variant = Plan.objects.get(name="假设")
    assert (variant.variant_of_id, variant.asked["factor"]) == (plan.pk, 1.2)


def test_the_estimate_alone_comes_back_to_the_page_that_asks(as_planner, planner, money):
    plan = solved(planner)
    asked = form_of(money, factor="80")

    part = as_planner.get(reverse("plan-what-if", args=[plan.pk]), asked, headers={"HX-Request": "true"})

    assert 'id="estimate"' in text_of(part)
    assert "<html" not in text_of(part)


def test_two_plans_stand_side_by_side(as_planner, planner, money):
    one = solved(planner)
    half = {f"source-{money.pk}": (money.amount_fen // 2,)}
    other = solved(planner, replace(wishes(), budgets=half), name="一半资金")

    shown = text_of(as_planner.get(reverse("plan-compare", args=[one.pk]), {"with": other.pk}))

    assert "一半资金" in shown
    assert "20.00" in shown
    assert "10.00" in shown


def test_a_plan_is_not_compared_with_one_that_is_not_there(as_planner, planner):
    plan = solved(planner)

    assert as_planner.get(reverse("plan-compare", args=[plan.pk]), {"with": 99999}).status_code == 404


def test_a_line_is_kept_barred_and_left_open_on_the_page(as_planner, planner):
    plan = solved(planner)
    line = plan.lines.select_related("measure").first()
    about = {"unit": line.unit_code, "measure": line.measure.code, "pieces": line.pieces}

    for way, kept, barred in (("keep", 1, 0), ("bar", 0, 1), ("free", 0, 0)):
        version = Plan.objects.get(pk=plan.pk).version
        as_planner.post(reverse("plan-line", args=[plan.pk]), about | {"way": way, "version": version})
        asked = Plan.objects.get(pk=plan.pk).asked
        assert (len(asked["pinned"]), len(asked["barred"])) == (kept, barred)


def test_the_whole_life_of_a_plan_through_the_pages(client, as_planner, planner):
    plan = solved(planner)
    as_planner.post(reverse("plan-put-forward", args=[plan.pk]), {"version": plan.version})
    client.force_login(grace())

    shown = text_of(client.get(reverse("plan", args=[plan.pk])))
    assert "批准" in shown
    version = Plan.objects.get(pk=plan.pk).version
    answer = client.post(reverse("plan-approve", args=[plan.pk]), {"version": version})

    assert Plan.objects.get(pk=plan.pk).state == "approved"
    assert answer.url == reverse("job", args=[Job.objects.latest("pk").pk])


def test_a_plan_is_sent_back_through_the_page(client, planner, money):
    plan = put_forward(planner)
    client.force_login(grace())

    shown = client.post(
        reverse("plan-send-back", args=[plan.pk]), {"version": plan.version, "reason": "先保薄弱村"}, follow=True
    )

    assert "先保薄弱村" in text_of(shown)


def test_the_maker_who_may_also_approve_is_told_that_somebody_else_must(client, money):
    both = person("ivy", Role.COMMANDER)
    plan = put_forward(both)
    client.force_login(both)

    shown = text_of(client.get(reverse("plan", args=[plan.pk])))
    assert "须由另一人批准" in shown
    refused = client.post(reverse("plan-approve", args=[plan.pk]), {"version": plan.version})

    assert refused.status_code == 409 or refused.status_code == 422
    assert Plan.objects.get(pk=plan.pk).state == "reviewed"


def test_a_township_sees_its_own_part_of_an_approved_plan_and_no_draft(client, planner, money):
    draft, officer = drafted(planner), bob()
    plan = approved(planner, grace())
    client.force_login(officer)

    assert client.get(reverse("plan", args=[draft.pk])).status_code == 404
    shown = text_of(client.get(reverse("plan-lines", args=[plan.pk])))
    assert plan.lines.filter(unit_code=SECOND_VILLAGE).first().unit_name in shown
    assert plan.lines.filter(unit_code=NEXT_VILLAGE).first().unit_name not in shown
    assert client.get(reverse("plan-unit", args=[plan.pk, VILLAGE])).status_code == 200
    assert client.get(reverse("plan-unit", args=[plan.pk, NEXT_TOWNSHIP])).status_code == 404


def test_a_village_sees_what_it_asked_for_and_what_it_gets(client, planner, money):
    plan = approved(planner, grace())
    client.force_login(person("vera", Role.VILLAGE_OFFICER, SECOND_VILLAGE))

    shown = text_of(client.get(reverse("plan-unit", args=[plan.pk, SECOND_VILLAGE])))

    assert "我们提出的需求" in shown
    assert "得到的支持与须落实的任务" in shown
    assert "固定该条目" not in shown


def test_another_county_does_not_see_it(client, planner, money):
    plan = approved(planner, grace())
    client.force_login(carol())

    for name in TABS:
        assert client.get(reverse(name, args=[plan.pk])).status_code == 404
    assert client.get(reverse("plan-docx", args=[plan.pk])).status_code == 404


@pytest.mark.parametrize("name", ["plan-compute", "plan-put-forward", "plan-discard", "plan-line", "plan-what-if"])
def test_whoever_only_reads_changes_nothing(client, planner, money, name):
    plan = approved(planner, grace())
    client.force_login(bob())

    assert client.post(reverse(name, args=[plan.pk]), {"version": plan.version}).status_code == 404


@pytest.mark.parametrize("name", ["plan-approve", "plan-send-back"])
def test_whoever_plans_does_not_decide(as_planner, planner, name):
    plan = put_forward(planner)

    answer = as_planner.post(reverse(name, args=[plan.pk]), {"version": plan.version, "reason": "x"})

    assert answer.status_code == 404


def test_nobody_reads_a_plan_without_logging_in(client, planner, money):
    plan = solved(planner)

    assert client.get(reverse("plan", args=[plan.pk])).status_code == 302


def test_the_draft_documents_say_that_they_are_drafts(as_planner, planner):
    plan = solved(planner)

    paper = Document(BytesIO(as_planner.get(reverse("plan-docx", args=[plan.pk])).content))
    book = openpyxl.load_workbook(BytesIO(as_planner.get(reverse("plan-xlsx", args=[plan.pk])).content))

    words = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "征求意见稿" in words
    assert "青岚县资源分配方案" in words
    assert len(paper.tables) >= 4
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    assert len([row for row in lines if row[2] and row[6]]) - 1 == plan.lines.count()
    assert str(book.worksheets[0]["A2"].value).startswith("草案")


def test_issued_documents_are_taken_away_by_whoever_sees_the_whole_county(client, planner, money):
    chief = grace()
    plan = approved(planner, chief)
    rows = plan_decisions.issue_documents(actor=chief, plan_id=plan.pk, at=NOON)
    address = reverse("plan-document", args=[rows[0].pk])

    client.force_login(chief)
    taken = client.get(address)
    assert b"".join(taken.streaming_content)[:2] == b"PK"
    client.force_login(bob())
    assert client.get(address).status_code == 404


def test_the_map_carries_what_each_unit_gains(as_planner, planner):
    plan = solved(planner)

    found = as_planner.get(reverse("plan-map-data", args=[plan.pk, "village"])).json()

    assert found["type"] == "FeatureCollection"


def test_all_years_tell_what_each_township_got(client, planner, money):
    plan = approved(planner, grace())
    client.force_login(planner)

    shown = text_of(client.get(reverse("plan-history")))

    assert "柳溪镇" in shown
    assert str(plan.first_year) in shown


def test_the_list_tells_what_is_left_of_a_source_after_an_approved_plan(client, planner, money):
    plan = approved(planner, grace())
    spent = sum(line.total_fen for line in plan.lines.filter(source=money))
    client.force_login(planner)

    assert f"{(money.amount_fen - spent) / 1_000_000:.2f}" in text_of(client.get(reverse("sources")))
