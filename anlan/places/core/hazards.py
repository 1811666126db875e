"""Hazard zones: where slopes may slide and water may come, how likely, and who lives there.

Kinds and levels as the ledger of 地质灾害隐患点 and the survey of 山洪灾害危险区 write them. Source: docs/one-map.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

import shapely

from anlan.kernel.codes import BadCode, check_code
from anlan.kernel.refusal import mark
from anlan.places.core.checking import RowProblem
from anlan.places.core.gcj02 import geometry_from_gcj02
from anlan.places.core.geojson import read_features
from anlan.places.core.shapes import BadShape, area_from, point_from
from anlan.places.core.values import Geometry

LONGEST_NAME, LONGEST_CODE, MOST = 80, 40, 10_000_000


class HazardKind(StrEnum):
    """What may happen there."""

    LANDSLIDE = "landslide"
    ROCKFALL = "rockfall"
    DEBRIS_FLOW = "debris_flow"
    UNSTABLE_SLOPE = "unstable_slope"
    COLLAPSE = "collapse"
    FISSURE = "fissure"
    SUBSIDENCE = "subsidence"
    FLASH_FLOOD = "flash_flood"
    FLOOD = "flood"
    WATERLOGGING = "waterlogging"
    FIRE = "fire"
    OTHER = "other"


class Risk(IntEnum):
    """How bad it may become, the worst last."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3
    VERY_HIGH = 4


HAZARD_KIND_NAMES: Mapping[HazardKind, str] = {
    HazardKind.LANDSLIDE: mark("Landslide"),
    HazardKind.ROCKFALL: mark("Rockfall"),
    HazardKind.DEBRIS_FLOW: mark("Debris flow"),
    HazardKind.UNSTABLE_SLOPE: mark("Unstable slope"),
    HazardKind.COLLAPSE: mark("Collapsing ground"),
    HazardKind.FISSURE: mark("Ground fissure"),
    HazardKind.SUBSIDENCE: mark("Subsiding ground"),
    HazardKind.FLASH_FLOOD: mark("Flash flood"),
    HazardKind.FLOOD: mark("River flood"),
    HazardKind.WATERLOGGING: mark("Waterlogging"),
    HazardKind.FIRE: mark("Forest fire"),
    HazardKind.OTHER: mark("Other hazard"),
}
RISK_NAMES: Mapping[Risk, str] = {
    Risk.LOW: mark("Low risk"),
    Risk.MEDIUM: mark("Medium risk"),
    Risk.HIGH: mark("High risk"),
    Risk.VERY_HIGH: mark("Very high risk"),
}
KIND_WORDS: Mapping[str, HazardKind] = {kind.value: kind for kind in HazardKind} | {
    "滑坡": HazardKind.LANDSLIDE, "崩塌": HazardKind.ROCKFALL, "危岩": HazardKind.ROCKFALL,
    "泥石流": HazardKind.DEBRIS_FLOW, "不稳定斜坡": HazardKind.UNSTABLE_SLOPE, "地面塌陷": HazardKind.COLLAPSE,
    "地裂缝": HazardKind.FISSURE, "地面沉降": HazardKind.SUBSIDENCE, "山洪": HazardKind.FLASH_FLOOD,
    "山洪灾害": HazardKind.FLASH_FLOOD, "洪水": HazardKind.FLOOD, "洪涝": HazardKind.FLOOD,
    "内涝": HazardKind.WATERLOGGING, "森林火灾": HazardKind.FIRE, "其他": HazardKind.OTHER,
}  # fmt: skip
RISK_WORDS: Mapping[str, Risk] = {str(risk.value): risk for risk in Risk} | {
    "low": Risk.LOW, "medium": Risk.MEDIUM, "high": Risk.HIGH, "very_high": Risk.VERY_HIGH,
    "低": Risk.LOW, "中": Risk.MEDIUM, "高": Risk.HIGH, "极高": Risk.VERY_HIGH,
    "低风险": Risk.LOW, "中风险": Risk.MEDIUM, "高风险": Risk.HIGH, "极高风险": Risk.VERY_HIGH,
    "一般": Risk.LOW, "较大": Risk.MEDIUM, "重大": Risk.HIGH, "特大": Risk.VERY_HIGH,
}  # fmt: skip
HEADS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "编号", "统一编号", "隐患点编号"),
    "name": ("name", "名称", "隐患点名称"),
    "kind": ("kind", "类型", "灾害类型"),
    "risk": ("risk", "风险等级", "险情等级", "危险等级"),
    "division_code": ("division_code", "区划代码", "行政区划代码"),
    "people": ("people", "威胁人口", "威胁人数"),
    "households": ("households", "威胁户数"),
    "note": ("note", "备注"),
}


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
        told = {name: _said(properties if isinstance(properties, dict) else {}, name) for name in HEADS}
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
        kind=KIND_WORDS[told["kind"]].value,
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
    found = next((properties[head] for head in HEADS[name] if properties.get(head) not in {None, ""}), "")
    text = str(found).strip()
    return text.removesuffix(".0") if isinstance(found, float) else text


def _faults(number: int, told: Mapping[str, str]) -> Iterator[RowProblem]:
    for column, most in (("code", LONGEST_CODE), ("name", LONGEST_NAME)):
        if not 1 <= len(told[column]) <= most:
            yield RowProblem(number, column, told[column], mark("must have 1 to %(most)d characters"), {"most": most})
    for column, words in (("kind", KIND_WORDS), ("risk", RISK_WORDS)):
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
