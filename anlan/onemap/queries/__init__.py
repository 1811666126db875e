"""What the one map asks of the contexts below it."""

from anlan.onemap.queries.finding import found_by, inside, inside_sheets, told_inside
from anlan.onemap.queries.live import past, wall_data
from anlan.onemap.queries.pictures import map_settings
from anlan.onemap.queries.plain import drawing_of, plain_map, plain_page
from anlan.onemap.queries.printing import page_of

__all__ = [
    "drawing_of",
    "found_by",
    "inside",
    "inside_sheets",
    "map_settings",
    "page_of",
    "past",
    "plain_map",
    "plain_page",
    "told_inside",
    "wall_data",
]
