"""A map of one division as the page asks for it: which layers, where they come from, how they look."""

from collections.abc import Collection, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.kernel.codes import prefix_of
from anlan.places.core.layers import LAYERS, MapLayer
from anlan.places.models import Division
from anlan.places.queries.shapes import bounds_of, own_bounds
from anlan.web.http import Person


def map_of(person: Person, division: Division) -> dict[str, Any] | None:
    """Return the map's configuration; None where nothing of the division is drawn."""
    bounds = bounds_of(prefix_of(division.code)) or own_bounds(division)
    if bounds is None:
        return None
    fitting = [layer for layer in LAYERS if layer.fits(division) and person.can(layer.capability, division.code)]
    return {"layers": [_layer(layer, division.code) for layer in fitting], "bounds": list(bounds)}


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
