"""How rows of the register are written: what differs is saved, counted as a version and told in the audit trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib.gis.geos import Point
from django.db.models import Model

from anlan.ground.audit import Actor, audit_many
from anlan.ground.versions import Versioned, save_version
from anlan.telemetry.core.register_rows import Counts

PRIVATE = frozenset({"keeper_phone", "password"})  # never told in the trail
Row = TypeVar("Row", bound=Versioned)


@dataclass(frozen=True, slots=True)
class Verbs:
    """How the trail tells of a row: marked msgids."""

    added: str
    changed: str


def write_rows(
    actor: Actor | None, verbs: Verbs, rows: Iterable[tuple[Row, Mapping[str, Any]]], *, at: datetime
) -> Counts:
    """Save each row as its content says, a new one (without a key) or a locked one; return how many of each."""
    new, changed = list[Row](), list[tuple[Row, Mapping[str, Any]]]()
    for row, content in rows:
        is_new = row.pk is None
        told = take_over(row, content)
        if is_new:
            new.append(row)
        elif told:
            save_version(row, told)
            changed.append((row, told))
    for kind in {type(row) for row in new}:
        kind._default_manager.bulk_create(new)
    audit_many(actor, verbs.added, [(row, {}) for row in new], at=at)
    audit_many(actor, verbs.changed, changed, at=at)
    return Counts(len(new), len(changed))


def take_over(row: Versioned, content: Mapping[str, Any]) -> dict[str, Any]:
    """Write what differs into the row; return it as the trail tells it."""
    told: dict[str, Any] = {}
    for name, value in content.items():
        before = getattr(row, name)
        if not _is_same(before, value):
            setattr(row, name, value)
            told[name] = {} if name in PRIVATE else {"from": _plain(before), "to": _plain(value)}
    return told


def _is_same(before: Any, value: Any) -> bool:
    if isinstance(before, Point):
        return bool(before.equals_exact(value, 1e-9))
    return bool(before == value)


def _plain(value: Any) -> Any:
    if isinstance(value, Point):
        return [round(value.x, 6), round(value.y, 6)]
    if isinstance(value, Model):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
