"""Files brought in: planned and looked at first, then all or nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction

from anlan.ground.audit import Actor
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import mark
from anlan.places.actions.hazards import load_hazard_zones, units_of
from anlan.places.actions.lines import load_rivers, load_roads
from anlan.places.actions.loading import load_divisions, sort_rows
from anlan.places.core.checking import BadRows, RowProblem
from anlan.places.core.csv_rows import read_divisions
from anlan.places.core.geojson import areas_in, lines_in
from anlan.places.core.hazards import HazardRow, zones_in
from anlan.places.core.values import DivisionRow, Loaded, RiverRow, RoadRow
from anlan.places.models import Division
from anlan.web.http import Person
from anlan.web.models import Upload
from anlan.web.uploads import content_of, settle_upload

OUTSIDE = mark("lies outside %(county)s")


class FileKind(StrEnum):
    """What a file holds."""

    DIVISIONS = "divisions"
    BOUNDARIES = "boundaries"
    RIVERS = "rivers"
    ROADS = "roads"
    HAZARDS = "hazards"


FILE_KIND_NAMES = {
    FileKind.DIVISIONS: mark("Divisions and their facts (CSV)"),
    FileKind.BOUNDARIES: mark("Boundaries (GeoJSON)"),
    FileKind.RIVERS: mark("Rivers (GeoJSON)"),
    FileKind.ROADS: mark("Roads (GeoJSON)"),
    FileKind.HAZARDS: mark("Hazard zones (GeoJSON)"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What the file is to be taken as: for which county, from which day new divisions stand, drawn on what."""

    kind: FileKind
    county_code: str
    valid_from: date
    is_gcj02: bool = False


@dataclass(slots=True)
class Plan:
    """What a file says and what taking it over would do. With any problem nothing is taken over."""

    order: Order
    encoding: str = "UTF-8"
    rows: dict[int, DivisionRow] = field(default_factory=dict)
    rivers: Sequence[RiverRow] = ()
    roads: Sequence[RoadRow] = ()
    zones: dict[int, HazardRow] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    unknown_columns: Sequence[str] = ()
    repaired: Sequence[str] = ()
    created: list[Division] = field(default_factory=list)
    changed: list[tuple[Division, dict[str, Any]]] = field(default_factory=list)
    unchanged: int = 0


def plan_import(*, order: Order, content: bytes) -> Plan:
    """Read a file and compare it with what is on record; nothing is written.

    Raises:
        BadText, BadFile, BadGeoJson: the file as a whole cannot be read.
    """
    plan = READERS[order.kind](order, content)
    inside = prefix_of(order.county_code)
    values = {"county": order.county_code}
    plan.problems += [
        RowProblem(number, "code", row.code, OUTSIDE, values)
        for number, row in plan.rows.items()
        if not row.code.startswith(inside)
    ]
    try:
        found = sort_rows(rows=plan.rows, valid_from=order.valid_from)
    except BadRows as refused:
        plan.problems += refused.problems
    else:
        plan.created = [row for row, _ in found.new]
        plan.changed, plan.unchanged = found.changed, found.unchanged
    plan.problems.sort(key=lambda problem: (problem.row, problem.column))
    return plan


@transaction.atomic
def commit_import(*, actor: Actor | None, order: Order, content: bytes, at: datetime) -> Loaded:
    """Take a file over, whole.

    Raises:
        BadRows: anything in it is faulty; nothing is taken over.
    """
    plan = plan_import(order=order, content=content)
    if plan.problems:
        raise BadRows(plan.problems)
    if order.kind is FileKind.RIVERS:
        return load_rivers(actor=actor, county_code=order.county_code, rows=plan.rivers, at=at)
    if order.kind is FileKind.ROADS:
        return load_roads(actor=actor, county_code=order.county_code, rows=plan.roads, at=at)
    if order.kind is FileKind.HAZARDS:
        return load_hazard_zones(actor=actor, county_code=order.county_code, rows=plan.zones, at=at)
    rows = list(plan.rows.values())
    return load_divisions(actor=actor, rows=rows, valid_from=order.valid_from, at=at)


@transaction.atomic
def take_over(*, actor: Person, upload: Upload, order: Order, at: datetime) -> Loaded:
    """Take over a file that was sent and looked at, once.

    Raises:
        AlreadySettled: it was taken over or dropped before.
        BadRows: what is on record changed meanwhile so that it does not fit any more.
    """
    settle_upload(upload=upload, state="committed", at=at)
    return commit_import(actor=actor, order=order, content=content_of(upload), at=at)


def _divisions(order: Order, content: bytes) -> Plan:
    file = read_divisions(content)
    return Plan(
        order, file.encoding, dict(file.rows), problems=list(file.problems), unknown_columns=file.unknown_columns
    )


def _boundaries(order: Order, content: bytes) -> Plan:
    standing = Division.objects.valid_on(order.valid_from).within(prefix_of(order.county_code))
    known = dict(standing.values_list("code", "name"))
    names = defaultdict(list)
    for code, name in known.items():
        names[name].append(code)
    file = areas_in(content, names, is_gcj02=order.is_gcj02)
    rows = {
        number: DivisionRow(code, known[code], boundary=area)
        for number, (code, area) in enumerate(file.areas.items(), start=1)
    }
    return Plan(order, rows=rows, problems=file.problems, repaired=[known[code] for code in file.repaired])


def _lines(order: Order, content: bytes) -> Plan:
    file = lines_in(content, order.kind.value, is_gcj02=order.is_gcj02)
    return Plan(order, rivers=file.rivers, roads=file.roads, problems=file.problems)


def _hazards(order: Order, content: bytes) -> Plan:
    file = zones_in(content, is_gcj02=order.is_gcj02)
    _units, astray = units_of(order.county_code, file.rows)
    return Plan(order, zones=file.rows, problems=[*file.problems, *astray])


READERS = {
    FileKind.DIVISIONS: _divisions,
    FileKind.BOUNDARIES: _boundaries,
    FileKind.RIVERS: _lines,
    FileKind.ROADS: _lines,
    FileKind.HAZARDS: _hazards,
}
