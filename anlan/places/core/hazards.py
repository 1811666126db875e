"""Hazard zones: where slopes may slide and water may come, how likely, and who lives there.

Source: docs/one-map.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import shapely

from anlan.kernel.codes import BadCode, check_code
from anlan.kernel.refusal import mark
from anlan.places.core.checking import RowProblem
from anlan.places.core.gcj02 import geometry_from_gcj02
from anlan.places.core.geojson import read_features
from anlan.places.core.shapes import BadShape, area_from, point_from
from anlan.places.core.values import Geometry
from anlan.places.core.words import HAZARD_HEADS, HAZARD_KIND_WORDS, RISK_WORDS

LONGEST_NAME, LONGEST_CODE, MOST = 80, 40, 10_000_000


@dataclass(frozen=True, slots=True)
class HazardRow:
    """One zone as a file gives it; without a division's code it belongs where its point lies."""

    code: str
    name: str
    kind: str
    risk: int
    longitude: float
    latitude: float
    division_code: str = ""
    people: int | None = None
    households: int | None = None
    note: str = ""
    area: Geometry | None = None


@dataclass(slots=True)
class HazardFile:
    """Zones by the number of their feature, and faults."""

    rows: dict[int, HazardRow] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)


def zones_in(content: bytes, *, is_gcj02: bool = False) -> HazardFile:
    """Return the hazard zones in a GeoJSON file: points, or areas.

    Raises:
        BadGeoJson: see `read_features`.
    """
    file, seen = HazardFile(), dict[str, int]()
    for number, feature in enumerate(read_features(content), start=1):
        properties = feature.get("properties")
        told = {name: _said(properties if isinstance(properties, dict) else {}, name) for name in HAZARD_HEADS}
        faults = list(_faults(number, told))
        if told["code"] in seen:
            values = {"row": seen[told["code"]]}
            faults.append(RowProblem(number, "code", told["code"], mark("given twice, first in row %(row)d"), values))
        seen.setdefault(told["code"], number)
        try:
            place, area = _placed(feature.get("geometry") or {}, is_gcj02=is_gcj02)
        except BadShape as fault:
            faults.append(RowProblem(number, "geometry", told["code"], fault.message, fault.values))
        file.problems += faults
        if not faults:
            file.rows[number] = _row(told, place, area)
    return file


def _placed(geometry: Geometry, *, is_gcj02: bool) -> tuple[Any, Any]:
    """Return the point at which a zone is drawn, and its area if it has one."""
    shape = point_from(geometry) if geometry.get("type") == "Point" else area_from(geometry)[0]
    shape = geometry_from_gcj02(shape) if is_gcj02 else shape
    return (shape, None) if shape.geom_type == "Point" else (shapely.point_on_surface(shape), shape)


def _row(told: Mapping[str, str], place: Any, area: Any) -> HazardRow:
    return HazardRow(
        code=told["code"],
        name=told["name"],
        kind=HAZARD_KIND_WORDS[told["kind"]].value,
        risk=RISK_WORDS[told["risk"]].value,
        longitude=place.x,
        latitude=place.y,
        division_code=check_code(told["division_code"]) if told["division_code"] else "",
        people=int(told["people"]) if told["people"] else None,
        households=int(told["households"]) if told["households"] else None,
        note=told["note"][:200],
        area=None if area is None else shapely.geometry.mapping(area),
    )


def _said(properties: Mapping[str, Any], name: str) -> str:
    found = next((properties[head] for head in HAZARD_HEADS[name] if properties.get(head) not in {None, ""}), "")
    text = str(found).strip()
    return text.removesuffix(".0") if isinstance(found, float) else text


def _faults(number: int, told: Mapping[str, str]) -> Iterator[RowProblem]:
    for column, most in (("code", LONGEST_CODE), ("name", LONGEST_NAME)):
        if not 1 <= len(told[column]) <= most:
            yield RowProblem(number, column, told[column], mark("must have 1 to %(most)d characters"), {"most": most})
    for column, words in (("kind", HAZARD_KIND_WORDS), ("risk", RISK_WORDS)):
        if told[column] not in words:
            allowed = {"allowed": ", ".join(words)}
            yield RowProblem(number, column, told[column], mark("is not one of: %(allowed)s"), allowed)
    for column in ("people", "households"):
        if not _is_count(told[column]):
            yield RowProblem(number, column, told[column], mark("is no whole number from 0"))
    if told["division_code"]:
        yield from _code_faults(number, told["division_code"])


def _is_count(text: str) -> bool:
    return not text or text.isdecimal() and int(text) <= MOST


def _code_faults(number: int, code: str) -> Iterator[RowProblem]:
    try:
        check_code(code)
    except BadCode as fault:
        yield RowProblem(number, "division_code", code, fault.message, fault.values)
