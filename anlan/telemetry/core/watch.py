"""What watching a place by a rule remembers: values only, so that any process can go on where another stopped.

Source: docs/methods/alarm-rules.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from anlan.kernel.refusal import mark
from anlan.telemetry.core.rules import Colour, Rule

REMEMBERS_S = 21600.0  # how late a reading may be without all being computed again


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sensor's quantity shows at an instant.

    Attributes:
        time: seconds since 1970.
        value: what may raise an alarm, NaN where missing: the device spoke, and said nothing.
        keeps: what may let an alarm rest; None is the value itself, infinity where that is unknown.
    """

    time: float
    value: float
    keeps: float | None = None


@dataclass(frozen=True, slots=True)
class Sensor:
    """A datastream as a rule sees it: its key, its station's code and its reporting interval in seconds."""

    key: str
    station: str
    interval_s: float


@dataclass(frozen=True, slots=True)
class Target:
    """One rule at one place: the sensors that speak for it together."""

    rule: Rule
    sensors: tuple[Sensor, ...]

    def needed(self, colour: Colour) -> int:
        """Return how many sensors must agree; never more than there are."""
        return min(self.rule.least_sensors.get(colour, 1), len(self.sensors))


@dataclass(frozen=True, slots=True)
class Hold:
    """How one colour stands at one sensor.

    Attributes:
        is_on: the limit counts as passed.
        since: when it began to be passed without a break, while not yet on.
        hits: when it was passed, while not yet on, where the rule asks for repetition.
        resting_since: when the value went back over the margin, while on.
    """

    is_on: bool = False
    since: float | None = None
    hits: tuple[float, ...] = ()
    resting_since: float | None = None


CALM = Hold()


@dataclass(frozen=True, slots=True)
class Run:
    """How a sensor stands: when it last spoke, when it last told a value, and its holds by colour from blue on."""

    last: float | None = None
    seen: float | None = None
    holds: tuple[Hold, ...] = (CALM,) * len(Colour)


@dataclass(frozen=True, slots=True)
class Change:
    """A colour went on or off at a sensor."""

    at: float
    sensor: str
    colour: Colour
    is_on: bool
    value: float
    limit: float


@dataclass(frozen=True, slots=True)
class Track:
    """A sensor's run, the runs to go back to when readings come late, and the changes since the first of them."""

    run: Run = Run()
    marks: tuple[Run, ...] = ()
    changes: tuple[Change, ...] = ()


class News(StrEnum):
    """What happens to the alarm of a place."""

    RAISED = "raised"
    ROSE = "rose"
    FELL = "fell"
    CLEARED = "cleared"


NEWS_NAMES: Mapping[News, str] = {
    News.RAISED: mark("alarm raised"),
    News.ROSE: mark("alarm went up"),
    News.FELL: mark("alarm went down"),
    News.CLEARED: mark("alarm cleared"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One piece of news of an alarm.

    Attributes:
        at: seconds since 1970, of the reading and not of its arrival.
        news: what happened.
        colour: from now on; of a cleared alarm the one it had.
        raised_at: names the alarm at this place: when it was raised.
        sensor: whose change tipped it.
        value: shown there.
        limit: that it passed, or went back from.
    """

    at: float
    news: News
    colour: Colour
    raised_at: float
    sensor: str
    value: float
    limit: float


@dataclass(frozen=True, slots=True)
class Settled:
    """How the place stood before what is still remembered in full.

    Attributes:
        at: seconds since 1970; None at the beginning.
        on: colours that are on, by sensor.
        opening: the event by which the alarm was raised that stands then, with the colour it has then.
    """

    at: float | None = None
    on: frozenset[tuple[str, Colour]] = frozenset()
    opening: Event | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything that watching a target remembers.

    Attributes:
        tracks: by sensor.
        settled: before what they remember.
        now: seconds since 1970 up to which silence has been looked for.
        remembers_s: how far back readings may come late without all being computed again.
    """

    tracks: Mapping[str, Track] = field(default_factory=dict)
    settled: Settled = Settled()
    now: float | None = None
    remembers_s: float = REMEMBERS_S


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of readings.

    Attributes:
        watch: after them.
        added: events that are new.
        withdrawn: events told before that turn out not to be.
        is_anew: a reading was later than is remembered; `added` holds all events that the history gives, and what was
            told before and is not among them does not hold.
    """

    watch: Watch
    added: tuple[Event, ...] = ()
    withdrawn: tuple[Event, ...] = ()
    is_anew: bool = False
