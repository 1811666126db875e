"""The entity sets: which table each is, how a row is shown, what may be asked of it, and what it is tied to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isnan
from typing import Any

from django.db.models import Model

from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.quality import QUALITY_NAMES
from anlan.telemetry.core.sensorthings.times import iso, key_of, observation_id
from anlan.telemetry.models import Datastream, Device, Reading, Station

Row = Mapping[str, Any]
MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
GEOJSON = "application/geo+json"
UCUM = "https://ucum.org/ucum#"


@dataclass(frozen=True, slots=True)
class Relation:
    """A tie to another set: `filter(row)` finds the tied rows there; `is_one` where there is but one."""

    target: str
    filter: Callable[[Row], Mapping[str, Any]]
    is_one: bool = False


@dataclass(frozen=True, slots=True)
class EntitySet:
    """One entity set.

    Attributes:
        name: plural.
        model: its table; None where the set is a fixed list.
        to_station: path from the table to the station that decides who may see a row.
        columns: fetched.
        shown: a row as its own properties.
        id_of: a row's id.
        key: an id of an address as a filter.
        paths: what $filter and $orderby may name → path in the table; nothing else can be asked.
        relations: by name.
        order: when none is asked for.
    """

    name: str
    model: type[Model] | None
    to_station: str
    columns: tuple[str, ...]
    shown: Callable[[Row], dict[str, Any]]
    id_of: Callable[[Row], Any]
    key: Callable[[str], Mapping[str, Any]]
    paths: Mapping[str, str]
    relations: Mapping[str, Relation] = field(default_factory=dict)
    order: tuple[str, ...] = ("pk",)

    @property
    def tying(self) -> tuple[str, ...]:
        """Return the columns by which other sets are tied: those of the table itself, and not where it lies."""
        return tuple(name for name in self.columns if "place" not in name and "__" not in name)


def _pk(text: str) -> Mapping[str, Any]:
    return {"pk": int(text)} if text.isdecimal() and len(text) < 19 else {"pk__in": ()}


def _reading(text: str) -> Mapping[str, Any]:
    datastream, time = key_of(text)
    return {"datastream_id": datastream, "time": time}


def _property(text: str) -> Mapping[str, Any]:
    return {"property": text}


def _thing(row: Row) -> dict[str, Any]:
    told = {name: row[name] for name in ("code", "kind", "site", "river", "owner", "maintainer") if row[name]}
    told |= {"division": row["division_code"], "unit": row["unit_name"], "isInUse": row["is_in_use"]}
    return {"name": row["name"], "description": row["note"] or row["kind"], "properties": told}


def _location(row: Row) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [*row["place"].coords, *filter(None, [row["elevation_m"]])]}
    return {"name": row["name"], "description": row["unit_name"], "encodingType": GEOJSON, "location": point}


def _feature(row: Row) -> dict[str, Any]:
    shown = _location(row)
    shown["feature"] = shown.pop("location")
    return shown


def _stream(row: Row) -> dict[str, Any]:
    facts = PROPERTIES[Property(row["property"])]
    return {
        "name": row["name"] or facts.name,
        "description": f"{row['station__name']}: {row['name'] or facts.name}",
        "observationType": MEASUREMENT,
        "unitOfMeasurement": {"name": row["unit"], "symbol": row["unit"], "definition": UCUM + row["unit"]},
        "observedArea": {"type": "Point", "coordinates": list(row["station__place"].coords)},
        "properties": {"property": row["property"], "element": row["element"], "intervalSeconds": row["interval_s"]},
    }


def _sensor(row: Row) -> dict[str, Any]:
    name = row["model"] or row["code"]
    metadata = {"code": row["code"], "protocol": row["protocol"], "model": row["model"]}
    return {"name": name, "description": name, "encodingType": "application/json", "metadata": metadata}


def _observed(row: Row) -> dict[str, Any]:
    facts = PROPERTIES[Property(row["property"])]
    return {"name": row["property"], "description": facts.name, "definition": f"urn:anlan:property:{row['property']}"}


def observation(row: Row, corrected: Mapping[tuple[int, datetime], float | None]) -> dict[str, Any]:
    """Return a reading as an observation; what a person corrected is the result, the raw value a parameter."""
    key = (row["datastream_id"], row["time"])
    time, raw = iso(row["time"]), number(row["value"])
    shown: dict[str, Any] = {"phenomenonTime": time, "resultTime": time, "result": raw}
    if row["flags"]:
        shown["resultQuality"] = [str(name) for flag, name in QUALITY_NAMES.items() if row["flags"] & flag]
    if key in corrected:
        shown |= {"result": number(corrected[key]), "parameters": {"raw": raw, "corrected": True}}
    return shown


def number(value: float | None) -> float | None:
    """Return the value as JSON has it: null is missing."""
    return None if value is None or isnan(value) else value


def _observation(row: Row) -> dict[str, Any]:
    return observation(row, {})


_STATION = ("pk", "name", "code", "kind", "site", "river", "owner", "maintainer", "division_code", "unit_name")
_PLACE = ("pk", "name", "unit_name", "place", "elevation_m")
_THING_PATHS = {
    "id": "pk", "name": "name", "description": "note", "properties/code": "code", "properties/kind": "kind",
    "properties/site": "site", "properties/river": "river", "properties/division": "division_code",
    "properties/owner": "owner", "properties/isInUse": "is_in_use",
}  # fmt: skip
_STREAM_PATHS = {
    "id": "pk", "name": "name", "unitOfMeasurement/symbol": "unit", "unitOfMeasurement/name": "unit",
    "properties/property": "property", "properties/element": "element", "properties/intervalSeconds": "interval_s",
    "ObservedProperty/name": "property", "ObservedProperty/id": "property", "Sensor/id": "device_id",
    "Sensor/metadata/code": "device__code",
    **{f"Thing/{path}": f"station__{to}" for path, to in _THING_PATHS.items()},
}  # fmt: skip
_OBSERVATION_PATHS = {
    "phenomenonTime": "time", "resultTime": "time", "result": "value", "Datastream/id": "datastream_id",
    **{f"Datastream/{path}": f"datastream__{to}" for path, to in _STREAM_PATHS.items() if path != "id"},
}  # fmt: skip

_ENTITY_SETS = (
    EntitySet(
        "Things", Station, "", (*_STATION, "note", "is_in_use"), _thing, lambda row: row["pk"], _pk, _THING_PATHS,
        {
            "Locations": Relation("Locations", lambda row: {"pk": row["pk"]}),
            "HistoricalLocations": Relation("HistoricalLocations", lambda row: {"pk__in": ()}),
            "Datastreams": Relation("Datastreams", lambda row: {"station_id": row["pk"]}),
        },
    ),
    EntitySet(
        "Locations", Station, "", _PLACE, _location, lambda row: row["pk"], _pk, {"id": "pk", "name": "name"},
        {
            "Things": Relation("Things", lambda row: {"pk": row["pk"]}),
            "HistoricalLocations": Relation("HistoricalLocations", lambda row: {"pk__in": ()}),
        },
    ),
    EntitySet(
        "HistoricalLocations", Station, "", ("pk",), lambda row: {}, lambda row: row["pk"],
        lambda text: {"pk__in": ()}, {"id": "pk"},
    ),
    EntitySet(
        "Datastreams", Datastream, "station",
        ("pk", "name", "property", "unit", "element", "interval_s", "station_id", "device_id", "station__name",
         "station__place"),
        _stream, lambda row: row["pk"], _pk, _STREAM_PATHS,
        {
            "Thing": Relation("Things", lambda row: {"pk": row["station_id"]}, True),
            "Sensor": Relation("Sensors", lambda row: {"pk": row["device_id"]}, True),
            "ObservedProperty": Relation("ObservedProperties", lambda row: {"property": row["property"]}, True),
            "Observations": Relation("Observations", lambda row: {"datastream_id": row["pk"]}),
        },
    ),
    EntitySet(
        "Sensors", Device, "station", ("pk", "code", "protocol", "model"), _sensor, lambda row: row["pk"], _pk,
        {"id": "pk", "name": "model", "metadata/code": "code", "metadata/protocol": "protocol"},
        {"Datastreams": Relation("Datastreams", lambda row: {"device_id": row["pk"]})},
    ),
    EntitySet(
        "ObservedProperties", None, "", ("property",), _observed, lambda row: row["property"], _property, {},
        {"Datastreams": Relation("Datastreams", lambda row: {"property": row["property"]})},
    ),
    EntitySet(
        "Observations", Reading, "datastream__station", ("datastream_id", "time", "value", "flags"), _observation,
        lambda row: observation_id(row["datastream_id"], row["time"]), _reading, _OBSERVATION_PATHS,
        {
            "Datastream": Relation("Datastreams", lambda row: {"pk": row["datastream_id"]}, True),
            "FeatureOfInterest": Relation(
                "FeaturesOfInterest", lambda row: {"datastreams__pk": row["datastream_id"]}, True
            ),
        },
        ("-time", "datastream_id"),
    ),
    EntitySet(
        "FeaturesOfInterest", Station, "", _PLACE, _feature, lambda row: row["pk"], _pk, {"id": "pk", "name": "name"},
        {"Observations": Relation("Observations", lambda row: {"datastream__station_id": row["pk"]})},
    ),
)  # fmt: skip
ENTITY_SETS: Mapping[str, EntitySet] = {each.name: each for each in _ENTITY_SETS}
