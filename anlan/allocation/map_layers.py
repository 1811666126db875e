"""The layers that the allocation brings to the one map."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import get_language

from anlan.allocation.queries import one_map
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.places.core.finding import InsideList
from anlan.places.core.layers import Group, LegendEntry, MapLayer

PLAN, PAIR = "#1f6a3c", "#3c4858"
PLAN_CARD = (
    (mark("Lines of the plan"), "lines"),
    (mark("Given (10 000 yuan)"), "money"),
    (mark("Gain (points)"), "gain"),
)


def _nowhere(_division: object) -> bool:
    """Tell that a layer stands on the one map alone."""
    return False


def _in_words(stamp: Callable[[Any, Any], str]) -> Callable[[Any, Any], str]:
    """Return the stamp of features that hold words of the reader's language."""
    return lambda person, division: f"{get_language()} {stamp(person, division)}"


def _plain(tone: str) -> dict[str, object]:
    return {"property": "", "stops": [], "missing": tone}


OWN_LAYERS = (
    MapLayer(
        "classes", mark("Classes of townships"), "fill", partial(one_map.classes_drawn, level=Level.TOWNSHIP),
        _in_words(one_map.class_stamp), fits=_nowhere, order=34, capability=one_map.READ, is_visible=False,
        label="name", link="/allocation/classes/units/{pk}/", card=((mark("Class"), "class"), (mark("Row"), "row")),
        style={"opacity": 0.85, "width": 1}, group=Group.PROGRAMME,
        count=partial(one_map.count_classes, level=Level.TOWNSHIP), dress=one_map.class_dress,
    ),
    MapLayer(
        "pairs", mark("Pairs that help each other"), "line", one_map.pairs_drawn, _in_words(one_map.pair_stamp),
        fits=_nowhere, order=65, capability=one_map.PAIRS, is_visible=False, link="/allocation/pairing/{id}/",
        card=((mark("Distance (km)"), "km"), (mark("State"), "state")), style={"colour": _plain(PAIR), "width": 2.2},
        group=Group.PROGRAMME, count=one_map.count_pairs, legend=(LegendEntry(PAIR, mark("Pair"), "line"),),
    ),
    MapLayer(
        "plan-lines", mark("Approved plan"), "point", one_map.plan_drawn, _in_words(one_map.plan_stamp),
        fits=_nowhere, order=72, capability=one_map.READ, is_visible=False, label="name",
        link="/allocation/plans/{plan}/units/{code}/", card=PLAN_CARD, style={"colour": _plain(PLAN), "radius": 6},
        group=Group.PROGRAMME, count=one_map.count_plan_units,
        legend=(LegendEntry(PLAN, mark("Unit that the plan gives something"), "square"),),
    ),
)  # fmt: skip
INSIDE = InsideList("plan-lines", mark("Lines of the approved plan"), one_map.plan_lines_inside, 50, one_map.READ)
