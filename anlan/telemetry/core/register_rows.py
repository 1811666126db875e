"""The register as people, files and the demo give it: rows of stations, devices, datastreams and thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station.

    Attributes:
        code: by which it is known everywhere.
        kind: of `StationKind`.
        division_code: of the unit that it stands in.
        longitude: degrees, WGS 84.
        latitude: degrees, WGS 84.
        site: slope or reservoir that several stations speak for together.
        upstream: codes of the stations whose rain and level reach it.
        keeper_phone: kept encrypted; "" leaves the one on record.
    """

    code: str
    name: str
    kind: str
    division_code: str
    longitude: float
    latitude: float
    elevation_m: float | None = None
    site: str = ""
    river: str = ""
    upstream: tuple[str, ...] = ()
    owner: str = ""
    maintainer: str = ""
    maintained_on: date | None = None
    keeper_name: str = ""
    keeper_phone: str = ""
    installed_on: date | None = None
    is_in_use: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device at a station.

    Attributes:
        code: its name on every wire but SL 651.
        station: code of the station.
        protocol: of `Protocol`.
        address: ten hexadecimal digits on SL 651, "" elsewhere.
        centre: number of the centre on SL 651, 1–255.
        password: of SL 651, four hexadecimal digits, kept encrypted; "" leaves the one on record.
        dialect: elements and functions beyond the standard; None leaves those on record.
    """

    code: str
    station: str
    protocol: str
    model: str = ""
    address: str = ""
    centre: int = 1
    password: str = ""
    dialect: Mapping[str, Any] | None = None
    is_in_use: bool = True


@dataclass(frozen=True, slots=True)
class DatastreamRow:
    """What a device tells: wire value × factor + offset is stored in `unit`.

    Attributes:
        device: code of the device.
        element: its name on the wire.
        property: of `Property`.
        unit: UCUM code; "" is the property's own.
        interval_s: between two reports.
        lowest: least value that is believed; None, here and below, is what is usual for the property (`belief_of`).
        highest: largest value.
        spike: least height of a jump there and back.
        stuck_s: how long the same value is suspicious.
        is_counter: rain that only grows.
        wraps_at: where the counter begins again.
        noise_mm: standard deviation of a reading of displacement.
        is_confirmed: a person looked at what began by itself.
    """

    device: str
    element: str
    property: str
    unit: str = ""
    name: str = ""
    factor: float = 1.0
    offset: float = 0.0
    interval_s: float = 3600.0
    lowest: float | None = None
    highest: float | None = None
    spike: float | None = None
    stuck_s: float | None = None
    is_counter: bool = False
    wraps_at: float | None = None
    noise_mm: float = 0.0
    is_confirmed: bool = True
    is_in_use: bool = True


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """A limit of a datastream: at `value` of `quantity` the colour is reached (1 blue – 4 red)."""

    device: str
    element: str
    quantity: str
    colour: int
    value: float


@dataclass(frozen=True, slots=True)
class Register:
    """A register, or part of one."""

    stations: tuple[StationRow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    datastreams: tuple[DatastreamRow, ...] = ()
    thresholds: tuple[ThresholdRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of a load: rows recorded, rows corrected."""

    added: int = 0
    changed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.added + other.added, self.changed + other.changed)
