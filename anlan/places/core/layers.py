"""The map's layers: each context registers its own, maps are put together from them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from anlan.ground.registries import Registry
from anlan.kernel.refusal import mark


class Group(StrEnum):
    """Headings of the one map's panel, in their order."""

    LIVE = "live"
    RISK = "risk"
    MEANS = "means"
    PROGRAMME = "programme"
    GROUND = "ground"


GROUP_NAMES: Mapping[Group, str] = {
    Group.LIVE: mark("Sensors and alarms"),
    Group.RISK: mark("Risk and assessment"),
    Group.MEANS: mark("Stores and shelters"),
    Group.PROGRAMME: mark("Support and allocation"),
    Group.GROUND: mark("Divisions and ground"),
}


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One line of a legend: what is drawn so, and the number of the colouring property that it stands for."""

    colour: str
    words: str
    shape: str = "circle"  # circle, square, triangle, diamond, line or fill
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Points counted beforehand by square and township, so that a million of them still make a quick tile.

    The table has the columns cell (see `core.tiles.cell_of`), code, count, worst, x and y (sums of metres),
    only_id (of a point that stands alone) and one for each of the source's `sums`. Its squares serve the zooms
    `lowest` to `highest`.
    """

    table: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class TileSource:
    """Where vector tiles of a layer come from: a table `t` whose geometry is kept in Web Mercator (3857).

    Only a context's own fixed words stand here: they become part of a statement.

    Attributes:
        table: name of the table, followed by joins if need be; its rows are called `t`.
        shape: column of the geometry.
        fields: name → expression, told of each feature; of points, of a type that has a least value.
        code: column of the division's code, by which rows are kept within a person's areas.
        is_county_wide: the code names only the county: a part of it gets what meets its box.
        where: which rows belong to the layer.
        worst: points: expression whose greatest value a cluster tells.
        worst_of: points: the name under which one that stands alone tells that value.
        sums: points: name → expression whose sum a cluster tells.
        apart_from: points: zoom from which each stands by itself; below, those of a square are told as one.
        pyramid: squares counted beforehand, for low zooms.
        label: column of the point at which an area's name stands.
        least: (zoom, condition): below that zoom only these rows.
        order: which rows go first where a tile would hold more than `most`.
    """

    table: str
    shape: str
    fields: Mapping[str, str]
    code: str = "t.division_code"
    is_county_wide: bool = False
    where: str = "true"
    worst: str = "NULL::int"
    worst_of: str = ""
    sums: Mapping[str, str] = field(default_factory=dict)
    apart_from: int = 0
    pyramid: Pyramid | None = None
    label: str = ""
    least: tuple[tuple[int, str], ...] = ()
    order: str = ""
    most: int = 1500
    min_zoom: int = 0
    max_zoom: int = 14


@dataclass(frozen=True, slots=True)
class MapLayer:
    """One layer: who may see it, how it is drawn, and where its features come from.

    `features(person, division)` returns a GeoJSON FeatureCollection as text, with only what lies within
    the person's areas; `stamp(person, division)` changes whenever the features would. `fits(division)`
    tells whether the layer belongs on the map of that division; `card` pairs a title with a property.

    On the one map a layer stands where it names a `group`. There it comes as vector tiles where it has a
    source of `tiles` and more than `light` features are in reach, else as GeoJSON; `tile_stamp(person)`
    changes whenever a tile would. `count(person)` tells how many features are within the person's areas,
    `card_url` and `link` are addresses with the feature's properties in braces, `live` is the kind of news
    after which the layer is out of date, `dress(person)` gives colour and legend where those are data.
    Coordinates of a layer that `is_gcj02` are brought to WGS 84.
    """

    key: str
    title: str
    kind: str  # fill, line, point or mixed
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
    group: Group | None = None
    tiles: TileSource | None = None
    light: int = 0
    tile_stamp: Callable[[Any], str] | None = None
    count: Callable[[Any], int] | None = None
    legend: tuple[LegendEntry, ...] = ()
    card_url: str = ""
    live: str = ""
    is_shown_first: bool | None = None  # on the one map; None is as `is_visible`
    dress: Callable[[Any], tuple[Mapping[str, Any], tuple[LegendEntry, ...]]] | None = None
    is_gcj02: bool = False

    def __post_init__(self) -> None:
        if self.tiles and (self.is_gcj02 or self.tile_stamp is None or self.count is None):
            raise ValueError(f"layer {self.key}: tiles need a stamp and a count, and are WGS 84")

    def dressed(self, person: Any) -> "MapLayer":
        """Return the layer with the colours and the legend that this person's data have."""
        if self.dress is None:
            return self
        colour, legend = self.dress(person)
        return replace(self, style={**self.style, "colour": colour}, legend=legend)


LAYERS: Registry[MapLayer] = Registry(key=lambda layer: (layer.order, layer.key))


def layer_of(key: str) -> MapLayer | None:
    """Return the layer of that key, None where nobody registered it."""
    return next((layer for layer in LAYERS if layer.key == key), None)
