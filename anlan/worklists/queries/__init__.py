"""What others may ask about work: whose it is, how much waits, what was done in time."""

from anlan.worklists.queries.figures import (
    TownshipRow,
    board_for,
    counts_for,
    on_time_share,
    waiting_at,
    work_by_unit,
)
from anlan.worklists.queries.lists import ListName, late, list_for, names_of_task, seen_with, tasks_for, urgent_for

__all__ = [
    "ListName",
    "TownshipRow",
    "board_for",
    "counts_for",
    "late",
    "list_for",
    "names_of_task",
    "on_time_share",
    "seen_with",
    "tasks_for",
    "urgent_for",
    "waiting_at",
    "work_by_unit",
]
