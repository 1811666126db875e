"""Divisions, rivers and roads as the one map finds them and lists them inside an area."""

from collections.abc import Iterable
from typing import Any

from django.contrib.gis.db.models import Extent
from django.contrib.gis.db.models.functions import Area, Centroid, Intersection
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import Level
from anlan.places.core.finding import Found, Inside, InsideRow, Sum, best_of
from anlan.places.models import Division, River, Road
from anlan.places.queries.layers import of_counties
from anlan.places.queries.search import search_divisions
from anlan.web.http import Person

LAYER_OF = {Level.TOWNSHIP: "townships", Level.VILLAGE: "villages", Level.COUNTY: "counties"}
LEAST_SHARE = 0.0005  # of a village's area: less is a border that was drawn along


def find_divisions(person: Person, text: str, most: int) -> list[Found]:
    choices = search_divisions(person, text)[:most]
    rows = {row.code: row for row in _placed(Division.objects.valid_today().filter(code__in=[c.code for c in choices]))}
    return [
        Found(
            title=choice.name,
            detail=f"{choice.path} · {choice.code}" if choice.path else choice.code,
            point=(row.at.x, row.at.y) if row.at else None,
            bounds=row.outline.extent if row.outline else None,
            layer=LAYER_OF.get(Level(row.level), ""),
            id=row.pk,
            url=choice.url,
            rank=0 if choice.name.startswith(text) or choice.code.startswith(text) else 1,
        )
        for choice in choices
        if (row := rows.get(choice.code))
    ]


def find_rivers(person: Person, text: str, most: int) -> list[Found]:
    rows = of_counties(River.objects.all(), person).annotate(at=Centroid("lines")).order_by("name", "pk")
    things = ((row.name, "", row) for row in rows)
    return [
        Found(row.name, _("River"), (row.at.x, row.at.y), row.lines.extent, "rivers", row.pk, rank=rank)
        for rank, row in best_of(text, things, most)
    ]


def find_roads(person: Person, text: str, most: int) -> list[Found]:
    """Return roads whole: pieces of one code and name are one road."""
    rows = of_counties(Road.objects.all(), person).exclude(name="", code="").values("name", "code").order_by("name")
    known = {(row["name"], row["code"]) for row in rows.distinct()}
    found = best_of(text, ((name or code, code, (name, code)) for name, code in sorted(known)), most)
    return [_road(person, rank, name, code) for rank, (name, code) in found]


def _road(person: Person, rank: int, name: str, code: str) -> Found:
    pieces = of_counties(Road.objects.filter(name=name, code=code), person)
    west, south, east, north = pieces.aggregate(box=Extent("line"))["box"]
    detail = " · ".join(part for part in (_("Road"), code) if part)
    return Found(
        name or code, detail, ((west + east) / 2, (south + north) / 2), (west, south, east, north), "roads", rank=rank
    )


def villages_inside(person: Person, area: str) -> Inside:
    """Return the villages that the area meets, with their people by the share of the village that lies inside.

    A village without a boundary counts whole where its seat lies inside.
    """
    shape = GEOSGeometry(area, srid=4326)
    reach = accounts.scope_of(person, "places.read").q("code")
    standing = Division.objects.valid_today().filter(reach, level=Level.VILLAGE.value)
    drawn = _placed(standing.filter(boundary__intersects=shape)).annotate(
        inside=Area(Intersection(F("boundary"), shape)), whole=Area("boundary")
    )
    met = [(row, min(row.inside.standard / row.whole.standard, 1.0)) for row in drawn.order_by("code", "pk")]
    seated = standing.filter(boundary__isnull=True, seat__coveredby=shape).annotate(at=F("seat")).order_by("code", "pk")
    listed = [(row, share) for row, share in met if share >= LEAST_SHARE] + [(row, 1.0) for row in seated]
    return Inside(
        columns=(_("Name"), _("Code"), _("Population"), _("Households"), _("Share inside"), _("People inside")),
        rows=[_village(row, share) for row, share in listed],
        sums=(
            Sum(_("People inside"), _people(listed, "population"), _("people")),
            Sum(_("Households inside"), _people(listed, "households"), _("households")),
        ),
        notes=_notes(row for row, _share in listed),
    )


def _village(row: Any, share: float) -> InsideRow:
    people = None if row.population is None else round(row.population * share)
    cells = (row.name, row.code, row.population, row.households, f"{share:.0%}", people)
    return InsideRow(cells, (row.at.x, row.at.y), reverse("division", args=[row.code]))


def _people(listed: Iterable[tuple[Any, float]], name: str) -> int:
    return round(sum((getattr(row, name) or 0) * share for row, share in listed))


def _notes(rows: Iterable[Any]) -> tuple[str, ...]:
    told = [_("People of a village that the area cuts are counted by the share of the village's area inside.")]
    silent = sum(row.population is None for row in rows)
    if silent:
        told.append(_("Villages without a population on record, not counted: %(count)d") % {"count": silent})
    return tuple(told)


def _placed(rows: Any) -> Any:
    return rows.defer("boundary").annotate(at=Coalesce("seat", Centroid("outline")))
