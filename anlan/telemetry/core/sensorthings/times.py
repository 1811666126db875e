"""Times of observations: instants and intervals of ISO 8601."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat
from operator import floordiv, sub
from typing import Any

from anlan.telemetry.core.sensorthings.refusals import BadRequest

# The example of the standard's own text carries an offset and a Z; devices that copied it are understood.
_OFFSET_AND_Z = re.compile(r"([+-]\d\d:?\d\d)Z$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_EARLIEST = -62_135_596_800_000  # the year 1 began, in UTC: a text may tell an hour before it


def instant_of(text: object) -> datetime:
    """Return the instant that the text names; of an interval its end, when the value was complete.

    >>> instant_of("2026-07-01T08:00:00+08:00").isoformat()
    '2026-07-01T00:00:00+00:00'
    >>> instant_of("2026-07-01T00:00:00Z/2026-07-01T01:00:00Z").isoformat()
    '2026-07-01T01:00:00+00:00'

    Raises:
        BadRequest: it names none, or tells no offset from UTC.
    """
    if not isinstance(text, str):
        raise BadRequest("%(time)s is no time: an ISO 8601 text with its offset is expected", time=str(text))
    if "/" not in text:
        return _one(text)
    moments = [_one(part) for part in text.split("/")]
    if len(moments) > 2 or moments != sorted(moments):
        raise BadRequest("%(time)s is no interval", time=text)
    return moments[-1]


def _one(text: str) -> datetime:
    for written in (text, _OFFSET_AND_Z.sub(r"\1", text.strip())):
        try:
            found = datetime.fromisoformat(written)
            if found.tzinfo is not None:
                return found.astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise BadRequest("%(time)s is no time: an ISO 8601 text with its offset is expected", time=text)


def iso(moment: datetime) -> str:
    """Return the instant as SensorThings writes it: UTC, to the millisecond.

    >>> iso(datetime(2026, 7, 1, 8, tzinfo=UTC))
    '2026-07-01T08:00:00.000Z'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def milliseconds(moment: datetime) -> int:
    """Return the whole milliseconds since 1970."""
    return (moment - _EPOCH) // _MILLISECOND


def all_milliseconds(texts: Sequence[Any]) -> list[int] | None:
    """Return the whole milliseconds since 1970 of texts that each tell one instant, None where one of them does not."""
    try:
        since = map(sub, map(datetime.fromisoformat, texts), repeat(_EPOCH))
        found = list(map(floordiv, since, repeat(_MILLISECOND)))
    except (TypeError, ValueError):  # no text, no instant, or no offset from UTC
        return None
    return found if min(found, default=0) >= _EARLIEST else None


def observation_id(datastream: int, moment: datetime) -> str:
    """Return the id of the observation of a datastream at an instant.

    >>> observation_id(7, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC))
    '7-1000'
    """
    return f"{datastream}-{milliseconds(moment)}"


def key_of(text: str) -> tuple[int, datetime]:
    """Return datastream and instant of an observation's id.

    Raises:
        BadRequest: it is none.
    """
    found = re.fullmatch(r"(\d{1,9})-(-?\d{1,14})", text)
    if found is None:
        raise BadRequest("%(id)s is no id of an observation", id=text)
    return int(found[1]), _EPOCH + int(found[2]) * _MILLISECOND
