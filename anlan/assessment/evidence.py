"""What lower contexts' records show for a leaf: key → query.

Each query answers for one division at a day with a value in the leaf's own unit, or None where the
records can say nothing. Contexts above call `actions.record_evidence` instead.
"""

from collections.abc import Callable
from datetime import date, timedelta

from anlan.accounts import queries as accounts
from anlan.kernel.codes import prefix_of
from anlan.places import queries as places
from anlan.worklists import queries as worklists

EvidenceQuery = Callable[[str, date], float | None]
YEAR = timedelta(days=365)


def _full_time_and_part_time_posts(code: str, on: date) -> float | None:
    return accounts.posts_within(code, "township_officer", on)


def _information_officers(code: str, on: date) -> float | None:
    return accounts.posts_within(code, "village_officer", on)


def _records_complete(code: str, on: date) -> float | None:
    return places.completeness_of(prefix_of(code), on)


def _tasks_on_time(code: str, on: date) -> float | None:
    return worklists.on_time_share(prefix_of(code), on - YEAR, on)


EVIDENCE: dict[str, EvidenceQuery] = {
    "ORG-T-02": _full_time_and_part_time_posts,
    "ORG-V-02": _information_officers,
    "DIG-T-04": _records_complete,
    "PRO-V-04": _tasks_on_time,
}
