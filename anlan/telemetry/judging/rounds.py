"""One round of judging: what some parcels brought, all in one transaction.

In memory stand the last readings, the places that are not calm and how far each datastream is judged; all of it can be
made anew from the store. A round that fails leaves the memory ahead of the store: the judge is then made anew.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from math import inf
from typing import Any

import numpy as np
from django.db import connection, transaction
from psycopg import Connection

from anlan.telemetry.core.parcels import Contents, joined, unpack
from anlan.telemetry.core.quality import Quality
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.watch import Reading
from anlan.telemetry.judging.arriving import Arrived, Touch, take_in
from anlan.telemetry.judging.figures import looks_of
from anlan.telemetry.judging.past import flags_anew
from anlan.telemetry.judging.reached import Reached
from anlan.telemetry.judging.rings import Ring, rings_of
from anlan.telemetry.judging.showing import Picture, write_flags, write_heard
from anlan.telemetry.judging.sorting import Sorted, Sorter
from anlan.telemetry.judging.telling import Verdict, ended, tell
from anlan.telemetry.judging.watchers import Watchers
from anlan.telemetry.models import Alarm, Station
from anlan.telemetry.queries.watched import Aim, AimKey, Register, StationFacts, nearest, register_now

ALL_BUT_CLOCK = Quality.RANGE | Quality.SPIKE | Quality.STUCK
PARCELS, READINGS = 200, 40_000  # at most so many in a round
_TAKE = "SELECT id, content FROM telemetry_parcel WHERE fault = '' ORDER BY id LIMIT %s"
PUT_ASIDE = """
UPDATE telemetry_parcel SET fault = %s
WHERE id = (SELECT id FROM telemetry_parcel WHERE fault = '' ORDER BY id LIMIT 1) RETURNING id
"""
_NEWEST = """
SELECT datastream_id, extract(epoch FROM "time")::float8, value FROM telemetry_latest WHERE datastream_id = ANY(%s)
"""
logger = logging.getLogger(__name__)


class Judge:
    """Judges what is committed; made anew when a round failed."""

    def __init__(self, *, at: datetime) -> None:
        self.register = Register()
        self.rings: dict[int, Ring] = {}
        self.reached = Reached()
        self.watchers = Watchers()
        self.picture = Picture()
        with transaction.atomic():
            self.register = register_now(self._raw)
            self.reached.read(self._raw, self.register.streams, at)
            self.reached.excuse(self._raw, at)
            verdicts = self.watchers.take_over(self._raw, self.register.aims, self.reached)
            self._close([*verdicts, *self._orphans(at)], (), at)

    @property
    def _raw(self) -> "Connection[Any]":
        connection.ensure_connection()
        return connection.connection  # type: ignore[no-any-return]

    def judge(self, *, at: datetime, most: int = PARCELS) -> int:
        """Judge the oldest parcels, at most so many; return how many there were."""
        with transaction.atomic():
            parcels = self._raw.execute(_TAKE, [most]).fetchall()
            taken: list[int] = []
            contents: list[Contents] = []
            for key, content in parcels:
                if sum(len(each.readings) for each in contents) >= READINGS:
                    break
                taken.append(key)
                contents.append(unpack(content))
            if not taken:
                return 0
            verdicts = self._round(contents, at)
            self._raw.execute("DELETE FROM telemetry_parcel WHERE id = ANY(%s)", [taken])
            self.picture.tell(self.register, at=at)
        logger.debug("%d parcels: %d verdicts, %d places not calm", len(taken), verdicts, len(self.watchers.live))
        return len(taken)

    def tick(self, *, at: datetime) -> None:
        """Look for silence, and tell open maps what they have not been told yet; only where no parcel waits."""
        self.reached.begin_round()
        now = at.timestamp()
        with transaction.atomic():
            found = [self.watchers.tick(self.register.aims[key], now, self.reached) for key in self._due(now)]
            self._close([each for each in found if each is not None], (), at)
            self.picture.tell(self.register, at=at)

    def reload(self, *, at: datetime) -> None:
        """Read the register again; what fires by a rule or a sensor that is no more is let go."""
        self.reached.begin_round()
        with transaction.atomic():
            old, self.register = self.register, register_now(self._raw)
            self.reached.read(self._raw, self.register.streams, at)
            for key, stream in old.streams.items():
                if self.register.streams.get(key) != stream:
                    self.rings.pop(key, None)
            for aim in list(self.watchers.live):
                if not _goes_on(old.aims.get(aim), self.register.aims.get(aim)):
                    self.watchers.let_go(aim)
            changed = [each for key, each in self.register.aims.items() if old.aims.get(key) != each]
            self._close([*self._orphans(at), *self._limits_changed(changed)], (), at)

    def _round(self, contents: Iterable[Contents], at: datetime) -> int:
        some = list(contents)
        readings = joined([each.readings for each in some])
        heard = [each for content in some for each in content.heard]
        again = [each for content in some for each in content.again]
        self.reached.begin_round()
        self._flag_past([(key, since, inf) for key, since in again], ALL_BUT_CLOCK)
        self._fill_rings({*np.unique(readings.datastreams).tolist(), *(key for key, _ in again)})
        arrived = take_in(readings, self.register.streams, self.rings)
        self._note(arrived)
        write_flags(self._raw, arrived.flags)
        self._flag_past([(key, *span) for key, span in arrived.long_past.items()], Quality.SPIKE)
        sorter = Sorter(self.register, self.watchers, self.reached)
        for look in looks_of(arrived.touches, self.watchers.is_live):
            sorter.look(look)
        for touch in arrived.touches:
            sorter.speech(touch)
        sorter.clocks(arrived, heard)
        for key, since in (*((key, span[0]) for key, span in arrived.long_past.items()), *again):
            sorter.past(key, since)
        verdicts = self._verdicts(sorter.found)
        write_heard(self._raw, heard)
        corrected = [
            Touch(self.register.streams[key], self.rings[key], 0, inf, at.timestamp())
            for key, _ in again
            if key in self.rings
        ]
        self._close(verdicts, [*corrected, *arrived.touches], at)
        return len(verdicts)

    def _verdicts(self, found: Sorted) -> list[Verdict]:
        aims, raw = self.register.aims, self._raw
        anew = [self.watchers.anew(raw, aims[key], since, self.reached) for key, since in found.anew.items()]
        taken = [
            self.watchers.take(raw, aims[key], news, self.reached)
            for key, news in found.news.items()
            if key not in found.anew
        ]
        return [*anew, *taken]

    def _fill_rings(self, datastreams: Iterable[int]) -> None:
        missing = [key for key in datastreams if key not in self.rings and key in self.register.streams]
        if missing:
            streams = [self.register.streams[key] for key in missing]
            self.rings |= rings_of(self._raw, streams, self.reached.until_now)

    def _flag_past(self, spans: Iterable[tuple[int, float, float]], renewed: Quality) -> None:
        """Flag readings of the past anew in the store; their rings are filled again."""
        for key, since, until in spans:
            stream = self.register.streams.get(key)
            if stream is not None:
                write_flags(self._raw, flags_anew(self._raw, stream, since, until, renewed))
                self.rings.pop(key, None)

    def _note(self, arrived: Arrived) -> None:
        for touch in arrived.touches:
            self.reached.note(touch.stream.id, touch.ring.until, touch.ring.until)
        for wrong in arrived.clocks:
            self.reached.note(wrong.stream.id, self.reached.until_now[wrong.stream.id], wrong.arrived)

    def _due(self, now: float) -> list[AimKey]:
        """Return the places at which a silence may be told by now."""
        found: dict[AimKey, None] = {}
        for key, stream in self.register.streams.items():
            for check in stream.checks:
                if check.quantity is not Quantity.SILENCE:
                    continue
                is_over = now > self.reached.spoke[key] + check.least * stream.source.interval_s
                live = self.watchers.live.get(check.aim)
                if is_over if live is None else live.due <= now:
                    found[check.aim] = None
        return list(found)

    def _orphans(self, at: datetime) -> list[Verdict]:
        """Return what closes the alarms that nothing watches any more."""
        standing = Alarm.objects.standing().order_by("id")
        gone = [each for each in standing if not self.watchers.is_live((each.rule_key, each.place_key))]
        return ended(gone, self.register.aims, at)

    def _limits_changed(self, aims: Iterable[Aim]) -> list[Verdict]:
        """Return what the newest readings say to limits that have changed; figures are looked at with the next one."""
        calm = [each for each in aims if each.rule.quantity is Quantity.READING and not self.watchers.is_live(each.key)]
        streams = [stream.id for aim in calm for stream in aim.by_sensor.values()]
        newest = {key: Reading(*each) for key, *each in self._raw.execute(_NEWEST, [streams]).fetchall()}
        verdicts = []
        for aim in calm:
            news = {key: [newest[each.id]] for key, each in aim.by_sensor.items() if each.id in newest}
            if any(nearest(aim.rule, key) <= aim.rule.sign * some[0].value for key, some in news.items()):
                verdicts.append(self.watchers.begin(aim, news))
        return verdicts

    def _close(self, verdicts: Iterable[Verdict], touches: Iterable[Touch], at: datetime) -> None:
        """Write what came out."""
        alarms = tell(verdicts, at=at)
        self.picture.show(self._raw, touches)
        stations: dict[int, StationFacts] = {}
        for alarm in alarms:
            aim = self.register.aims.get((alarm.rule_key, alarm.place_key))
            stations |= {} if aim is None else aim.stations
            stations.setdefault(alarm.station_id, _facts(alarm.station))
        self.picture.colour(self._raw, stations, at)
        self.reached.write(self._raw)
        self.watchers.keep(at=at)


def _goes_on(old: Aim | None, new: Aim | None) -> bool:
    """Tell whether what fires by the old goes on under the new."""
    if old is None or new is None or not new.rule.is_on:
        return False
    same = ("quantity", "side", "sensors", "kind")
    is_same = all(getattr(old.rule, each) == getattr(new.rule, each) for each in same)
    return is_same and set(old.by_sensor) <= set(new.by_sensor)


def _facts(station: Station) -> StationFacts:
    return StationFacts(
        station.pk, station.code, station.name, station.division_code, station.site, station.place.x, station.place.y
    )
