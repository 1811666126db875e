"""Money, sites and rules are brought into the demo county once, and a second time changes nothing."""

from functools import cache
from typing import Any

import pytest

from anlan.accounts.queries import person_called
from anlan.allocation.queries.rules import catalogue_of, has_rules
from anlan.demo.core.county import make_county
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.values import County
from anlan.demo.ground import load_land
from anlan.demo.means import RECORDED, load_means
from anlan.funds.actions import withdraw_source
from anlan.funds.queries import has_sources, sources_of
from anlan.ground.models import AuditEntry
from anlan.kernel.canonical import sha256_of
from anlan.places.queries import road_quality
from anlan.stores.core.values import SiteKind
from anlan.stores.queries import sites_of

pytestmark = pytest.mark.django_db
YEARS = (2026, 2027, 2028)


@cache
def the_county() -> County:
    return make_county()


@pytest.fixture
def demo_county() -> County:
    load_land(the_county(), at=RECORDED)
    load_means(the_county())
    return the_county()


def fingerprint() -> str:
    quality = road_quality(COUNTY_CODE)
    content: dict[str, Any] = {
        "sources": [str(source) for source in sources_of(COUNTY_CODE, YEARS)],
        "sites": [str(site) for site in sites_of(COUNTY_CODE, list(SiteKind))],
        "roads": str(quality),
        "measures": [str(measure) for measure in catalogue_of(COUNTY_CODE).measures],
        "trail": AuditEntry.objects.count(),
    }
    return sha256_of(content)


def test_a_loaded_county_has_roads_money_sites_rules_and_somebody_who_keeps_the_accounts(demo_county):
    quality = road_quality(COUNTY_CODE)

    assert quality is not None
    assert [name for _code, name in quality.unreached] == ["彭家冲村"]  # its road runs through the next county
    assert {source.year for source in sources_of(COUNTY_CODE, YEARS)} == set(YEARS)
    assert len(sites_of(COUNTY_CODE, list(SiteKind))) > 40
    assert has_rules(COUNTY_CODE)
    assert person_called("accountant").can("funds.manage", COUNTY_CODE)


def test_a_second_load_changes_nothing(demo_county):
    before = fingerprint()

    load_means()

    assert fingerprint() == before


def test_what_somebody_withdrew_does_not_come_back(demo_county):
    for source in sources_of(COUNTY_CODE, YEARS):
        withdraw_source(
            actor=person_called("accountant"), source_id=source.pk, expected_version=1, reason="收回", at=RECORDED
        )

    load_means()

    assert sources_of(COUNTY_CODE, YEARS) == []
    assert has_sources(COUNTY_CODE)
