"""Observations as columns: read as a whole, and one by one only where something in a column is faulty."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np

from anlan.telemetry.core.sensorthings.refusals import BadRequest
from anlan.telemetry.core.sensorthings.times import all_milliseconds, instant_of, milliseconds
from anlan.telemetry.core.series import Floats, Integers

Faults = dict[int, BadRequest]  # by place; the first fault of a row stays
_NUMBERS = frozenset({int, float, type(None)})


@dataclass(frozen=True, slots=True)
class Observations:
    """Observations of one datastream that are to be taken in.

    Attributes:
        datastream: its id.
        times: (N,) milliseconds since 1970.
        values: (N,) in the unit of the datastream; NaN is a missing value.
        faults: why a row cannot be taken in, by its place; its time and value mean nothing.
    """

    datastream: int
    times: Integers
    values: Floats
    faults: Mapping[int, BadRequest]

    def ids(self, before: str = "", after: str = "") -> list[str]:
        """Return the id of each, as `times.observation_id` makes them, between two texts."""
        begins = f"{before}{self.datastream}-"
        return [f"{begins}{time}{after}" for time in self.times.tolist()]


def columns_of(rows: Sequence[Any], width: int, faults: Faults) -> list[Sequence[object]]:
    """Return rows as columns; a row that is none, or of another width, stands in them as nulls."""
    if set(map(type, rows)) - {list} or set(map(len, rows)) - {width}:
        whole = []
        for place, row in enumerate(rows):
            if isinstance(row, list) and len(row) == width:
                whole.append(row)
            else:
                faults[place] = BadRequest("A row has as many values as there are components")
                whole.append([None] * width)
        rows = whole
    return list(zip(*rows, strict=True)) or [()] * width


def times_of(told: Sequence[object], arrived: int, faults: Faults) -> Integers:
    """Return the milliseconds since 1970 of a column of times; null is the time of arrival."""
    found = all_milliseconds(told)
    if found is not None:
        return np.array(found, dtype=np.int64)
    each = _one_by_one(told, lambda time: arrived if time is None else milliseconds(instant_of(time)), 0, faults)
    return np.array(each, dtype=np.int64)


def values_of(told: Sequence[object], faults: Faults) -> Floats:
    """Return a column of results as numbers; null is a missing value."""
    if not set(map(type, told)) - _NUMBERS:
        try:
            return np.array(told, dtype=np.float64)
        except OverflowError:
            pass  # a whole number that no float holds: one by one tells which
    return np.array(_one_by_one(told, result_of, nan, faults), dtype=np.float64)


def result_of(result: object) -> float:
    """Return the number that a result is; null is a missing value.

    Raises:
        BadRequest: it is none.
    """
    if result is None:
        return nan
    if isinstance(result, bool) or not isinstance(result, int | float):
        raise BadRequest("The result %(result)s is no number", result=str(result)[:80])
    try:
        return float(result)
    except OverflowError:
        raise BadRequest("The result %(result)s is no number", result=str(result)[:80]) from None


def _one_by_one(
    told: Sequence[object], read: Callable[[object], float], otherwise: float, faults: Faults
) -> list[float]:
    found = []
    for place, each in enumerate(told):
        try:
            found.append(read(each))
        except BadRequest as reason:
            faults.setdefault(place, reason)
            found.append(otherwise)
    return found
