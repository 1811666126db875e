"""The improved tangent angle (改进切线角) of a slope and the stages of its warning.

Source: docs/methods/tangent-angle.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from anlan.kernel.refusal import Refusal
from anlan.telemetry.core.motion import motion_of, slope_days
from anlan.telemetry.core.series import DAY, Floats, Integers, Series

LEAST_UNIFORM_MM_D = 0.05
_ROUNDING = 1e-9  # mm/day²: a straight line does not accelerate
KEPT_SHARE = 0.9  # a stage is kept while the speed stays over this share of what it takes to reach it


class Stage(IntEnum):
    """Stage of a slope, by rising danger; as numbers they are what rules compare with."""

    NONE = 0
    YELLOW = 2  # first acceleration (初加速)
    ORANGE = 3  # middle acceleration (中加速): a person is called
    RED = 4  # about to fail (临滑)


class NoUniformRate(Refusal):
    """The span gives no uniform rate."""


@dataclass(frozen=True, slots=True)
class StageLimit:
    """What it takes to reach a stage.

    Attributes:
        angle_deg: least tangent angle now, degrees.
        speed_mm_d: least speed, mm/day, however small V is.
        days: for how many days running the speed must have been so.
    """

    angle_deg: float
    speed_mm_d: float
    days: int


DEFAULT_LIMITS: Mapping[Stage, StageLimit] = {
    Stage.YELLOW: StageLimit(angle_deg=45.0, speed_mm_d=0.5, days=1),
    Stage.ORANGE: StageLimit(angle_deg=80.0, speed_mm_d=2.0, days=3),
    Stage.RED: StageLimit(angle_deg=85.0, speed_mm_d=10.0, days=2),
}


@dataclass(frozen=True, slots=True)
class Point:
    """What a site says of one of its points.

    Attributes:
        uniform_mm_d: V, mm/day, confirmed by a person; under 0.05 counts as 0.05.
        noise_mm: σ, standard deviation of a reading.
        limits: by stage.
    """

    uniform_mm_d: float
    noise_mm: float = 0.0
    limits: Mapping[Stage, StageLimit] = field(default_factory=lambda: DEFAULT_LIMITS)

    def __post_init__(self) -> None:
        if not np.isfinite(self.uniform_mm_d):
            raise ValueError(f"uniform rate is {self.uniform_mm_d}, expected a number")

    @property
    def days(self) -> int:
        """Over how many days the slope is taken, n."""
        return slope_days(self.noise_mm)

    @property
    def least_acceleration_mm_d2(self) -> float:
        """What the noise alone may show as acceleration, one standard deviation; 0 without noise.

        Source: docs/methods/tangent-angle.md, equation (4).
        """
        days = self.days
        return self.noise_mm * float(np.sqrt(24.0 / (days * (days**2 - 1)))) / days  # (4)

    @property
    def floor_mm_d(self) -> float:
        """V with its floor."""
        return max(self.uniform_mm_d, LEAST_UNIFORM_MM_D)

    def speed_to_reach(self, stage: Stage) -> float:
        """Return the least speed of a stage in mm/day: the larger of its own and V·tan α.

        Source: docs/methods/tangent-angle.md, equation (3).
        """
        limit = self.limits[stage]
        return max(limit.speed_mm_d, self.floor_mm_d * float(np.tan(np.radians(limit.angle_deg))))  # (3)


@dataclass(frozen=True, slots=True)
class Angles:
    """The tangent angle of a point at instants.

    Attributes:
        degrees: (T,) α, NaN where the speed is missing.
        speeds_mm_d: (T,) v.
        accelerations_mm_d2: (T,) a.
        reached: (T,) the highest stage whose conditions hold now.
        kept: (T,) the highest stage that the speed would keep; −1 where the speed is missing and nothing is known.
    """

    degrees: Floats
    speeds_mm_d: Floats
    accelerations_mm_d2: Floats
    reached: Integers
    kept: Integers


@dataclass(frozen=True, slots=True)
class Uniform:
    """A uniform rate as a span of the record gives it, for a person to confirm.

    Attributes:
        rate_mm_d: V, mm/day.
        spread_mm: root mean square distance of the readings from the straight line.
        days: length of the span.
    """

    rate_mm_d: float
    spread_mm: float
    days: float


def tangent_angles(speeds_mm_d: Floats, uniform_mm_d: float) -> Floats:
    """Return α = arctan(v/V) in degrees.

    >>> tangent_angles(np.array([2.0, 5.0, 11.34, 22.86]), 2.0).round(1).tolist()
    [45.0, 68.2, 80.0, 85.0]

    Source: docs/methods/tangent-angle.md, equation (2).
    """
    if uniform_mm_d <= 0:
        raise ValueError(f"uniform rate is {uniform_mm_d} mm/day, expected more than 0")
    return np.degrees(np.arctan(speeds_mm_d / uniform_mm_d))  # (2)


def angles_of(series: Series, at: Floats, point: Point) -> Angles:
    """Return angle and stage of a point at each instant.

    Each depends on the readings of the 2n + 2 days before the instant only, so that readings one by one, in a batch
    or late give the same.

    Args:
        series: displacement in mm.
        at: (T,) seconds since 1970.
        point: V, slope and limits.

    Source: docs/methods/tangent-angle.md, equations (2)–(6).
    """
    least = max(point.least_acceleration_mm_d2, _ROUNDING)
    longest = max(limit.days for limit in point.limits.values())
    instants = at[:, None] - np.arange(longest) * DAY  # (T, longest)
    motion = motion_of(series, instants.ravel(), days=point.days)
    speeds = motion.speeds_mm_d.reshape(instants.shape)
    gains = motion.accelerations_mm_d2.reshape(instants.shape)[:, 0]
    reached, kept = np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=np.int64)
    for stage in sorted(point.limits):
        limit = point.limits[stage]
        lasts = (speeds[:, : limit.days] >= limit.speed_mm_d).all(axis=1)
        reached[lasts & (speeds[:, 0] >= point.speed_to_reach(stage)) & (gains > least)] = stage  # (5)
        kept[speeds[:, 0] >= KEPT_SHARE * point.speed_to_reach(stage)] = stage  # (6)
    kept[~np.isfinite(speeds[:, 0])] = -1
    return Angles(tangent_angles(speeds[:, 0], point.floor_mm_d), speeds[:, 0], gains, reached, kept)


def uniform_rate(series: Series, *, after: float, until: float) -> Uniform:
    """Return the rate of the span that a person takes for the uniform stage: the least-squares line through it.

    Args:
        series: displacement in mm.
        after: seconds since 1970; the span is (after, until].
        until: seconds since 1970.

    Raises:
        NoUniformRate: under ten readings, or the point does not move forward.

    Source: docs/methods/tangent-angle.md, equation (1).
    """
    span = series.known().within(after, until)
    if len(span.times) < 10:
        raise NoUniformRate("The span holds %(count)d readings; a uniform rate needs 10", count=len(span.times))
    days = (span.times - span.times[0]) / DAY
    rate, start = np.polynomial.polynomial.Polynomial.fit(days, span.values, 1).convert().coef[::-1]  # (1)
    if rate <= 0:
        raise NoUniformRate("The point moves by %(rate).3f mm a day in the span; expected more than 0", rate=rate)
    spread = float(np.sqrt(np.mean((span.values - start - rate * days) ** 2)))
    return Uniform(float(rate), spread, float(days[-1]))


def episodes(
    angles: Sequence[Angles], at: Floats, stage: Stage, *, rest_days: float = 3.0
) -> list[tuple[float, float]]:
    """Return when a site was at a stage or over: reached by any of its points, until none has kept it for some days.

    Args:
        angles: one a point, each at the same instants.
        at: (T,) seconds since 1970, increasing.
        stage: asked for.
        rest_days: days without which two episodes are one.

    Returns:
        (from, until) in seconds since 1970; the last may still run.

    Source: docs/methods/tangent-angle.md, equation (7).
    """
    found: list[tuple[float, float]] = []
    on = [False] * len(angles)
    for place, moment in enumerate(at.tolist()):
        for index, point in enumerate(angles):
            is_kept = on[index] and (point.kept[place] >= stage or point.kept[place] < 0)
            on[index] = bool(point.reached[place] >= stage or is_kept)  # (7)
        if not any(on):
            continue
        if found and moment - found[-1][1] <= rest_days * DAY:
            found[-1] = (found[-1][0], moment)
        else:
            found.append((moment, moment))
    return found
