"""Whose list a task is on: its unit's, and one level further up each day that it stays late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from anlan.kernel.codes import Level, level_of, parent_of, prefix_of

TOP = Level.COUNTY
SOON_DAYS = 3


class Reach(Protocol):
    """An area that a capability rests on: `accounts` has it as a grant."""

    @property
    def prefix(self) -> str:
        """Return the significant digits of the area's code."""
        ...

    @property
    def department(self) -> str | None:
        """Return the department that the area is narrowed to."""
        ...


def list_above(code: str) -> str | None:
    """Return whose list a late task rises to: from a village's to its township's, then to the county's.

    >>> list_above("999901101201"), list_above("999901101000"), list_above("999901000000")
    ('999901101000', '999901000000', None)
    """
    return parent_of(code) if level_of(code) in {Level.VILLAGE, Level.TOWNSHIP} else None


def is_due_to_rise(due_on: date, escalated_on: date | None, today: date) -> bool:
    """Tell whether a waiting task rises today: it is late and has not risen today."""
    return due_on < today and (escalated_on is None or escalated_on < today)


@dataclass(frozen=True, slots=True)
class Due:
    """How a waiting task stands to its day: late, due today, soon or later, and by how many days."""

    kind: str
    days: int


def due_of(due_on: date, today: date) -> Due:
    """Return how the day lies to today.

    >>> due_of(date(2026, 11, 20), date(2026, 11, 23))
    Due(kind='late', days=3)
    """
    days = (due_on - today).days
    if days < 0:
        return Due("late", -days)
    if days == 0:
        return Due("today", 0)
    return Due("soon" if days <= SOON_DAYS else "later", days)


def is_own_list(grants: Iterable[Reach], code: str, department: str | None) -> bool:
    """Tell whether a unit's list is the list of somebody with these areas, and not one below them.

    A department's people stand in its list wherever the unit lies in their area.
    """
    return any(
        (grant.department is None and grant.prefix == prefix_of(code))
        or (grant.department is not None and grant.department == department and code.startswith(grant.prefix))
        for grant in grants
    )
