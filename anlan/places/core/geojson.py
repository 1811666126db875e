"""Boundaries, rivers and roads from a GeoJSON file: each feature read, matched and checked by itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

from anlan.kernel.codes import BadCode, check_code
from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.checking import RowProblem
from anlan.places.core.gcj02 import geometry_from_gcj02
from anlan.places.core.shapes import BadShape, area_from, lines_from
from anlan.places.core.texts import BadText, read_text
from anlan.places.core.values import Geometry, RiverRow, RoadRow
from anlan.places.core.words import CODE_KEYS, KIND_KEYS, NAME_KEYS, ROAD_CODE_KEYS, ROAD_WORDS

# CGCS 2000 lies within centimetres of WGS 84.
DEGREES = ("CRS84", "4326", "4490")


class BadGeoJson(Refusal):
    """The file is no GeoJSON that can be used."""


@dataclass(slots=True)
class AreaFile:
    """Areas by code, codes whose area was repaired, and faults; a feature counts from 1."""

    areas: dict[str, Geometry] = field(default_factory=dict)
    repaired: list[str] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


@dataclass(slots=True)
class LineFile:
    """Rivers or roads, and faults."""

    rivers: list[RiverRow] = field(default_factory=list)
    roads: list[RoadRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)


def read_features(content: bytes) -> list[Mapping[str, Any]]:
    """Return the features of a file.

    Raises:
        BadGeoJson: it is no GeoJSON, has no features, or is not in degrees.
    """
    try:
        found = json.loads(read_text(content).content)
    except (BadText, json.JSONDecodeError, RecursionError) as error:
        raise BadGeoJson("The file is no GeoJSON: %(error)s", error=str(error)) from None
    if not isinstance(found, dict) or found.get("type") not in {"FeatureCollection", "Feature"}:
        raise BadGeoJson("The file is no GeoJSON: %(error)s", error="FeatureCollection")
    features = found.get("features") if found["type"] == "FeatureCollection" else [found]
    if not isinstance(features, list) or not features or not all(isinstance(one, dict) for one in features):
        raise BadGeoJson("The file holds no features")
    _check_reference(found.get("crs"))
    return features


def _check_reference(crs: Any) -> None:
    name = str((crs.get("properties") or {}).get("name", "")) if isinstance(crs, dict) else ""
    if name and not name.upper().endswith(DEGREES):
        raise BadGeoJson("The file is in %(crs)s; save it in longitude and latitude (WGS 84)", crs=name)


def areas_in(content: bytes, names: Mapping[str, Sequence[str]], *, is_gcj02: bool = False) -> AreaFile:
    """Return the areas in a file, matched to divisions by code or else by name.

    Args:
        content: the file.
        names: name → codes of the divisions that bear it.
        is_gcj02: the file was drawn on a Chinese map service; the areas are brought back to WGS 84.

    Raises:
        BadGeoJson: see `read_features`.
    """
    codes = {code for found in names.values() for code in found}
    file = AreaFile()
    for number, feature in enumerate(read_features(content), start=1):
        code, problem = _code_of(number, _properties(feature), names, codes)
        if code in file.areas:
            problem = RowProblem(number, "code", code, mark("has a boundary in the file already"))
        if problem:
            file.problems.append(problem)
            continue
        try:
            area, was_repaired = area_from(feature.get("geometry") or {})
        except BadShape as fault:
            file.problems.append(RowProblem(number, "geometry", code, fault.message, fault.values))
            continue
        file.areas[code] = shapely.geometry.mapping(geometry_from_gcj02(area) if is_gcj02 else area)
        if was_repaired:
            file.repaired.append(code)
    return file


def _code_of(
    number: int, properties: Mapping[str, Any], names: Mapping[str, Sequence[str]], codes: set[str]
) -> tuple[str, RowProblem | None]:
    text = _first(properties, CODE_KEYS)
    if text:
        try:
            code = check_code(text)
        except BadCode as fault:
            return "", RowProblem(number, "code", text, fault.message, fault.values)
        return code, None if code in codes else RowProblem(number, "code", code, mark("no such division is on record"))
    name = _first(properties, NAME_KEYS)
    found = names.get(name, ())
    if len(found) == 1:
        return found[0], None
    reason = mark("several divisions bear this name; give the code") if found else mark("no such division is on record")
    return "", RowProblem(number, "name", name, reason)


def lines_in(content: bytes, kind: str, *, is_gcj02: bool = False) -> LineFile:
    """Return the rivers or roads in a file; pieces of one river are put together.

    Raises:
        BadGeoJson: see `read_features`.
    """
    file = LineFile()
    courses: dict[str, tuple[Mapping[str, Any], list[Any]]] = {}
    for number, feature in enumerate(read_features(content), start=1):
        properties = _properties(feature)
        try:
            lines = lines_from(feature.get("geometry") or {})
        except BadShape as fault:
            file.problems.append(RowProblem(number, "geometry", _label(properties), fault.message, fault.values))
            continue
        lines = geometry_from_gcj02(lines) if is_gcj02 else lines
        if kind == "roads":
            _add_road(file, number, properties, lines)
        elif _label(properties):
            courses.setdefault(_label(properties), (properties, []))[1].extend(lines.geoms)
        else:
            file.problems.append(RowProblem(number, "name", "", mark("a river needs a name")))
    file.rivers = [_river(name, properties, parts) for name, (properties, parts) in courses.items()]
    return file


def _river(name: str, properties: Mapping[str, Any], parts: Sequence[Any]) -> RiverRow:
    drained = properties.get("drained_km2")
    return RiverRow(
        name=name,
        into=str(properties.get("into") or "")[:60],
        drained_km2=float(drained) if isinstance(drained, int | float) and drained >= 0 else None,
        lines=shapely.geometry.mapping(shapely.MultiLineString(list(parts))),
    )


def _add_road(file: LineFile, number: int, properties: Mapping[str, Any], lines: Any) -> None:
    word = _first(properties, KIND_KEYS)
    kind = ROAD_WORDS.get(word)
    if kind is None:
        allowed = ", ".join(ROAD_WORDS)
        file.problems.append(RowProblem(number, "kind", word, mark("is not one of: %(allowed)s"), {"allowed": allowed}))
        return
    code = _first(properties, ROAD_CODE_KEYS)[:20]
    file.roads.append(RoadRow(code, _label(properties)[:80], kind.value, shapely.geometry.mapping(lines)))


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _label(properties: Mapping[str, Any]) -> str:
    return _first(properties, NAME_KEYS)[:60]


def _first(properties: Mapping[str, Any], keys: Sequence[str]) -> str:
    return next((str(properties[key]).strip() for key in keys if properties.get(key) not in {None, ""}), "")
