"""The lists of the accounts: people, and the audit trail."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from anlan.accounts.core.areas import areas_within
from anlan.accounts.core.roles import ROLE_NAMES, Role
from anlan.accounts.core.trail import DETAILS, KINDS, VERBS, kind_name
from anlan.accounts.models import Posting
from anlan.accounts.queries import scope_of
from anlan.ground.models import AuditEntry
from anlan.kernel.codes import Level, level_of, prefix_of
from anlan.kernel.refusal import mark
from anlan.web.http import Person
from anlan.web.tables import Column, Filter, Table

STATES = {"active": mark("may log in"), "locked": mark("locked out"), "disabled": mark("disabled")}
ROLES = tuple((role.value, name) for role, name in ROLE_NAMES.items())
AND = mark(", ")


def state_of(row: Any) -> str:
    """Return how it stands with somebody's log-in."""
    if not row.is_active:
        return "disabled"
    return "locked" if row.is_locked else "active"


def _in_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    if state == "disabled":
        return rows.filter(is_active=False)
    return rows.filter(is_active=True, is_locked=state == "locked")


def _with_post(field: str) -> Any:
    """Return the filter that keeps people with such a post today."""
    return lambda rows, value: rows.filter(pk__in=Posting.objects.held_today().filter(**{field: value}).values("user"))


def _within(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    there = Posting.objects.held_today().filter(area_code__startswith=prefix_of(code))
    return rows.filter(pk__in=there.values("user"))


def _each(texts: Collection[str]) -> str:
    return _(AND).join(dict.fromkeys(texts))


def people_table(person: Person) -> Table:
    """Return the list of an administrator's people."""
    areas = areas_within(scope_of(person, "accounts.manage").prefixes)
    names = dict(areas)
    large = tuple((code, name) for code, name in areas if level_of(code) is not Level.VILLAGE)

    def roles(row: Any) -> str:
        return _each([_(ROLE_NAMES[Role(one.role)]) for one in row.current_postings])

    def places(row: Any) -> str:
        return _each([names.get(one.area_code, one.area_code) for one in row.current_postings])

    def departments(row: Any) -> str:
        return _each([one.department.name for one in row.current_postings if one.department])

    return Table(
        "people",
        columns=(
            Column("name", mark("Full name"), lambda row: row.name, sort="name"),
            Column("username", mark("Log-in name"), lambda row: row.username, sort="username"),
            Column("role", mark("Role"), roles, cell="accounts/cells.html#short"),
            Column("area", mark("Area in charge"), places, cell="accounts/cells.html#short"),
            Column("department", mark("Department"), departments),
            Column("state", mark("State"), lambda row: _(STATES[state_of(row)]), cell="accounts/cells.html#state"),
            Column("last_login", mark("Last log-in"), lambda row: row.last_login, sort="last_login"),
            Column("created_at", mark("Account since"), lambda row: row.created_at, sort="created_at", is_shown=False),
        ),
        filters=(
            Filter("name", mark("Full name"), "name__icontains"),
            Filter("username", mark("Log-in name"), "username__icontains"),
            Filter("role", mark("Role"), "", ROLES, _with_post("role")),
            Filter("area", mark("Area in charge"), "", large, _within),
            Filter("state", mark("State"), "", tuple(STATES.items()), _in_state),
        ),
        order=("name", "pk"),
        row_url=lambda row: reverse("person", args=[row.pk]),
        file_name=mark("People"),
    )


def detail_text(entry: AuditEntry, areas: Mapping[str, str] | None = None) -> str:
    """Return what is told with an entry, in words where there are any."""
    known = [key for key in DETAILS if key in entry.detail]
    told = [(key, entry.detail[key]) for key in [*known, *sorted(entry.detail.keys() - DETAILS.keys())]]
    return _("; ").join(
        _("%(what)s: %(value)s") % {"what": _(DETAILS.get(key, key)), "value": _told(key, value, areas or {})}
        for key, value in told
        if value not in (None, "", [], {})
    )


def _told(key: str, value: Any, areas: Mapping[str, str]) -> str:
    if key == "role" and value in set(Role):
        return _(ROLE_NAMES[Role(value)])
    if key in {"area", "from"} and isinstance(value, str):
        return areas.get(value, value)
    if isinstance(value, list):
        return _(AND).join(_told(key, one, areas) for one in value)
    if isinstance(value, dict):
        return " · ".join(_told(inner, one, areas) for inner, one in sorted(value.items()) if one is not None)
    return str(value)


def _on_day(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    day = date.fromisoformat(text)
    begins = make_aware(datetime.combine(day, clock_time.min))
    return rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))


def trail_table(person: Person, panels: frozenset[str]) -> Table:
    """Return the audit trail; a row leads to the page of its object where there is one for the reader."""
    manages = person.can("accounts.manage")

    def url_of(row: AuditEntry) -> str:
        if row.object_kind in panels and row.object_id.isdecimal():
            return reverse("panel", args=[row.object_kind, int(row.object_id)])
        return reverse("person", args=[row.object_id]) if manages and row.object_kind == "accounts.user" else ""

    return Table("audit", TRAIL_COLUMNS, TRAIL_FILTERS, order=("-pk",), row_url=url_of, file_name=mark("Audit trail"))


TRAIL_COLUMNS = (
    Column("at", mark("Time"), lambda row: row.at),
    Column("actor", mark("Who"), lambda row: row.actor_name or _("the system"), sort="actor_name"),
    Column("verb", mark("What happened"), lambda row: _(row.verb), cell="accounts/cells.html#short"),
    Column("kind", mark("Kind"), lambda row: _(kind_name(row.object_kind)), cell="accounts/cells.html#short"),
    Column("object", mark("To what"), lambda row: row.object_name),
    Column("division", mark("Division code"), lambda row: row.division_code, sort="division_code"),
    Column("detail", mark("Details"), detail_text),
    Column("number", mark("Number"), lambda row: row.pk, is_number=True, is_shown=False),
)
TRAIL_FILTERS = (
    Filter("actor", mark("Who"), "actor_name__icontains"),
    Filter("verb", mark("What happened"), "verb", tuple((verb, verb) for verb in sorted(VERBS))),
    Filter("kind", mark("Kind"), "object_kind", tuple(KINDS.items())),
    Filter("day", mark("Day, as 2026-11-23"), "", (), _on_day),
)
