"""A map of one division as the page asks for it: which layers, where they come from, how they look."""

from collections.abc import Collection, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import Level, ancestor_at, level_of, prefix_of
from anlan.places.core.layers import LAYERS, MapLayer
from anlan.places.models import Division
from anlan.places.queries.shapes import bounds_of, own_bounds
from anlan.web.http import Person

Extent = tuple[float, float, float, float]
MARGIN = 0.03


def map_of(person: Person, division: Division) -> dict[str, Any] | None:
    """Return the map's configuration; None where nothing of the division is drawn."""
    bounds = bounds_of(prefix_of(division.code)) or own_bounds(division)
    if bounds is None:
        return None
    fitting = [layer for layer in LAYERS if layer.fits(division) and person.can(layer.capability, division.code)]
    return {"layers": [_layer(layer, division.code) for layer in fitting], "bounds": list(bounds)}


def map_with(person: Person, division_code: str, keys: Collection[str]) -> dict[str, Any] | None:
    """Return the map of a division with these layers shown too; None without such a division or anything to draw."""
    reach = accounts.scope_of(person, "places.read").q("code")
    division = Division.objects.valid_today().plain().filter(reach, code=division_code).first()
    found = map_of(person, division) if division else None
    if found:
        for layer in found["layers"]:
            layer["visible"] = layer["visible"] or layer["key"] in keys
    return found


def map_around(
    person: Person, division_code: str, extent: Extent, keys: Collection[str], *, margin: float = MARGIN
) -> dict[str, Any] | None:
    """Return the map of the township or county of a thing, with the thing in its middle.

    Args:
        person: who looks.
        division_code: of the unit that the thing belongs to.
        extent: west, south, east, north of the thing, degrees.
        keys: of the layers in which it is drawn.
        margin: degrees about it that the map shows.
    """
    level = Level.COUNTY if level_of(division_code) is Level.COUNTY else Level.TOWNSHIP
    found = map_with(person, ancestor_at(division_code, level), keys) or map_with(person, division_code, keys)
    if found:
        west, south, east, north = extent
        found["bounds"] = [west - margin, south - margin, east + margin, north + margin]
    return found


def _layer(layer: MapLayer, code: str) -> dict[str, Any]:
    return {
        "key": layer.key,
        "title": _(layer.title),
        "kind": layer.kind,
        "url": reverse("layer", args=[code, layer.key]),
        "visible": layer.is_visible,
        "label": layer.label,
        "link": layer.link,
        "card": [[_(title), name] for title, name in layer.card],
        **layer.style,
    }


def ground_layers(code: str, keys: Collection[str], *, hidden: Collection[str] = ()) -> Iterator[dict[str, Any]]:
    """Yield layers of places as they lie below other contexts' maps, without words; hidden ones to be switched on."""
    for layer in LAYERS:
        if layer.key in keys:
            url = reverse("layer", args=[code, layer.key])
            known = {"key": layer.key, "title": _(layer.title), "kind": layer.kind, "url": url}
            yield known | {"visible": layer.key not in hidden} | dict(layer.style)
