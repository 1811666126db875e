"""Watching a place by a rule: state in, readings in → state out, news.

The alarms are a function of the readings alone: one by one or in batches, in order or late, they come out the same.
What a late reading changes is told as events added and events withdrawn.

Source: docs/methods/alarm-rules.md.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from math import inf

from anlan.telemetry.core.folding import MARKS, folded, rewound, silences
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.rules import Colour
from anlan.telemetry.core.watch import Change, Event, News, Reading, Sensor, Settled, Taken, Target, Track, Watch

History = Callable[[str, float], Iterable[Reading]]  # the readings of a sensor after an instant
On = frozenset[tuple[str, Colour]]


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm from its raising to its clearing; `cleared_at` is None while it stands."""

    raised_at: float
    highest: Colour
    colour: Colour
    cleared_at: float | None


def take(target: Target, watch: Watch, readings: Mapping[str, Iterable[Reading]], history: History) -> Taken:
    """Return the watch after readings, and what they change.

    Args:
        target: rule and sensors.
        watch: as it was.
        readings: by sensor, in any order; one at an instant already read is a correction.
        history: asked only where a reading is late, for what the store holds; the readings given may be missing in it.
    """
    tracks, sensors = dict(watch.tracks), {sensor.key: sensor for sensor in target.sensors}
    told_until = -inf if watch.settled.at is None else watch.settled.at
    for key, some in readings.items():
        news = {reading.time: reading for reading in some}
        if not news:
            continue
        if min(news) <= told_until:
            return _all_again(target, watch, readings, history)
        track = tracks.get(key, Track())
        if track.run.last is not None and min(news) <= track.run.last:
            track = rewound(track, min(news))
            since = -inf if track.run.last is None else track.run.last
            news = {each.time: each for each in history(key, since)} | news
        track = _carried(target, sensors[key], track, news, watch.remembers_s)
        tracks[key] = _without_old(track, told_until)
    return _told(target, watch, replace(watch, tracks=tracks))


def tick(target: Target, watch: Watch, now: float) -> Taken:
    """Return the watch when it is so late, seconds since 1970: only silence is told by the clock."""
    if target.rule.quantity is not Quantity.SILENCE or (watch.now is not None and now <= watch.now):
        return Taken(watch)
    return _told(target, watch, replace(watch, now=now))


def rehearse(target: Target, readings: Mapping[str, Iterable[Reading]], *, until: float | None = None) -> list[Alarm]:
    """Return the alarms that the rule would have raised in this history: as many times it would have fired.

    Args:
        target: rule and sensors.
        readings: by sensor, in any order.
        until: seconds since 1970 up to which silence is looked for; None leaves the last silence open.
    """
    watch = take(target, Watch(remembers_s=inf), readings, lambda _key, _after: ()).watch
    if until is not None:
        watch = tick(target, watch, until).watch
    return alarms_of(events_of(target, watch))


def alarms_of(events: Iterable[Event]) -> list[Alarm]:
    """Return the alarms that events tell of, oldest first."""
    alarms: dict[float, Alarm] = {}
    for event in sorted(events, key=lambda each: each.at):
        before = alarms.get(event.raised_at, Alarm(event.raised_at, event.colour, event.colour, None))
        cleared_at = event.at if event.news is News.CLEARED else None
        alarms[event.raised_at] = Alarm(event.raised_at, max(before.highest, event.colour), event.colour, cleared_at)
    return list(alarms.values())


def standing(target: Target, watch: Watch) -> Event | None:
    """Return the event that opened the alarm standing now, with the colour it has now; None where all is calm."""
    return _settled_at(target, watch, inf).opening


def ended(target: Target, watch: Watch, at: float) -> Event | None:
    """Return the event that closes the standing alarm when its rule ends at an instant; None if all is calm."""
    opening = standing(target, watch)
    return None if opening is None else replace(opening, at=at, news=News.CLEARED)


def events_of(target: Target, watch: Watch) -> list[Event]:
    """Return the events of the alarm since what is settled."""
    return [event for _, event in _replayed(target, watch) if event is not None]


def _carried(target: Target, sensor: Sensor, track: Track, news: Mapping[float, Reading], remembers_s: float) -> Track:
    ordered = [news[time] for time in sorted(news) if track.run.last is None or time > track.run.last]
    return folded(target.rule, sensor, track, ordered, remembers_s)


def _all_again(target: Target, watch: Watch, readings: Mapping[str, Iterable[Reading]], history: History) -> Taken:
    """Return the watch computed from all that the store holds: a reading came later than is remembered."""
    tracks = {}
    for sensor in target.sensors:
        known = {each.time: each for each in history(sensor.key, -inf)}
        known |= {each.time: each for each in readings.get(sensor.key, ())}
        if known:
            tracks[sensor.key] = _carried(target, sensor, Track(), known, watch.remembers_s)
    fresh = Watch(tracks, Settled(), watch.now, watch.remembers_s)
    return Taken(_trimmed(target, fresh), tuple(events_of(target, fresh)), is_anew=True)


