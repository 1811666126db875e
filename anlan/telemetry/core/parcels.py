"""Readings packed for the rules: columns as bytes, so that a thousand cost what one does."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from anlan.telemetry.core.series import Floats

Ids = NDArray[np.int32]
Flags = NDArray[np.int16]
_PACK, _UNPACK = msgspec.msgpack.Encoder().encode, msgspec.msgpack.Decoder().decode


@dataclass(frozen=True, slots=True)
class Heard:
    """A device spoke.

    Attributes:
        device: its id.
        at: seconds since 1970 when it was heard.
        clock_error_s: its clock less ours, None where it told no time of sending.
    """

    device: int
    at: float
    clock_error_s: float | None = None


@dataclass(frozen=True, slots=True)
class Readings:
    """N readings as columns.

    Attributes:
        datastreams: (N,) ids.
        times: (N,) seconds since 1970.
        values: (N,) in the unit of each datastream; NaN is a missing value that was told.
        flags: (N,) of `quality.Quality`.
        arrived: (N,) seconds since 1970.
    """

    datastreams: Ids
    times: Floats
    values: Floats
    flags: Flags
    arrived: Floats

    def __len__(self) -> int:
        return len(self.times)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a parcel brings to the rules.

    Attributes:
        readings: that were committed with it.
        heard: devices that spoke.
        again: ids of datastreams whose past is to be judged anew from an instant (a correction, a changed register).
    """

    readings: Readings
    heard: tuple[Heard, ...] = ()
    again: tuple[tuple[int, float], ...] = field(default_factory=tuple)


def no_readings() -> Readings:
    """Return no readings."""
    return Readings(np.zeros(0, np.int32), np.zeros(0), np.zeros(0), np.zeros(0, np.int16), np.zeros(0))


def pack(contents: Contents) -> bytes:
    """Return a parcel as bytes."""
    readings = contents.readings
    return _PACK(
        {
            "datastreams": readings.datastreams.astype("<i4").tobytes(),
            "times": readings.times.astype("<f8").tobytes(),
            "values": readings.values.astype("<f8").tobytes(),
            "flags": readings.flags.astype("<i2").tobytes(),
            "arrived": readings.arrived.astype("<f8").tobytes(),
            "heard": [(each.device, each.at, each.clock_error_s) for each in contents.heard],
            "again": contents.again,
        }
    )


def unpack(content: bytes) -> Contents:
    """Return what `pack` packed."""
    raw = _UNPACK(content)
    readings = Readings(
        np.frombuffer(raw["datastreams"], "<i4"),
        np.frombuffer(raw["times"], "<f8"),
        np.frombuffer(raw["values"], "<f8"),
        np.frombuffer(raw["flags"], "<i2"),
        np.frombuffer(raw["arrived"], "<f8"),
    )
    heard = tuple(Heard(*each) for each in raw["heard"])
    return Contents(readings, heard, tuple((int(key), float(since)) for key, since in raw["again"]))


def joined(parts: Sequence[Readings]) -> Readings:
    """Return the readings of all parts, in their order."""
    if not parts:
        return no_readings()
    return Readings(
        np.concatenate([part.datastreams for part in parts]),
        np.concatenate([part.times for part in parts]),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.flags for part in parts]),
        np.concatenate([part.arrived for part in parts]),
    )
