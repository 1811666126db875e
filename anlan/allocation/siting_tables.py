"""The lists of siting: studies, the points of one, its villages."""

from collections.abc import Callable, Mapping
from operator import attrgetter, methodcaller
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from anlan.allocation.core.siting_study import ABSENCE_NAMES, STATUS_NAMES
from anlan.kernel.refusal import mark
from anlan.stores.core.values import KIND_NAMES
from anlan.web.tables import Column, Filter, Table

CELLS = "allocation/siting_cells.html"
YES_NO = (("1", mark("stands already")), ("0", mark("to be built")))


def _figure(name: str, factor: float = 1, decimals: int = 1) -> Callable[[Any], float | None]:
    """Return how to ask a study for one of its figures; nothing while it is not solved."""

    def value(row: Any) -> float | None:
        found = row.figures.get(name)
        return None if found is None else round(found * factor, decimals)

    return value


SITINGS = Table(
    "sitings",
    (
        Column("name", mark("Study"), attrgetter("name"), cell=f"{CELLS}#study", sort="name"),
        Column("kind", mark("Kind of point"), methodcaller("get_kind_display"), sort="kind"),
        Column("status", mark("State"), methodcaller("get_status_display"), cell=f"{CELLS}#status", sort="status"),
        Column("question", mark("Question"), methodcaller("get_question_display"), cell=f"{CELLS}#words"),
        Column("way", mark("Ways"), methodcaller("get_way_display"), is_shown=False),
        Column("points", mark("Points"), _figure("points", decimals=0), sort="figures__points", is_number=True),
        Column("new", mark("New"), _figure("new", decimals=0), sort="figures__new", is_number=True),
        Column("within", mark("Minutes"), attrgetter("within_minutes"), sort="within_minutes", is_number=True),
        Column("share", mark("Near"), _figure("share", 100), sort="figures__share", is_number=True, unit="%"),
        Column("mean", mark("Mean way"), _figure("mean_minutes"), is_number=True, unit=mark("minutes")),
        Column("worst", mark("Longest way"), _figure("worst_minutes"), is_number=True, unit=mark("minutes")),
        Column("solved", mark("Solved at"), attrgetter("solved_at"), sort="solved_at"),
        Column("by", mark("Prepared by"), attrgetter("created_by_name"), sort="created_by_name", is_shown=False),
    ),
    filters=(
        Filter("name", mark("Name"), "name__icontains"),
        Filter("kind", mark("Kind of point"), "kind", tuple((str(key), name) for key, name in KIND_NAMES.items())),
        Filter("status", mark("State"), "status", tuple((key.value, name) for key, name in STATUS_NAMES.items())),
    ),
    order=("-created_at", "-pk"),
    row_url=lambda row: reverse("siting", args=[row.pk]),
    file_name="sitings",
    is_stacked=True,
)


def _minutes(name: str) -> Callable[[Any], float | None]:
    def value(row: Any) -> float | None:
        found = getattr(row, name)
        return None if found is None else round(found, 1)

    return value


def points_table(served: Mapping[int, str], counted: str) -> Table:
    """Return the list of a study's points; `served` names the villages of each, `counted` what is counted."""
    return Table(
        "siting-points",
        (
            Column("name", mark("Name"), attrgetter("name"), sort="name"),
            Column("state", mark("State"), _state, sort="is_existing"),
            Column("load", counted, attrgetter("load"), sort="load", is_number=True),
            Column("capacity", mark("Holds"), attrgetter("capacity"), sort="capacity", is_number=True, is_shown=False),
            Column("villages", mark("Villages"), attrgetter("village_count"), sort="village_count", is_number=True),
            Column(
                "mean",
                mark("Mean way"),
                _minutes("mean_minutes"),
                sort="mean_minutes",
                is_number=True,
                unit=mark("minutes"),
            ),
            Column(
                "worst",
                mark("Longest way"),
                _minutes("worst_minutes"),
                sort="worst_minutes",
                is_number=True,
                unit=mark("minutes"),
            ),
            Column("served", mark("Who is served"), lambda row: served.get(row.pk, ""), cell=f"{CELLS}#words"),
            Column("code", mark("Code"), attrgetter("code"), sort="code", is_shown=False),
            Column("longitude", mark("Longitude"), lambda row: round(row.place.x, 6), is_number=True, is_shown=False),
            Column("latitude", mark("Latitude"), lambda row: round(row.place.y, 6), is_number=True, is_shown=False),
        ),
        filters=(
            Filter("name", mark("Name"), "name__icontains"),
            Filter("state", mark("State"), "is_existing", YES_NO),
        ),
        order=("is_existing", "-load", "pk"),
        file_name="siting-points",
        is_stacked=True,
    )


def _state(row: Any) -> str:
    return gettext("stands already") if row.is_existing else gettext("to be built")


def villages_table(counted: str) -> Table:
    """Return the list of a study's villages; `counted` says what is counted of each."""
    return Table(
        "siting-villages",
        (
            Column("name", mark("Name"), attrgetter("name"), cell=f"{CELLS}#village", sort="name"),
            Column("weight", counted, attrgetter("weight"), sort="weight", is_number=True),
            Column("point", mark("Goes to"), lambda row: row.point.name if row.point else "", sort="point__name"),
            Column("minutes", mark("Way"), _minutes("minutes"), sort="minutes", is_number=True, unit=mark("minutes")),
            Column("why", mark("Why not near"), lambda row: row.get_absence_display() if row.absence else ""),
            Column("parts", mark("Split among"), _parts, is_shown=False),
            Column("code", mark("Code"), attrgetter("code"), sort="code", is_shown=False),
        ),
        filters=(
            Filter("name", mark("Name"), "name__icontains"),
            Filter("point", mark("Goes to"), "point__name__icontains"),
            Filter(
                "why",
                mark("Why not near"),
                "absence",
                tuple((key.value, name) for key, name in ABSENCE_NAMES.items()),
            ),
        ),
        order=("code", "pk"),
        row_url=lambda row: reverse("division", args=[row.code]),
        file_name="siting-villages",
        is_stacked=True,
    )


def _parts(row: Any) -> str:
    return gettext("; ").join(f"{name} {share:.0%}" for name, share in row.parts)
