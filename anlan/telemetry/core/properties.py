"""What datastreams measure: the properties known, their units and how a report of them is taken.

Source: docs/methods/sl651.md (elements), docs/methods/alarm-rules.md (which rule looks at which property).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from anlan.kernel.refusal import mark
from anlan.telemetry.core.quantities import Quantity


class Property(StrEnum):
    """What is measured."""

    RAIN = "rain"
    LEVEL = "level"
    FLOW = "flow"
    PONDING = "ponding"
    DISPLACEMENT = "displacement"
    CRACK = "crack"
    TILT = "tilt"
    VIBRATION = "vibration"
    STRESS = "stress"
    SOIL_MOISTURE = "soil_moisture"
    GROUNDWATER = "groundwater"
    TEMPERATURE = "temperature"
    HUMIDITY = "humidity"
    WIND = "wind"
    VOLTAGE = "voltage"
    STATUS = "status"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PropertyFacts:
    """What is known of a property.

    Attributes:
        name: marked msgid.
        unit: UCUM code in which it is stored unless the datastream says otherwise.
        decimals: shown.
        lowest: least value that an instrument of the kind shows, in `unit`; None is unknown.
        highest: largest value; None is unknown.
        spike: least height of a jump there and back, in `unit`; None asks nothing.
        stuck_s: how long the same value is suspicious, seconds; None asks nothing.
        derived: figures derived from it, shown beside it and watched by rules.
    """

    name: str
    unit: str
    decimals: int = 1
    lowest: float | None = None
    highest: float | None = None
    spike: float | None = None
    stuck_s: float | None = None
    derived: tuple[Quantity, ...] = ()


_RAIN = (Quantity.RAIN_1H, Quantity.RAIN_3H, Quantity.RAIN_6H, Quantity.RAIN_24H, Quantity.RAIN_DAY)
_SLOPE = (Quantity.SPEED, Quantity.ACCELERATION, Quantity.TANGENT_STAGE)
_DAY = 86400.0
# Ranges and spikes are starts to edit (D); each datastream keeps its own.
PROPERTIES: Mapping[Property, PropertyFacts] = {
    Property.RAIN: PropertyFacts(mark("rain"), "mm", 1, 0.0, None, derived=_RAIN),
    Property.LEVEL: PropertyFacts(mark("water level"), "m", 2, -100.0, 9000.0, 2.0, derived=(Quantity.RISE_RATE,)),
    Property.FLOW: PropertyFacts(mark("flow"), "m3/s", 2, 0.0, 200000.0),
    Property.PONDING: PropertyFacts(mark("depth of standing water"), "m", 2, 0.0, 20.0, 1.0),
    Property.DISPLACEMENT: PropertyFacts(mark("displacement"), "mm", 2, None, None, 200.0, 30 * _DAY, _SLOPE),
    Property.CRACK: PropertyFacts(mark("opening of a crack"), "mm", 2, None, 5000.0, 50.0, 30 * _DAY, _SLOPE),
    Property.TILT: PropertyFacts(mark("tilt"), "deg", 3, -180.0, 360.0, 10.0, 30 * _DAY, (Quantity.SPEED,)),
    Property.VIBRATION: PropertyFacts(mark("vibration"), "mm", 3),
    Property.STRESS: PropertyFacts(mark("stress"), "kN", 1),
    Property.SOIL_MOISTURE: PropertyFacts(mark("soil moisture"), "%", 1, 0.0, 100.0),
    Property.GROUNDWATER: PropertyFacts(mark("groundwater level"), "m", 2, -1000.0, 9000.0, 5.0),
    Property.TEMPERATURE: PropertyFacts(mark("air temperature"), "Cel", 1, -60.0, 60.0, 15.0),
    Property.HUMIDITY: PropertyFacts(mark("relative humidity"), "%", 0, 0.0, 100.0),
    Property.WIND: PropertyFacts(mark("wind speed"), "m/s", 1, 0.0, 90.0),
    Property.VOLTAGE: PropertyFacts(mark("supply voltage"), "V", 2, 0.0, 60.0),
    Property.STATUS: PropertyFacts(mark("status word"), "1", 0),
    Property.OTHER: PropertyFacts(mark("other"), "1", 2),
}


class StationKind(StrEnum):
    """What a station is for."""

    RAIN = "rain"
    RIVER = "river"
    RESERVOIR = "reservoir"
    LANDSLIDE = "landslide"
    PONDING = "ponding"
    SOIL = "soil"
    WEATHER = "weather"
    OTHER = "other"


STATION_KIND_NAMES: Mapping[StationKind, str] = {
    StationKind.RAIN: mark("Rain gauge"),
    StationKind.RIVER: mark("River gauge"),
    StationKind.RESERVOIR: mark("Reservoir"),
    StationKind.LANDSLIDE: mark("Landslide"),
    StationKind.PONDING: mark("Standing water"),
    StationKind.SOIL: mark("Soil moisture"),
    StationKind.WEATHER: mark("Weather"),
    StationKind.OTHER: mark("Other"),
}


class Protocol(StrEnum):
    """How a device reports."""

    MQTT = "mqtt"
    SL651 = "sl651"
    HTTP = "http"
    SENSORTHINGS = "sensorthings"
    GEO = "geo"


PROTOCOL_NAMES: Mapping[Protocol, str] = {
    Protocol.MQTT: mark("MQTT"),
    Protocol.SL651: mark("SL 651 over TCP"),
    Protocol.HTTP: mark("HTTP"),
    Protocol.SENSORTHINGS: mark("SensorThings"),
    Protocol.GEO: mark("geological monitoring"),
}
