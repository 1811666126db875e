"""A real county in an empty site: its divisions and boundaries, the first administrator, the default indicators."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from anlan.accounts.actions import create_first_administrator
from anlan.accounts.core.roles import Role
from anlan.accounts.queries import posts_within
from anlan.assessment.actions.systems import load_system
from anlan.assessment.core.default_system import default_system
from anlan.kernel.codes import Level, check_code, level_of
from anlan.kernel.refusal import Refusal
from anlan.places.actions import DivisionRow, Loaded, load_divisions
from anlan.places.actions.imports import FileKind, Order, commit_import
from anlan.places.core.csv_rows import read_divisions
from anlan.places.queries import names_of
from anlan.web.readiness import readiness


class NotReady(Refusal):
    """The site cannot take a county yet."""


class NoCounty(Refusal):
    """What was said names no county."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the operator said; files by their content."""

    county_code: str
    name: str
    divisions: bytes
    boundaries: bytes | None
    administrator: str
    valid_from: date
    is_gcj02: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """What stands now. There is a password only where the administrator is new."""

    name: str
    encoding: str
    divisions: Loaded
    boundaries: Loaded | None
    password: str | None
    system: str


def check_ready() -> None:
    """Refuse a site without a database, or with tables of another version.

    Raises:
        NotReady: as told.
    """
    state = readiness()
    if not state["database"]:
        raise NotReady("The database cannot be reached; “anlan doctor” says why")
    if not state["migrations"]:
        raise NotReady("The tables are missing or of another version; run “anlan migrate” first")


def county_code_in(text: str) -> str:
    """Return the twelve-digit code of a county.

    Raises:
        BadCode: it is no division code.
        NoCounty: it is the code of another level.
    """
    code = check_code(text)
    if level_of(code) is not Level.COUNTY:
        raise NoCounty("%(code)s is no county's code: six digits, then zeros", code=code)
    return code


@transaction.atomic
def make_first_county(*, wanted: Wanted, at: datetime) -> Made:
    """Make the county, all or nothing; what stands already is left as it is.

    Raises:
        NoCounty: neither the operator nor the file says the county's name, or they disagree.
        BadRows, BadText, BadFile, BadGeoJson: a file cannot be taken over.
        UsernameTaken: the administrator's log-in name belongs to somebody else.
    """
    encoding = _begin_county(wanted, at)
    order = Order(FileKind.DIVISIONS, wanted.county_code, wanted.valid_from)
    divisions = commit_import(actor=None, order=order, content=wanted.divisions, at=at)
    boundaries = None
    if wanted.boundaries is not None:
        order = Order(FileKind.BOUNDARIES, wanted.county_code, wanted.valid_from, wanted.is_gcj02)
        boundaries = commit_import(actor=None, order=order, content=wanted.boundaries, at=at)
    return Made(
        name=dict(names_of([wanted.county_code]))[wanted.county_code],
        encoding=encoding,
        divisions=divisions,
        boundaries=boundaries,
        password=_administrator(wanted, at),
        system=str(load_system(actor=None, system=default_system(), at=at)),
    )


def _begin_county(wanted: Wanted, at: datetime) -> str:
    """Record the county itself where the file leaves it out; return the file's encoding."""
    file = read_divisions(wanted.divisions)
    told = next((row.name for row in file.rows.values() if row.code == wanted.county_code), "")
    recorded = dict(names_of([wanted.county_code])).get(wanted.county_code, "")
    name = told or recorded or wanted.name
    if not name:
        raise NoCounty("Neither --name nor the file says the name of the county %(code)s", code=wanted.county_code)
    if wanted.name and wanted.name != name:
        raise NoCounty("The county is called %(found)s, not %(name)s", found=name, name=wanted.name)
    if not told and not recorded:
        row = DivisionRow(wanted.county_code, name)
        load_divisions(actor=None, rows=[row], valid_from=wanted.valid_from, at=at)
    return file.encoding


def _administrator(wanted: Wanted, at: datetime) -> str | None:
    """Make the first administrator and return the password; None where the county has one."""
    if posts_within(wanted.county_code, Role.COUNTY_ADMIN.value, localtime(at).date()):
        return None
    _row, password = create_first_administrator(
        username=wanted.administrator, name=wanted.administrator, area_code=wanted.county_code, at=at
    )
    return password
