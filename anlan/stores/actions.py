"""Every change of sites: one verb, one transaction each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.db import transaction

from anlan.ground.audit import Actor, audit, audit_many
from anlan.ground.versions import check_version, save_version
from anlan.kernel.faults import Fault
from anlan.kernel.refusal import Refusal, mark
from anlan.places import queries as places
from anlan.stores.core.checking import BadSite, site_faults
from anlan.stores.core.values import SiteRow
from anlan.stores.documents.sites_file import sites_in
from anlan.stores.models import Site

WGS_84 = 4326
PRIVATE = "keeper_phone"  # never told in the trail
FIELDS = tuple(field.name for field in fields(SiteRow) if field.name not in {"longitude", "latitude"})


class IsSoAlready(Refusal):
    """An open site is not opened, a closed one not closed."""


class PurposeMissing(Refusal):
    """A number is shown to nobody who does not say what for."""


@transaction.atomic
def add_site(*, actor: Actor | None, site: SiteRow, at: datetime) -> Site:
    """Record a site.

    Raises:
        BadSite: a field cannot be, or the unit has one of that name and kind.
    """
    row = Site(**_content(site, _check(site, None)))
    row.save()
    audit(actor, mark("site recorded"), row, at=at, detail={"status": row.kind})
    return row


@transaction.atomic
def change_site(*, actor: Actor, site_id: int, expected_version: int, site: SiteRow, at: datetime) -> Site:
    """Correct what is on record of a site.

    Raises:
        Conflict: somebody changed it meanwhile.
        BadSite: a field cannot be, or the unit has another one of that name and kind.
    """
    row = Site.objects.select_for_update().get(pk=site_id)
    check_version(row, expected_version)
    changed = _take_over(row, _content(site, _check(site, row.pk)))
    if changed:
        save_version(row, changed)
        audit(actor, mark("site changed"), row, at=at, detail=changed)
    return row


@transaction.atomic
def load_sites(*, actor: Actor | None, rows: Sequence[SiteRow], at: datetime) -> tuple[int, int]:
    """Bring many sites in: new ones are added, those of the same unit, kind and name corrected.

    Returns:
        How many were new, how many changed.

    Raises:
        BadSite: any row is faulty; nothing is loaded.
    """
    names = _names({row.division_code for row in rows})
    for row in rows:
        if faults := _faults(row, names):
            raise BadSite(faults)
    standing = {
        (site.division_code, site.kind, site.name): site
        for site in Site.objects.select_for_update().filter(division_code__in=list(names))
    }
    new, changed = [], []
    for given in rows:
        content = _content(given, names)
        known = standing.get((given.division_code, given.kind, given.name))
        if known is None:
            new.append(Site(**content))
        elif told := _take_over(known, content):
            save_version(known, told)
            changed.append((known, told))
    Site.objects.bulk_create(new)
    audit_many(actor, mark("site recorded"), [(row, {}) for row in new], at=at)
    audit_many(actor, mark("site changed"), changed, at=at)
    return len(new), len(changed)


@transaction.atomic
def bring_in_sites(*, actor: Actor, units: Collection[str], content: bytes, at: datetime) -> tuple[int, int]:
    """Take a workbook of sites at these units over, as `load_sites` does; keepers' numbers on record stay.

    Raises:
        BadRowBook, FaultyRows: it is no workbook of sites, or a row is wrong; nothing is taken over.
    """
    given = sites_in(content, units)
    known = Site.objects.filter(division_code__in={row.division_code for row in given})
    phones = {(site.division_code, site.kind, site.name): site.keeper_phone for site in known}
    rows = [replace(row, keeper_phone=phones.get((row.division_code, row.kind, row.name), "")) for row in given]
    return load_sites(actor=actor, rows=list({(r.division_code, r.kind, r.name): r for r in rows}.values()), at=at)


@transaction.atomic
def close_site(*, actor: Actor, site_id: int, expected_version: int, at: datetime) -> Site:
    """Take a site out of use; it stays on record.

    Raises:
        Conflict: somebody changed it meanwhile.
        IsSoAlready: it is closed.
    """
    return _set_open(actor, site_id, expected_version, is_open=False, at=at)


@transaction.atomic
def open_site(*, actor: Actor, site_id: int, expected_version: int, at: datetime) -> Site:
    """Take a site into use again.

    Raises:
        Conflict: somebody changed it meanwhile.
        IsSoAlready: it is open.
    """
    return _set_open(actor, site_id, expected_version, is_open=True, at=at)


def _set_open(actor: Actor, site_id: int, expected_version: int, *, is_open: bool, at: datetime) -> Site:
    row = Site.objects.select_for_update().get(pk=site_id)
    check_version(row, expected_version)
    if row.is_open == is_open:
        message = mark("%(name)s is open already") if is_open else mark("%(name)s is closed already")
        raise IsSoAlready(message, name=row.name)
    row.is_open = is_open
    save_version(row, ["is_open"])
    audit(actor, mark("site opened") if is_open else mark("site closed"), row, at=at)
    return row


@transaction.atomic
def remove_site(*, actor: Actor, site_id: int, expected_version: int, at: datetime) -> None:
    """Strike a site that never was; one that is given up is closed instead."""
    row = Site.objects.select_for_update().get(pk=site_id)
    check_version(row, expected_version)
    audit(actor, mark("site struck"), row, at=at)
    row.delete()


@transaction.atomic
def show_keeper_phone(*, actor: Actor, site_id: int, purpose: str, at: datetime) -> str:
    """Return the whole number; who asked and why stays in the audit trail.

    Raises:
        PurposeMissing: nothing is said of what it is needed for.
    """
    if not purpose.strip():
        raise PurposeMissing("Say what you need the number for; it is kept in the audit trail")
    row = Site.objects.get(pk=site_id)
    audit(actor, mark("phone shown"), row, at=at, detail={"purpose": purpose.strip()[:200]})
    return str(row.keeper_phone)


def _check(site: SiteRow, pk: int | None) -> Mapping[str, str]:
    """Return the unit's name by its code; refuse what cannot be recorded."""
    names = _names({site.division_code})
    faults = _faults(site, names)
    same = Site.objects.filter(division_code=site.division_code, kind=site.kind, name=site.name)
    if not faults and same.exclude(pk=pk or 0).exists():
        text = mark("The unit has a site %(name)s of this kind already")
        faults = [Fault("name", site.name, text, {"name": site.name})]
    if faults:
        raise BadSite(faults)
    return names


