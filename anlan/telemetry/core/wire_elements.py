"""What an element on a wire becomes when nobody has registered it yet: a datastream begun by itself, to be confirmed.

A value of a known device whose element has a known meaning is kept from the first frame on. Rain is watched by rules
where it is told as a counter (PT) or in steps of five minutes (DRP); the other sums of rain that a frame repeats are
kept as they are and enter no rule, so that no drop counts twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.sl651.element_table import ELEMENTS, RAIN_5_MIN, STATUS

FIVE_MINUTES, HOUR = 300.0, 3600.0


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


def beginning_of(element: str) -> Beginning | None:
    """Return how a datastream of the element begins; None where nothing is known of it.

    >>> beginning_of("26")
    Beginning(property=<Property.RAIN: 'rain'>, unit='mm', name='Rain added up', interval_s=3600.0, is_counter=True)
    >>> beginning_of("level").unit
    'm'
    """
    if element in _BY_NAME:
        return _BY_NAME[element]
    return _BY_CODE.get(element)


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
