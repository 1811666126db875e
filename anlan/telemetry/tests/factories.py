"""A small register for tests: a gauge on a river, a rain gauge and a slope with three points."""

from collections.abc import Mapping
from typing import Any

from django.contrib.gis.geos import Point

from anlan.accounts.tests.factories import TOWNSHIP
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.models import Datastream, Device, Station


def station(code: str = "R1", *, kind: str = "river", division_code: str = "", **fields: Any) -> Station:
    place = fields.pop("place", Point(110.1, 30.1, srid=4326))
    return Station.objects.create(
        code=code,
        name=fields.pop("name", f"Station {code}"),
        kind=kind,
        division_code=division_code or TOWNSHIP,
        place=place,
        **fields,
    )


def device(code: str = "D1", *, at: Station | None = None, protocol: str = "mqtt", **fields: Any) -> Device:
    return Device.objects.create(code=code, station=at or station(), protocol=protocol, **fields)


def datastream(of: Device, element: str = "level", **fields: Any) -> Datastream:
    prop = Property(fields.pop("property", element))
    facts = PROPERTIES[prop]
    defaults: Mapping[str, Any] = {"unit": facts.unit, "lowest": facts.lowest, "highest": facts.highest}
    return Datastream.objects.create(
        station=of.station, device=of, element=element, property=prop.value, **{**defaults, **fields}
    )
