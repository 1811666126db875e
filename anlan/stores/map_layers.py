"""The layers that sites bring to every map."""

from django.utils.translation import get_language

from anlan.kernel.refusal import mark
from anlan.places.core.layers import MapLayer
from anlan.stores import queries
from anlan.stores.core.values import SHELTERS, STORES, SiteKind

CARD = ((mark("Kind of site"), "kind"), (mark("Unit"), "unit"), (mark("Holds"), "holds"), (mark("State"), "state"))
STORE_KEY, SHELTER_KEY = "stores", "shelters"
STORE, SHELTER = "#8a5a2b", "#2e7d5b"


def _layer(key: str, title: str, kinds: frozenset[SiteKind], colour: str, order: int) -> MapLayer:
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
    )


OWN_LAYERS = (
    _layer(STORE_KEY, mark("Reserve points and warehouses"), STORES, STORE, 80),
    _layer(SHELTER_KEY, mark("Shelters"), SHELTERS, SHELTER, 81),
)
