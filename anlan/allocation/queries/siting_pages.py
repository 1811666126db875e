"""What the pages of a siting study show: figures in words, the curve, the map, two studies side by side."""

import json
import math
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts.queries import Scope
from anlan.allocation.core.siting_study import Absence, Question, SitingStatus, Weighing
from anlan.allocation.models import Siting, SitingPoint, SitingVillage
from anlan.allocation.queries import rules
from anlan.allocation.queries.rule_pages import QUIET
from anlan.allocation.queries.siting import fitting_measures, points_within, villages_within
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import mark
from anlan.places import queries as places
from anlan.stores import queries as stores

NEW, EXISTING = "#B9772B", "#3C4858"
LEFT_OUT = "#E3D5E8"
# The nearer, the darker; the third step begins where the minutes asked for end.
NEARNESS = ((0.0, "#2F6690"), (0.5, "#81A4CD"), (1.0, "#E9D8A6"), (2.0, "#C9A97A"))
DECIMALS = 5
PROVEN = 1e-6
BEST = mark("Proven: no other choice of %(points)d points is better.")
PROVEN_WORDS = {
    Question.FEWEST_POINTS: mark("Proven: fewer than %(points)d points cannot do it."),
    Question.ENOUGH_ROOM: mark("Proven: no other choice is cheaper."),
}
ANSWERS = {
    Question.FEWEST_POINTS: mark(
        "%(points)d points, %(new)d of them new, bring %(share).1f %% within %(minutes)g minutes."
    ),
    Question.MOST_COVERED: mark(
        "With %(points)d points, %(new)d of them new, at most %(share).1f %% are within %(minutes)g minutes."
    ),
    Question.LEAST_TRAVEL: mark(
        "With %(points)d points, %(new)d of them new, the mean way is %(mean).1f minutes; "
        "%(share).1f %% are within %(minutes)g minutes."
    ),
    Question.ENOUGH_ROOM: mark(
        "%(points)d points, %(new)d of them new, have room for %(share).1f %% within %(minutes)g minutes."
    ),
}
COUNTED = {
    Weighing.PEOPLE: mark("Population"),
    Weighing.HAZARD_PEOPLE: mark("Population"),
    Weighing.HOUSEHOLDS: mark("Households"),
    Weighing.VILLAGES: mark("Villages counted"),
}


def siting_page(row: Siting, scope: Scope) -> dict[str, Any]:
    """Return what was found and, for a study that is solved, how it looks."""
    if row.status == SitingStatus.DRAFT:
        return {"siting": row, "chosen": places.names_of(row.chosen)}
    absent = villages_within(row, scope).exclude(absence="").order_by("code")
    return {
        "siting": row,
        "figures": row.figures,
        "answer": answer_text(row),
        "proof": proof_text(row),
        "counted": _(counted_name(row)),
        "chosen": places.names_of(row.chosen),
        "map": siting_map(row, scope),
        "chart": curve_chart(row),
        "changed": changed_since(row),
        "points": list(points_within(row, scope).order_by("is_existing", "-load", "pk")),
        "absent": sorted(absent, key=lambda each: (each.absence == Absence.FAR, -(each.weight or 0))),
        "measures": fitting_measures(row) if row.status == SitingStatus.SOLVED else [],
        "measure": _measure_of(row),
    }


def changed_since(row: Siting) -> int:
    """Return how many sites of the kind were opened or closed since the study was solved without being told of it."""
    if not row.keeps_existing or row.status == SitingStatus.WITHDRAWN:
        return 0
    known = set(row.places.exclude(site=None).values_list("site_id", flat=True))
    gone = row.places.filter(is_existing=True, site=None).count()
    is_room = row.question == Question.ENOUGH_ROOM
    sites = stores.sites_of(row.county_code, [row.kind])
    standing = {site.pk for site in sites if site.is_open and not (is_room and site.capacity is None)}
    return len(known ^ standing) + gone


def _measure_of(row: Siting) -> Any:
    return rules.catalogue_of(row.county_code).by_code.get(row.measure_code) if row.measure_code else None


