"""What a report measured: one line for each value, with its time.

The time of observation of a series is that of its **first** value (an hourly report of 11:00 has 10:05 before its
twelve rains); the next ones follow at the step before it, or every five minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from anlan.telemetry.core.sl651.values import Frame, Reading, Report, Series, StationMark, StatusWord, Step, TimeMark

FIVE_MINUTES = timedelta(minutes=5)
STATUS_CODE = 0x45


@dataclass(frozen=True, slots=True)
class Observed:
    """One value of one element of one station, in the unit of the element table; None where it is missing."""

    station: str
    code: int
    observed_at: datetime
    value: float | None


def observed(frame: Frame) -> Iterator[Observed]:
    """Yield everything that a frame measured; nothing for bodies that are no report.

    A relay may speak for several stations: each value belongs to the station that was marked last. What no time of
    observation precedes was observed when it was sent.
    """
    if not isinstance(frame.body, Report):
        return
    station, at, step = frame.station, frame.body.sent_at, FIVE_MINUTES
    for item in frame.body.items:
        if isinstance(item, Reading):
            yield Observed(station, item.code, at, item.value)
        elif isinstance(item, TimeMark):
            at = item.observed_at
        elif isinstance(item, StationMark):
            station = item.address
        elif isinstance(item, Step):
            step = timedelta(days=item.days, hours=item.hours, minutes=item.minutes) or FIVE_MINUTES
        else:
            yield from _others(item, station, at, step)


def _others(item: object, station: str, at: datetime, step: timedelta) -> Iterator[Observed]:
    if isinstance(item, StatusWord):
        yield Observed(station, STATUS_CODE, at, float(item.bits))
    elif isinstance(item, Series):
        for place, number in enumerate(item.numbers):
            value = None if number is None else number / 10**item.decimals
            yield Observed(station, item.code, _later(at, step, place), value)


def _later(at: datetime, step: timedelta, times: int) -> datetime:
    """Return the time so many steps later; the last there is where the calendar ends (a step may be 99 days)."""
    try:
        return at + times * step
    except OverflowError:
        return datetime.max.replace(tzinfo=at.tzinfo)
