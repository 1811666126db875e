"""What others may ask about places."""

from anlan.places.queries.divisions import (
    NoDivision,
    ancestors_of,
    children_of,
    completeness_of,
    division_at,
    names_of,
    units_within,
)
from anlan.places.queries.lineage import Part, expired_within, predecessors_of, successors_of
from anlan.places.queries.shapes import boundaries_of, bounds_of

__all__ = [
    "NoDivision",
    "Part",
    "ancestors_of",
    "boundaries_of",
    "bounds_of",
    "children_of",
    "completeness_of",
    "division_at",
    "expired_within",
    "names_of",
    "predecessors_of",
    "successors_of",
    "units_within",
]
