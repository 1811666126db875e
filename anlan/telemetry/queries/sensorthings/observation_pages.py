"""The page that is asked for most: a datastream's observations, newest or oldest first, perhaps of a span.

One statement checks the reach and fetches readings and corrections together, and no row becomes more than it has to;
the answer is the one that `answers` would give, which takes every other request.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from anlan.ground.statements import own_cursor
from anlan.telemetry.core.quality import QUALITY_NAMES
from anlan.telemetry.core.sensorthings.addresses import Address, next_link
from anlan.telemetry.core.sensorthings.options import Options
from anlan.telemetry.core.sensorthings.refusals import NotThere
from anlan.telemetry.core.sensorthings.times import iso, observation_id
from anlan.telemetry.queries.sensorthings.reach import IN_REACH, Reach

Bound = tuple[str, datetime]  # operator of SQL, instant
_BOUND = re.compile(
    r"(?:phenomenonTime|resultTime) (?P<operator>ge|gt|le|lt)"
    r" (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d))"
)
_OPERATORS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<"}
_ROWS = """
SELECT r."time", r.value, r.flags, c.id IS NOT NULL, c.value
FROM telemetry_datastream d JOIN telemetry_station s ON s.id = d.station_id LEFT JOIN (
    SELECT "time", value, flags FROM telemetry_reading WHERE datastream_id = %(datastream)s{bounds}
    ORDER BY "time" {way} LIMIT %(top)s OFFSET %(skip)s
) r ON true LEFT JOIN telemetry_correction c
    ON c.datastream_id = %(datastream)s AND c."time" = r."time" AND c.is_current
WHERE d.id = %(datastream)s AND {reached} ORDER BY r."time" {way}
"""


class _Parameters(msgspec.Struct):
    raw: float
    corrected: bool = True


class _Shown(msgspec.Struct):
    """An observation as it is sent; NaN is sent as null."""

    id: str = msgspec.field(name="@iot.id")
    link: str = msgspec.field(name="@iot.selfLink")
    phenomenon_time: str = msgspec.field(name="phenomenonTime")
    result_time: str = msgspec.field(name="resultTime")
    result: float | None
    datastream: str = msgspec.field(name="Datastream@iot.navigationLink")
    feature: str = msgspec.field(name="FeatureOfInterest@iot.navigationLink")
    quality: tuple[str, ...] | UnsetType = msgspec.field(name="resultQuality", default=UNSET)
    parameters: _Parameters | UnsetType = UNSET


def page_of(
    address: Address, options: Options, reach: Reach, root: str, given: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return the page of a datastream's observations, None where the request asks for something else or more.

    Raises:
        NotThere: the datastream is beyond the reach.
    """
    datastream, way, bounds = _datastream(address), _way(options), _bounds(options.filter)
    if datastream is None or way is None or bounds is None or not _is_plain(options):
        return None
    rows = _rows(datastream, way, bounds, options, reach)
    page: dict[str, Any] = {}
    if len(rows) > options.top:
        page["@iot.nextLink"] = next_link(root, address, given, options)
    page["value"] = list(_shown(rows[: options.top], datastream, f"{root}/Observations('"))
    return page


def _datastream(address: Address) -> int | None:
    match address.steps:
        case (first, last) if (first.name, last.name, last.id) == ("Datastreams", "Observations", None):
            is_whole = not address.field and not address.is_ref
            return int(first.id) if is_whole and first.id is not None and first.id.isdecimal() else None
    return None


def _way(options: Options) -> str | None:
    match options.order:
        case () | ((("phenomenonTime" | "resultTime"), True),):
            return "DESC"
        case ((("phenomenonTime" | "resultTime"), False),):
            return "ASC"
    return None


def _bounds(text: str) -> list[Bound] | None:
    """Return the bounds that an expression states of the time, None where it states anything else."""
    bounds = []
    for part in text.split(" and ") if text else ():
        found = _BOUND.fullmatch(part)
        if found is None:
            return None
        try:
            bounds.append((_OPERATORS[found["operator"]], datetime.fromisoformat(found["time"])))
        except ValueError:
            return None
    return bounds


def _is_plain(options: Options) -> bool:
    return options.top > 0 and not (options.select or options.expand or options.is_counted or options.is_data_array)


def _rows(datastream: int, way: str, bounds: list[Bound], options: Options, reach: Reach) -> list[tuple[Any, ...]]:
    """Return time, value, flags, whether a person corrected it and to what: one more than the page takes."""
    told = {f"bound_{place}": moment for place, (_, moment) in enumerate(bounds)}
    asked = "".join(f' AND "time" {operator} %(bound_{place})s' for place, (operator, _) in enumerate(bounds))
    found = {"datastream": datastream, "top": options.top + 1, "skip": options.skip, **told, **reach.values}
    with own_cursor() as cursor:
        statement = _ROWS.format(bounds=asked, way=way, reached=IN_REACH)
        rows = cursor.execute(statement.encode(), found, binary=True).fetchall()
    if not rows:
        raise NotThere("There is nothing at %(part)s", part="Observations")
    return rows if rows[0][0] is not None else []


def _shown(rows: Iterable[tuple[Any, ...]], datastream: int, begins: str) -> Iterator[_Shown]:
    for time, value, flags, is_corrected, correct in rows:
        key, told = observation_id(datastream, time), iso(time)
        link, result = f"{begins}{key}')", correct if is_corrected else value
        quality = _names(flags) if flags else UNSET
        parameters = _Parameters(value) if is_corrected else UNSET
        ties = f"{link}/Datastream", f"{link}/FeatureOfInterest"
        yield _Shown(key, link, told, told, result, *ties, quality, parameters)


@cache
def _names(flags: int) -> tuple[str, ...]:
    return tuple(name for flag, name in QUALITY_NAMES.items() if flags & flag)
