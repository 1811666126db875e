"""Every change of hazard zones: brought in, struck off; the map's squares are counted anew with each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
from django.contrib.gis.geos import Point
from django.db import connection, transaction

from anlan.ground.audit import Actor, audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.codes import Level, prefix_of
from anlan.kernel.refusal import Refusal, mark
from anlan.places.actions.geos import WGS_84, area_for_database
from anlan.places.core.checking import BadRows, RowProblem
from anlan.places.core.hazards import HazardRow
from anlan.places.core.values import Loaded
from anlan.places.models import Division, HazardZone
from anlan.places.queries.hazards import HIGHEST_ZOOM, LOWEST_ZOOM

PLAIN = ("name", "kind", "risk", "people", "households", "note")
Rows = Mapping[int, HazardRow]


class IsStruckOff(Refusal):
    """A zone is struck off once."""


@transaction.atomic
def load_hazard_zones(*, actor: Actor | None, county_code: str, rows: Rows, at: datetime) -> Loaded:
    """Bring zones in: those of a known number are corrected (and stand again), others are new, the rest stay.

    Raises:
        BadRows: a zone lies in no division of the county, or names one that is not on record.
    """
    county = _locked(county_code)
    units, problems = units_of(county_code, rows)
    if problems:
        raise BadRows(problems)
    known = {zone.code: zone for zone in _of_county(county_code)}
    given = [_zone(row, known.get(row.code), units[number]) for number, row in rows.items()]
    new = [zone for zone, changed in given if changed is None]
    changed = [zone for zone, changed in given if changed]
    HazardZone.objects.bulk_create(new, 500)
    _save(changed)
    audit(actor, mark("hazard zones loaded"), county, at=at, detail={"new": len(new), "changed": len(changed)})
    if new or changed:
        count_squares(county_code)
    return Loaded(created=len(new), changed=len(changed), unchanged=len(rows) - len(new) - len(changed))


@transaction.atomic
def strike_off_hazard_zone(*, actor: Actor, zone_id: int, expected_version: int, on: date, at: datetime) -> HazardZone:
    """Take a zone off the map because the hazard is gone; it stays on record.

    Raises:
        Conflict: somebody changed it meanwhile.
        IsStruckOff: it is off already.
    """
    row = HazardZone.objects.select_for_update().get(pk=zone_id)
    check_version(row, expected_version)
    if row.retired_on is not None:
        raise IsStruckOff("%(name)s is struck off already", name=row.name)
    row.retired_on = on
    save_version(row, ["retired_on"])
    audit(actor, mark("hazard zone struck off"), row, at=at, detail={"on": on.isoformat()})
    _locked(row.division_code[:6].ljust(12, "0"))
    count_squares(row.division_code[:6].ljust(12, "0"))
    return row


def units_of(county_code: str, rows: Rows) -> tuple[dict[int, tuple[str, str]], list[RowProblem]]:
    """Return code and name of each row's division: as it says, else the village in which its point lies."""
    standing = Division.objects.valid_today().within(prefix_of(county_code))
    names = dict(standing.values_list("code", "name"))
    lacking = [number for number, row in rows.items() if not row.division_code]
    found = {number: row.division_code for number, row in rows.items() if row.division_code in names}
    found |= _located({number: rows[number] for number in lacking}, standing) if lacking else {}
    problems = [_astray(number, rows[number]) for number in rows if number not in found]
    return {number: (code, names[code]) for number, code in found.items()}, problems


def count_squares(county_code: str) -> None:
    """Count the county's standing zones anew, square by square and township by township."""
    prefix = prefix_of(county_code)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_hazardsquare WHERE code LIKE %s", [f"{prefix}%"])
        cursor.execute(
            """
            WITH finest AS MATERIALIZED (
                SELECT places_cell(place_3857) AS cell, left(division_code, 9) AS code, count(*) AS count,
                    max(risk) AS worst, sum(coalesce(people, 0)) AS people, sum(ST_X(place_3857)) AS x,
                    sum(ST_Y(place_3857)) AS y, min(id) AS first
                FROM places_hazardzone WHERE retired_on IS NULL AND division_code LIKE %s GROUP BY 1, 2
            )
            INSERT INTO places_hazardsquare (cell, code, count, worst, people, x, y, only_id)
            SELECT cell >> 2 * up, code, sum(count), max(worst), sum(people), sum(x), sum(y),
                CASE WHEN sum(count) = 1 THEN min(first) END
            FROM finest, generate_series(0, %s) AS up GROUP BY 1, 2""",
            [f"{prefix}%", HIGHEST_ZOOM - LOWEST_ZOOM],
        )


def _locked(county_code: str) -> Division:
    """Return the county; whoever else changes its zones waits."""
    return Division.objects.plain().select_for_update().filter(code=county_code).order_by("-valid_from")[0]


def _of_county(county_code: str) -> Any:
    return HazardZone.objects.select_for_update().filter(division_code__startswith=prefix_of(county_code))


def _located(rows: Rows, standing: Any) -> dict[int, str]:
    drawn = standing.filter(boundary__isnull=False, level__in=[Level.VILLAGE.value, Level.TOWNSHIP.value])
    shapes = [(code, bytes(shape.wkb)) for code, shape in drawn.order_by("-code").values_list("code", "boundary")]
    if not shapes:
        return {}
    tree = shapely.STRtree(shapely.from_wkb([shape for _code, shape in shapes]))
    numbers = list(rows)
    points = shapely.points([[row.longitude, row.latitude] for row in rows.values()])
    at, areas = tree.query(np.asarray(points, dtype=object), predicate="intersects")
    # Shapes come from the greatest code down: a village before its township, which goes where no village is drawn.
    found: dict[int, str] = {}
    for place, area in sorted(zip(at.tolist(), areas.tolist(), strict=True)):
        found.setdefault(numbers[place], shapes[area][0])
    return found


def _astray(number: int, row: HazardRow) -> RowProblem:
    if row.division_code:
        return RowProblem(number, "division_code", row.division_code, mark("no such division is on record"))
    return RowProblem(number, "geometry", row.code, mark("lies in none of the county's divisions"))


def _zone(row: HazardRow, known: HazardZone | None, unit: tuple[str, str]) -> tuple[HazardZone, list[str] | None]:
    """Return the zone as the row says it, and what changed; None for a new one."""
    content: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    content |= {"division_code": unit[0], "unit_name": unit[1], "retired_on": None}
    content["place"] = Point(row.longitude, row.latitude, srid=WGS_84)
    content["area"] = area_for_database(_polygons(row.area)) if row.area else None
    if known is None:
        return HazardZone(code=row.code, **content), None
    changed = [name for name, value in content.items() if not _is_same(getattr(known, name), value)]
    for name in changed:
        setattr(known, name, content[name])
    return known, changed


def _polygons(area: Any) -> Any:
    found = shapely.geometry.shape(area)
    return found if found.geom_type == "MultiPolygon" else shapely.MultiPolygon([found])


def _is_same(before: Any, value: Any) -> bool:
    if hasattr(value, "equals_exact") and before is not None:
        return bool(before.equals_exact(value, 1e-9))
    return bool(before == value)


def _save(changed: Sequence[HazardZone]) -> None:
    for zone in changed:
        zone.version += 1
    fields = [*PLAIN, "division_code", "unit_name", "retired_on", "place", "area", "version"]
    HazardZone.objects.bulk_update(changed, fields, 500)
