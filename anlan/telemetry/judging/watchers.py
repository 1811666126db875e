"""The places that are not calm: a watch each, taken up when something passes a limit and let go when it is over.

A watch is kept as it stood at some moment; whoever takes over replays what the store holds since. What cannot be
replayed, the error of a clock and how far silence has been looked for, is kept each time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import Any, Protocol

from django.db.models import Count, Max, Q, QuerySet
from psycopg import Connection

from anlan.telemetry.core.folding import QUIET
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.thinning import THINNED_S
from anlan.telemetry.core.watch import Reading, Run, Taken, Track, Watch
from anlan.telemetry.core.watch_content import watch_content, watch_from_content
from anlan.telemetry.core.watching import take, tick
from anlan.telemetry.judging.past import judged_anew
from anlan.telemetry.judging.telling import Verdict
from anlan.telemetry.models import Alarm, WatchState
from anlan.telemetry.queries.figures import readings_of, stored_figures
from anlan.telemetry.queries.watched import Aim, AimKey

REPLAYED = 500  # readings after which a watch is kept anew, so that taking over is quick


class Reach(Protocol):
    """Up to where the sensors of places are judged."""

    def before(self, aim: Aim, sensor: str) -> float:
        """Return it as it was before this round, −inf where nothing was."""
        ...

    def until(self, aim: Aim, sensor: str) -> float:
        """Return it with this round."""
        ...


@dataclass(slots=True)
class Live:
    """A place that is not calm.

    Attributes:
        watch: of it.
        since_kept: readings taken since it was kept; None asks for it to be kept.
        due: when silence is to be looked for next, seconds since 1970.
    """

    watch: Watch
    since_kept: int | None = None
    due: float = -inf


class Watchers:
    """Every place that is not calm."""

    def __init__(self) -> None:
        self.live: dict[AimKey, Live] = {}
        self._gone: set[AimKey] = set()
        self._quiet: dict[AimKey, float] | None = None  # read when it is first asked for
        self._unknown: set[AimKey] = set()  # places whose alarms have changed since

    def is_live(self, key: AimKey) -> bool:
        """Tell whether a place is not calm by a rule."""
        return key in self.live

    def take(self, raw: "Connection[Any]", aim: Aim, news: Mapping[str, list[Reading]], reach: Reach) -> Verdict:
        """Take readings that come in order, or no later than is remembered."""
        live = self._live(aim, reach)
        until = {key: reach.until(aim, key) for key in aim.by_sensor}

        def history(key: str, after: float) -> Iterable[Reading]:
            figures = stored_figures(raw, replace_sensors(aim, key), after, until).get(key)
            return () if figures is None else readings_of(figures)

        is_late = any(not _in_order(live.watch, key, some) for key, some in news.items())
        taken = take(aim.target, live.watch, news, history)
        return self._after(
            aim, live, taken, is_late or bool(taken.added or taken.withdrawn), sum(map(len, news.values()))
        )

    def begin(self, aim: Aim, news: Mapping[str, list[Reading]]) -> Verdict:
        """Begin with what stands now: the limits of a calm place have changed."""
        live = self.live[aim.key] = Live(Watch())
        return self._after(aim, live, take(aim.target, live.watch, news, lambda _key, _after: ()), True, 0)

    def anew(self, raw: "Connection[Any]", aim: Aim, since: float, reach: Reach) -> Verdict:
        """Judge a place anew from the store."""
        live = self.live.get(aim.key)
        now = None if live is None else live.watch.now
        past = judged_anew(raw, aim, since, {key: reach.until(aim, key) for key in aim.by_sensor}, now)
        live = self.live[aim.key] = Live(past.watch)
        self._after(aim, live, Taken(past.watch), True, 0)
        return Verdict(aim.key, aim, past.events, anew_after=past.after)

    def tick(self, aim: Aim, now: float, reach: Reach) -> Verdict | None:
        """Look for silence at a place."""
        live = self._live(aim, reach)
        if now < live.due:
            return None
        taken = tick(aim.target, live.watch, now)
        verdict = self._after(aim, live, taken, bool(taken.added), 0)
        live.due = next_due(aim, live.watch, now)
        return verdict

    def is_settled(self, key: AimKey, time: float) -> bool:
        """Tell whether an instant lies before what a live place remembers in full."""
        settled_at = self.live[key].watch.settled.at
        return settled_at is not None and time <= settled_at

    def remembers(self, aim: Aim, sensor: str, since: float) -> bool:
        """Tell whether a live place remembers what was before an instant."""
        if aim.rule.quantity in THINNED_S:
            return False  # another reading may have been the first of its span
        watch = self.live[aim.key].watch
        track = watch.tracks.get(sensor)
        if self.is_settled(aim.key, since):
            return False
        if track is None or track.run.last is None:
            return True
        return since > track.run.last or any(mark.last is not None and mark.last < since for mark in track.marks)

    def quiet_since(self, key: AimKey) -> float:
        """Return since when a calm place has had no alarm: −inf where it never had one."""
        if self._quiet is None:
            self._quiet = _quiet(Alarm.objects.all())
            self._unknown.clear()
        if key in self._unknown:
            alarms = Alarm.objects.filter(rule_key=key[0], place_key=key[1])
            self._quiet[key] = _quiet(alarms).get(key, -inf)
            self._unknown.discard(key)
        return self._quiet.get(key, -inf)

    def let_go(self, key: AimKey) -> None:
        """Forget a place: its rule or its sensors are no more."""
        self.live.pop(key, None)
        self._gone.add(key)
        self._unknown.add(key)

    def keep(self, *, at: datetime) -> None:
        """Write in the caller's transaction what whoever takes over must know."""
        for key in self._gone - set(self.live):
            WatchState.objects.filter(rule_key=key[0], place_key=key[1]).delete()
        self._gone.clear()
        asked = {key: live for key, live in self.live.items() if live.since_kept is None or live.since_kept > REPLAYED}
        WatchState.objects.bulk_create(
            [
                WatchState(rule_key=rule, place_key=place, content=watch_content(live.watch), saved_at=at)
                for (rule, place), live in asked.items()
            ],
            update_conflicts=True,
            unique_fields=["rule_key", "place_key"],
            update_fields=["content", "saved_at"],
        )
        for live in asked.values():
            live.since_kept = 0

    def take_over(self, raw: "Connection[Any]", aims: Mapping[AimKey, Aim], reach: Reach) -> list[Verdict]:
        """Go on where another stopped: return what its alarms lack, as a rule nothing."""
        verdicts = []
        for state in WatchState.objects.order_by("id"):
            key = (state.rule_key, state.place_key)
            aim = aims.get(key)
            watch = watch_from_content(state.content)
            if aim is None or not set(watch.tracks) <= set(aim.by_sensor):
                self._gone.add(key)
                continue
            self.live[key] = Live(watch, 0)
            if aim.rule.quantity is not Quantity.CLOCK_ERROR:
                news = self._since(raw, aim, watch, reach)
                if news:
                    verdicts.append(self.take(raw, aim, news, reach))
        return verdicts

    def _since(self, raw: "Connection[Any]", aim: Aim, watch: Watch, reach: Reach) -> dict[str, list[Reading]]:
        spoke = {key: track.run.last for key, track in watch.tracks.items() if track.run.last is not None}
        if not spoke:
            return {}
        figures = stored_figures(raw, aim, min(spoke.values()), {key: reach.until(aim, key) for key in aim.by_sensor})
        news = {key: readings_of(each, spoke.get(key, -inf)) for key, each in figures.items()}
        return {key: some for key, some in news.items() if some}

    def _live(self, aim: Aim, reach: Reach) -> Live:
        """Return the place as not calm, made from where all was calm."""
        if aim.key not in self.live:
            tracks = {}
            for key in aim.by_sensor:
                last = reach.before(aim, key)
                if last > -inf:
                    run = Run(last, last, QUIET)
                    tracks[key] = Track(run, (run,))
            self.live[aim.key] = Live(Watch(tracks))
        return self.live[aim.key]

    def _after(self, aim: Aim, live: Live, taken: Taken, is_to_keep: bool, count: int) -> Verdict:
        live.watch = taken.watch
        live.due = -inf
        if is_to_keep or aim.rule.quantity is Quantity.CLOCK_ERROR:
            live.since_kept = None
        elif live.since_kept is not None:
            live.since_kept += count
        self._unknown.add(aim.key)
        if is_calm(aim, live.watch):
            self.let_go(aim.key)
        return Verdict(aim.key, aim, taken.added, taken.withdrawn, -inf if taken.is_anew else None)


