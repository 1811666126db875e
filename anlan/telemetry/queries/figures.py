"""The figures that a rule looks at, from the store."""

from collections.abc import Mapping
from math import inf
from typing import Any

import numpy as np
from psycopg import Connection

from anlan.telemetry.core.derived import Figures
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.thinning import figures_of
from anlan.telemetry.core.watch import Reading
from anlan.telemetry.queries.judged import believed_between
from anlan.telemetry.queries.watched import Aim


def stored_figures(raw: "Connection[Any]", aim: Aim, after: float, untils: Mapping[str, float]) -> dict[str, Figures]:
    """Return the figures of each sensor of a place after an instant, from the store."""
    streams = {stream.id: (key, stream) for key, stream in aim.by_sensor.items()}
    quantity = aim.rule.quantity
    longest = max(stream.source.interval_s for _, stream in streams.values())
    back = after - QUANTITIES[quantity].looks_back_s - 3 * longest
    found = {}
    for key, series in believed_between(raw, streams, back, max(untils.values(), default=inf)).items():
        sensor, stream = streams[key]
        series = series.within(-inf, untils.get(sensor, inf))
        if quantity is Quantity.SILENCE:
            times = series.times[series.times > after]
            found[sensor] = Figures(times, np.ones(len(times)), np.ones(len(times)), np.ones(len(times), np.bool_))
        else:
            found[sensor] = figures_of(quantity, series, after, stream.source)
    return found


def readings_of(figures: Figures, after: float = -inf) -> list[Reading]:
    """Return figures after an instant as watching takes them."""
    first = int(np.searchsorted(figures.times, after, side="right"))
    rows = (figures.times[first:].tolist(), figures.values[first:].tolist(), figures.keeps[first:].tolist())
    return [Reading(*each) for each in zip(*rows, strict=True)]
