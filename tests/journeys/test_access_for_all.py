"""Every page that a role can reach by links, looked at by axe on an office screen and on a phone."""

import re
from collections import deque
from datetime import date, timedelta
from urllib.parse import urldefrag, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from anlan.accounts.tests.factories import COUNTY, NOON
from anlan.allocation.actions import pairing, pairing_agreements, pairing_solving, rules, siting
from anlan.allocation.core.pairing import PairingRules
from anlan.allocation.core.siting_study import Question, SitingSettings, Way
from anlan.allocation.tests.plan_county import approved, grace, solved
from anlan.assessment.actions import answers, results, rounds
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import Kind
from anlan.funds.tests.factories import source
from anlan.kernel.codes import level_of
from tests.journeys.conftest import UNITS

pytestmark = pytest.mark.django_db(transaction=True)
GRAVE_FAULTS = """axe.run({resultTypes: ["violations"]}).then(({violations}) => violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .map(({id, nodes}) => id + ": " + nodes[0].html.slice(0, 160)))"""
# Files, streams and what ends the visit are no pages.
FILES = r"\.(geojson|xlsx|docx|pdf|csv|xml|json|pbf|ya?ml|md)$"
NO_PAGES = re.compile(rf"{FILES}|export=|/logout|^/api/|^/static/|/file/|/download")
CLOSES = date(2025, 12, 31)


@pytest.fixture
def surveyed(cast):
    """One round assessed and published, one open, and the default rules of the allocation."""
    for name, closes in (("2025", CLOSES), ("2026", CLOSES + timedelta(days=365))):
        row = rounds.create_round(
            actor=None,
            name=name,
            county_code=COUNTY,
            opens_on=closes - timedelta(days=60),
            closes_on=closes,
            at=NOON,
        )
        rounds.open_round(actor=None, round_id=row.pk, expected_version=row.version, at=NOON)
        answers.save_answers(actor=cast["alice"], round_id=row.pk, changes=changes(), way="workbook", at=NOON)
        if closes == CLOSES:
            found = results.run_assessment(actor=cast["alice"], round_id=row.pk, method="default", at=NOON)
            results.publish_assessment(actor=cast["alice"], assessment_id=found.pk, at=NOON)
    allocated(cast["alice"])


def allocated(analyst):
    """Let the county have money, a study of points, a plan in force, another as a draft, and a round of pairs."""
    rules.load_default_rules(actor=analyst, county_code=COUNTY, at=NOON)
    source(None, amount_fen=30_000_000)
    asked = SitingSettings("选址", "reserve_point", Question.MOST_COVERED, points=1, way=Way.STRAIGHT_CAR)
    study = siting.begin_siting(actor=analyst, county_code=COUNTY, settings=asked, at=NOON)
    siting.solve_siting(actor=analyst, siting_id=study.pk, expected_version=study.version, at=NOON)
    approved(analyst, grace())
    solved(analyst, name="另一方案")
    pairing_rules = PairingRules(helper_floor=0.5, dimension_floor=0.5, helped_ceiling=0.5, way="straight")
    pairs = pairing.prepare_pairing(actor=analyst, county_code=COUNTY, name="结对", rules=pairing_rules, at=NOON)
    pairs = pairing_solving.solve_pairing(actor=analyst, round_id=pairs.pk, at=NOON)
    terms = pairing_agreements.Terms(NOON.date(), 1, 4)
    pairing_agreements.confirm_pairing(
        actor=analyst, round_id=pairs.pk, expected_version=pairs.version, terms=terms, at=NOON
    )


def changes():
    system = default_system()
    found = []
    for place, (code, _name, _people) in enumerate(UNITS):
        for number, leaf in enumerate(system.at_level(level_of(code))):
            share = (place * 7 + number * 3) % 10 / 10
            value = leaf.target * share if leaf.kind is Kind.RATIO else float(round(leaf.target * share))
            entered = {
                Kind.BOOLEAN: Entered(float(share > 0.4), None),
                Kind.DATE: Entered(None, CLOSES - timedelta(days=round(leaf.target * (2 - share)))),
            }.get(leaf.kind, Entered(value, None))
            found.append(answers.AnswerChange(code, leaf.code, entered, None))
    return found


def kind_of(path: str) -> str | None:
    """Return which page of the site an address is, so that one of each kind is looked at."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return None


def links_of(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
    here = urlsplit(page.url).netloc
    return [urldefrag(link).url for link in found if urlsplit(link).netloc == here]


def faults_of(page: Page) -> list[str]:
    here = f"{urlsplit(page.url).path} at {page.viewport_size['width']}"
    return [f"{here}: {fault}" for fault in page.evaluate(GRAVE_FAULTS)]


@pytest.mark.parametrize("name", ["alice", "bob", "dora", "grace"])
def test_no_page_keeps_anybody_out(window, surveyed, name):
    page = window(name)
    page.add_init_script(Axe().axe_script)  # read once a page, not once a width
    to_see, seen, faults = deque([page.url]), set(), []

    while to_see:
        address = to_see.popleft()
        kind = kind_of(urlsplit(address).path)
        if kind is None or kind in seen or NO_PAGES.search(urlsplit(address)._replace(scheme="", netloc="").geturl()):
            continue
        seen.add(kind)
        answer = page.goto(address)
        if answer is not None and answer.status >= 400:
            faults.append(f"a link leads to {urlsplit(address).path}: {answer.status}")
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        to_see.extend(links_of(page))
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            faults += faults_of(page)

    assert len(seen) > 12
    assert faults == []
