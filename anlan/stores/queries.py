"""What others may ask about sites: where they stand and how much they hold."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.db.models import QuerySet

from anlan.accounts import queries as accounts
from anlan.kernel.codes import prefix_of
from anlan.places import queries as places
from anlan.stores.core.values import SiteFacts, SiteKind
from anlan.stores.models import Site
from anlan.web.http import Person


def sites_of(county_code: str, kinds: Collection[SiteKind | str]) -> list[SiteFacts]:
    """Return the county's sites of these kinds, by unit and number; closed ones too, told by `is_open`."""
    rows = Site.objects.within(prefix_of(county_code)).filter(kind__in=[str(kind) for kind in kinds])
    return [facts_of(row) for row in rows.order_by("division_code", "pk")]


def facts_of(row: Site) -> SiteFacts:
    """Return a site as plain values."""
    return SiteFacts(
        pk=row.pk,
        name=row.name,
        kind=SiteKind(row.kind),
        division_code=row.division_code,
        longitude=row.place.x,
        latitude=row.place.y,
        capacity=row.holds,
        is_open=row.is_open,
    )


def sites_for(person: Person) -> QuerySet[Site]:
    """Return the sites that the person may see."""
    return Site.objects.filter(accounts.scope_of(person, "stores.read").q("division_code"))


def units_for(person: Person, on: date) -> list[tuple[str, str]]:
    """Return code and name of the units whose sites the person manages, by code."""
    prefixes = accounts.scope_of(person, "stores.manage").prefixes
    return [(unit.code, unit.name) for prefix in prefixes for unit in places.units_within(prefix, on)]


def with_shape(rows: QuerySet[Site]) -> QuerySet[Any]:
    """Return the rows with their place as GeoJSON text."""
    return rows.annotate(shape=AsGeoJSON("place", precision=5))
