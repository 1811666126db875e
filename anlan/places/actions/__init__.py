"""Every change of places: one verb, one transaction each."""

from anlan.places.actions.lines import load_rivers, load_roads
from anlan.places.actions.loading import load_divisions
from anlan.places.actions.road_nets import join_roads, load_road_file, set_speeds
from anlan.places.actions.succession import merge_divisions, recode_division, rename_division, split_division
from anlan.places.core.checking import BadRows
from anlan.places.core.succession import BadSuccession, Heir
from anlan.places.core.values import DivisionRow, Loaded, RiverRow, RoadRow

__all__ = [
    "BadRows",
    "BadSuccession",
    "DivisionRow",
    "Heir",
    "Loaded",
    "RiverRow",
    "RoadRow",
    "join_roads",
    "load_divisions",
    "load_rivers",
    "load_road_file",
    "load_roads",
    "merge_divisions",
    "recode_division",
    "rename_division",
    "set_speeds",
    "split_division",
]