def _told(target: Target, before: Watch, after: Watch) -> Taken:
    """Return the new watch with what it tells otherwise than the old; both rest on the same past."""
    if not _differ(target, before, after):
        return Taken(_trimmed(target, after))
    old, new = events_of(target, before), events_of(target, after)
    added = tuple(event for event in new if event not in old)
    withdrawn = tuple(event for event in old if event not in new)
    return Taken(_trimmed(target, after), added, withdrawn)


def _differ(target: Target, before: Watch, after: Watch) -> bool:
    if target.rule.quantity is Quantity.SILENCE:
        return list(_changes(target, before)) != list(_changes(target, after))
    return any(track.changes != before.tracks.get(key, Track()).changes for key, track in after.tracks.items())


def _trimmed(target: Target, watch: Watch) -> Watch:
    """Return the watch whose settled past has moved up to what is remembered in full."""
    spoke = [track.run.last for track in watch.tracks.values() if track.run.last is not None]
    at = max(spoke, default=-inf) - watch.remembers_s
    if target.rule.quantity is Quantity.SILENCE:
        at = min((at, *spoke))  # a silence that lasts is not settled
    if at < (-inf if watch.settled.at is None else watch.settled.at + watch.remembers_s / MARKS) or at == -inf:
        return watch  # moved by steps: each costs a look at everything
    tracks = {key: _without_old(track, at) for key, track in watch.tracks.items()}
    return replace(watch, tracks=tracks, settled=_settled_at(target, watch, at))


def _without_old(track: Track, at: float) -> Track:
    """Return the track without the changes up to an instant, which are settled."""
    if not track.changes or track.changes[0].at > at:
        return track
    return replace(track, changes=tuple(each for each in track.changes if each.at > at))


def _settled_at(target: Target, watch: Watch, at: float) -> Settled:
    """Return how the place stood at an instant."""
    on, opening = watch.settled.on, watch.settled.opening
    for now, event in _replayed(target, watch, until=at):
        on = now
        if event is None:
            continue
        if event.news is News.RAISED:
            opening = event
        elif opening is not None:
            opening = None if event.news is News.CLEARED else replace(opening, colour=event.colour)
    return Settled(at, on, opening)


def _replayed(target: Target, watch: Watch, *, until: float = inf) -> Iterator[tuple[On, Event | None]]:
    """Yield what is on after each instant at which something changes, with the event it makes."""
    changes = sorted(_changes(target, watch), key=lambda each: (each.at, each.sensor, each.colour, each.is_on))
    on = watch.settled.on
    level, raised_at = _level(target, on), watch.settled.opening.raised_at if watch.settled.opening else None
    for at, together in groupby(changes, key=lambda each: each.at):
        if at > until:
            return
        some = list(together)
        on = (on | {_place(each) for each in some if each.is_on}) - {_place(each) for each in some if not each.is_on}
        now = _level(target, on)
        event = None
        if now != level:
            raised_at = at if raised_at is None else raised_at
            event = _event(at, raised_at, (level, now), some)
            raised_at = raised_at if now else None
            level = now
        yield on, event


def _changes(target: Target, watch: Watch) -> Iterator[Change]:
    sensors = {sensor.key: sensor for sensor in target.sensors}
    for key, track in watch.tracks.items():
        yield from track.changes
        if target.rule.quantity is Quantity.SILENCE and watch.now is not None and track.run.last is not None:
            yield from silences(target.rule, sensors[key], track.run.last, watch.now)


def _place(change: Change) -> tuple[str, Colour]:
    return change.sensor, change.colour


def _level(target: Target, on: On) -> Colour | None:
    """Return the gravest colour on which enough sensors agree."""
    for colour in sorted({each for _, each in on}, reverse=True):
        if len({sensor for sensor, each in on if each >= colour}) >= target.needed(colour):
            return colour
    return None


def _event(at: float, raised_at: float, levels: tuple[Colour | None, Colour | None], some: list[Change]) -> Event:
    before, now = levels
    is_up = now is not None and (before is None or now > before)
    cause = max((each for each in some if each.is_on is is_up), key=lambda each: each.colour, default=some[-1])
    if now is None:
        return Event(at, News.CLEARED, before or Colour.BLUE, raised_at, cause.sensor, cause.value, cause.limit)
    news = News.RAISED if before is None else News.ROSE if is_up else News.FELL
    return Event(at, news, now, raised_at, cause.sensor, cause.value, cause.limit)
