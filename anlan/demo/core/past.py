"""What the sensors told before today: wet and dry days, rivers that answered, slopes that crept.

Hourly; the gauges that forecasts learn from have most of a year, the slopes three months, everything else three days.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anlan.demo.core.grid import Floats
from anlan.demo.core.sensor_net import Network, Sensed
from anlan.telemetry.core.properties import Property

HOUR, DAY = 3600.0, 86400.0
LEARNED_DAYS, SLOPE_DAYS, OTHER_DAYS = 210, 90, 3
LEARNED_GAUGES = 6
STORMS_A_MONTH, LONGEST_H = 5.0, 14
STORE_H, LAG_H, GAIN_M_MM = 16.0, 3, 0.016  # how a river of some hundred km² answers
# How far a property swings in a day and how much it trembles.
_SWINGS = {
    Property.TEMPERATURE: (4.0, 0.02),
    Property.HUMIDITY: (-9.0, 0.02),
    Property.VOLTAGE: (0.15, 0.02),
    Property.WIND: (0.8, 0.3),
    Property.SOIL_MOISTURE: (0.0, 0.1),
    Property.CRACK: (0.0, 0.03),
}
UNIFORM_MM_D, HASTENS_DAYS, FASTEST_MM_D = 1.0, 8, 7.65  # of the slope that creeps


@dataclass(frozen=True, slots=True)
class Told:
    """The past of one sensed element.

    Attributes:
        sensed: which.
        times: (T,) seconds since 1970.
        values: (T,) as on the wire.
    """

    sensed: Sensed
    times: Floats
    values: Floats


def make_past(network: Network, until: float, seed: int = 11) -> Iterator[Told]:
    """Yield the past of every sensed element up to an instant, seconds since 1970, the last full hour included."""
    rng = np.random.default_rng(seed)
    hours = np.arange(LEARNED_DAYS * 24, dtype=np.float64)
    times = (until // HOUR - hours[::-1]) * HOUR
    areal = _weather(len(times), rng)
    counters = {(row.device, row.element) for row in network.register.datastreams if row.is_counter}
    learned, gauges = set[int](), set[str]()
    for sensed in network.sensed:
        if sensed.property is Property.LEVEL and len(gauges) < LEARNED_GAUGES:
            gauges.add(sensed.device)
            learned.update(sensed.upstream)
    rains = {place: _local(areal, rng) for place in sorted({each for s in network.sensed for each in s.upstream})}
    for sensed in network.sensed:
        station = network.station_of[sensed.device]
        if sensed.property is Property.DISPLACEMENT:
            yield _slope(sensed, until, rng)
            continue
        is_learned = sensed.device in gauges or (sensed.property is Property.RAIN and station in learned)
        count = (LEARNED_DAYS if is_learned else OTHER_DAYS) * 24
        if sensed.property is Property.LEVEL:
            above = np.mean([rains[place] for place in sensed.upstream], axis=0)
            values = sensed.base + _answer(above) + rng.normal(0, 0.006, len(times))
        elif sensed.property is Property.RAIN:
            values = np.cumsum(rains.get(station, _local(areal, rng)))
            values = values if (sensed.device, sensed.element) in counters else np.diff(values, prepend=0.0)
        else:
            values = sensed.base + _usual(sensed.property, times, rng)
        yield Told(sensed, times[-count:], np.round(values[-count:], 2))


def _weather(hours: int, rng: np.random.Generator) -> Floats:
    """Return the county's mean rain by hour, (H,) mm; the last two days are dry."""
    rain = np.zeros(hours)
    for begins in np.flatnonzero(rng.random(hours) < STORMS_A_MONTH / 30 / 24).tolist():
        lasts = int(rng.integers(3, LONGEST_H))
        shape = np.sin(np.linspace(0.2, np.pi - 0.1, lasts)) * rng.gamma(2.0, 1.6)
        span = rain[begins : begins + lasts]
        span += shape[: len(span)]
    rain[-48:] = 0.0
    return rain


def _local(areal: Floats, rng: np.random.Generator) -> Floats:
    """Return the rain at one gauge: the county's, more here and less there, in steps of a gauge."""
    local = areal * rng.uniform(0.7, 1.35) * rng.gamma(4.0, 0.25, len(areal))
    return np.asarray(np.round(local * 2) / 2)


def _answer(rain_mm: Floats) -> Floats:
    """Return how far a river stands over its base, (H,) m."""
    level, store = np.zeros(len(rain_mm)), 0.0
    arrived = np.concatenate([np.zeros(LAG_H), rain_mm[:-LAG_H]])
    for hour, fallen in enumerate(arrived.tolist()):
        store = store * np.exp(-1 / STORE_H) + GAIN_M_MM * fallen
        level[hour] = store
    return level


def _slope(sensed: Sensed, until: float, rng: np.random.Generator) -> Told:
    """Return a point's displacement four times a day: steady, and of the one slope hastening since a week."""
    times = (until // (6 * HOUR) - np.arange(SLOPE_DAYS * 4, dtype=np.float64)[::-1]) * 6 * HOUR
    days = (times - times[0]) / DAY
    if sensed.creeps_mm < 1.0:
        rate = 0.08
        moved = rate * days
    else:
        since = np.maximum(days - (SLOPE_DAYS - HASTENS_DAYS), 0.0)
        moved = UNIFORM_MM_D * days + (FASTEST_MM_D - UNIFORM_MM_D) * since**2 / (2 * HASTENS_DAYS)
    values = np.round(sensed.base + moved + rng.normal(0, 0.12, len(times)), 2)
    return Told(sensed, times, np.asarray(values, dtype=np.float64))


def _usual(prop: Property, times: Floats, rng: np.random.Generator) -> Floats:
    """Return how a property goes up and down by the hour of the day."""
    swing = {Property.TEMPERATURE: 4.0, Property.HUMIDITY: -9.0, Property.VOLTAGE: 0.15, Property.WIND: 0.8}.get(
        prop, 0.0
    )
    noise = {Property.WIND: 0.3, Property.SOIL_MOISTURE: 0.1, Property.CRACK: 0.03}.get(prop, 0.02)
    if prop is Property.PONDING:
        return np.zeros(len(times))
    day = np.sin((times / DAY + 8 / 24 - 0.375) * 2 * np.pi)
    return np.asarray(swing * day + rng.normal(0, noise, len(times)))
