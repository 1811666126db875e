"""What a rule may look at: the readings themselves and the figures derived from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from anlan.kernel.refusal import mark
from anlan.telemetry.core.motion import NOISY_DAYS
from anlan.telemetry.core.series import DAY, HOUR


class Measure(StrEnum):
    """What is compared with the limits of a rule."""

    READING = "reading"
    RAIN_1H = "rain_1h"
    RAIN_3H = "rain_3h"
    RAIN_6H = "rain_6h"
    RAIN_24H = "rain_24h"
    RAIN_DAY = "rain_day"
    RISE_RATE = "rise_rate"
    SPEED = "speed"
    ACCELERATION = "acceleration"
    TANGENT_STAGE = "tangent_stage"
    CLOCK_ERROR = "clock_error"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What is known of a measure.

    Attributes:
        name: marked msgid.
        unit: UCUM code; "" is the datastream's own.
        looks_back_s: how far back it reads, seconds.
    """

    name: str
    unit: str
    looks_back_s: float


RAIN_HOURS: Mapping[Measure, int] = {
    Measure.RAIN_1H: 1,
    Measure.RAIN_3H: 3,
    Measure.RAIN_6H: 6,
    Measure.RAIN_24H: 24,
}
MEASURES: Mapping[Measure, MeasureFacts] = {
    Measure.READING: MeasureFacts(mark("reading"), "", 0.0),
    Measure.RAIN_1H: MeasureFacts(mark("rain of 1 h"), "mm", HOUR),
    Measure.RAIN_3H: MeasureFacts(mark("rain of 3 h"), "mm", 3 * HOUR),
    Measure.RAIN_6H: MeasureFacts(mark("rain of 6 h"), "mm", 6 * HOUR),
    Measure.RAIN_24H: MeasureFacts(mark("rain of 24 h"), "mm", 24 * HOUR),
    Measure.RAIN_DAY: MeasureFacts(mark("rain since 08:00"), "mm", DAY),
    Measure.RISE_RATE: MeasureFacts(mark("rise rate of the level"), "m/h", HOUR),
    Measure.SPEED: MeasureFacts(mark("speed"), "mm/d", NOISY_DAYS * DAY),
    Measure.ACCELERATION: MeasureFacts(mark("acceleration"), "mm/d2", 2 * NOISY_DAYS * DAY),
    Measure.TANGENT_STAGE: MeasureFacts(mark("stage by the tangent angle"), "1", (2 * NOISY_DAYS + 2) * DAY),
    Measure.CLOCK_ERROR: MeasureFacts(mark("error of the device's clock"), "s", 0.0),
    Measure.SILENCE: MeasureFacts(mark("intervals without a report"), "1", 0.0),
}
