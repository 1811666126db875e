"""What others may ask about sites: where they stand and how much they hold."""

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Count, Max, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import Level, ancestor_at, level_of, prefix_of
from anlan.places import queries as places
from anlan.places.core.finding import Found, Inside, InsideRow, best_of
from anlan.places.core.finding import Sum as Figure
from anlan.places.queries import maps
from anlan.places.queries.layers import collection
from anlan.stores.core.values import AREA_PER_PERSON_M2, REACH_M, SiteFacts, SiteKind, SiteRow
from anlan.stores.models import Site
from anlan.web.http import Person

STORE_KEY, SHELTER_KEY = "stores", "shelters"
LAYER_KEYS = frozenset({STORE_KEY, SHELTER_KEY})
WGS_84 = 4326
LEVELS = frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE})


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


def rows_for(person: Person) -> list[SiteRow]:
    """Return the sites that the person may see as a file gives them, without keepers' numbers."""
    same = ("name", "kind", "division_code", "capacity", "effective_area_m2", "is_open", "keeper_name")
    return [
        SiteRow(longitude=row.place.x, latitude=row.place.y, **{name: getattr(row, name) for name in same})
        for row in sites_for(person).order_by("division_code", "kind", "pk")
    ]


def units_for(person: Person, on: date) -> list[tuple[str, str]]:
    """Return code and name of the units whose sites the person manages, by code; a village with its township."""
    prefixes = accounts.scope_of(person, "stores.manage").prefixes
    units = [(unit.code, unit.name) for prefix in prefixes for unit in places.units_within(prefix, on)]
    names = dict(units)
    return [(code, _with_township(code, name, names)) for code, name in units if level_of(code) in LEVELS]


def _with_township(code: str, name: str, names: Mapping[str, str]) -> str:
    above = names.get(ancestor_at(code, Level.TOWNSHIP)) if level_of(code) is Level.VILLAGE else None
    return f"{above} · {name}" if above else name


def site_page(person: Person, site: Site) -> dict[str, Any]:
    """Return all that the site's page shows."""
    kind = SiteKind(site.kind)
    return {
        "site": site,
        "persons_by_area": site.persons_by_area,
        "area_per_person_m2": AREA_PER_PERSON_M2.get(kind),
        "reach_m": REACH_M.get(kind),
        "has_phone": bool(site.keeper_phone),
        "may_manage": person.can("stores.manage", site.division_code),
        "map": map_around(person, site),
    }


def map_of(person: Person, division_code: str) -> dict[str, Any] | None:
    """Return the map of a division with its sites drawn; None where there is no such division or nothing drawn."""
    return maps.map_with(person, division_code, LAYER_KEYS)


def map_around(person: Person, site: Site) -> dict[str, Any] | None:
    """Return the map of the site's township or county, with the site in its middle."""
    return maps.map_around(person, site.division_code, site.place.extent, LAYER_KEYS)


def features_within(person: Person, division_code: str, kinds: Collection[SiteKind]) -> str:
    """Return the sites of these kinds within a division, of those that the person may see, as GeoJSON."""
    rows = with_shape(_within(person, division_code).filter(kind__in=[kind.value for kind in kinds]))
    names = ("pk", "name", "kind", "unit", "holds", "state")
    told = (
        (row.shape, row.pk, row.name, row.get_kind_display(), row.unit_name, holds_text(row), state_text(row))
        for row in rows.order_by("division_code", "pk")
    )
    return collection(told, names)


def stamp_within(person: Person, division_code: str) -> str:
    """Return what changes with any site of the division, and with the person's areas."""
    state = _within(person, division_code).aggregate(rows=Count("pk"), changes=Sum("version"), last=Max("pk"))
    return json.dumps([*state.values(), *accounts.scope_of(person, "stores.read").prefixes])


def holds_text(row: Site) -> str:
    """Return the capacity to plan with and what it is counted in."""
    if row.holds is None:
        return _("not known")
    return _("%(count)s people") % {"count": f"{row.holds:,}"} if row.is_shelter else f"{row.holds:,} m³"


def state_text(row: Site) -> str:
    """Return in one word whether the site is in use."""
    return _("in use") if row.is_open else _("closed")


def count_of(person: Person, kinds: Collection[SiteKind]) -> int:
    """Return how many sites of these kinds the person may see."""
    return sites_for(person).filter(kind__in=[kind.value for kind in kinds]).count()


def find_sites(person: Person, text: str, most: int) -> list[Found]:
    """Return the sites whose name the text fits."""
    rows = sites_for(person).defer("keeper_phone").order_by("division_code", "pk")
    return [
        Found(
            title=row.name,
            detail=f"{row.get_kind_display()} · {row.unit_name}",
            point=(row.place.x, row.place.y),
            layer=SHELTER_KEY if row.is_shelter else STORE_KEY,
            id=row.pk,
            url=reverse("site", args=[row.pk]),
            rank=rank,
        )
        for rank, row in best_of(text, ((row.name, "", row) for row in rows), most)
    ]


def sites_inside(person: Person, area: str) -> Inside:
    """Return the sites in use that stand inside, with how many people the shelters among them hold."""
    shape = GEOSGeometry(area, srid=WGS_84)
    rows = list(sites_for(person).filter(place__coveredby=shape, is_open=True).order_by("division_code", "kind", "pk"))
    return Inside(
        columns=(_("Name"), _("Kind of site"), _("Unit"), _("Holds")),
        rows=[
            InsideRow(
                (row.name, row.get_kind_display(), row.unit_name, holds_text(row)),
                (row.place.x, row.place.y),
                reverse("site", args=[row.pk]),
            )
            for row in rows
        ],
        sums=(Figure(_("Shelters hold"), sum(row.holds or 0 for row in rows if row.is_shelter), _("people")),),
    )


def _within(person: Person, division_code: str) -> QuerySet[Site]:
    return sites_for(person).filter(division_code__startswith=prefix_of(division_code))


def with_shape(rows: QuerySet[Site]) -> QuerySet[Any]:
    """Return the rows with their place as GeoJSON text."""
    return rows.annotate(shape=AsGeoJSON("place", precision=5))