def answer_text(row: Siting) -> str:
    """Return what was found in one sentence."""
    figures = row.figures
    values = {
        "points": figures["points"],
        "new": figures["new"],
        "share": figures["share"] * 100,
        "minutes": row.within_minutes,
        "mean": figures["mean_minutes"] or 0.0,
    }
    return _(ANSWERS[Question(row.question)]) % values


def proof_text(row: Siting) -> str:
    """Return how good the answer is for certain."""
    gap, points = row.figures["gap"], row.figures["points"]
    if gap <= PROVEN:
        return _(PROVEN_WORDS.get(Question(row.question), BEST)) % {"points": points}
    if row.question == Question.FEWEST_POINTS:
        least = math.ceil(row.figures["bound"] - PROVEN)
        return _("Proven: no fewer than %(least)d points can do it; whether that many can is open.") % {"least": least}
    return _("Proven: the best that there can be is at most %(gap).2f %% better.") % {"gap": gap * 100}


def counted_name(row: Siting) -> str:
    """Return the message for what the study counts: people, households or villages."""
    return COUNTED[Weighing(row.weighing)]


def served_names(row: Siting, scope: Scope) -> dict[int, str]:
    """Return the names of the villages that go to each point, by the point's id."""
    names: dict[int | None, list[str]] = defaultdict(list)
    for point_id, name in villages_within(row, scope).order_by("code").values_list("point", "name"):
        names[point_id].append(name)
    return {point_id: _(", ").join(each) for point_id, each in names.items() if point_id}


def curve_chart(row: Siting) -> dict[str, Any] | None:
    """Return the settings of the curve: what each number of points brings."""
    if not row.curve:
        return None
    is_travel = row.question == Question.LEAST_TRAVEL
    key, name, unit, factor = (
        ("mean_minutes", _("Mean way"), _("minutes"), 1) if is_travel else ("share", _("Within reach"), "%", 100)
    )
    values = [None if each[key] is None else round(each[key] * factor, 1) for each in row.curve]
    return {
        "kind": "line",
        "categories": [str(each["points"]) for each in row.curve],
        "series": [{"name": name, "values": values}],
        "unit": unit,
    }


def siting_map(row: Siting, scope: Scope) -> dict[str, Any]:
    """Return the map's settings: villages by minutes, the way of each as a line, points that stand and that shall."""
    within = row.within_minutes
    bands = [(round(share * within, 1), colour) for share, colour in NEARNESS]
    settings: dict[str, Any] = {
        "layers": [*places.ground_layers(row.county_code, QUIET), *_own_layers(row, bands)],
        "legend": [*_legend(bands), [LEFT_OUT, _("No point reached")]],
    }
    bounds = places.bounds_of(_area_of(row, scope))
    return settings | ({"bounds": list(bounds)} if bounds else {})


def _area_of(row: Siting, scope: Scope) -> str:
    """Return the prefix of what the reader sees of the county: the whole, or the one unit they answer for."""
    county = prefix_of(row.county_code)
    inside = [prefix for prefix in scope.prefixes if prefix.startswith(county)]
    return inside[0] if len(inside) == 1 and not scope.covers(row.county_code) else county


def _legend(bands: list[tuple[float, str]]) -> Iterator[list[str]]:
    for number, (floor, colour) in enumerate(bands):
        if number + 1 < len(bands):
            words = _("%(from)g to %(to)g minutes") % {"from": floor, "to": bands[number + 1][0]}
        else:
            words = _("%(from)g minutes and more") % {"from": floor}
        yield [colour, words]


def _own_layers(row: Siting, bands: list[tuple[float, str]]) -> Iterator[dict[str, Any]]:
    card = [[_("State"), "state"], [_("Serves"), "load"], [_("Villages"), "villages"], [_("Mean way"), "mean"]]
    yield _layer(row, "ways", _("Which goes where"), "line") | {"width": 1.2}
    for key, title, colour in (("existing", _("stands already"), EXISTING), ("new", _("to be built"), NEW)):
        colours = {"property": "load", "stops": [], "missing": colour}
        yield _layer(row, key, title, "point") | {"label": "name", "card": card, "colour": colours}
    # The last: the map's legend tells of it.
    yield _layer(row, "villages", _("Villages"), "fill") | {
        "label": "name",
        "link": reverse("division", args=["000000000000"]).replace("000000000000", "{code}"),
        "card": [[_("Goes to"), "goes"], [_("Minutes"), "minutes"], [_("Counts"), "weight"], [_("Why not"), "why"]],
        "colour": {"property": "minutes", "stops": [list(each) for each in bands], "missing": LEFT_OUT},
    }


