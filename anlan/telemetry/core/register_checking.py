"""What a row of the register must be, told at the field that is wrong."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Any

from anlan.kernel.codes import BadCode, Level, check_code, level_of
from anlan.kernel.faults import Fault, FaultyFields
from anlan.kernel.refusal import Refusal, mark
from anlan.telemetry.core.properties import PROPERTIES, Property, Protocol, StationKind
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.register_rows import DatastreamRow, DeviceRow, StationRow, ThresholdRow
from anlan.telemetry.core.rules import Colour

LONGEST_NAME, LONGEST_CODE = 80, 40
PHONE = re.compile(r"(\+?[0-9][0-9 -]{5,18}[0-9])?")
CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
ADDRESS = re.compile(r"[0-9A-F]{10}")
PASSWORD = re.compile(r"([0-9A-Fa-f]{4})?")
ELEMENT = re.compile(r"\S{1,40}")
# Codes of UCUM that instruments of these kinds report in.
UNITS = (
    "1", "%", "mm", "cm", "m", "km", "deg", "rad", "mrad", "mm/h", "mm/d", "m/s", "m/s2", "m3/s", "L/s", "m3",
    "Cel", "K", "V", "mV", "A", "mA", "W", "W/m2", "Pa", "hPa", "kPa", "MPa", "N", "kN", "Hz", "dB", "lx",
    "s", "min", "h", "kg", "t", "mg/L", "ug/m3", "uS/cm", "[pH]", "[ppm]", "NTU",
)  # fmt: skip
WHOLE_LIMITS: Mapping[str, tuple[Quantity, ...]] = {
    each.value: (Quantity.READING, *facts.derived) for each, facts in PROPERTIES.items()
}
STATIONS, DEVICES, DATASTREAMS, THRESHOLDS = "stations", "devices", "datastreams", "thresholds"
BELIEF = ("lowest", "highest", "spike", "stuck_s")
OVER_ZERO = frozenset({"interval_s", "spike", "stuck_s", "wraps_at"})
NUMBERS = ("factor", "offset", "lowest", "highest", "noise_mm", *sorted(OVER_ZERO))
TEXT_TOO_LONG = mark("At most %(most)d characters stand here")


class BadRow(FaultyFields):
    """The row cannot be recorded so; `faults` tell why."""


@dataclass(frozen=True, slots=True)
class RegisterFault:
    """What is wrong in one row of a part of the register, rows counted from 0."""

    part: str
    row: int
    fault: Fault


class BadRegister(Refusal):
    """Some rows cannot be; nothing was loaded."""

    def __init__(self, faults: Sequence[RegisterFault]) -> None:
        self.found = tuple(faults)
        first = self.found[0]
        super().__init__(first.fault.message, **first.fault.values)


def quantities_of(prop: str) -> tuple[Quantity, ...]:
    """Return what a threshold of such a datastream may limit: the reading and the figures derived from it.

    >>> [each.value for each in quantities_of("level")]
    ['reading', 'rise_rate']
    """
    return WHOLE_LIMITS.get(prop, (Quantity.READING,))


def station_faults(row: StationRow) -> Iterator[Fault]:
    """Yield everything that is wrong with a station by itself."""
    if not CODE.fullmatch(row.code):
        yield Fault("code", row.code, mark("A code has 1 to 40 letters, digits, points, dashes or underscores"))
    if not 0 < len(row.name.strip()) <= LONGEST_NAME:
        yield Fault("name", row.name, mark("A name has 1 to %(most)d characters"), {"most": LONGEST_NAME})
    if row.kind not in set(StationKind):
        yield Fault("kind", row.kind, mark("There is no kind of station %(word)s"), {"word": row.kind})
    if not (abs(row.longitude) <= 180 and abs(row.latitude) <= 90):  # not a number fails too
        place = f"{row.longitude}, {row.latitude}"
        yield Fault("longitude", place, mark("Longitude and latitude are no place on earth"))
    if row.elevation_m is not None and not -500 <= row.elevation_m <= 9000:
        yield Fault("elevation_m", str(row.elevation_m), mark("No ground lies so high or so low"))
    if not PHONE.fullmatch(row.keeper_phone):
        yield Fault("keeper_phone", row.keeper_phone, mark("This is no telephone number"))
    if row.code in row.upstream:
        yield Fault("upstream", row.code, mark("A station does not lie upstream of itself"))
    lengths = {"site": 80, "river": 60, "owner": 80, "maintainer": 80, "keeper_name": 40, "note": 200}
    yield from _too_long(row, lengths)
    yield from _unit_faults(row.division_code)


def device_faults(row: DeviceRow) -> Iterator[Fault]:
    """Yield everything that is wrong with a device by itself."""
    if not CODE.fullmatch(row.code):
        yield Fault("code", row.code, mark("A code has 1 to 40 letters, digits, points, dashes or underscores"))
    if row.protocol not in set(Protocol):
        yield Fault("protocol", row.protocol, mark("There is no protocol %(word)s"), {"word": row.protocol})
    is_sl651 = row.protocol == Protocol.SL651
    if is_sl651 and not ADDRESS.fullmatch(row.address):
        yield Fault("address", row.address, mark("A station on SL 651 has an address of ten hexadecimal digits"))
    if not is_sl651 and row.address:
        yield Fault("address", row.address, mark("Only stations on SL 651 have such an address"))
    if not 1 <= row.centre <= 255:
        yield Fault("centre", str(row.centre), mark("A centre has a number from 1 to 255"))
    if not PASSWORD.fullmatch(row.password):
        yield Fault("password", "", mark("A password of SL 651 has four hexadecimal digits"))
    yield from _too_long(row, {"model": 80})


def datastream_faults(row: DatastreamRow) -> Iterator[Fault]:
    """Yield everything that is wrong with a datastream by itself."""
    if not ELEMENT.fullmatch(row.element):
        yield Fault("element", row.element, mark("An element has 1 to 40 characters without spaces"))
    if row.property not in set(Property):
        yield Fault("property", row.property, mark("There is no property %(word)s"), {"word": row.property})
    else:
        yield from _unit_of_measure_faults(row)
    yield from _number_faults(row)
    if row.is_counter and row.property != Property.RAIN:
        yield Fault("is_counter", "", mark("Only rain is counted"))
    yield from _too_long(row, {"name": 80})


def threshold_faults(row: ThresholdRow, prop: str) -> Iterator[Fault]:
    """Yield everything that is wrong with a threshold of a datastream of the property."""
    if row.quantity not in {each.value for each in quantities_of(prop)}:
        name = QUANTITIES[Quantity(row.quantity)].name if row.quantity in set(Quantity) else row.quantity
        yield Fault("quantity", name, mark("Such a datastream has no limit of this kind"))
    if row.colour not in set(Colour):
        yield Fault("colour", str(row.colour), mark("A colour is 1 (blue) to 4 (red)"))
    if not isfinite(row.value):
        yield Fault("value", str(row.value), mark("%(value)s is no number"), {"value": str(row.value)})


def order_faults(prop: str, limits: Mapping[tuple[str, int], float]) -> Iterator[Fault]:
    """Yield what is wrong with the limits of one datastream together, by quantity and colour.

    A higher colour lies higher; where danger may also lie below (supply voltage) the limits at least run one way.

    >>> [fault.value for fault in order_faults("level", {("reading", 2): 58.0, ("reading", 3): 57.0})]
    ['57']
    >>> list(order_faults("voltage", {("reading", 1): 11.5, ("reading", 2): 11.0}))
    []
    """
    may_fall = prop not in set(Property) or not PROPERTIES[Property(prop)].derived
    for quantity in sorted({quantity for quantity, _colour in limits}):
        values = [value for (own, _colour), value in sorted(limits.items()) if own == quantity]
        sign = -1.0 if may_fall and len(values) > 1 and values[-1] < values[0] else 1.0
        for below, above in pairwise(values):
            if sign * above <= sign * below:
                text = mark("%(above)g lies not over %(below)g, the limit of the colour below")
                yield Fault("value", f"{above:g}", text, {"above": above, "below": below})


def belief_of(row: DatastreamRow) -> dict[str, float | None]:
    """Return the limits of belief of a datastream: its own, and where it names none what its property usually has.

    >>> belief_of(DatastreamRow("D1", "39", "level", highest=80.0))
    {'lowest': -100.0, 'highest': 80.0, 'spike': 2.0, 'stuck_s': None}

    Kept in another unit than the property's, it has its own alone.

    >>> belief_of(DatastreamRow("D1", "QQ", "flow", unit="L/s"))
    {'lowest': None, 'highest': None, 'spike': None, 'stuck_s': None}
    """
    facts = PROPERTIES[Property(row.property)]
    own = {name: getattr(row, name) for name in BELIEF}
    if row.unit not in {"", facts.unit}:
        return own
    told = {name: getattr(facts, name) if value is None else value for name, value in own.items()}
    is_one = told["lowest"] is None or told["highest"] is None or told["lowest"] < told["highest"]
    return told if is_one else own


def _unit_of_measure_faults(row: DatastreamRow) -> Iterator[Fault]:
    facts = PROPERTIES[Property(row.property)]
    if facts.derived and row.unit not in {"", facts.unit}:
        text = mark("Such readings are kept in %(unit)s: convert them by factor and offset")
        yield Fault("unit", row.unit, text, {"unit": facts.unit})
    elif row.unit and row.unit not in UNITS:
        yield Fault("unit", row.unit, mark("%(unit)s is none of the UCUM codes known here"), {"unit": row.unit})


def _number_faults(row: DatastreamRow) -> Iterator[Fault]:
    for name in NUMBERS:
        value = getattr(row, name)
        if value is None:
            continue
        if not isfinite(value):
            yield Fault(name, str(value), mark("%(value)s is no number"), {"value": str(value)})
        elif name in OVER_ZERO and value <= 0:
            yield Fault(name, f"{value:g}", mark("More than zero stands here"))
    if row.factor == 0:
        yield Fault("factor", "0", mark("A factor of 0 makes every reading the same"))
    if row.noise_mm < 0:
        yield Fault("noise_mm", f"{row.noise_mm:g}", mark("Noise is not negative"))
    if row.lowest is not None and row.highest is not None and row.lowest >= row.highest:
        yield Fault("lowest", f"{row.lowest:g}", mark("The lowest value lies below the highest"))


def _unit_faults(code: str) -> Iterator[Fault]:
    try:
        level = level_of(check_code(code))
    except BadCode as refused:
        yield Fault("division_code", code, refused.message, refused.values)
        return
    if level not in {Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE}:
        yield Fault("division_code", code, mark("A station belongs to a county, township or village"))


def _too_long(row: Any, lengths: Mapping[str, int]) -> Iterator[Fault]:
    for name, most in lengths.items():
        if len(getattr(row, name)) > most:
            yield Fault(name, getattr(row, name)[:40], TEXT_TOO_LONG, {"most": most})
