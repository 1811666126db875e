"""The demo county's land and people brought into the tables, by the same ways as a real county's."""

from collections.abc import Sequence
from datetime import date, datetime

import shapely

from anlan.accounts import actions as accounts
from anlan.accounts.actions.setting_up import LoadedPerson
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.staff import PASSWORD, Member
from anlan.demo.core.values import County, DivisionFact
from anlan.places import actions as places
from anlan.places.actions import DivisionRow, RiverRow, RoadRow

SINCE = date(2020, 1, 1)


def load_land(county: County, *, at: datetime) -> int:
    """Bring in divisions, rivers and roads; return how many divisions are new."""
    rows = [_division(fact) for fact in county.divisions]
    loaded = places.load_divisions(actor=None, rows=rows, valid_from=SINCE, at=at)
    rivers = [
        RiverRow(name=river.name, into=river.into or "", drained_km2=river.drained_km2, lines=_geometry(river.lines))
        for river in county.rivers
    ]
    places.load_rivers(actor=None, county_code=COUNTY_CODE, rows=rivers, at=at)
    roads = [
        RoadRow(code=road.code, name=road.name, kind=road.kind.value, line=_geometry(road.line))
        for road in county.roads
    ]
    places.load_roads(actor=None, county_code=COUNTY_CODE, rows=roads, at=at)
    return loaded.created


def load_staff(staff: Sequence[Member], *, at: datetime) -> None:
    """Make the accounts; those that exist are left alone."""
    people = [LoadedPerson(member.username, member.name, PASSWORD, member.posts) for member in staff]
    accounts.load_people(people=people, starts_on=SINCE, at=at)


def _division(fact: DivisionFact) -> DivisionRow:
    return DivisionRow(
        code=fact.code,
        name=fact.name,
        population=fact.population,
        households=fact.households,
        area_km2=fact.area_km2,
        landform=fact.landform.value,
        urban_rural_code=fact.urban_rural_code,
        region_type=fact.region.value,
        hazards=tuple(profile.value for profile in fact.profiles),
        boundary=_geometry(fact.boundary),
        seat=fact.seat,
    )


def _geometry(shape: shapely.Geometry) -> dict[str, object]:
    return dict(shapely.geometry.mapping(shapely.force_2d(shape)))
