"""What the sensors of geological monitoring tell: the mapping table from sensor code and field to property and unit.

A sensor is named `type_method_number`, as L1_LF_1: deformation, crack, the first. Where it tells one value, that is the
element's name on the wire; where it tells several, a field follows: `L1_GP_1.gpsTotalX`. The full text of the standard
was not at hand: the table holds what is published of it, and each device may go its own way.

    {"geo": {"L3_YL.value": {"property": "rain", "unit": "mm", "name": "…", "counter": false},
             "L1_GP_1.gpsTotalZ": null}}

in the extensions of a device: with the number for one sensor, without it for all of the kind; null is not kept.

Source: docs/sensors-geological.md.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.properties import PROPERTIES, Property

SENSOR = re.compile(r"(L[1-9]_[A-Z]{2})_([0-9]{1,4})(?:\.([A-Za-z][A-Za-z0-9_]{0,19}))?")
KIND = re.compile(r"L[1-9]_[A-Z]{2}(?:_[0-9]{1,4})?(?:\.[A-Za-z][A-Za-z0-9_]{0,19})?")
OVERRIDE_KEYS = {"property", "unit", "name", "counter"}


class BadGeoTable(Refusal):
    """A mapping table that cannot be used."""


@dataclass(frozen=True, slots=True)
class GeoElement:
    """What one element measures.

    Attributes:
        property: measured.
        unit: UCUM code of the value on the wire.
        name: msgid.
        is_counter: True where rain only grows.
    """

    property: Property
    unit: str
    name: str = ""
    is_counter: bool = False


_DISPLACEMENT = Property.DISPLACEMENT
_ROWS: tuple[tuple[str, str, Property, str, str], ...] = (
    ("L1_LF", "", Property.CRACK, "mm", mark("Opening of the crack")),
    ("L1_GP", "gpsTotalX", _DISPLACEMENT, "mm", mark("Displacement X")),
    ("L1_GP", "gpsTotalY", _DISPLACEMENT, "mm", mark("Displacement Y")),
    ("L1_GP", "gpsTotalZ", _DISPLACEMENT, "mm", mark("Displacement Z")),
    ("L1_SW", "dispsX", _DISPLACEMENT, "mm", mark("Displacement at depth, down the slope")),
    ("L1_SW", "dispsY", _DISPLACEMENT, "mm", mark("Displacement at depth, across the slope")),
    ("L1_JS", "gX", Property.VIBRATION, "m[g]", mark("Acceleration X")),
    ("L1_JS", "gY", Property.VIBRATION, "m[g]", mark("Acceleration Y")),
    ("L1_JS", "gZ", Property.VIBRATION, "m[g]", mark("Acceleration Z")),
    ("L1_QJ", "X", Property.TILT, "deg", mark("Tilt X")),
    ("L1_QJ", "Y", Property.TILT, "deg", mark("Tilt Y")),
    ("L1_QJ", "Z", Property.TILT, "deg", mark("Tilt Z")),
    ("L1_QJ", "angle", Property.TILT, "deg", mark("Tilt of the plane")),
    ("L1_QJ", "AZI", Property.OTHER, "deg", mark("Azimuth of X")),
    ("L1_ZD", "value", Property.VIBRATION, "mm", mark("Amplitude")),
    ("L1_ZD", "PLX", Property.OTHER, "Hz", mark("Frequency X")),
    ("L1_ZD", "PLY", Property.OTHER, "Hz", mark("Frequency Y")),
    ("L1_ZD", "PLZ", Property.OTHER, "Hz", mark("Frequency Z")),
    ("L1_ZD", "SJX", Property.VIBRATION, "mm", mark("Sudden displacement X")),
    ("L1_ZD", "SJY", Property.VIBRATION, "mm", mark("Sudden displacement Y")),
    ("L1_ZD", "SJZ", Property.VIBRATION, "mm", mark("Sudden displacement Z")),
    ("L1_ZD", "SJValue", Property.VIBRATION, "mm", mark("Sudden displacement")),
    ("L2_YL", "", Property.STRESS, "kN", mark("Force")),
    ("L2_TY", "", Property.STRESS, "kPa", mark("Earth pressure")),
    ("L3_YL", "", Property.RAIN, "mm", mark("Rain since the report before")),
    ("L3_YL", "totalValue", Property.RAIN, "mm", mark("Rain added up")),
    ("L3_YL", "value", Property.OTHER, "mm", mark("Rain since the report before")),
    ("L3_QW", "", Property.TEMPERATURE, "Cel", ""),
    ("L3_TW", "", Property.OTHER, "Cel", mark("Ground temperature")),
    ("L3_HS", "", Property.SOIL_MOISTURE, "%", ""),
    ("L3_DB", "", Property.LEVEL, "m", mark("Surface water level")),
    ("L3_DX", "", Property.GROUNDWATER, "m", ""),
    ("L3_SY", "", Property.OTHER, "kPa", mark("Pore water pressure")),
    ("L3_ST", "", Property.OTHER, "kPa", mark("Seepage pressure")),
    ("L3_LS", "", Property.OTHER, "m/s", mark("Velocity of flow")),
    ("L3_CJ", "", _DISPLACEMENT, "mm", mark("Settlement")),
    ("L3_QY", "", Property.OTHER, "kPa", mark("Air pressure")),
    ("L4_NW", "", Property.LEVEL, "m", mark("Mud level")),
)
COUNTERS = {("L3_YL", "totalValue")}
NOT_NUMBERS = {"gpsInitial", "wave"}  # raw observations of GNSS and of sound: not kept here
GEO_ELEMENTS: Mapping[tuple[str, str], GeoElement] = {
    (kind, told): GeoElement(measured, unit, name, (kind, told) in COUNTERS)
    for kind, told, measured, unit, name in _ROWS
}


def geo_element(element: str, extensions: Mapping[str, Any]) -> GeoElement | None:
    """Return what an element measures; None where neither the device's own table nor the common one knows it.

    >>> geo_element("L1_LF_1", {}).unit
    'mm'
    >>> geo_element("L3_YL_1.totalValue", {}).is_counter
    True
    """
    match = SENSOR.fullmatch(element)
    if match is None:
        return None
    kind, _, told = match.groups(default="")
    own = extensions.get("geo")
    if isinstance(own, Mapping):
        for key in (element, f"{kind}.{told}" if told else kind):
            if key in own:
                return _own(own[key])
    return GEO_ELEMENTS.get((kind, told)) or (GEO_ELEMENTS.get((kind, "")) if told == "value" else None)


def is_left_out(element: str, extensions: Mapping[str, Any]) -> bool:
    """Tell whether the device's own table says that the element is not kept."""
    own, match = extensions.get("geo"), SENSOR.fullmatch(element)
    if match is None or not isinstance(own, Mapping):
        return False
    kind, _, told = match.groups(default="")
    return any(key in own and own[key] is None for key in (element, f"{kind}.{told}" if told else kind))


def check_geo_table(content: object) -> None:
    """Refuse a device's own table that cannot be used, for whoever edits it.

    Raises:
        BadGeoTable: told in words.
    """
    if not isinstance(content, Mapping):
        raise BadGeoTable(mark("%(name)s is not a table of names and values"), name="geo")
    for key, told in content.items():
        if not isinstance(key, str) or not KIND.fullmatch(key):
            raise BadGeoTable(mark("%(key)s names no sensor; expected as L1_LF_1 or L1_GP.gpsTotalX"), key=str(key))
        if told is None:
            continue
        if not isinstance(told, Mapping) or set(told) - OVERRIDE_KEYS or told.get("property") not in list(Property):
            raise BadGeoTable(mark("%(key)s: expected property, and if wanted unit, name, counter"), key=key)


def _own(told: object) -> GeoElement | None:
    if not isinstance(told, Mapping) or told.get("property") not in list(Property):
        return None
    measured = Property(told["property"])
    unit = str(told.get("unit") or PROPERTIES[measured].unit)
    return GeoElement(measured, unit, str(told.get("name", "")), bool(told.get("counter", False)))
