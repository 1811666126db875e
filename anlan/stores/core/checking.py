"""What a site must be, told at the field that is wrong."""

import re
from collections.abc import Iterator

from anlan.kernel.codes import BadCode, Level, check_code, level_of
from anlan.kernel.faults import Fault, FaultyFields
from anlan.kernel.refusal import mark
from anlan.stores.core.values import SHELTERS, SiteKind, SiteRow

LONGEST_NAME, LONGEST_KEEPER = 80, 40
MOST = 10_000_000  # persons, m³ or m²
PHONE = re.compile(r"^(\+?[0-9][0-9 -]{5,18}[0-9])?$")


class BadSite(FaultyFields):
    """The site cannot be recorded so."""


def site_faults(site: SiteRow) -> list[Fault]:
    """Return everything that is wrong with the site by itself."""
    return list(_faults(site))


def _faults(site: SiteRow) -> Iterator[Fault]:
    if not 0 < len(site.name.strip()) <= LONGEST_NAME:
        yield Fault("name", site.name, mark("A name has 1 to %(most)d characters"), {"most": LONGEST_NAME})
    if site.kind not in set(SiteKind):
        yield Fault("kind", site.kind, mark("There is no kind of site %(word)s"), {"word": site.kind})
    if not (abs(site.longitude) <= 180 and abs(site.latitude) <= 90):  # not a number fails too
        place = f"{site.longitude}, {site.latitude}"
        yield Fault("longitude", place, mark("Longitude and latitude are no place on earth"))
    if len(site.keeper_name) > LONGEST_KEEPER:
        text = mark("A name has 1 to %(most)d characters")
        yield Fault("keeper_name", site.keeper_name, text, {"most": LONGEST_KEEPER})
    if not PHONE.match(site.keeper_phone):
        yield Fault("keeper_phone", site.keeper_phone, mark("This is no telephone number"))
    yield from _unit_faults(site.division_code)
    yield from _capacity_faults(site)


def _unit_faults(code: str) -> Iterator[Fault]:
    try:
        level = level_of(check_code(code))
    except BadCode as refused:
        yield Fault("division_code", code, refused.message, refused.values)
        return
    if level not in {Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE}:
        yield Fault("division_code", code, mark("A site belongs to a county, township or village"))


def _capacity_faults(site: SiteRow) -> Iterator[Fault]:
    if site.capacity is not None and not 0 <= site.capacity <= MOST:
        yield Fault("capacity", str(site.capacity), mark("A capacity is not negative and not beyond all measure"))
    area = site.effective_area_m2
    if area is None:
        return
    if site.kind not in SHELTERS:
        yield Fault("effective_area_m2", str(area), mark("Only shelters have an effective area"))
    elif not 0 < area <= MOST:
        yield Fault("effective_area_m2", str(area), mark("An area is above zero and not beyond all measure"))
