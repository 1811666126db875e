"""What others may ask about places."""

from anlan.places.queries.divisions import (
    NoDivision,
    ancestors_of,
    completeness_of,
    division_at,
    names_of,
    names_within,
    units_within,
)
from anlan.places.queries.lineage import Part, expired_within, predecessors_of, successors_of
from anlan.places.queries.pages import children_choices, county_name, division_page, divisions_for, siblings_of
from anlan.places.queries.search import search_divisions
from anlan.places.queries.shapes import boundaries_of, bounds_of, seats_within

__all__ = [
    "NoDivision",
    "Part",
    "ancestors_of",
    "boundaries_of",
    "bounds_of",
    "children_choices",
    "completeness_of",
    "county_name",
    "division_at",
    "division_page",
    "divisions_for",
    "expired_within",
    "names_of",
    "names_within",
    "predecessors_of",
    "search_divisions",
    "seats_within",
    "siblings_of",
    "successors_of",
    "units_within",
]
