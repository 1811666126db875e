"""The start page's main card: what waits for the person."""

from typing import Any

from django.utils.timezone import localdate

from anlan.accounts.queries import department_names
from anlan.web.http import Person
from anlan.worklists import queries

SHOWN = 8


def own_list(person: Person) -> dict[str, Any] | None:
    """Return the person's most urgent work and how much there is; None for whoever has no list."""
    if not person.can("tasks.read"):
        return None
    return {
        "tasks": queries.urgent_for(person, SHOWN),
        "departments": department_names(),
        "counts": queries.counts_for(person, localdate()),
    }
