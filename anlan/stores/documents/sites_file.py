"""Sites as a workbook, both ways; keepers' numbers stay out of it."""

from collections.abc import Collection, Iterable
from typing import Any

from anlan.kernel.refusal import mark
from anlan.stores.core.checking import site_faults
from anlan.stores.core.values import KIND_NAMES, SiteRow
from anlan.web.row_books import FaultyRows, Kind, RowFault, RowField, rows_in, rows_workbook

KINDS = tuple((kind.value, name) for kind, name in KIND_NAMES.items())
OPEN, CLOSED = "open", "closed"
FIELDS = (
    RowField("name", mark("Name"), width=30),
    RowField("kind", mark("Kind of site"), choices=KINDS, width=20),
    RowField("division_code", mark("Unit's code"), width=16),
    RowField("longitude", mark("Longitude"), Kind.NUMBER),
    RowField("latitude", mark("Latitude"), Kind.NUMBER),
    RowField("effective_area_m2", mark("Effective area (m²)"), Kind.NUMBER),
    RowField("capacity", mark("Capacity as stated"), Kind.NUMBER),
    RowField("state", mark("State"), choices=((OPEN, mark("In use")), (CLOSED, mark("Closed")))),
    RowField("keeper_name", mark("Keeper")),
)
TITLES = {column.name: column.title for column in FIELDS}
NOWHERE = float("nan")
NOT_MANAGED = mark("%(code)s is no unit whose sites you manage")


def sites_workbook(rows: Iterable[SiteRow]) -> bytes:
    """Return the sites as a workbook."""
    names = [column.name for column in FIELDS if column.name != "state"]
    told = ({name: getattr(row, name) for name in names} | {"state": OPEN if row.is_open else CLOSED} for row in rows)
    return rows_workbook(FIELDS, told)


def sites_in(content: bytes, units: Collection[str]) -> list[SiteRow]:
    """Return the sites that a workbook holds, all of them at the units given.

    Raises:
        BadRowBook: it is no workbook of sites.
        FaultyRows: a row is no site, or stands at another unit.
    """
    found = [(number, _site(row)) for number, row in rows_in(content, FIELDS)]
    faults = [fault for number, site in found for fault in _faults(number, site, units)]
    if faults:
        raise FaultyRows(faults)
    return [site for _number, site in found]


def _faults(number: int, site: SiteRow, units: Collection[str]) -> Iterable[RowFault]:
    for fault in site_faults(site):
        yield RowFault(number, TITLES.get(fault.column, ""), fault.value, fault.message, fault.values)
    if site.division_code not in units:
        code = site.division_code
        yield RowFault(number, TITLES["division_code"], code, NOT_MANAGED, {"code": code})


def _site(row: dict[str, Any]) -> SiteRow:
    capacity = row["capacity"]
    return SiteRow(
        name=row["name"] or "",
        kind=row["kind"] or "",
        division_code=row["division_code"] or "",
        longitude=NOWHERE if row["longitude"] is None else row["longitude"],
        latitude=NOWHERE if row["latitude"] is None else row["latitude"],
        capacity=None if capacity is None else round(capacity),
        effective_area_m2=row["effective_area_m2"],
        is_open=row["state"] != CLOSED,
        keeper_name=row["keeper_name"] or "",
    )
