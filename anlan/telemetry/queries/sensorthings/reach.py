"""How far whoever asks may see: a person's divisions, or a device's own station."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from math import inf
from operator import or_

from django.db.models import Q

from anlan.telemetry.models import Datastream
from anlan.telemetry.queries.wire import WireStream

NOTHING = Q(pk__in=())


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


def streams_to_fill(reach: Reach, ids: Collection[int]) -> Mapping[int, WireStream]:
    """Return the datastreams of these ids that may be filled, as the wire takes them, in their own unit."""
    rows = Datastream.objects.filter(reach.of("station"), pk__in=ids, is_in_use=True)
    found = rows.values_list("pk", "lowest", "highest")
    return {
        pk: WireStream(pk, 1.0, 0.0, -inf if lowest is None else lowest, inf if highest is None else highest)
        for pk, lowest, highest in found
    }
