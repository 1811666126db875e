"""What others may ask about people and what they answer for."""

from anlan.accounts.queries.departments import department_names
from anlan.accounts.queries.own import closed_modules_for, log_ins_of, module_states, tokens_of
from anlan.accounts.queries.people import (
    Holding,
    holdings_of,
    is_locked_out,
    people_in,
    people_managed_by,
    person_called,
    person_name,
    successors_for,
)
from anlan.accounts.queries.reach import Reach, Scope, person_of, posts_within, reach_of, scope_of
from anlan.accounts.queries.trail import entries_for

__all__ = [
    "Holding",
    "Reach",
    "Scope",
    "closed_modules_for",
    "department_names",
    "entries_for",
    "holdings_of",
    "is_locked_out",
    "log_ins_of",
    "module_states",
    "people_in",
    "people_managed_by",
    "person_called",
    "person_name",
    "person_of",
    "posts_within",
    "reach_of",
    "scope_of",
    "successors_for",
    "tokens_of",
]
