"""A storm that crosses the county in ten minutes: rain where it passes, rivers that rise, slopes that creep.

Minutes stand for hours: what falls in ten minutes is what a night's rain would bring, so that whoever watches sees the
whole course. Times are seconds since the storm began, places kilometres east and north of the county's south-west
corner.
"""

from dataclasses import dataclass

import numpy as np

from anlan.demo.core.grid import Floats

LASTS_S = 600.0
STEP_S = 5.0


@dataclass(frozen=True, slots=True)
class Storm:
    """A cell of rain that moves along a line.

    Attributes:
        begins_km: (east, north) of its middle at the beginning.
        ends_km: at the end.
        radius_km: distance from its middle at which it rains 1/e of the most.
        total_mm: that a place on its way gets in all.
    """

    begins_km: tuple[float, float]
    ends_km: tuple[float, float]
    radius_km: float = 9.0
    total_mm: float = 96.0

    def rates_mm_s(self, places_km: Floats, at_s: float) -> Floats:
        """Return the rain at each place now.

        Args:
            places_km: (P, 2) east and north.
            at_s: since the storm began; before and after it is dry.

        Returns:
            (P,) mm/s.
        """
        if not 0.0 <= at_s < LASTS_S:
            return np.zeros(len(places_km))
        begins, ends = np.array(self.begins_km), np.array(self.ends_km)
        middle = begins + (ends - begins) * at_s / LASTS_S
        speed_km_s = float(np.linalg.norm(ends - begins)) / LASTS_S
        most = self.total_mm * speed_km_s / (self.radius_km * np.sqrt(np.pi))
        away = np.linalg.norm(places_km - middle, axis=1) / self.radius_km
        return np.asarray(most * np.exp(-(away**2)))

    def fallen_mm(self, places_km: Floats, until_s: float) -> Floats:
        """Return what has fallen at each place, (P,) mm."""
        steps = np.arange(0.0, min(max(until_s, 0.0), LASTS_S), STEP_S)
        fallen = np.zeros(len(places_km))
        for begin in steps.tolist():
            lasts = min(STEP_S, until_s - begin)
            fallen += lasts * self.rates_mm_s(places_km, begin + lasts / 2)
        return fallen


def storm_across(width_km: float, height_km: float) -> Storm:
    """Return a storm that comes from the west and goes to the north-east, over all of a county."""
    margin = 12.0
    return Storm((-margin, 0.40 * height_km), (width_km + margin, 0.62 * height_km))


@dataclass(frozen=True, slots=True)
class River:
    """How a gauge answers to the rain above it: a store that fills and runs off.

    Attributes:
        gain_m_mm: rise for each millimetre of mean rain upstream.
        lag_s: until the rain arrives.
        runs_off_s: in which the store falls to 1/e.
    """

    gain_m_mm: float
    lag_s: float
    runs_off_s: float

    def rise_m(self, times_s: Floats, fallen_mm: Floats, at_s: float) -> float:
        """Return how far the water stands over its base.

        Args:
            times_s: (T,) increasing.
            fallen_mm: (T,) mean rain upstream fallen until each time.
            at_s: now.
        """
        arrived = np.diff(fallen_mm, prepend=0.0)
        ages = at_s - times_s - self.lag_s
        kept = np.where(ages >= 0, np.exp(-np.maximum(ages, 0.0) / self.runs_off_s), 0.0)
        return float(self.gain_m_mm * (arrived * kept).sum())


def creep_mm(at_s: float, total_mm: float) -> float:
    """Return how far a slope has moved by the storm: slowly, then ever faster, then it holds.

    >>> creep_mm(-1, 10), creep_mm(600, 10), creep_mm(10_000, 10)
    (0.0, 10.0, 10.0)
    """
    share = min(max(at_s / LASTS_S, 0.0), 1.0)
    return total_mm * share**2
