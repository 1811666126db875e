from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "anlan.places"
    label = "places"

    def ready(self) -> None:
        from anlan.accounts.core.areas import AREA_BOOK, AreaBook
        from anlan.kernel.refusal import mark
        from anlan.places import panels, queries
        from anlan.places.core.finding import INSIDES, SEARCHES
        from anlan.places.core.layers import LAYERS
        from anlan.places.map_finding import OWN_INSIDES, OWN_SEARCHES
        from anlan.places.map_layers import OWN_LAYERS
        from anlan.records.core.panels import PANELS
        from anlan.web.home import SHELL_HOOKS, ShellHook
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry
        from anlan.web.switcher import DIVISION_SEARCH, DivisionSearch

        LAYERS.register(*OWN_LAYERS)
        SEARCHES.register(*OWN_SEARCHES)
        INSIDES.register(*OWN_INSIDES)
        PANELS.register(panels.DIVISION, panels.HAZARD_ZONE)
        AREA_BOOK.register(AreaBook(queries.names_of, queries.names_within))
        DIVISION_SEARCH.register(DivisionSearch(queries.search_divisions))
        SHELL_HOOKS.register(ShellHook("county_name", queries.county_name))
        NAVIGATION.register(
            NavigationEntry(
                mark("Divisions and map"), "divisions", "map-2", Area.MAP, order=10, capability="places.read"
            ),
            NavigationEntry(mark("Hazard zones"), "hazard-zones", "alert-triangle", Area.MAP, 15, "places.read"),
            NavigationEntry(mark("Roads"), "own-roads", "route", Area.MAP, order=20, capability="places.manage"),
            NavigationEntry(
                mark("Bring in places"), "places-import", "file-import", Area.SETTINGS, 30, "places.manage"
            ),
        )