def _names(codes: set[str]) -> Mapping[str, str]:
    return dict(places.names_of(sorted(codes)))


def _faults(site: SiteRow, names: Mapping[str, str]) -> list[Fault]:
    faults = site_faults(site)
    if not faults and site.division_code not in names:
        text = mark("There is no unit %(code)s on record")
        faults = [Fault("division_code", site.division_code, text, {"code": site.division_code})]
    return faults


def _content(site: SiteRow, names: Mapping[str, str]) -> dict[str, Any]:
    content = {name: getattr(site, name) for name in FIELDS}
    content["unit_name"] = names[site.division_code]
    content["place"] = Point(site.longitude, site.latitude, srid=WGS_84)
    return content


def _take_over(row: Site, content: Mapping[str, Any]) -> dict[str, Any]:
    """Write what differs into the row; return it as the trail tells it."""
    told: dict[str, Any] = {}
    for name, value in content.items():
        before = getattr(row, name)
        is_same = before.equals_exact(value, 1e-9) if name == "place" else before == value
        if not is_same:
            setattr(row, name, value)
            told[name] = {} if name == PRIVATE else {"from": _plain(before), "to": _plain(value)}
    return told


def _plain(value: Any) -> Any:
    return [round(value.x, 6), round(value.y, 6)] if isinstance(value, Point) else value
