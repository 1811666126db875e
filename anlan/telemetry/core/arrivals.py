"""What is judged of a reading at the door, from itself alone: its range and its clock.

Source: docs/methods/rain.md, equations (9) and (12).
"""

import numpy as np

from anlan.telemetry.core.parcels import Flags
from anlan.telemetry.core.quality import MOST, Limits, Quality
from anlan.telemetry.core.series import Floats

CLOCK = Limits()


def flags_on_arrival(values: Floats, times: Floats, arrived: Floats, lowest: Floats, highest: Floats) -> Flags:
    """Return the flags that a reading has by itself.

    Args:
        values: (N,) in the unit of each datastream, NaN missing.
        times: (N,) seconds since 1970.
        arrived: (N,) seconds since 1970.
        lowest: (N,) of each datastream; −inf asks nothing.
        highest: (N,) of each datastream; +inf asks nothing.

    Returns:
        (N,) of `Quality`: RANGE and CLOCK.
    """
    out = (values < np.maximum(lowest, -MOST)) | (values > np.minimum(highest, MOST))  # (9)
    wrong = (times - arrived > CLOCK.ahead_s) | (arrived - times > CLOCK.behind_s)  # (12)
    flags = out * np.int16(Quality.RANGE) | wrong * np.int16(Quality.CLOCK)
    return np.asarray(flags, dtype=np.int16)
