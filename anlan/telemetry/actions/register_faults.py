"""What is wrong with a register that somebody brings: row by row, against what is on record."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from anlan.kernel.faults import Fault
from anlan.kernel.refusal import mark
from anlan.telemetry.actions.stations import unit_faults
from anlan.telemetry.core.register_checking import (
    DATASTREAMS,
    DEVICES,
    STATIONS,
    THRESHOLDS,
    RegisterFault,
    datastream_faults,
    device_faults,
    order_faults,
    threshold_faults,
)
from anlan.telemetry.core.register_rows import DatastreamRow, DeviceRow, Register, StationRow, ThresholdRow
from anlan.telemetry.models import Datastream, Device, Station

TAKEN = mark("The code %(code)s is taken")
NOT_MANAGED = mark("%(code)s is no unit whose stations you look after")
Row = TypeVar("Row")


@dataclass(slots=True)
class Standing:
    """What is on record of the rows that are brought, locked: by code, by code, by device's code and element."""

    stations: dict[str, Station] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    datastreams: dict[tuple[str, str], Datastream] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # of units
    addresses: Mapping[str, str] = field(default_factory=dict)  # device's code by SL 651 address


@dataclass(frozen=True, slots=True)
class RegisterCheck:
    """Checks the rows of a register brought by somebody who looks after these units; None is every unit."""

    register: Register
    standing: Standing
    units: Collection[str] | None

    def faults(self) -> list[RegisterFault]:
        """Return everything that is wrong."""
        register = self.register
        return [
            *_each(STATIONS, register.stations, lambda row: row.code, self._station),
            *_each(DEVICES, register.devices, lambda row: row.code, self._device),
            *_each(DATASTREAMS, register.datastreams, lambda row: (row.device, row.element), self._datastream),
            *_each(THRESHOLDS, register.thresholds, _limit_key, self._threshold),
            *self._orders(),
        ]

    def _station(self, row: StationRow) -> Iterator[Fault]:
        yield from unit_faults(row, self.standing.names)
        known = self.standing.stations.get(row.code)
        if not self._manages(row.division_code):
            yield Fault("division_code", row.division_code, NOT_MANAGED, {"code": row.division_code})
        elif known and not self._manages(known.division_code):
            yield Fault("code", row.code, TAKEN, {"code": row.code})
        given = {each.code for each in self.register.stations}
        for code in row.upstream:
            if code not in given and code not in self.standing.stations:
                yield Fault("upstream", code, mark("There is no station %(codes)s on record"), {"codes": code})

    def _device(self, row: DeviceRow) -> Iterator[Fault]:
        yield from device_faults(row)
        unit = self._unit_of_station(row.station)
        if unit is None or not self._manages(unit):
            yield Fault("station", row.station, mark("There is no station %(codes)s on record"), {"codes": row.station})
        known = self.standing.devices.get(row.code)
        if known and not self._manages(known.division_code):
            yield Fault("code", row.code, TAKEN, {"code": row.code})
        holders = {self.standing.addresses.get(row.address, row.code)}
        holders |= {each.code for each in self.register.devices if each.address == row.address}
        if row.address and holders != {row.code}:
            yield Fault("address", row.address, mark("The address %(address)s is taken"), {"address": row.address})

    def _datastream(self, row: DatastreamRow) -> Iterator[Fault]:
        yield from datastream_faults(row)
        if not self._has_device(row.device):
            yield Fault("device", row.device, mark("There is no device %(code)s on record"), {"code": row.device})

    def _threshold(self, row: ThresholdRow) -> Iterator[Fault]:
        prop = self._property_of(row.device, row.element)
        if prop is None or not self._has_device(row.device):
            name = f"{row.device} {row.element}"
            yield Fault("element", name, mark("There is no datastream %(name)s on record"), {"name": name})
        else:
            yield from threshold_faults(row, prop)

    def _orders(self) -> Iterator[RegisterFault]:
        limits: dict[tuple[str, str], dict[tuple[str, int], float]] = {}
        places: dict[tuple[str, str], int] = {}
        for place, row in enumerate(self.register.thresholds):
            limits.setdefault((row.device, row.element), {})[row.quantity, row.colour] = row.value
            places[row.device, row.element] = place
        for key, told in limits.items():
            for fault in order_faults(self._property_of(*key) or "", told):
                yield RegisterFault(THRESHOLDS, places[key], fault)

    def _manages(self, unit: str) -> bool:
        return self.units is None or unit in self.units

    def _unit_of_station(self, code: str) -> str | None:
        given = next((each.division_code for each in self.register.stations if each.code == code), None)
        known = self.standing.stations.get(code)
        return given or (known.division_code if known else None)

    def _has_device(self, code: str) -> bool:
        known = self.standing.devices.get(code)
        given = any(each.code == code for each in self.register.devices)
        return given or (known is not None and self._manages(known.division_code))

    def _property_of(self, device: str, element: str) -> str | None:
        rows = self.register.datastreams
        given = next((each.property for each in rows if (each.device, each.element) == (device, element)), None)
        known = self.standing.datastreams.get((device, element))
        return given or (known.property if known else None)


def _limit_key(row: ThresholdRow) -> tuple[str, str, str, int]:
    return row.device, row.element, row.quantity, row.colour


def _each(
    part: str, rows: Sequence[Row], key: Callable[[Row], Any], check: Callable[[Row], Iterator[Fault]]
) -> Iterator[RegisterFault]:
    seen = set[Any]()
    for place, row in enumerate(rows):
        if key(row) in seen:
            yield RegisterFault(part, place, Fault("code", str(key(row)), mark("This stands twice in the register")))
        seen.add(key(row))
        for fault in check(row):
            yield RegisterFault(part, place, fault)