def _quiet(alarms: "QuerySet[Alarm]") -> dict[AimKey, float]:
    """Return when the last alarm of each place was over; infinity where one stands."""
    found: dict[AimKey, float] = {}
    rows = (
        alarms.exclude(state="withdrawn")
        .values_list("rule_key", "place_key")
        .annotate(last=Max("cleared_at"), standing=Count("pk", filter=Q(cleared_at=None)))
    )
    for rule, place, last, standing in rows:
        found[rule, place] = inf if standing else last.timestamp()
    return found


def is_calm(aim: Aim, watch: Watch) -> bool:
    """Tell whether a watch may be forgotten: nothing is on, nothing that changed is remembered."""
    if watch.settled.on or watch.settled.opening is not None:
        return False
    if any(track.changes or track.run.holds != QUIET for track in watch.tracks.values()):
        return False
    return aim.rule.quantity is not Quantity.SILENCE or watch.now is None or next_due(aim, watch, -inf) > watch.now


def next_due(aim: Aim, watch: Watch, now: float) -> float:
    """Return when the next colour of a silence is due after an instant."""
    intervals = {sensor.key: sensor.interval_s for sensor in aim.target.sensors}
    dues = [
        track.run.last + limit * intervals[key]
        for key, track in watch.tracks.items()
        if track.run.last is not None
        for limit in aim.rule.limits_at(key, track.run.last).values()
    ]
    return min((due for due in dues if due > now), default=inf)


def replace_sensors(aim: Aim, key: str) -> Aim:
    """Return the aim with one of its sensors only."""
    return replace(aim, by_sensor={key: aim.by_sensor[key]})


def _in_order(watch: Watch, key: str, news: list[Reading]) -> bool:
    track = watch.tracks.get(key)
    return track is None or track.run.last is None or not news or news[0].time > track.run.last
