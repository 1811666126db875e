"""Alarm rules as data: what is measured, from which limits on, for how long, at how many sensors.

Source: docs/methods/alarm-rules.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from anlan.kernel.refusal import mark
from anlan.telemetry.core.quantities import Quantity

BEIJING = timedelta(hours=8)
DAY_OF_YEAR = "%m-%d"


class Colour(IntEnum):
    """Colour of an alarm, by rising danger; the numbers are those of `tangent_angle.Stage`."""

    BLUE = 1
    YELLOW = 2
    ORANGE = 3
    RED = 4


COLOUR_NAMES: Mapping[Colour, str] = {
    Colour.BLUE: mark("blue"),
    Colour.YELLOW: mark("yellow"),
    Colour.ORANGE: mark("orange"),
    Colour.RED: mark("red"),
}


class Kind(StrEnum):
    """Whom an alarm concerns: those in danger, or those who look after the devices."""

    HAZARD = "hazard"
    DEVICE = "device"


KIND_NAMES: Mapping[Kind, str] = {Kind.HAZARD: mark("hazard"), Kind.DEVICE: mark("device")}


class Side(StrEnum):
    """On which side of a limit danger lies."""

    OVER = "over"
    UNDER = "under"


SIDE_NAMES: Mapping[Side, str] = {
    Side.OVER: mark("at the limit or over it"),
    Side.UNDER: mark("at the limit or under it"),
}
Limits = Mapping[Colour, float]


@dataclass(frozen=True, slots=True)
class Season:
    """Limits for a part of each year, days of Beijing time, both included; it may run over the end of the year."""

    starts_on: str  # MM-DD
    ends_on: str  # MM-DD
    limits: Limits

    def holds(self, day: str) -> bool:
        """Tell whether the day, as MM-DD, lies in the season."""
        if self.starts_on <= self.ends_on:
            return self.starts_on <= day <= self.ends_on
        return day >= self.starts_on or day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Rule:
    """One alarm rule.

    A limit of a station goes before that of the season, that before the rule's own; each colour for itself.

    Attributes:
        key: names the rule through its versions.
        name_zh: shown.
        name_en: shown.
        kind: hazard or device.
        quantity: compared with the limits, in the unit of the quantity.
        limits: by colour.
        sensors: which property of datastreams it looks at, such as "rain" or "level"; "" is any.
        side: where danger lies.
        station_limits: by station code and colour.
        seasons: the first that holds counts.
        lasts_s: how long the limit must be passed without a break.
        times: how many readings must pass it …
        within_s: … within so many seconds.
        least_sensors: how many sensors of the place must agree, by colour: 1 where not named, at most all.
        margin_share: how far back over the limit a value must go to rest, as a share of the limit, …
        margin: … and in the unit of the quantity.
        rest_s: how long it must rest there before the alarm is cleared.
        is_on: a rule that is off raises nothing, and lets go of what it had raised at the next reading.
    """

    key: str
    name_zh: str
    name_en: str
    kind: Kind
    quantity: Quantity
    limits: Limits
    sensors: str = ""
    side: Side = Side.OVER
    station_limits: Mapping[str, Limits] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()
    lasts_s: float = 0.0
    times: int = 1
    within_s: float = 0.0
    least_sensors: Mapping[Colour, int] = field(default_factory=dict)
    margin_share: float = 0.1
    margin: float = 0.0
    rest_s: float = 1800.0
    is_on: bool = True

    @property
    def sign(self) -> float:
        """+1 where danger lies over the limit, −1 where it lies under it."""
        return 1.0 if self.side is Side.OVER else -1.0

    def rests_at(self, limit: float) -> float:
        """Return the value short of which an alarm of the limit rests.

        Source: docs/methods/alarm-rules.md, equation (2).
        """
        return limit - self.sign * (self.margin_share * abs(limit) + self.margin)  # (2)

    def limits_at(self, station: str, time: float) -> Limits:
        """Return the limits for a station at an instant, seconds since 1970; a rule that is off has none.

        Source: docs/methods/alarm-rules.md, equation (1).
        """
        if not self.is_on:
            return {}
        merged = dict(self.limits)
        if self.seasons:
            day = (datetime.fromtimestamp(time, UTC) + BEIJING).strftime(DAY_OF_YEAR)
            merged.update(next((season.limits for season in self.seasons if season.holds(day)), {}))
        merged.update(self.station_limits.get(station, {}))
        return merged  # (1)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules of one version, by key."""

    rules: tuple[Rule, ...]

    def of(self, key: str) -> Rule | None:
        """Return the rule, None where the version has none of the key."""
        return next((rule for rule in self.rules if rule.key == key), None)
