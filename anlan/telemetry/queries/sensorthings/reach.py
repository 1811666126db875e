"""How far whoever asks may see: a person's divisions, or a device's own station."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from math import inf
from operator import or_
from typing import Any

from django.db.models import Q

from anlan.ground.statements import own_cursor
from anlan.telemetry.queries.wire import WireStream

NOTHING = Q(pk__in=())
# The reach as SQL, of a station called s, with the `values` of a Reach.
IN_REACH = "(s.id = %(station)s::bigint OR s.division_code ^@ ANY(%(prefixes)s::text[]))"
_TO_FILL = f"""
SELECT d.id, d.lowest, d.highest FROM telemetry_datastream d JOIN telemetry_station s ON s.id = d.station_id
WHERE d.id = ANY(%(ids)s::bigint[]) AND d.is_in_use AND {IN_REACH}
"""  # noqa: S608  a constant


@dataclass(frozen=True, slots=True)
class Reach:
    """Prefixes of division codes, or one station."""

    prefixes: tuple[str, ...] = ()
    station_id: int | None = None

    def of(self, to_station: str) -> Q:
        """Return the filter of rows whose station is reached; `to_station` is the path to it, "" at a station."""
        path = f"{to_station}__" if to_station else ""
        if self.station_id is not None:
            return Q(**{f"{path}pk": self.station_id})
        parts = [Q(**{f"{path}division_code__startswith": prefix}) for prefix in self.prefixes]
        return reduce(or_, parts, NOTHING)

    @property
    def values(self) -> Mapping[str, Any]:
        """Return what `IN_REACH` asks for."""
        return {"station": self.station_id, "prefixes": list(self.prefixes)}


def streams_to_fill(reach: Reach, ids: Collection[int]) -> Mapping[int, WireStream]:
    """Return the datastreams of these ids that may be filled, as the wire takes them, in their own unit."""
    with own_cursor() as cursor:
        found = cursor.execute(_TO_FILL, {"ids": list(ids), **reach.values}).fetchall()
    return {
        pk: WireStream(pk, 1.0, 0.0, -inf if lowest is None else lowest, inf if highest is None else highest)
        for pk, lowest, highest in found
    }
