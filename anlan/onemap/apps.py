"""One map, and what it puts into the shared registries."""

from django.apps import AppConfig


class OnemapConfig(AppConfig):
    name = "anlan.onemap"
    label = "onemap"

    def ready(self) -> None:
        from anlan.accounts.core.modules import MODULES, SwitchableModule
        from anlan.kernel.refusal import mark
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

        MODULES.register(
            SwitchableModule(
                "onemap",
                mark("One map"),
                mark("All layers and live sensors on one map, on the desk and on the wall"),
                ("/map/",),
                order=5,
            )
        )
        NAVIGATION.register(
            NavigationEntry(mark("One map"), "onemap", "map", Area.MAP, 5, "onemap.read", "onemap"),
        )
