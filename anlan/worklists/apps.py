from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    name = "anlan.worklists"
    label = "worklists"

    def ready(self) -> None:
        from anlan.kernel.refusal import mark
        from anlan.records.core.panels import PANELS
        from anlan.web.home import HOME_CARDS, HomeCard
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry
        from anlan.worklists import home, panels

        PANELS.register(panels.TASK)
        HOME_CARDS.register(HomeCard("tasks", "worklists/home_card.html", home.own_list, order=10))
        NAVIGATION.register(
            NavigationEntry(mark("My work"), "worklist", "checklist", Area.WORK, order=10, capability="tasks.read"),
            NavigationEntry(
                mark("Work by township"), "work-board", "layout-board", Area.WORK, order=20, capability="tasks.manage"
            ),
        )
