"""How far the rules have got with each datastream."""

from collections.abc import Iterable
from datetime import datetime
from math import inf
from typing import Any

from psycopg import Connection

from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.judging.showing import write_judged
from anlan.telemetry.queries.watched import Aim

_COMING = """
SELECT datastream_id, extract(epoch FROM until)::float8, extract(epoch FROM spoke_at)::float8 FROM telemetry_judged
"""
_WAITING = "SELECT max(extract(epoch FROM created_at)::float8) FROM telemetry_parcel"
DEAF_S = 600.0  # without a word of anybody: it was the platform that was away


class Reached:
    """Up to where each datastream is judged, and when it last spoke: before this round, and with it.

    A datastream that has never spoken is waited for from the moment on at which the rules first see it.
    """

    def __init__(self) -> None:
        self.until_now: dict[int, float] = {}
        self.spoke: dict[int, float] = {}
        self._until_before: dict[int, float] = {}
        self._spoke_before: dict[int, float] = {}
        self._changed: set[int] = set()

    def read(self, raw: "Connection[Any]", datastreams: Iterable[int], at: datetime) -> None:
        """Read what is not known yet, in a transaction."""
        missing = set(datastreams) - set(self.spoke)
        if not missing:
            return
        for key, until, spoke in raw.execute(_COMING).fetchall():
            if key in missing:
                self.until_now[key], self.spoke[key] = -inf if until is None else until, spoke
        begun = missing - set(self.spoke)
        for key in begun:
            self.until_now[key], self.spoke[key] = -inf, at.timestamp()
        self._changed |= begun

    def excuse(self, raw: "Connection[Any]", at: datetime) -> None:
        """Blame no device for a time in which nobody listened: each is then waited for anew from now on."""
        now = at.timestamp()
        heard = max((moment for moment in self.spoke.values() if moment <= now), default=now)
        waiting = raw.execute(_WAITING).fetchone()
        if waiting and waiting[0] is not None:
            heard = max(heard, waiting[0])
        if now - heard > DEAF_S:
            self.spoke = {key: max(spoke, now) for key, spoke in self.spoke.items()}
            self._changed |= set(self.spoke)

    def begin_round(self) -> None:
        """Begin a round."""
        self._until_before.clear()
        self._spoke_before.clear()

    def note(self, key: int, until: float, spoke: float) -> None:
        """Note how far a datastream has come."""
        self._until_before.setdefault(key, self.until_now[key])
        self._spoke_before.setdefault(key, self.spoke[key])
        self.until_now[key] = max(self.until_now[key], until)
        self.spoke[key] = max(self.spoke[key], spoke)
        self._changed.add(key)

    def spoke_before(self, key: int) -> float:
        """Return when a datastream had last spoken before this round."""
        return self._spoke_before.get(key, self.spoke[key])

    def before(self, aim: Aim, sensor: str) -> float:
        """Return up to where a sensor was judged before this round, −inf where nothing was."""
        key, quantity = aim.by_sensor[sensor].id, aim.rule.quantity
        if quantity is Quantity.CLOCK_ERROR:
            return -inf
        if quantity is Quantity.SILENCE:
            return self.spoke_before(key)
        return self._until_before.get(key, self.until_now[key])

    def until(self, aim: Aim, sensor: str) -> float:
        """Return up to where a sensor is judged with this round."""
        key = aim.by_sensor[sensor].id
        return self.spoke[key] if aim.rule.quantity is Quantity.SILENCE else self.until_now[key]

    def write(self, raw: "Connection[Any]") -> None:
        """Write what this round changed."""
        if self._changed:
            write_judged(raw, self.until_now, {key: self.spoke[key] for key in self._changed})
            self._changed.clear()
