from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "anlan.records"
    label = "records"

    def ready(self) -> None:
        from anlan.kernel.refusal import mark
        from anlan.records import home, queries
        from anlan.records.core.panels import panel_kinds
        from anlan.web.home import HOME_CARDS, SHELL_HOOKS, HomeCard, ShellHook
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

        SHELL_HOOKS.register(
            ShellHook("unread", queries.unread_count), ShellHook("panel_kinds", lambda person: panel_kinds())
        )
        HOME_CARDS.register(HomeCard("notices", "records/home_card.html", home.what_changed, order=20))
        NAVIGATION.register(NavigationEntry(mark("Notices"), "notices", "bell", Area.WORK, order=30))
