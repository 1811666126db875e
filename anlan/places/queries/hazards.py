"""Hazard zones within a person's areas: for the list, a page, the map, finding and what is inside an area."""

from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.gis.geos import GEOSGeometry
from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import PREFIX_LENGTH, Level, prefix_of
from anlan.places.core.finding import Found, Inside, InsideRow, best_of
from anlan.places.core.finding import Sum as Figure
from anlan.places.core.hazard_values import Risk
from anlan.places.core.tiles import SQUARE_STEPS, cell_of
from anlan.places.models import Division, HazardSquare, HazardZone
from anlan.places.queries.layers import collection
from anlan.places.queries.maps import map_around
from anlan.places.queries.shapes import DECIMALS
from anlan.web.http import Person

READ = "places.read"
LOWEST_ZOOM, HIGHEST_ZOOM = 4, 10  # of the tiles that are drawn from counted squares
COARSEST = cell_of(LOWEST_ZOOM + SQUARE_STEPS, 0, 0)
TOWNSHIP = PREFIX_LENGTH[Level.TOWNSHIP]
AROUND = 0.02  # degrees about a zone that its map shows
LAYER_KEY, AREAS_KEY = "hazard-zones", "hazard-areas"
MOST_SPELLED = 20_000
WORST = Risk.VERY_HIGH
FACTS = ("id", "code", "name", "risk", "kind", "people", "households")


def hazard_zones_for(person: Person) -> QuerySet[HazardZone]:
    """Return the zones that the person may see, those struck off too."""
    return HazardZone.objects.filter(accounts.scope_of(person, READ).q("division_code"))


def standing_for(person: Person) -> QuerySet[HazardZone]:
    """Return the zones that the person may see and that threaten somebody today."""
    return hazard_zones_for(person).filter(retired_on__isnull=True)


def hazard_page(person: Person, zone: HazardZone) -> dict[str, Any]:
    """Return all that the zone's page shows."""
    extent = (zone.area or zone.place).extent
    return {
        "zone": zone,
        "may_manage": person.can("places.manage", zone.division_code),
        "map": map_around(person, zone.division_code, extent, {LAYER_KEY, AREAS_KEY}, margin=AROUND),
    }


def points(person: Person, division: Division) -> str:
    rows = _within(person, division).annotate(shape=AsGeoJSON("place", precision=DECIMALS))
    return collection(rows.order_by("division_code", "pk").values_list("shape", *FACTS), FACTS)


def areas(person: Person, division: Division) -> str:
    rows = _within(person, division).filter(area__isnull=False).annotate(shape=AsGeoJSON("area", precision=DECIMALS))
    return collection(rows.order_by("division_code", "pk").values_list("shape", *FACTS), FACTS)


def stamp(person: Person, division: Division) -> str:
    return f"{division.pk} {_stamp(_within(person, division))}"


def tile_stamp(person: Person) -> str:
    """Return what changes with every change of zones, from the few coarsest squares: they are numbered anew then."""
    likes = [f"{prefix[:TOWNSHIP]}%" for prefix in accounts.scope_of(person, READ).prefixes]
    with connection.cursor() as cursor:  # asked before every tile
        cursor.execute(
            "SELECT count(*), max(id) FROM places_hazardsquare WHERE cell >= %s AND cell < %s AND code LIKE ANY(%s)",
            [COARSEST, 2 * COARSEST, likes],
        )
        rows, last = cursor.fetchone()
    return f"{rows} {last}"


def count(person: Person) -> int:
    prefixes = accounts.scope_of(person, READ).prefixes
    if any(len(prefix) > TOWNSHIP for prefix in prefixes):
        return standing_for(person).count()
    reach = Q(pk__in=[])
    for prefix in prefixes:
        reach |= Q(code__startswith=prefix)
    coarsest = HazardSquare.objects.filter(reach, cell__gte=COARSEST, cell__lt=2 * COARSEST)
    return int(coarsest.aggregate(zones=Sum("count"))["zones"] or 0)


def count_areas(person: Person) -> int:
    return standing_for(person).filter(area__isnull=False).count()


def find_hazard_zones(person: Person, text: str, most: int) -> list[Found]:
    rows = standing_for(person).only("code", "name", "kind", "unit_name", "place")
    begun = rows.filter(Q(code__istartswith=text) | Q(name__startswith=text))[:most]
    # Pinyin is looked for in a county's zones; where there are very many, what begins with the text is all.
    found = rows if count(person) <= MOST_SPELLED else begun
    return [
        Found(
            title=row.name,
            detail=" · ".join((row.get_kind_display(), row.unit_name, row.code)),
            point=(row.place.x, row.place.y),
            layer=LAYER_KEY,
            id=row.pk,
            url=reverse("hazard-zone", args=[row.pk]),
            rank=rank,
        )
        for rank, row in best_of(text, ((row.name, row.code, row) for row in found), most)
    ]


def hazards_inside(person: Person, area: str) -> Inside:
    """Return the zones whose point or area the drawn area meets."""
    shape = GEOSGeometry(area, srid=4326)
    met = standing_for(person).filter(Q(place__coveredby=shape) | Q(area__intersects=shape))
    rows = list(met.order_by(F("risk").desc(), "division_code", "pk"))
    return Inside(
        columns=(
            _("Name"),
            _("Kind of hazard"),
            _("Risk"),
            _("Unit"),
            _("People threatened"),
            _("Households threatened"),
        ),
        rows=[
            InsideRow(
                (row.name, row.get_kind_display(), row.get_risk_display(), row.unit_name, row.people, row.households),
                (row.place.x, row.place.y),
                reverse("hazard-zone", args=[row.pk]),
            )
            for row in rows
        ],
        sums=(
            Figure(_("People threatened"), sum(row.people or 0 for row in rows), _("people")),
            Figure(_("Zones of very high risk"), sum(row.risk == WORST for row in rows)),
        ),
    )


def _within(person: Person, division: Division) -> QuerySet[HazardZone]:
    return standing_for(person).filter(division_code__startswith=prefix_of(division.code))


def _stamp(rows: QuerySet[HazardZone]) -> str:
    return " ".join(map(str, rows.aggregate(rows=Count("pk"), changes=Sum("version"), last=Max("pk")).values()))
