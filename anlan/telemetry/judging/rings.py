"""The last readings of each datastream, kept in mind as far back as any figure looks.

A ring is filled from the store when its datastream first speaks, up to where the rules had got: what is later waits in
a parcel. What a ring holds is bounded in time and in number, so that the process does not grow.
"""

from collections.abc import Iterable, Mapping
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection, sql

from anlan.telemetry.actions.keeping import moment
from anlan.telemetry.core.parcels import Flags
from anlan.telemetry.core.series import Floats, Series
from anlan.telemetry.queries.judged import Rows, believed_values, clock_is_right, corrections_of, rows_by
from anlan.telemetry.queries.watched import Stream

MOST = 16384  # readings of a datastream; older ones are looked up in the store
FEW = 64


class Ring:
    """The last readings of one datastream, oldest first.

    Attributes:
        until: the last instant judged, −inf before the first.
        doubtful_until: what is not later came from the store and may wait in a parcel all the same.
        unchanged_since: since when the value has been the same.
        corrections: what stands in the place of raw values.
    """

    __slots__ = (
        "_believed", "_end", "_flags", "_start", "_times", "_values",
        "corrections", "depth_s", "doubtful_until", "is_whole", "unchanged_since", "until",
    )  # fmt: skip

    def __init__(self, depth_s: float, until: float) -> None:
        self.depth_s = depth_s
        self.until = self.doubtful_until = until
        self.unchanged_since = inf
        self.is_whole = until == -inf  # nothing earlier lies in the store
        self.corrections: dict[float, float] = {}
        self._start = self._end = 0
        self._times, self._values, self._believed = (np.empty(FEW) for _ in range(3))
        self._flags = np.empty(FEW, np.int16)

    @property
    def times(self) -> Floats:
        """(N,) seconds since 1970."""
        return self._times[self._start : self._end]

    @property
    def values(self) -> Floats:
        """(N,) raw."""
        return self._values[self._start : self._end]

    @property
    def flags(self) -> Flags:
        """(N,) of `Quality`."""
        return self._flags[self._start : self._end]

    @property
    def believed(self) -> Floats:
        """(N,) corrected, NaN where not to be believed."""
        return self._believed[self._start : self._end]

    def __len__(self) -> int:
        return self._end - self._start

    def reaches(self, time: float) -> bool:
        """Tell whether it holds all that came after an instant."""
        return self.is_whole or (len(self) > 0 and self._times[self._start] <= time)

    def append(self, times: Floats, values: Floats, flags: Flags, oldest: float) -> None:
        """Take readings that are later than all it holds; `oldest` is the first instant that is touched at all."""
        count = len(times)
        if self._end + count > len(self._times):
            self._make_room(count, oldest)
        first, last = self._end, self._end + count
        self._times[first:last], self._values[first:last], self._flags[first:last] = times, values, flags
        self._end = last
        place = first - self._start
        self.believe(place, place + count)
        self.until = float(times[-1])

    def merge(self, places: "NDArray[np.intp]", times: Floats, values: Floats, flags: Flags) -> None:
        """Take readings that stand between those it holds, each before the one at its place."""
        rows = [
            np.insert(old, places, new)
            for old, new in (
                (self.times, times),
                (self.values, values),
                (self.flags, flags),
                (self.believed, np.full(len(times), np.nan)),
            )
        ]
        if self._start + len(rows[0]) > len(self._times):
            size = 2 * len(rows[0])
            self._times, self._values, self._believed = (np.empty(size) for _ in range(3))
            self._flags, self._start = np.empty(size, np.int16), 0
        self._end = self._start + len(rows[0])
        self._times[self._start : self._end] = rows[0]
        self._values[self._start : self._end] = rows[1]
        self._flags[self._start : self._end] = rows[2]
        self._believed[self._start : self._end] = rows[3]
        for place in np.searchsorted(self.times, times).tolist():
            self.believe(place, place + 1)

    def set_flags(self, first: int, flags: Flags) -> None:
        """Flag readings anew from a place on."""
        self.flags[first : first + len(flags)] = flags
        self.believe(first, first + len(flags))

    def believe(self, first: int, last: int) -> None:
        """Tell again what is to be believed of some readings."""
        cut = slice(first, last)
        rows = Rows(np.zeros(last - first, np.int32), self.times[cut], self.values[cut], self.flags[cut])
        self.believed[cut] = believed_values(rows, self.corrections)

    def series(self, after: float = -inf) -> Series:
        """Return what is believed after an instant."""
        first = int(np.searchsorted(self.times, after, side="right"))
        return Series(self.times[first:], self.believed[first:])

    def latest(self) -> int | None:
        """Return where the newest believable reading stands."""
        known = np.flatnonzero(np.isfinite(self.believed[-FEW:]))
        if len(known):
            return max(len(self) - FEW, 0) + int(known[-1])
        known = np.flatnonzero(np.isfinite(self.believed))
        return int(known[-1]) if len(known) else None

    def _make_room(self, count: int, oldest: float) -> None:
        """Let go of what lies too far back, and grow where that is not enough."""
        keep_from = int(np.searchsorted(self.times, oldest - self.depth_s))
        keep_from = max(min(keep_from, len(self) - 8), len(self) + count - MOST, 0)
        keep_from = min(keep_from, len(self))
        if keep_from:
            self.is_whole = False
            gone = float(self.times[keep_from - 1])
            self.corrections = {time: value for time, value in self.corrections.items() if time > gone}
        kept = len(self) - keep_from
        size = max(FEW, 2 * (kept + count) if (kept + count) * 4 > len(self._times) * 3 else len(self._times))
        for name in ("_times", "_values", "_believed", "_flags"):
            old = getattr(self, name)
            new = np.empty(size, old.dtype)
            new[:kept] = old[self._start + keep_from : self._end]
            setattr(self, name, new)
        self._start, self._end = 0, kept


