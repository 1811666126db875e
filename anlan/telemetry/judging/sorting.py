"""Which places have something to take in this round, and which are to be judged anew.

What is calm at a calm place is dropped. A reading within what is remembered is taken as it comes. Anything later than
that is judged anew from the store, unless it can have changed nothing: it stays short of every limit, and there has
been no alarm since.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import inf

import numpy as np

from anlan.telemetry.core.parcels import Heard
from anlan.telemetry.core.quality import Limits
from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.watch import Reading
from anlan.telemetry.judging.arriving import Arrived, Touch
from anlan.telemetry.judging.figures import Look
from anlan.telemetry.judging.reached import Reached
from anlan.telemetry.judging.watchers import Watchers
from anlan.telemetry.queries.figures import readings_of
from anlan.telemetry.queries.watched import AimKey, Check, Register

CLOCK_RIGHT_S = Limits().ahead_s  # a reading that comes so soon shows that the device's clock is right again


def _sensors() -> dict[str, list[Reading]]:
    return defaultdict(list)


@dataclass(slots=True)
class Sorted:
    """What is to be done.

    Attributes:
        news: readings to take, by place and sensor.
        anew: places to judge anew, and since when.
    """

    news: dict[AimKey, dict[str, list[Reading]]] = field(default_factory=lambda: defaultdict(_sensors))
    anew: dict[AimKey, float] = field(default_factory=dict)

    def again(self, key: AimKey, since: float) -> None:
        """Ask for a place to be judged anew."""
        self.anew[key] = min(since, self.anew.get(key, inf))


class Sorter:
    """Sorts what came of a round."""

    def __init__(self, register: Register, watchers: Watchers, reached: Reached) -> None:
        self.register, self.watchers, self.reached = register, watchers, reached
        self.found = Sorted()

    def look(self, look: Look) -> None:
        """Sort a look at figures."""
        if not len(look.figures.times):
            return
        if self._is_past(look):
            self.found.again(look.check.aim, min(look.touch.since, float(look.figures.times[0])))
        elif not look.touch.is_late or self.watchers.is_live(look.check.aim):
            self._take(look.check, readings_of(look.figures))

    def _is_past(self, look: Look) -> bool:
        """Tell whether a look asks for the past to be judged anew, late itself or far behind the other sensors."""
        check, late = look.check, look.touch.is_late
        first = min(look.touch.since, float(look.figures.times[0]))
        if not self.watchers.is_live(check.aim):
            return not self._changes_nothing(look) if late else first <= self.watchers.quiet_since(check.aim)
        if self.watchers.is_settled(check.aim, first):
            return True
        return late and not self.watchers.remembers(self.register.aims[check.aim], check.sensor, first)

    def speech(self, touch: Touch) -> None:
        """Sort when a datastream spoke: silence is told by nothing else."""
        times = touch.ring.times[touch.first :]
        self._spoke(touch.stream.id, [each for each in touch.stream.checks if each.quantity is Quantity.SILENCE], times)

    def clocks(self, arrived: Arrived, heard: Iterable[Heard]) -> None:
        """Sort what tells of the clocks of devices."""
        for wrong in arrived.clocks:
            some = [each for each in wrong.stream.checks if each.quantity is Quantity.SILENCE]
            self._spoke(wrong.stream.id, some, np.array([wrong.arrived]))
        for device, found in self._clock_errors(arrived, heard).items():
            for check in self.register.clocks.get(device, ()):
                self._clock(check, found)

    def _clock_errors(self, arrived: Arrived, heard: Iterable[Heard]) -> dict[int, dict[float, float]]:
        """Return by how much the clocks of devices were wrong, by instant."""
        errors: dict[int, dict[float, float]] = defaultdict(dict)
        for wrong in arrived.clocks:
            errors[wrong.stream.device_id or 0][wrong.arrived] = wrong.error_s
        for each in heard:
            if each.clock_error_s is not None:
                errors[each.device][each.at] = abs(each.clock_error_s)
        for touch in arrived.touches:
            device, is_right = touch.stream.device_id or 0, abs(touch.arrived - touch.ring.until) <= CLOCK_RIGHT_S
            if is_right and not touch.is_late:
                errors[device].setdefault(touch.arrived, 0.0)
        return errors

    def past(self, datastream: int, since: float) -> None:
        """Ask for all that looks at a datastream to be judged anew from an instant on."""
        stream = self.register.streams.get(datastream)
        for check in () if stream is None else stream.checks:
            if check.quantity is not Quantity.SILENCE:
                self.found.again(check.aim, since)

    def _take(self, check: Check, readings: Iterable[Reading]) -> None:
        self.found.news[check.aim][check.sensor] += readings

    def _changes_nothing(self, look: Look) -> bool:
        """Tell whether late figures leave a calm place as it was."""
        if not look.is_calm or look.touch.since <= self.watchers.quiet_since(look.check.aim):
            return False
        if not self.register.aims[look.check.aim].rule.least_sensors:
            return True
        # Where several sensors must agree, one may have been on without an alarm.
        return bool((look.check.sign * look.figures.keeps < look.check.rests).all())

    def _spoke(self, key: int, checks: Iterable[Check], times: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> None:
        before = self.reached.spoke_before(key)
        fresh = times[times > before]
        for check in checks:
            aim = self.register.aims[check.aim]
            interval_s = aim.by_sensor[check.sensor].source.interval_s
            is_live, since = self.watchers.is_live(check.aim), float(times[0])
            is_lost = is_live and not self.watchers.remembers(aim, check.sensor, since)
            if since <= before and (is_lost or not is_live and since <= self.watchers.quiet_since(check.aim)):
                self.found.again(check.aim, since)
                continue
            silence_s = check.least * interval_s
            has_gap = _spans(fresh, before) > silence_s and bool((np.diff(fresh, prepend=before) > silence_s).any())
            if has_gap and not is_live and before <= self.watchers.quiet_since(check.aim):
                self.found.again(check.aim, before)  # another sensor of the place was silent meanwhile
            elif is_live or has_gap or check.aim in self.found.news:
                some = times if is_live else fresh
                self._take(check, [Reading(each, 1.0) for each in some.tolist()])

    def _clock(self, check: Check, errors: dict[float, float]) -> None:
        live = self.watchers.live.get(check.aim)
        track = None if live is None else live.watch.tracks.get(check.sensor)
        last = -inf if track is None or track.run.last is None else track.run.last
        if live is None and max(errors.values()) < check.least:
            return
        self._take(check, [Reading(at, error) for at, error in sorted(errors.items()) if at > last])


def _spans(times: "np.ndarray[tuple[int], np.dtype[np.float64]]", since: float) -> float:
    """Return how long it is from an instant to the last of later ones: no pause among them is longer."""
    return float(times[-1]) - since if len(times) else 0.0
