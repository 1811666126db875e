"""The layers that assessments bring to the one map."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import get_language

from anlan.assessment.queries import one_map
from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark
from anlan.places.core.layers import Group, MapLayer

CARD = ((mark("Total score"), "score"), (mark("Grade"), "grade"), (mark("Rank"), "rank"))


def _in_words(stamp: Callable[[Any, Any], str]) -> Callable[[Any, Any], str]:
    """Return the stamp of features that hold words of the reader's language."""
    return lambda person, division: f"{get_language()} {stamp(person, division)}"


def _scores(key: str, title: str, level: Level, order: int) -> MapLayer:
    return MapLayer(
        key,
        title,
        "fill",
        partial(one_map.scores_drawn, level=level),
        _in_words(one_map.score_stamp),
        fits=lambda _division: False,
        order=order,
        capability=one_map.READ,
        is_visible=False,
        label="name",
        link="/assessments/{assessment}/units/{code}/",
        card=CARD,
        style={"opacity": 0.85, "width": 1},
        group=Group.RISK,
        count=partial(one_map.count_scores, level=level),
        dress=one_map.score_dress,
    )


SCORES = (
    _scores("scores", mark("Scores of townships"), Level.TOWNSHIP, 32),
    _scores("village-scores", mark("Scores of villages"), Level.VILLAGE, 33),
)