_ROWS = (
    "unnest({ids}::int[], {depths}::float8[], {untils}::timestamptz[]) w(id, depth_s, until)"
    ' JOIN telemetry_reading r ON r.datastream_id = w.id AND r."time" <= w.until'
    " AND r.\"time\" > w.until - w.depth_s * interval '1 second'"
)


def rings_of(raw: "Connection[Any]", streams: Iterable[Stream], until: Mapping[int, float]) -> dict[int, Ring]:
    """Return the rings of datastreams as the store holds them.

    Args:
        raw: in a transaction.
        streams: asked for.
        until: up to where the rules had got with each, seconds since 1970; −inf where they never began.
    """
    some = list(streams)
    found = {each.id: Ring(each.depth_s, until[each.id]) for each in some}
    begun = [each for each in some if until[each.id] > -inf]
    if not begun:
        return found
    condition = sql.SQL(_ROWS).format(
        ids=sql.Literal([each.id for each in begun]),
        depths=sql.Literal([each.depth_s for each in begun]),
        untils=sql.Literal([moment(until[each.id]) for each in begun]),
    )
    corrections = corrections_of(raw, [each.id for each in begun], -inf)
    for key, rows in rows_by(raw, condition).parts():
        _fill(found[key], rows, corrections.get(key, {}))
    return found


def _fill(ring: Ring, rows: Rows, corrections: Mapping[float, float]) -> None:
    right = np.flatnonzero(clock_is_right(rows))[-MOST:]
    if not len(right):
        return
    until = ring.until
    ring.corrections = {time: value for time, value in corrections.items() if time >= rows.times[right[0]]}
    ring.append(rows.times[right], rows.values[right], rows.flags[right], -inf)
    ring.until = until
    changes = np.flatnonzero(np.diff(ring.values) != 0)
    ring.unchanged_since = float(ring.times[changes[-1] + 1 if len(changes) else 0])
