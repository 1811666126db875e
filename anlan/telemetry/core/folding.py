"""One sensor's readings, in order, through the limits of a rule.

Source: docs/methods/alarm-rules.md, equations (1)–(4).
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf, isinf, isnan

from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rules import Colour, Limits, Rule
from anlan.telemetry.core.watch import CALM, Change, Hold, Reading, Run, Sensor, Track

MARKS = 6  # runs to go back to within what is remembered
BREAK_INTERVALS = 3  # reporting intervals without a value that break what must last
COLOURS = tuple(Colour)
QUIET = Run().holds


def folded(rule: Rule, sensor: Sensor, track: Track, readings: Sequence[Reading], remembers_s: float) -> Track:
    """Return the track after readings that are all later than its last, oldest first."""
    run, marks, changes = track.run, list(track.marks), list(track.changes)
    step = _silence_step if rule.quantity is Quantity.SILENCE else _limit_step
    steady = None if rule.seasons else rule.limits_at(sensor.station, 0.0)
    for reading in readings:
        limits = rule.limits_at(sensor.station, reading.time) if steady is None else steady
        run = step(rule, sensor, run, reading, (limits, changes))
        if not marks or reading.time - _last(marks[-1]) >= remembers_s / MARKS:
            marks.append(run)
    while len(marks) > 1 and _last(marks[1]) <= _last(run) - remembers_s:
        del marks[0]
    return Track(run, tuple(marks), tuple(changes))


def rewound(track: Track, time: float) -> Track:
    """Return the track as it was before an instant, as near as is remembered: blank where it is not."""
    for place in range(len(track.marks) - 1, -1, -1):
        mark = track.marks[place]
        if _last(mark) < time:
            kept = tuple(each for each in track.changes if each.at <= _last(mark))
            return Track(mark, track.marks[: place + 1], kept)
    return Track()


def silences(rule: Rule, sensor: Sensor, last: float, until: float) -> list[Change]:
    """Return the colours that the silence after the last report has reached.

    Source: docs/methods/alarm-rules.md, equation (4).
    """
    found = []
    for colour, limit in rule.limits_at(sensor.station, last).items():
        if until - last > limit * sensor.interval_s:  # (4)
            at = last + limit * sensor.interval_s
            found.append(Change(at, sensor.key, colour, True, limit, limit))
    return found


def _last(run: Run) -> float:
    return -inf if run.last is None else run.last


_Pass = tuple[Limits, list[Change]]


def _silence_step(rule: Rule, sensor: Sensor, run: Run, reading: Reading, into: _Pass) -> Run:
    _, changes = into
    if run.last is not None:
        intervals = (reading.time - run.last) / sensor.interval_s
        for began in silences(rule, sensor, run.last, reading.time):
            changes += (began, replace(began, at=reading.time, is_on=False, value=intervals))
    return Run(reading.time, reading.time, run.holds)


def _limit_step(rule: Rule, sensor: Sensor, run: Run, reading: Reading, into: _Pass) -> Run:
    limits, changes = into
    if isnan(reading.value):
        return Run(reading.time, run.seen, run.holds)
    sign = rule.sign
    keeps = reading.value if reading.keeps is None else reading.keeps
    value, most = sign * reading.value, inf if isinf(keeps) else sign * keeps
    if run.holds is QUIET and all(sign * limit > value and sign * limit > most for limit in limits.values()):
        return Run(reading.time, reading.time, QUIET)
    is_broken = run.seen is not None and reading.time - run.seen > BREAK_INTERVALS * sensor.interval_s
    holds = []
    for colour, hold in zip(COLOURS, run.holds, strict=True):
        limit = limits.get(colour)
        if limit is None:
            new = CALM
        elif hold.is_on:
            new = _kept(rule, hold, most < sign * rule.rests_at(limit), reading.time)
        else:
            since = None if is_broken else hold.since
            new = _reached(rule, replace(hold, since=since), value >= sign * limit, most < sign * limit, reading.time)
        if new.is_on != hold.is_on:
            shown = reading.value if new.is_on else keeps
            changes.append(Change(reading.time, sensor.key, colour, new.is_on, shown, 0.0 if limit is None else limit))
        holds.append(new)
    return Run(reading.time, reading.time, QUIET if tuple(holds) == QUIET else tuple(holds))


def _kept(rule: Rule, hold: Hold, is_back: bool, time: float) -> Hold:
    """Return a hold that is on after a reading: off when it has been back over the margin long enough."""
    if not is_back:
        return Hold(is_on=True)
    since = time if hold.resting_since is None else hold.resting_since
    return CALM if time - since >= rule.rest_s else Hold(is_on=True, resting_since=since)


def _reached(rule: Rule, hold: Hold, is_past: bool, is_short: bool, time: float) -> Hold:
    """Return a hold that is off after a reading: on when the limit was passed long and often enough."""
    hits = tuple(hit for hit in hold.hits if time - hit < rule.within_s)
    if not is_past:
        return Hold(since=None if is_short else hold.since, hits=hits)
    since = time if hold.since is None else hold.since
    if rule.times > 1:
        hits = (*hits, time)
    if time - since >= rule.lasts_s and (rule.times == 1 or len(hits) >= rule.times):  # (3)
        return Hold(is_on=True)
    return Hold(since=since, hits=hits)
