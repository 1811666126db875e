"""Many divisions at once: from a file or a generator, all or nothing, and twice is the same as once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import Q

from anlan.ground.audit import Actor, audit_many
from anlan.kernel.codes import PREFIX_LENGTH, Level, level_of
from anlan.kernel.refusal import mark
from anlan.places.actions.geos import WGS_84, area_for_database
from anlan.places.actions.outlines import draw_outlines
from anlan.places.core.checking import BadRows, RowProblem, household_faults, problems_in
from anlan.places.core.shapes import BadShape, area_from
from anlan.places.core.spelling import spelling
from anlan.places.core.values import DivisionRow, Loaded
from anlan.places.models import Division

FACTS = ("name", "population", "households", "area_km2", "landform", "urban_rural_code", "region_type")
SHAPES = ("boundary", "seat")
BATCH = 500
Change = tuple[Division, dict[str, Any]]  # the row and what is written in it


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows sorted by what loading them does."""

    new: list[Change]
    changed: list[Change]
    unchanged: int


@transaction.atomic
def load_divisions(*, actor: Actor | None, rows: Sequence[DivisionRow], valid_from: date, at: datetime) -> Loaded:
    """Bring divisions in: new codes begin on the day, known ones take over the facts that are given.

    Raises:
        BadRows: any row is faulty; nothing is loaded.
    """
    found = sort_rows(rows={number: row for number, row in enumerate(rows, start=2)}, valid_from=valid_from, lock=True)
    Division.objects.bulk_create([row for row, _ in found.new], BATCH)
    fields = [*FACTS, *SHAPES, "hazards", "pinyin", "initials", "version"]
    Division.objects.bulk_update([row for row, _ in found.changed], fields, BATCH)
    audit_many(actor, mark("division recorded"), [(row, detail) for row, detail in found.new], at=at)
    audit_many(actor, mark("division corrected"), [(row, detail) for row, detail in found.changed], at=at)
    redrawn = {
        row.code[: PREFIX_LENGTH[Level.COUNTY]] for row, detail in found.new + found.changed if "boundary" in detail
    }
    for prefix in sorted(redrawn):
        draw_outlines(prefix, valid_from)
    return Loaded(len(found.new), len(found.changed), found.unchanged)


def sort_rows(*, rows: Mapping[int, DivisionRow], valid_from: date, lock: bool = False) -> Sorted:
    """Compare the rows with what is on record that day; nothing is written.

    Raises:
        BadRows: any row is faulty.
    """
    standing = _standing(rows.values(), valid_from, lock=lock)
    problems = problems_in(rows, set(standing) | _parents(rows.values(), valid_from))
    if problems:
        raise BadRows(problems)
    new: list[Change] = []
    changed: list[Change] = []
    for number, row in rows.items():
        division = standing.get(row.code) or Division(code=row.code, level=level_of(row.code), valid_from=valid_from)
        try:
            detail = _apply(division, row)
        except BadShape as fault:
            problems.append(RowProblem(number, "boundary", row.name, fault.message, fault.values))
            continue
        problems += household_faults(number, division.population, division.households)
        if division.pk and detail:
            division.version += 1
        if detail:
            (changed if division.pk else new).append((division, detail))
    if problems:
        raise BadRows(problems)
    return Sorted(new, changed, unchanged=len(rows) - len(new) - len(changed))


def _standing(rows: Any, valid_from: date, *, lock: bool) -> dict[str, Division]:
    """Return by code what stands on the day or begins later: a second row beside it would overlap."""
    codes = [row.code for row in rows]
    open_still = Q(valid_until__isnull=True) | Q(valid_until__gt=valid_from)
    found = Division.objects.filter(open_still, code__in=codes).order_by("-valid_from", "pk")
    return {division.code: division for division in (found.select_for_update() if lock else found)}


def _parents(rows: Any, valid_from: date) -> set[str]:
    counties = {row.code[: PREFIX_LENGTH[Level.COUNTY]] for row in rows}
    above = Q(pk__in=[])
    for prefix in counties:
        above |= Q(code__startswith=prefix)
    levels = [Level.COUNTY.value, Level.TOWNSHIP.value]
    return set(Division.objects.valid_on(valid_from).filter(above, level__in=levels).values_list("code", flat=True))


def _apply(division: Division, row: DivisionRow) -> dict[str, Any]:
    """Put what the row says into the division; return what was different."""
    detail: dict[str, Any] = {}
    for name in FACTS:
        value = getattr(row, name)
        if value is not None and value != getattr(division, name):
            detail[name] = value
            setattr(division, name, value)
    if row.hazards is not None and sorted(row.hazards) != sorted(division.hazards):
        detail["hazards"] = division.hazards = sorted(row.hazards)
    if "name" in detail:
        division.pinyin, division.initials = spelling(division.name)
    return detail | _apply_shapes(division, row)


def _apply_shapes(division: Division, row: DivisionRow) -> dict[str, Any]:
    detail: dict[str, Any] = {}
    if row.seat is not None:
        seat = Point(*row.seat, srid=WGS_84)
        if division.seat is None or not division.seat.equals_exact(seat):
            division.seat = seat
            detail["seat"] = list(row.seat)
    if row.boundary is not None:
        boundary = area_for_database(area_from(row.boundary)[0])
        if division.boundary is None or not division.boundary.equals_exact(boundary):
            division.boundary = boundary
            detail["boundary"] = {"points": boundary.num_coords}
    return detail
