"""The layers that sites bring to every map."""

from django.utils.translation import get_language

from anlan.kernel.refusal import mark
from anlan.places.core.finding import InsideList, MapSearch
from anlan.places.core.layers import Group, LegendEntry, MapLayer
from anlan.stores import queries
from anlan.stores.core.values import SHELTERS, STORES, SiteKind

CARD = ((mark("Kind of site"), "kind"), (mark("Unit"), "unit"), (mark("Holds"), "holds"), (mark("State"), "state"))
STORE, SHELTER = "#8a5a2b", "#2e7d5b"


def _layer(key: str, title: str, kinds: frozenset[SiteKind], *, colour: str, shape: str, order: int) -> MapLayer:
    return MapLayer(
        key,
        title,
        "point",
        lambda person, division: queries.features_within(person, division.code, kinds),
        lambda person, division: f"{get_language()} {queries.stamp_within(person, division.code)}",
        order=order,
        capability="stores.read",
        is_visible=False,
        label="name",
        link="/stores/sites/{pk}/",
        card=CARD,
        style={"colour": {"property": "", "stops": [], "missing": colour}, "minzoom": 0},
        group=Group.MEANS,
        count=lambda person: queries.count_of(person, kinds),
        legend=(LegendEntry(colour, title, shape),),
    )


OWN_LAYERS = (
    _layer(
        queries.STORE_KEY,
        mark("Reserve points and warehouses"),
        STORES,
        colour=STORE,
        shape="square",
        order=80,
    ),
    _layer(queries.SHELTER_KEY, mark("Shelters"), SHELTERS, colour=SHELTER, shape="triangle", order=81),
)
SEARCH = MapSearch("site", mark("Reserve points and shelters"), queries.find_sites, order=30, capability="stores.read")
INSIDE = InsideList("sites", mark("Reserve points and shelters"), queries.sites_inside, 30, "stores.read")
