"""Money and sites of the demo county can be recorded, fit the county, and are the same each time."""

from collections import Counter
from functools import cache

import numpy as np
import shapely

from anlan.demo.core.county import make_county
from anlan.demo.core.money import Given, make_sources
from anlan.demo.core.sites import make_sites
from anlan.demo.core.values import County
from anlan.funds.core.checking import earmark_faults, source_faults
from anlan.kernel.codes import Level
from anlan.stores.core.checking import site_faults
from anlan.stores.core.values import SHELTERS, SiteKind, SiteRow


@cache
def the_county() -> County:
    return make_county()


@cache
def the_sources() -> tuple[Given, ...]:
    return make_sources(the_county())


@cache
def the_sites() -> tuple[SiteRow, ...]:
    return make_sites(the_county())


def test_money_and_sites_are_the_same_each_time():
    assert make_sources(the_county()) == the_sources()
    assert make_sites(the_county()) == the_sites()


def test_each_year_has_several_sources_and_some_are_bound():
    years = Counter(given.source.year for given in the_sources())

    assert set(years) == {2026, 2027, 2028}
    assert min(years.values()) >= 3
    assert {bool(given.earmarks) for given in the_sources()} == {True, False}


def test_the_sources_and_their_purposes_can_be_recorded():
    for given in the_sources():
        assert not source_faults(given.source)
        for earmark in given.earmarks:
            assert not earmark_faults(earmark, given.source.county_code)


def test_the_money_of_three_years_is_millions_not_tens_of_millions():
    assert 8e8 <= sum(given.source.amount_fen for given in the_sources()) <= 10e8


def test_the_sites_can_be_recorded_each_once():
    assert not [fault for site in the_sites() for fault in site_faults(site)]
    assert len({(site.longitude, site.latitude) for site in the_sites()}) == len(the_sites())
    assert len({(site.division_code, site.kind, site.name) for site in the_sites()}) == len(the_sites())


def test_each_site_stands_in_its_unit_and_near_its_seat():
    units = the_county().by_code
    for site in the_sites():
        unit = units[site.division_code]

        assert shapely.contains_xy(unit.boundary, site.longitude, site.latitude)
        assert np.hypot(site.longitude - unit.seat[0], site.latitude - unit.seat[1]) < 0.02


def test_some_townships_have_no_reserve_point_and_all_have_a_shelter():
    towns = {town.code for town in the_county().at_level(Level.TOWNSHIP)}
    stored = {site.division_code for site in the_sites() if site.kind == SiteKind.RESERVE_POINT}
    sheltered = {site.division_code for site in the_sites() if site.kind in SHELTERS}

    assert 0 < len(towns - stored) < len(towns)
    assert towns <= sheltered
