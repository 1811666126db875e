"""What the demo county has to allocate and to allocate by: money, sites, and rules in force."""

from datetime import date

from django.db import transaction

from anlan.accounts import queries as accounts
from anlan.allocation.actions import rules
from anlan.allocation.queries.rules import has_rules
from anlan.demo.core.county import make_county
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.money import make_sources
from anlan.demo.core.sites import make_sites
from anlan.demo.core.staff import ACCOUNTANT
from anlan.demo.core.values import County
from anlan.demo.ground import load_staff
from anlan.demo.surveys import noon
from anlan.funds import actions as funds
from anlan.funds.queries import has_sources
from anlan.places import actions as places
from anlan.places.queries import road_quality
from anlan.stores import actions as stores
from anlan.stores.core.values import SiteKind
from anlan.stores.queries import sites_of

RECORDED = noon(date(2026, 11, 12))


@transaction.atomic
def load_means(county: County | None = None) -> None:
    """Bring in what of it is not there yet; nothing that somebody changed is touched."""
    if not road_quality(COUNTY_CODE):
        places.join_roads(actor=None, county_code=COUNTY_CODE, at=RECORDED)
    has_money, has_sites = has_sources(COUNTY_CODE), bool(sites_of(COUNTY_CODE, list(SiteKind)))
    if not (has_money and has_sites):
        county = county or make_county()
        if not has_money:
            load_money(county)
        if not has_sites:
            stores.load_sites(actor=accounts.person_called("analyst"), rows=make_sites(county), at=RECORDED)
    if not has_rules(COUNTY_CODE):
        rules.load_default_rules(actor=accounts.person_called("analyst"), county_code=COUNTY_CODE, at=RECORDED)


def load_money(county: County) -> None:
    """Record every source with its purposes, by whoever keeps the accounts."""
    load_staff([ACCOUNTANT], at=RECORDED)
    keeper = accounts.person_called(ACCOUNTANT.username)
    for given in make_sources(county):
        funds.add_source(actor=keeper, source=given.source, earmarks=given.earmarks, at=RECORDED)
