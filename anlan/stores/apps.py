"""Stores, and what it puts into the shared registries."""

from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "anlan.stores"
    label = "stores"

    def ready(self) -> None:
        from anlan.accounts.core.modules import MODULES, SwitchableModule
        from anlan.kernel.refusal import mark
        from anlan.places.core.finding import INSIDES, SEARCHES
        from anlan.places.core.layers import LAYERS
        from anlan.records.core.panels import PANELS
        from anlan.stores import panels
        from anlan.stores.map_layers import INSIDE, OWN_LAYERS, SEARCH
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

        MODULES.register(
            SwitchableModule(
                "stores",
                mark("Reserve points and shelters"),
                mark("Where things are kept and people are sheltered, and how much each holds"),
                ("/stores/",),
                order=60,
            )
        )
        LAYERS.register(*OWN_LAYERS)
        SEARCHES.register(SEARCH)
        INSIDES.register(INSIDE)
        PANELS.register(panels.SITE)
        NAVIGATION.register(
            NavigationEntry(
                mark("Reserve points and shelters"),
                "sites",
                "building-warehouse",
                Area.PEOPLE,
                20,
                "stores.read",
                "stores",
            )
        )
