"""The map's layers: each context registers its own, maps are put together from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anlan.ground.registries import Registry


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer: who may see it, how it is drawn, and where its features come from.

    `features(person, division)` returns a GeoJSON FeatureCollection as text, with only what lies within
    the person's areas; `stamp(person, division)` changes whenever the features would. `fits(division)`
    tells whether the layer belongs on the map of that division; `card` pairs a title with a property.
    """

    key: str
    title: str
    kind: str  # fill, line or point
    features: Callable[[Any, Any], str]
    stamp: Callable[[Any, Any], str]
    fits: Callable[[Any], bool] = lambda _division: True
    order: int = 0
    capability: str = "places.read"
    is_visible: bool = True
    label: str = ""
    link: str = ""
    card: tuple[tuple[str, str], ...] = ()
    style: Mapping[str, Any] = field(default_factory=dict)  # minzoom, maxzoom, colour, width


LAYERS: Registry[MapLayer] = Registry(key=lambda layer: (layer.order, layer.key))
