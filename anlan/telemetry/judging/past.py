"""Judging the past anew: readings that came later than is remembered, corrections, a register that changed.

What an alarm was depends on what came before it, back to an instant at which the place was calm beyond doubt. From
there on everything is taken again from the store; alarms raised after it are replaced.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from psycopg import Connection

from anlan.telemetry.core.derived import Figures
from anlan.telemetry.core.quality import Quality, flags_of
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.series import DAY, Bools, Floats, Series
from anlan.telemetry.core.watch import Event, Reading, Watch
from anlan.telemetry.core.watching import take
from anlan.telemetry.queries.figures import readings_of, stored_figures
from anlan.telemetry.queries.judged import clock_is_right, rows_between
from anlan.telemetry.queries.watched import Aim, Stream, every_limit

NEIGHBOURHOOD = 16  # reporting intervals around a reading in which its neighbours are looked for
STEPS_S = (2 * DAY, 16 * DAY, 128 * DAY, inf)  # how far back calm is looked for


@dataclass(frozen=True, slots=True)
class Past:
    """A place judged anew.

    Attributes:
        after: from when on.
        watch: as it stands now.
        events: of the alarms raised since.
    """

    after: float
    watch: Watch
    events: tuple[Event, ...]


def judged_anew(
    raw: "Connection[Any]", aim: Aim, since: float, untils: Mapping[str, float], now: float | None = None
) -> Past:
    """Return a place judged from the last calm before an instant on.

    Args:
        raw: in a transaction.
        aim: rule and place.
        since: seconds since 1970 of the earliest figure that changed.
        untils: by sensor, up to where its readings are judged.
        now: up to when silence has been looked for.
    """
    for step in STEPS_S:
        figures = stored_figures(raw, aim, since - step, untils)
        after = _calm_before(aim, figures, since, is_all=step == inf)
        if after is not None:
            break
    else:
        after = -inf
    readings = {key: _readings(aim, each, after) for key, each in figures.items()}
    taken = take(aim.target, Watch(now=now), readings, lambda _key, _after: ())
    return Past(after, taken.watch, taken.added)


def flags_anew(
    raw: "Connection[Any]", stream: Stream, since: float, until: float, renewed: Quality
) -> list[tuple[int, float, int]]:
    """Return the flags in a span of the store that are otherwise when its readings are looked at together.

    Args:
        raw: in a transaction.
        stream: whose readings.
        since: seconds since 1970 of the first reading that is new.
        until: of the last.
        renewed: which flags are told anew; the others stay.
    """
    around = NEIGHBOURHOOD * stream.source.interval_s + (stream.limits.stuck_s or 0.0) + DAY
    rows = rows_between(raw, [stream.id], since - around, until + around)
    right = clock_is_right(rows)
    times, old = rows.times[right], rows.flags[right].astype(np.int64)
    fresh = flags_of(Series(times, rows.values[right]), stream.limits)
    new = (old & ~int(renewed)) | (fresh & int(renewed))
    # The outermost lack their neighbours; no reading so far away is touched.
    span = NEIGHBOURHOOD // 2 * stream.source.interval_s
    changed = np.flatnonzero((new != old) & (times >= since - span) & (times <= until + span))
    return [(stream.id, float(times[each]), int(new[each])) for each in changed.tolist()]


def _readings(aim: Aim, figures: Figures, after: float) -> list[Reading]:
    if aim.rule.quantity is Quantity.SILENCE:
        before = int(np.searchsorted(figures.times, after, side="right")) - 1  # silence counts from the report before
        after = float(np.nextafter(figures.times[before], -inf)) if before >= 0 else -inf
    return readings_of(figures, after)


def _calm_before(aim: Aim, figures: Mapping[str, Figures], since: float, *, is_all: bool) -> float | None:
    """Return the last instant before another at which every sensor was calm beyond doubt; None where there is none."""
    moments = np.unique(np.concatenate([np.zeros(0), *(each.times[each.times < since] for each in figures.values())]))
    calm = np.ones(len(moments), dtype=np.bool_)
    for key in aim.by_sensor:
        each = figures.get(key)
        times = np.zeros(0) if each is None else each.times
        place = np.searchsorted(times, moments, side="right") - 1
        known = np.zeros(len(moments), np.bool_)
        if each is not None and len(times):
            known = (place >= 0) & _is_calm(aim, key, each, moments, place)
        calm &= known | (is_all & (place < 0))
    found = np.flatnonzero(calm)
    return float(moments[found[-1]]) if len(found) else None


def _is_calm(aim: Aim, key: str, figures: Figures, moments: Floats, place: "np.ndarray[Any, Any]") -> Bools:
    rule = aim.rule
    if rule.quantity is Quantity.SILENCE:
        stream = aim.by_sensor[key]
        limits = rule.limits_at(key, 0.0)
        least = min(limits.values(), default=inf) * stream.source.interval_s
        return np.asarray(moments - figures.times[place] <= least)
    return np.asarray(_rests(aim, key, figures)[place])


def _rests(aim: Aim, key: str, figures: Figures) -> Bools:
    """Return after which readings nothing of a sensor can be on, whatever was before."""
    rule = aim.rule
    limits = every_limit(rule, key)
    if not limits:
        return np.ones(len(figures.times), dtype=np.bool_)
    rests = min(min(rule.sign * rule.rests_at(limit), rule.sign * limit) for limit in limits)
    unknown = np.isnan(figures.values)
    back = (rule.sign * figures.values < rests) & (rule.sign * figures.keeps < rests) & np.isfinite(figures.keeps)
    stays = max(rule.rest_s, rule.within_s)
    # A missing value neither breaks a rest nor ends it.
    broken_at = np.maximum.accumulate(np.where(back | unknown, -1, np.arange(len(back))))
    known = np.append(np.where(back, figures.times, inf), inf)
    following = np.minimum.accumulate(known[::-1])[::-1]  # the first time back at a place or after it
    begins = following[broken_at + 1]
    return np.asarray(figures.times - begins >= stays) & back