def _layer(row: Siting, key: str, title: str, kind: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "kind": kind,
        "url": reverse("siting-data", args=[row.pk, key]),
        "visible": True,
    }


def siting_features(row: Siting, scope: Scope, layer: str) -> dict[str, Any]:
    """Return a layer of the study's map as GeoJSON."""
    return {"type": "FeatureCollection", "features": list(FEATURES[layer](row, scope))}


def _villages(row: Siting, scope: Scope) -> Iterator[dict[str, Any]]:
    rows = list(villages_within(row, scope).order_by("code"))
    shapes = places.boundaries_of([each.division_id for each in rows])
    for each in rows:
        if each.division_id in shapes:
            yield _feature(int(each.code[-9:]), shapes[each.division_id], _village_properties(each))


def _village_properties(each: SitingVillage) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.name,
        "goes": each.point.name if each.point else None,
        "minutes": None if each.minutes is None else round(each.minutes, 1),
        "weight": each.weight,
        "why": each.get_absence_display() if each.absence else None,
    }


def _ways(row: Siting, scope: Scope) -> Iterator[dict[str, Any]]:
    rows = [each for each in villages_within(row, scope).order_by("code") if each.point]
    spots = places.spots_of([each.code for each in rows])
    for each in rows:
        if each.point and each.code in spots and each.code != each.point.code:
            line = [list(spots[each.code]), [each.point.place.x, each.point.place.y]]
            ends = [[round(value, DECIMALS) for value in end] for end in line]
            yield _feature(int(each.code[-9:]), {"type": "LineString", "coordinates": ends}, {"name": ""})


def _existing(row: Siting, scope: Scope) -> Iterator[dict[str, Any]]:
    return _points(row, scope, is_existing=True)


def _new(row: Siting, scope: Scope) -> Iterator[dict[str, Any]]:
    return _points(row, scope, is_existing=False)


def _points(row: Siting, scope: Scope, *, is_existing: bool) -> Iterator[dict[str, Any]]:
    rows = points_within(row, scope).filter(is_existing=is_existing)
    for each in rows.annotate(shape=AsGeoJSON("place", precision=DECIMALS)).order_by("pk"):
        yield _feature(each.pk, json.loads(each.shape), _point_properties(each))


def _point_properties(each: SitingPoint) -> dict[str, Any]:
    return {
        "code": each.code,
        "name": each.name,
        "state": _("stands already") if each.is_existing else _("to be built"),
        "load": each.load,
        "villages": each.village_count,
        "mean": None if each.mean_minutes is None else round(each.mean_minutes, 1),
    }


def _feature(number: int, geometry: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": properties}


FEATURES = {"villages": _villages, "ways": _ways, "existing": _existing, "new": _new}


def comparison_page(one: Siting, other: Siting, scope: Scope) -> dict[str, Any]:
    """Return two studies side by side: figures, the points of each, and who is nearer by which."""
    points = [{each.code: each.name for each in points_within(row, scope).order_by("pk")} for row in (one, other)]
    minutes = [dict(villages_within(row, scope).values_list("code", "minutes")) for row in (one, other)]
    common = sorted(minutes[0].keys() & minutes[1].keys())
    gains = [(minutes[0][code], minutes[1][code]) for code in common]
    return {
        "one": one,
        "other": other,
        "both": [name for code, name in points[0].items() if code in points[1]],
        "only_one": [name for code, name in points[0].items() if code not in points[1]],
        "only_other": [name for code, name in points[1].items() if code not in points[0]],
        "nearer_one": sum(_is_nearer(mine, theirs) for mine, theirs in gains),
        "nearer_other": sum(_is_nearer(theirs, mine) for mine, theirs in gains),
        "common": len(common),
    }


def _is_nearer(mine: float | None, theirs: float | None) -> bool:
    """Tell whether a way is shorter by more than a tenth of a minute; any way is shorter than none."""
    return mine is not None and (theirs is None or mine < theirs - 0.1)
