"""What the rules found becomes alarms, their news, and a live event each; all of a round at once.

An event told again is the same event: nothing is told twice. What later readings show not to have been is marked as
withdrawn and stays; an alarm all of whose news is withdrawn is withdrawn itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any

from django.db import connection

from anlan.ground.copying import insert_rows
from anlan.ground.events import announce
from anlan.telemetry.actions.keeping import moment
from anlan.telemetry.core.alarm_life import AlarmState, check_alarm_move
from anlan.telemetry.core.rules import Colour
from anlan.telemetry.core.watch import Event, News
from anlan.telemetry.events import ALARM_CHANGED
from anlan.telemetry.models import Alarm, AlarmNews
from anlan.telemetry.queries.alarms import live_news
from anlan.telemetry.queries.watched import Aim, AimKey
from anlan.web.live import publish_many

STANDING = frozenset({AlarmState.RAISED, AlarmState.ACKNOWLEDGED})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out at a place.

    Attributes:
        key: rule and place.
        aim: the two; None where they are no more.
        added: events that are new.
        withdrawn: events that turn out not to have been.
        anew_after: what was raised after this instant and is not among `added` was not; None says nothing of it.
    """

    key: AimKey
    aim: Aim | None
    added: tuple[Event, ...]
    withdrawn: tuple[Event, ...] = ()
    anew_after: float | None = None

    @property
    def is_news(self) -> bool:
        """Tell whether anything may have changed."""
        return bool(self.added or self.withdrawn) or self.anew_after is not None


@dataclass(slots=True)
class _Story:
    """One alarm with its news as they are to be."""

    alarm: Alarm
    news: dict[tuple[datetime, str, int], AlarmNews] = field(default_factory=dict)
    changed: list[AlarmNews] = field(default_factory=list)
    added: list[Event] = field(default_factory=list)


def tell(verdicts: Iterable[Verdict], *, at: datetime) -> list[Alarm]:
    """Write what came out in the caller's transaction; return the alarms that changed."""
    some = [each for each in verdicts if each.is_news]
    if not some:
        return []
    known = _known(some)
    changed: list[_Story] = []
    for verdict in some:
        stories = known.get(verdict.key, {})
        _apply(verdict, stories, at)
        changed += [each for each in stories.values() if each.changed]
    for story in changed:
        _settle(story)
    _write(changed)
    alarms = [each.alarm for each in changed]
    for alarm in alarms:
        announce(ALARM_CHANGED, alarm_id=alarm.pk)
    publish_many(live_news({each.alarm.pk: _last(each) for each in changed}, alarms), at=at)
    return alarms


def _known(verdicts: Iterable[Verdict]) -> Mapping[AimKey, dict[datetime, _Story]]:
    """Return the alarms that verdicts may speak of, locked, by the instant of their raising."""
    earliest = []
    for verdict in verdicts:
        earliest += [event.raised_at for event in (*verdict.added, *verdict.withdrawn)]
        if verdict.anew_after is not None:
            earliest.append(verdict.anew_after)
    keys = [verdict.key for verdict in verdicts]
    alarms = Alarm.objects.select_for_update().filter(
        rule_key__in={rule for rule, _ in keys}, place_key__in={place for _, place in keys}
    )
    if isfinite(min(earliest)):
        alarms = alarms.filter(raised_at__gte=moment(min(earliest)))
    found: dict[AimKey, dict[datetime, _Story]] = defaultdict(dict)
    by_id = {}
    for alarm in alarms.order_by("id"):
        by_id[alarm.pk] = found[alarm.rule_key, alarm.place_key][alarm.raised_at] = _Story(alarm)
    for news in AlarmNews.objects.filter(alarm__in=by_id).order_by("id"):
        by_id[news.alarm_id].news[news.at, news.news, news.colour] = news
    for key in keys:
        found.setdefault(key, {})
    return found


def _apply(verdict: Verdict, stories: dict[datetime, _Story], at: datetime) -> None:
    added = {_name(event) for event in verdict.added}
    gone: set[_Name] = {_name(event) for event in verdict.withdrawn}
    if verdict.anew_after is not None:
        later = {raised_at: each for raised_at, each in stories.items() if raised_at.timestamp() > verdict.anew_after}
        gone |= {(raised_at, *name) for raised_at, story in later.items() for name in story.news}
    for raised_at, told_at, news, colour in gone - added:
        if raised_at in stories:
            _withdraw(stories[raised_at], (told_at, news, colour))
    for event in verdict.added:
        raised_at = moment(event.raised_at)
        if raised_at not in stories and verdict.aim is not None:
            stories[raised_at] = _Story(_new_alarm(verdict.aim, event, at))
        if raised_at in stories:
            _add(stories[raised_at], event, verdict.aim, at)


_Name = tuple[datetime, datetime, str, int]


def _name(event: Event) -> _Name:
    return moment(event.raised_at), moment(event.at), event.news.value, int(event.colour)


def _withdraw(story: _Story, name: tuple[datetime, str, int]) -> None:
    news = story.news.get(name)
    if news is not None and not news.is_withdrawn:
        news.is_withdrawn = True
        story.changed.append(news)


