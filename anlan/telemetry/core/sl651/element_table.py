"""The elements of SL 651-2014: identifier, symbol, what it is, unit, digits in all, decimals.

Facts from annex C, table C.1, typed anew. Units are UCUM codes. Identifiers 76–EF are reserved, FF xx is the user's:
see `dialect`. Where a row stands for several places of measuring, its name carries their number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anlan.kernel.refusal import mark

STEP, DURATION, STATUS = 0x04, 0x05, 0x45
TIME_MARK, STATION_MARK, BY_HAND, PICTURE, BULK = 0xF0, 0xF1, 0xF2, 0xF3, 0xFD
RAIN_5_MIN, FIRST_LEVEL_5_MIN, LAST_LEVEL_5_MIN = 0xF4, 0xF5, 0xFC
EXTENSION = 0xFF


@dataclass(frozen=True, slots=True)
class Element:
    """What one identifier means; an extension FF xx has the code FFxx.

    `digits` and `decimals` are those of the standard; a frame says its own. `is_binary`: its bytes are a whole number
    and no BCD digits. `place` counts several places of measuring, 0 where there is but one.
    """

    code: int
    symbol: str
    name: str
    unit: str
    digits: int
    decimals: int
    place: int = 0
    is_binary: bool = False

    @property
    def definition(self) -> int:
        """Return the definition byte: bytes × 8 + decimals."""
        return (self.digits + 1) // 2 << 3 | self.decimals


_ROWS: tuple[tuple[int, str, str, str, int, int], ...] = (
    (0x01, "AC", mark("Cross-section area"), "m2", 8, 2),
    (0x02, "AI", mark("Air temperature"), "Cel", 3, 1),
    (0x03, "C", mark("Water temperature"), "Cel", 3, 1),
    (0x05, "DT", mark("Duration in hours.minutes"), "", 4, 2),
    (0x06, "ED", mark("Evaporation of a day"), "mm", 5, 1),
    (0x07, "EJ", mark("Current evaporation"), "mm", 5, 1),
    (0x08, "FL", mark("Air pressure"), "hPa", 5, 0),
    (0x09, "GH", mark("Gate opening"), "m", 5, 2),
    (0x0A, "GN", mark("Number of the gate or conduit"), "", 3, 0),
    (0x0B, "GS", mark("Kind of conduit"), "", 1, 0),
    (0x0C, "GT", mark("Open gates"), "1", 3, 0),
    (0x0D, "GTP", mark("Ground temperature"), "Cel", 3, 1),
    (0x0E, "H", mark("Depth of groundwater"), "m", 6, 2),
    (0x0F, "HW", mark("Wave height"), "m", 5, 2),
    (0x10, "M10", mark("Soil moisture at 10 cm"), "%", 4, 1),
    (0x11, "M20", mark("Soil moisture at 20 cm"), "%", 4, 1),
    (0x12, "M30", mark("Soil moisture at 30 cm"), "%", 4, 1),
    (0x13, "M40", mark("Soil moisture at 40 cm"), "%", 4, 1),
    (0x14, "M50", mark("Soil moisture at 50 cm"), "%", 4, 1),
    (0x15, "M60", mark("Soil moisture at 60 cm"), "%", 4, 1),
    (0x16, "M80", mark("Soil moisture at 80 cm"), "%", 4, 1),
    (0x17, "M100", mark("Soil moisture at 100 cm"), "%", 4, 1),
    (0x18, "MST", mark("Humidity"), "%", 4, 1),
    (0x19, "NS", mark("Running machines"), "1", 2, 0),
    (0x1A, "P1", mark("Rain of 1 h"), "mm", 5, 1),
    (0x1B, "P2", mark("Rain of 2 h"), "mm", 5, 1),
    (0x1C, "P3", mark("Rain of 3 h"), "mm", 5, 1),
    (0x1D, "P6", mark("Rain of 6 h"), "mm", 5, 1),
    (0x1E, "P12", mark("Rain of 12 h"), "mm", 5, 1),
    (0x1F, "PD", mark("Rain of the day"), "mm", 5, 1),
    (0x20, "PJ", mark("Current rain"), "mm", 5, 1),
    (0x21, "PN01", mark("Rain of 1 min"), "mm", 5, 1),
    (0x22, "PN05", mark("Rain of 5 min"), "mm", 5, 1),
    (0x23, "PN10", mark("Rain of 10 min"), "mm", 5, 1),
    (0x24, "PN30", mark("Rain of 30 min"), "mm", 5, 1),
    (0x25, "PR", mark("Rain of the storm"), "mm", 5, 1),
    (0x26, "PT", mark("Rain added up"), "mm", 6, 1),
    (0x27, "Q", mark("Flow"), "m3/s", 9, 3),
    (0x30, "QA", mark("Whole outflow"), "m3/s", 9, 3),
    (0x31, "QZ", mark("Flow through the gates"), "m3/s", 9, 3),
    (0x32, "SW", mark("Sediment carried"), "10*4.t", 11, 3),
    (0x33, "UC", mark("Wind direction"), "", 2, 0),
    (0x34, "UE", mark("Wind force"), "", 2, 0),
    (0x35, "US", mark("Wind speed"), "m/s", 4, 1),
    (0x36, "VA", mark("Mean velocity of the cross-section"), "m/s", 5, 3),
    (0x37, "VJ", mark("Current velocity"), "m/s", 5, 3),
    (0x38, "VT", mark("Supply voltage"), "V", 4, 2),
    (0x39, "Z", mark("Water level"), "m", 7, 3),
    (0x3A, "ZB", mark("Level below the dam"), "m", 7, 3),
    (0x3B, "ZU", mark("Level above the dam"), "m", 7, 3),
    (0x44, "SQ", mark("Sediment content"), "kg/m3", 9, 3),
    (0x46, "pH", mark("pH value"), "[pH]", 4, 2),
    (0x47, "DO", mark("Dissolved oxygen"), "mg/L", 4, 1),
    (0x48, "COND", mark("Conductivity"), "uS/cm", 5, 0),
    (0x49, "TURB", mark("Turbidity"), "{degree}", 3, 0),
    (0x4A, "CODMN", mark("Permanganate index"), "mg/L", 4, 1),
    (0x4B, "REDOX", mark("Redox potential"), "mV", 5, 1),
    (0x4C, "NH4N", mark("Ammonia nitrogen"), "mg/L", 6, 2),
    (0x4D, "TP", mark("Total phosphorus"), "mg/L", 5, 3),
    (0x4E, "TN", mark("Total nitrogen"), "mg/L", 5, 2),
    (0x4F, "TOC", mark("Total organic carbon"), "mg/L", 4, 2),
    (0x50, "CU", mark("Copper"), "mg/L", 7, 4),
    (0x51, "ZN", mark("Zinc"), "mg/L", 6, 4),
    (0x52, "SE", mark("Selenium"), "mg/L", 7, 5),
    (0x53, "AS", mark("Arsenic"), "mg/L", 7, 5),
    (0x54, "THG", mark("Total mercury"), "mg/L", 7, 5),
    (0x55, "CD", mark("Cadmium"), "mg/L", 7, 5),
    (0x56, "PB", mark("Lead"), "mg/L", 7, 5),
    (0x57, "CHLA", mark("Chlorophyll a"), "mg/L", 4, 2),
    (0x70, "VTA", mark("Voltage of phase A"), "V", 4, 1),
    (0x71, "VTB", mark("Voltage of phase B"), "V", 4, 1),
    (0x72, "VTC", mark("Voltage of phase C"), "V", 4, 1),
    (0x73, "VIA", mark("Current of phase A"), "A", 4, 1),
    (0x74, "VIB", mark("Current of phase B"), "A", 4, 1),
    (0x75, "VIC", mark("Current of phase C"), "A", 4, 1),
)
# Eight places of measuring each: first code, letters before the number, and the rest as above.
_PLACES: tuple[tuple[int, str, str, str, int, int], ...] = (
    (0x28, "Q", mark("Flow of intake or outlet"), "m3/s", 9, 3),
    (0x3C, "Z", mark("Level at intake or outlet"), "m", 7, 3),
    (0x58, "WP", mark("Water pressure"), "kPa", 5, 2),
    (0x60, "SYL", mark("Water left on the meter"), "m3", 11, 3),
    (0x68, "SBL", mark("Water of an hour on the meter"), "m3/h", 10, 2),
)
PLACES = 8
# Not numbers in digits: symbol, what it is, unit, definition byte.
SPECIAL: Mapping[int, tuple[str, str, str, int]] = {
    STEP: ("DR", mark("Time step"), "", 0x18),
    STATUS: ("ZT", mark("Station status"), "", 0x20),
    TIME_MARK: ("TT", mark("Time of observation"), "", 0xF0),
    STATION_MARK: ("ST", mark("Address of the station"), "", 0xF1),
    BY_HAND: ("RGZS", mark("Values entered by hand"), "", 0xF2),
    PICTURE: ("PIC", mark("Picture"), "", 0xF3),
    RAIN_5_MIN: ("DRP", mark("Rain in steps of 5 min"), "mm", 0x60),
    BULK: ("DATA", mark("Velocities in bulk"), "", 0xF6),
}
LEVEL_5_MIN_NAME = mark("Level in steps of 5 min")


def _elements() -> Iterator[Element]:
    for code, symbol, name, unit, digits, decimals in _ROWS:
        yield Element(code, symbol, name, unit, digits, decimals)
    for first, letters, name, unit, digits, decimals in _PLACES:
        for place in range(1, PLACES + 1):
            yield Element(first + place - 1, f"{letters}{place}", name, unit, digits, decimals, place)
    yield Element(RAIN_5_MIN, "DRP", SPECIAL[RAIN_5_MIN][1], "mm", 2, 1, is_binary=True)
    for place in range(1, PLACES + 1):
        code = FIRST_LEVEL_5_MIN + place - 1
        yield Element(code, f"DRZ{place}", LEVEL_5_MIN_NAME, "m", 4, 2, place, is_binary=True)


ELEMENTS: Mapping[int, Element] = {element.code: element for element in _elements()}
