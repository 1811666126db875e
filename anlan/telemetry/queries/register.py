"""The register that a person looks after, as rows."""

from typing import Any

from anlan.telemetry.core.register_rows import DatastreamRow, DeviceRow, Register, StationRow, ThresholdRow
from anlan.telemetry.models import Datastream, Device, Station
from anlan.telemetry.queries.stations import stations_for
from anlan.web.http import Person

STATION_SAME = (
    "code", "name", "kind", "division_code", "elevation_m", "site", "river", "owner", "maintainer", "maintained_on",
    "keeper_name", "installed_on", "is_in_use", "note",
)  # fmt: skip
DEVICE_SAME = ("code", "protocol", "model", "centre", "is_in_use")
STREAM_SAME = (
    "element", "property", "unit", "name", "factor", "offset", "interval_s", "lowest", "highest", "spike", "stuck_s",
    "is_counter", "wraps_at", "noise_mm", "is_confirmed", "is_in_use",
)  # fmt: skip


def register_for(person: Person) -> Register:
    """Return the register of the units that the person sees; numbers, passwords, extensions and keys left out."""
    stations = stations_for(person).prefetch_related("upstream").order_by("division_code", "code")
    within: dict[str, Any] = {"station__in": stations_for(person).values("pk")}
    devices = Device.objects.filter(**within).select_related("station").order_by("station__code", "code")
    streams = Datastream.objects.filter(device__isnull=False, **within).select_related("device")
    ordered = list(streams.prefetch_related("thresholds").order_by("device__code", "element"))
    return Register(
        tuple(_station(row) for row in stations),
        tuple(
            DeviceRow(station=row.station.code, address=row.address or "", **_same(row, DEVICE_SAME)) for row in devices
        ),
        tuple(DatastreamRow(device=_code(row), **_same(row, STREAM_SAME)) for row in ordered),
        tuple(
            ThresholdRow(_code(row), row.element, each.quantity, each.colour, each.value)
            for row in ordered
            for each in sorted(row.thresholds.all(), key=lambda limit: (limit.quantity, limit.colour))
        ),
    )


def _station(row: Station) -> StationRow:
    upstream = tuple(sorted(other.code for other in row.upstream.all()))
    return StationRow(longitude=row.place.x, latitude=row.place.y, upstream=upstream, **_same(row, STATION_SAME))


def _code(row: Datastream) -> str:
    return row.device.code if row.device else ""


def _same(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
