"""How colours, values and units read."""

from collections.abc import Mapping
from math import isfinite

from anlan.kernel.refusal import mark
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.rules import COLOUR_NAMES, Colour

NONE = "–"
CALM = 0
# Told apart by word and shape, not by colour alone; as on the map.
SHAPES: Mapping[int, str] = {CALM: "○", Colour.BLUE: "●", Colour.YELLOW: "▲", Colour.ORANGE: "◆", Colour.RED: "■"}
COLOURS: Mapping[int, str] = {
    CALM: "#4d7c8a",
    Colour.BLUE: "#1668c7",
    Colour.YELLOW: "#b58900",
    Colour.ORANGE: "#d9680f",
    Colour.RED: "#c8201a",
}
STATE_NAMES: Mapping[int, str] = {CALM: mark("calm")} | {colour.value: name for colour, name in COLOUR_NAMES.items()}
# UCUM codes as people write them.
WRITTEN: Mapping[str, str] = {
    "1": "",
    "Cel": "℃",
    "deg": "°",
    "m3": "m³",
    "m3/s": "m³/s",
    "m/s2": "m/s²",
    "mm/d2": "mm/d²",
    "W/m2": "W/m²",
    "ug/m3": "µg/m³",
    "uS/cm": "µS/cm",
    "[pH]": "pH",
    "[ppm]": "ppm",
}


def unit_words(unit: str) -> str:
    """Return a UCUM code as people write it.

    >>> unit_words("m3/s"), unit_words("mm")
    ('m³/s', 'mm')
    """
    return WRITTEN.get(unit, unit)


def measured(value: float | None, prop: str) -> str:
    """Return a reading with as many decimals as its kind is shown with.

    >>> measured(57.5, "level"), measured(float("nan"), "level"), measured(None, "rain")
    ('57.50', '–', '–')
    """
    if value is None or not isfinite(value):
        return NONE
    return f"{value:,.{PROPERTIES[Property(prop)].decimals}f}"
