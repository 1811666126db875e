"""The start page's card of what changed."""

from typing import Any

from anlan.records import queries
from anlan.web.http import Person

SHOWN = 6


def what_changed(person: Person) -> dict[str, Any]:
    """Return the latest notices of the person."""
    return {"notices": list(queries.notices_for(person)[:SHOWN]), "unread": queries.unread_count(person)}
