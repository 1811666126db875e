"""What the demo county decided to do: where points shall stand, who gets what, who helps whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from anlan.accounts import queries as accounts
from anlan.allocation.actions import (
    pairing,
    pairing_agreements,
    pairing_following,
    pairing_solving,
    plan_decisions,
    plan_solving,
    plans,
    siting,
)
from anlan.allocation.actions.pairing_agreements import Terms
from anlan.allocation.actions.pairing_following import NewVisit
from anlan.allocation.core.asked import Asked, begun
from anlan.allocation.core.pairing import PairingRules
from anlan.allocation.core.siting_study import Question, SitingSettings, Weighing
from anlan.allocation.queries import pairing as pairs
from anlan.allocation.queries import plan_inputs, programme
from anlan.allocation.queries.siting import pinned_of, sitings_within
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.surveys import noon
from anlan.places import queries as places
from anlan.web.http import Person

STUDIED, PLANNED, DECIDED, VISITED = (noon(date(2026, 11, day)) for day in (16, 18, 20, 24))
YEARS = (2027,)
NAME = "2027年度资源分配方案"
VARIANT = "假设分析：资金减少两成"  # noqa: RUF001
WEAK_GAIN = 0.05
AGREED = 3  # pairs whose officers have answered; the others wait
Progress = Callable[[int, int, str], None]


def is_decided() -> bool:
    """Tell whether the county has a plan in force."""
    return programme.plan_in_force(COUNTY_CODE) is not None


def load_programme(progress: Progress) -> None:
    """Bring in what is not there yet; nothing that somebody changed is touched."""
    if not sitings_within(COUNTY_CODE, with_drafts=True).exists():
        study()
    progress(1, 4, "")
    if not is_decided():
        decide()
    progress(3, 4, "")
    if not pairs.rounds_of(COUNTY_CODE).exists():
        pair()
    progress(4, 4, "")


def study() -> None:
    """Ask how many reserve points bring nineteen villages in twenty within twenty minutes."""
    analyst = _person("analyst")
    asked = SitingSettings(
        "储备点选址（20分钟覆盖95%村）",  # noqa: RUF001
        "reserve_point",
        Question.FEWEST_POINTS,
        weighing=Weighing.VILLAGES,
        within_minutes=20.0,
        share=0.95,
    )
    row = siting.begin_siting(actor=analyst, county_code=COUNTY_CODE, settings=asked, at=STUDIED)
    siting.solve_siting(actor=analyst, siting_id=row.pk, expected_version=row.version, at=STUDIED)


def decide() -> None:
    """Make next year's plan with a floor, have it approved by a second person, and ask what less money would do."""
    analyst, commander = _person("analyst"), _person("commander")
    asked = wishes()
    plan = plans.draft_plan(actor=analyst, county_code=COUNTY_CODE, name=NAME, asked=asked, at=PLANNED)
    plan = plan_solving.solve_plan(actor=analyst, plan_id=plan.pk, expected_version=plan.version, at=PLANNED)
    plan = plan_decisions.put_forward(actor=analyst, plan_id=plan.pk, expected_version=plan.version, at=PLANNED)
    plan = plan_decisions.approve_plan(actor=commander, plan_id=plan.pk, expected_version=plan.version, at=DECIDED)
    plan_decisions.issue_documents(actor=commander, plan_id=plan.pk, at=DECIDED)
    less = plans.draft_plan(
        actor=analyst,
        county_code=COUNTY_CODE,
        name=VARIANT,
        asked=replace(asked, factor=0.8),
        at=DECIDED,
        variant_of=plan.pk,
    )
    plan_solving.solve_plan(actor=analyst, plan_id=less.pk, expected_version=less.version, at=DECIDED)


def wishes() -> Asked:
    """Return what next year's plan is asked: every weak unit gains something."""
    asked = begun(plan_inputs.usual_budgets(COUNTY_CODE, YEARS), YEARS, pinned_of(COUNTY_CODE))
    return replace(asked, settings=replace(asked.settings, weak_gain=WEAK_GAIN))


def pair() -> None:
    """Propose who helps whom, confirm it, and let the officers of the first pairs agree and visit."""
    analyst = _person("analyst")
    row = pairing.prepare_pairing(
        actor=analyst, county_code=COUNTY_CODE, name="2027年结对帮扶", rules=PairingRules(), at=PLANNED
    )
    row = pairing_solving.solve_pairing(actor=analyst, round_id=row.pk, at=PLANNED)
    terms = Terms(DECIDED.date(), 2, 4)
    agreements = pairing_agreements.confirm_pairing(
        actor=analyst, round_id=row.pk, expected_version=row.version, terms=terms, at=DECIDED
    )
    for agreement in agreements[:AGREED]:
        helper = _officer(agreement.helper_code)
        helped = _officer(agreement.helped_code, other_than=helper)
        held = agreement
        for side, officer in (("helper", helper), ("helped", helped)):
            held = pairing_agreements.confirm_side(
                actor=officer, agreement_id=held.pk, side=side, expected_version=held.version, at=DECIDED
            )
    if agreements:
        _visit(agreements[0].pk, agreements[0].helper_code, agreements[0].helped_code)


def _visit(agreement_id: int, helper_code: str, helped_code: str) -> None:
    where = places.spots_of([helped_code]).get(helped_code)
    visit = NewVisit(
        VISITED.date(),
        "helper",
        4,
        "查看储备点和转移路线，交接对讲机使用办法",
        longitude=where[0] if where else None,
        latitude=where[1] if where else None,
    )
    pairing_following.record_visit(
        actor=_officer(helper_code), agreement_id=agreement_id, visit=visit, photos=[], at=VISITED
    )


def _person(username: str) -> Person:
    found = accounts.person_called(username)
    if found is None:
        raise LookupError(f"the demo has no {username}")
    return found


def _officer(code: str, *, other_than: Person | None = None) -> Person:
    """Return whoever acts for a unit in pairs: an officer of its own, else of its township."""
    people = accounts.people_in(code, capability="pairing.act", on=DECIDED.date())
    return next(each for each in people if other_than is None or each.pk != other_than.pk)
