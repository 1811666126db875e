"""Allocation, and what it puts into the shared registries."""

from django.apps import AppConfig


class AllocationConfig(AppConfig):
    name = "anlan.allocation"
    label = "allocation"

    def ready(self) -> None:
        from anlan.accounts.core.modules import MODULES, SwitchableModule
        from anlan.allocation.map_layers import INSIDE, OWN_LAYERS
        from anlan.allocation.pairing_panels import PANELS_OF_PAIRING
        from anlan.allocation.queries.plan_inputs import given_by_plans
        from anlan.allocation.siting_panels import PANELS_OF_SITING
        from anlan.funds.core.spending import SPENDINGS, Spending
        from anlan.kernel.refusal import mark
        from anlan.places.core.finding import INSIDES
        from anlan.places.core.layers import LAYERS
        from anlan.records.core.panels import PANELS

        MODULES.register(
            SwitchableModule(
                "allocation",
                mark("Support and allocation"),
                mark("Classes, measures, strategies and the plan of the support"),
                ("/allocation/",),
                order=25,
            )
        )
        LAYERS.register(*OWN_LAYERS)
        INSIDES.register(INSIDE)
        SPENDINGS.register(Spending("plans", mark("Approved plans"), given_by_plans))
        PANELS.register(*PANELS_OF_PAIRING, *PANELS_OF_SITING)
        _register_navigation()


def _register_navigation() -> None:
    from anlan.kernel.refusal import mark
    from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

    NAVIGATION.register(
        NavigationEntry(
            mark("The programme"),
            "programme-own",
            "building-community",
            Area.ALLOCATION,
            5,
            "allocation.read",
            "allocation",
        ),
        NavigationEntry(
            mark("Allocation plans"), "plans", "coins", Area.ALLOCATION, 10, "allocation.read", "allocation"
        ),
        NavigationEntry(
            mark("Pairing"), "pairings", "heart-handshake", Area.ALLOCATION, 30, "pairing.read", "allocation"
        ),
        NavigationEntry(mark("Siting"), "sitings", "map-pin", Area.ALLOCATION, 35, "allocation.read", "allocation"),
        NavigationEntry(
            mark("Classes"), "unit-classes", "category", Area.ALLOCATION, 40, "allocation.read", "allocation"
        ),
        NavigationEntry(mark("Measures"), "measures", "tool", Area.ALLOCATION, 50, "allocation.read", "allocation"),
        NavigationEntry(
            mark("Strategy"), "strategy", "target-arrow", Area.ALLOCATION, 60, "allocation.read", "allocation"
        ),
    )
