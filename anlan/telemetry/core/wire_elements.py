"""What an element on a wire becomes when nobody has registered it yet: a datastream begun by itself, to be confirmed.

A value of a known device whose element has a known meaning is kept from the first frame on. Rain is watched by rules
where it is told as a counter (PT) or in steps of five minutes (DRP); the other sums of rain that a frame repeats are
kept as they are and enter no rule, so that no drop counts twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.telemetry.core.geo_elements import geo_element
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.sl651.element_table import ELEMENTS, RAIN_5_MIN, STATUS

FIVE_MINUTES, HOUR = 300.0, 3600.0
NO_EXTENSIONS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a datastream begins.

    Attributes:
        property: measured.
        unit: UCUM code.
        name: msgid, "" where the property says enough.
        interval_s: between two reports, seconds.
        is_counter: True where rain only grows.
    """

    property: Property
    unit: str
    name: str = ""
    interval_s: float = HOUR
    is_counter: bool = False


_PROPERTY_OF: Mapping[int, Property] = {
    0x02: Property.TEMPERATURE,
    0x0E: Property.GROUNDWATER,
    **dict.fromkeys(range(0x10, 0x18), Property.SOIL_MOISTURE),
    0x18: Property.HUMIDITY,
    0x26: Property.RAIN,
    0x27: Property.FLOW,
    0x35: Property.WIND,
    0x38: Property.VOLTAGE,
    0x39: Property.LEVEL,
    0x3B: Property.LEVEL,
    STATUS: Property.STATUS,
    RAIN_5_MIN: Property.RAIN,
}
_RAIN_COUNTER = 0x26


def beginning_of(element: str, extensions: Mapping[str, Any] = NO_EXTENSIONS) -> Beginning | None:
    """Return how a datastream of the element begins; None where nothing is known of it.

    Args:
        element: its name on the wire.
        extensions: the mapping tables of the device (`sl651.dialect_content`, `geo_elements`), which go first.

    >>> beginning_of("26")
    Beginning(property=<Property.RAIN: 'rain'>, unit='mm', name='Rain added up', interval_s=3600.0, is_counter=True)
    >>> beginning_of("level").unit
    'm'
    """
    own = extensions.get("elements")
    if isinstance(own, Mapping) and isinstance(own.get(element), Mapping):
        return _own_beginning(own[element])
    if element in _BY_NAME:
        return _BY_NAME[element]
    return _BY_CODE.get(element) or _geo_beginning(element, extensions)


def _own_beginning(told: Mapping[str, Any]) -> Beginning:
    prop = told.get("property", Property.OTHER)
    measured = Property(prop) if prop in list(Property) else Property.OTHER
    unit = str(told.get("unit") or PROPERTIES[measured].unit)
    return Beginning(measured, unit, str(told.get("name", "")), is_counter=bool(told.get("counter", False)))


def _geo_beginning(element: str, extensions: Mapping[str, Any]) -> Beginning | None:
    found = geo_element(element, extensions)
    if found is None:
        return None
    return Beginning(found.property, found.unit, found.name, is_counter=found.is_counter)


def element_of(code: int) -> str:
    """Return the name under which an element of SL 651 is registered: its identifier in capitals, as 39 or FF12."""
    return f"{code:02X}"


def _beginnings() -> Mapping[str, Beginning]:
    found = {}
    for code, element in ELEMENTS.items():
        found[element_of(code)] = Beginning(
            _PROPERTY_OF.get(code, Property.OTHER),
            element.unit or "1",
            element.name,
            FIVE_MINUTES if element.is_binary else HOUR,
            code == _RAIN_COUNTER,
        )
    found[element_of(STATUS)] = Beginning(Property.STATUS, "1")
    return found


_BY_CODE = _beginnings()
_BY_NAME: Mapping[str, Beginning] = {
    each.value: Beginning(each, facts.unit) for each, facts in PROPERTIES.items() if each is not Property.OTHER
}
