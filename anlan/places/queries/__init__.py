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
from anlan.places.queries.maps import ground_layers
from anlan.places.queries.pages import children_choices, county_name, division_page, divisions_for, siblings_of
from anlan.places.queries.search import search_divisions
from anlan.places.queries.shapes import boundaries_of, bounds_of, lies_within, seats_within
from anlan.places.queries.travel import (
    NoRoadNet,
    RoadQuality,
    remoteness_minutes,
    road_quality,
    spots_of,
    travel_metres,
    travel_minutes,
)

__all__ = [
    "NoDivision",
    "NoRoadNet",
    "Part",
    "RoadQuality",
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
    "lies_within",
    "ground_layers",
    "names_of",
    "names_within",
    "predecessors_of",
    "remoteness_minutes",
    "road_quality",
    "search_divisions",
    "seats_within",
    "siblings_of",
    "spots_of",
    "successors_of",
    "travel_metres",
    "travel_minutes",
    "units_within",
]
