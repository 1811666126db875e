"""What the devices of the county sense at a moment: the storm over each, the river at each, the slope under each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from anlan.demo.core.grid import Floats
from anlan.demo.core.sensor_net import Network, Sensed
from anlan.demo.core.storm import LASTS_S, STEP_S, River, creep_mm, storm_across
from anlan.demo.simulator.faults import FAULTS, RUN_DOWN_V, Fault
from anlan.telemetry.core.properties import Property

RIVER = River(gain_m_mm=0.075, lag_s=45.0, runs_off_s=420.0)
CALMS_AFTER_S = 1800.0  # after the storm has gone, before the next may come
JUMP = {Property.RAIN: 60.0, Property.LEVEL: 6.0}
STEADY = {  # (m, mm or % for each mm that fell, tremble)
    Property.PONDING: (0.004, 0.003),
    Property.SOIL_MOISTURE: (0.18, 0.1),
    Property.TEMPERATURE: (-0.04, 0.1),
    Property.HUMIDITY: (0.15, 0.4),
    Property.CRACK: (0.004, 0.02),
}


@dataclass
class World:
    """The county from the moment that the simulator starts.

    Attributes:
        network: stations and what they sense.
        begins_at: of the storm, seconds since 1970; infinity where none comes.
        started: last values on record by device and element, from which counters and movements go on.
    """

    network: Network
    begins_at: float
    started: Mapping[tuple[str, str], float]
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(5))

    def __post_init__(self) -> None:
        self.storm = storm_across(self.network.width_km, self.network.height_km)
        self.times = np.arange(0.0, LASTS_S + STEP_S, STEP_S)
        self.fallen = np.array([self.storm.fallen_mm(self.network.places_km, at) for at in self.times.tolist()])
        self.by_device: dict[str, list[Sensed]] = {}
        for sensed in self.network.sensed:
            self.by_device.setdefault(sensed.device, []).append(sensed)
        self.counters = {(row.device, row.element) for row in self.network.register.datastreams if row.is_counter}
        self._told: dict[tuple[str, str], float] = {}
        self._reports: dict[str, int] = {}

    def is_stormy(self, now: float) -> bool:
        """Tell whether it rains somewhere, or has just stopped."""
        return -5.0 <= now - self.begins_at <= LASTS_S + CALMS_AFTER_S

    def fallen_at(self, station: int, at_s: float) -> float:
        """Return what has fallen at a station since the storm began, mm."""
        return float(np.interp(at_s, self.times, self.fallen[:, station]))

    def readings(self, device: str, now: float) -> Iterator[tuple[str, float]]:
        """Yield element and value of everything that a device senses now."""
        self._reports[device] = self._reports.get(device, 0) + 1
        for sensed in self.by_device[device]:
            value = self._sensed(sensed, now) + self._jump(sensed)
            if sensed.property is Property.VOLTAGE and FAULTS.get(device) is Fault.BATTERY:
                value = RUN_DOWN_V
            yield sensed.element, round(value, 3 if sensed.property is Property.LEVEL else 2)

    def _sensed(self, sensed: Sensed, now: float) -> float:
        at_s, key = now - self.begins_at, (sensed.device, sensed.element)
        station = self.network.station_of[sensed.device]
        if sensed.property is Property.LEVEL:
            above: Floats = self.fallen[:, list(sensed.upstream)].mean(axis=1)
            return sensed.base + RIVER.rise_m(self.times, above, at_s) + float(self.rng.normal(0, 0.004))
        fallen = self.fallen_at(station, at_s) if np.isfinite(at_s) else 0.0
        begun = self.started.get(key, sensed.base)
        if sensed.property is Property.RAIN:
            tipped = np.floor(fallen * 2) / 2
            if key in self.counters:
                return begun + float(tipped)
            before, self._told[key] = self._told.get(key, 0.0), float(tipped)
            return float(tipped) - before
        if sensed.property is Property.DISPLACEMENT:
            return begun + creep_mm(at_s, sensed.creeps_mm) + float(self.rng.normal(0, 0.05))
        answers, trembles = STEADY.get(sensed.property, (0.0, 0.02))
        base = begun if sensed.property is Property.CRACK else sensed.base
        return max(base + answers * fallen + float(self.rng.normal(0, trembles)), 0.0)

    def _jump(self, sensed: Sensed) -> float:
        is_due = FAULTS.get(sensed.device) is Fault.JUMPS and self._reports[sensed.device] % 5 == 4
        return JUMP.get(sensed.property, 0.0) if is_due else 0.0