def _add(story: _Story, event: Event, aim: Aim | None, at: datetime) -> None:
    name = _name(event)[1:]
    news = story.news.get(name)
    stream = None if aim is None else aim.by_sensor.get(event.sensor)
    wanted = {
        "datastream_id": int(event.sensor) if event.sensor.isdecimal() else None,
        "value": event.value,
        "limit": event.limit,
        "is_withdrawn": False,
    }
    if news is None:
        news = AlarmNews(at=name[0], news=name[1], colour=name[2], told_at=at, **wanted)
        story.news[name] = news
    elif any(getattr(news, key) != value for key, value in wanted.items()):
        for key, value in wanted.items():
            setattr(news, key, value)
    else:
        return
    if stream is not None and event.news is not News.CLEARED:
        story.alarm.station_id = stream.station.id
        story.alarm.division_code = stream.station.division_code
    story.changed.append(news)
    story.added.append(event)


def _new_alarm(aim: Aim, event: Event, at: datetime) -> Alarm:
    rule = aim.rule
    station = next(iter(aim.by_sensor.values())).station
    return Alarm(
        rule_key=aim.key[0],
        rule_name_zh=rule.name_zh,
        rule_name_en=rule.name_en,
        rule_book_id=aim.book_id,
        kind=rule.kind.value,
        place_key=aim.key[1],
        division_code=station.division_code,
        station_id=station.id,
        quantity=rule.quantity.value,
        state=AlarmState.RAISED,
        raised_at=moment(event.raised_at),
        known_at=at,
        version=0,
    )


def _settle(story: _Story) -> None:
    """Bring the alarm to what its news says that holds."""
    alarm, old = story.alarm, story.alarm.state
    holding = sorted((each for each in story.news.values() if not each.is_withdrawn), key=lambda each: each.at)
    alarm.version += 1
    if not holding:
        _move(alarm, old, AlarmState.WITHDRAWN)
        return
    last, ups = holding[-1], [each for each in holding if each.news != News.CLEARED] or holding
    alarm.colour, alarm.highest = ups[-1].colour, max(each.colour for each in ups)
    alarm.value, alarm.limit, alarm.datastream_id = ups[-1].value, ups[-1].limit, ups[-1].datastream_id
    is_up = any(event.news in {News.RAISED, News.ROSE} for event in story.added)
    is_over = last.news == News.CLEARED
    alarm.cleared_at = last.at if is_over else None
    if old not in STANDING or is_up:
        old = _move(alarm, old, AlarmState.RAISED)
    if is_over:
        _move(alarm, old, AlarmState.CLEARED)


def _move(alarm: Alarm, old: str, new: AlarmState) -> str:
    if old != new:
        check_alarm_move(old, new)
        alarm.state = new
    return new


_ALARMS = """
UPDATE telemetry_alarm a SET station_id = v.station, division_code = v.division, datastream_id = v.datastream,
    colour = v.colour, highest = v.highest, value = v.value, "limit" = v."limit", state = v.state,
    cleared_at = v.cleared, version = v.version
FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::smallint[], %s::smallint[], %s::float8[],
    %s::float8[], %s::text[], %s::timestamptz[], %s::int[])
    v(id, station, division, datastream, colour, highest, value, "limit", state, cleared, version)
WHERE a.id = v.id
"""
_NEWS = """
UPDATE telemetry_alarmnews n SET datastream_id = v.datastream, value = v.value, "limit" = v."limit",
    is_withdrawn = v.gone
FROM unnest(%s::bigint[], %s::bigint[], %s::float8[], %s::float8[], %s::bool[]) v(id, datastream, value, "limit", gone)
WHERE n.id = v.id
"""


def _write(stories: Iterable[_Story]) -> None:
    some = list(stories)
    insert_rows([each.alarm for each in some if each.alarm.pk is None])
    _update(
        _ALARMS,
        [
            (
                each.pk, each.station_id, each.division_code, each.datastream_id, each.colour, each.highest, each.value,
                each.limit, str(each.state), each.cleared_at, each.version,
            )
            for each in (story.alarm for story in some)
            if each.version > 1
        ],
    )  # fmt: skip
    for story in some:
        for news in story.changed:
            news.alarm = story.alarm
    news_of_all = [news for story in some for news in {id(each): each for each in story.changed}.values()]
    old = [each for each in news_of_all if each.pk is not None]
    insert_rows([each for each in news_of_all if each.pk is None])
    _update(_NEWS, [(each.pk, each.datastream_id, each.value, each.limit, each.is_withdrawn) for each in old])


def _update(statement: str, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])


def ended(alarms: Iterable[Alarm], aims: Mapping[AimKey, Aim], at: datetime) -> list[Verdict]:
    """Return what closes alarms whose rule or sensors are no more."""
    verdicts = []
    for alarm in alarms:
        key = (alarm.rule_key, alarm.place_key)
        sensor = "" if alarm.datastream_id is None else str(alarm.datastream_id)
        since, colour = alarm.raised_at.timestamp(), Colour(alarm.colour)
        event = Event(at.timestamp(), News.CLEARED, colour, since, sensor, alarm.value, alarm.limit)
        verdicts.append(Verdict(key, aims.get(key), (event,)))
    return verdicts


def _last(story: _Story) -> str:
    holding = [each for each in story.news.values() if not each.is_withdrawn]
    return max(holding, key=lambda each: each.at).news if holding else "withdrawn"
