"""Funds, and what it puts into the shared registries."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "anlan.funds"
    label = "funds"

    def ready(self) -> None:
        from anlan.accounts.core.modules import MODULES, SwitchableModule
        from anlan.funds import panels
        from anlan.kernel.refusal import mark
        from anlan.records.core.panels import PANELS
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

        MODULES.register(
            SwitchableModule(
                "funds",
                mark("Sources of money"),
                mark("Money of each year, what it is earmarked for, and what is left of it"),
                ("/funds/",),
                order=26,
            )
        )
        PANELS.register(panels.SOURCE)
        NAVIGATION.register(
            NavigationEntry(
                mark("Sources of money"), "sources", "coin", Area.ALLOCATION, 30, "funds.read", module="funds"
            )
        )
