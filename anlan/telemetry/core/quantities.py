"""What a rule may look at: the readings themselves and the figures derived from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from anlan.kernel.refusal import mark
from anlan.telemetry.core.motion import NOISY_DAYS
from anlan.telemetry.core.series import DAY, HOUR


class Quantity(StrEnum):
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
class QuantityFacts:
    """What is known of a quantity.

    Attributes:
        name: marked msgid.
        unit: UCUM code; "" is the datastream's own.
        looks_back_s: how far back it reads, seconds.
        decimals: with how many it is shown; of readings their kind tells it.
    """

    name: str
    unit: str
    looks_back_s: float
    decimals: int = 1


RAIN_HOURS: Mapping[Quantity, int] = {
    Quantity.RAIN_1H: 1,
    Quantity.RAIN_3H: 3,
    Quantity.RAIN_6H: 6,
    Quantity.RAIN_24H: 24,
}
QUANTITIES: Mapping[Quantity, QuantityFacts] = {
    Quantity.READING: QuantityFacts(mark("reading"), "", 0.0),
    Quantity.RAIN_1H: QuantityFacts(mark("rain of 1 h"), "mm", HOUR),
    Quantity.RAIN_3H: QuantityFacts(mark("rain of 3 h"), "mm", 3 * HOUR),
    Quantity.RAIN_6H: QuantityFacts(mark("rain of 6 h"), "mm", 6 * HOUR),
    Quantity.RAIN_24H: QuantityFacts(mark("rain of 24 h"), "mm", 24 * HOUR),
    Quantity.RAIN_DAY: QuantityFacts(mark("rain since 08:00"), "mm", DAY),
    Quantity.RISE_RATE: QuantityFacts(mark("rise rate of the level"), "m/h", HOUR, 2),
    Quantity.SPEED: QuantityFacts(mark("speed"), "mm/d", NOISY_DAYS * DAY, 2),
    Quantity.ACCELERATION: QuantityFacts(mark("acceleration"), "mm/d2", 2 * NOISY_DAYS * DAY, 2),
    Quantity.TANGENT_STAGE: QuantityFacts(mark("stage by the tangent angle"), "1", (2 * NOISY_DAYS + 2) * DAY, 0),
    Quantity.CLOCK_ERROR: QuantityFacts(mark("error of the device's clock"), "s", 0.0),
    Quantity.SILENCE: QuantityFacts(mark("intervals without a report"), "1", 0.0),
}
