"""Addresses: /Things(1)/Datastreams(2)/Observations, /Datastreams(2)/unitOfMeasurement, /Things(1)/name/$value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from anlan.telemetry.core.sensorthings.options import Options
from anlan.telemetry.core.sensorthings.refusals import BadRequest, NotThere

PLURALS: Mapping[str, str] = {
    "Thing": "Things",
    "Location": "Locations",
    "HistoricalLocation": "HistoricalLocations",
    "Datastream": "Datastreams",
    "Sensor": "Sensors",
    "ObservedProperty": "ObservedProperties",
    "Observation": "Observations",
    "FeatureOfInterest": "FeaturesOfInterest",
}
SETS = frozenset(PLURALS.values())
_SEGMENT = re.compile(r"(?P<name>[A-Za-z]+)(?:\((?:(?P<number>\d{1,18})|'(?P<text>[^'/]{1,60})')\))?")
MOST_SEGMENTS = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One entity set or entity of an address; `id` None is the whole set or the one that the step before has."""

    name: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A path of entities, then perhaps one of the last one's properties."""

    steps: tuple[Step, ...]
    field: str = ""
    is_value: bool = False  # $value: the bare text
    is_ref: bool = False  # $ref: addresses only


def address_of(path: str) -> Address:
    """Return what an address names; "" is the list of all sets.

    >>> address_of("Things(1)/Datastreams").steps
    (Step(name='Things', id='1'), Step(name='Datastreams', id=None))

    Raises:
        NotThere: it names nothing that the standard knows.
    """
    parts = [part for part in path.strip("/").split("/") if part]
    if len(parts) > MOST_SEGMENTS:
        raise BadRequest("The address has %(found)d parts, %(most)d are the most", found=len(parts), most=MOST_SEGMENTS)
    is_value, is_ref = parts[-1:] == ["$value"], parts[-1:] == ["$ref"]
    steps: list[Step] = []
    field = ""
    for part in parts[: -1 if is_value or is_ref else None]:
        found = _SEGMENT.fullmatch(part)
        if found is None or field:
            raise NotThere("There is nothing at %(part)s", part=part)
        name, key = found["name"], found["number"] or found["text"]
        if name in SETS or (name in PLURALS and key is None and steps):
            steps.append(Step(name, key))
        elif key is None and steps:
            field = name
        else:
            raise NotThere("There is nothing at %(part)s", part=part)
    if (is_value and not field) or (is_ref and (field or not steps)):
        raise NotThere("There is nothing at %(part)s", part=parts[-1])
    return Address(tuple(steps), field, is_value, is_ref)


def next_link(root: str, address: Address, given: Mapping[str, str], options: Options) -> str:
    """Return the address of the page after one, with the options as they were given."""
    further = {**given, "$top": str(options.top), "$skip": str(options.skip + options.top)}
    steps = "/".join(step.name if step.id is None else f"{step.name}({quoted(step.id)})" for step in address.steps)
    return f"{root}/{steps}?{urlencode(further)}"


def quoted(key: str | int) -> str:
    """Return an id as it stands in an address."""
    return str(key) if isinstance(key, int) or key.isdecimal() else f"'{key}'"
