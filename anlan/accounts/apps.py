from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "anlan.accounts"
    label = "accounts"

    def ready(self) -> None:
        from anlan.accounts import queries
        from anlan.kernel.refusal import mark
        from anlan.web.home import SHELL_HOOKS, ShellHook
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

        SHELL_HOOKS.register(ShellHook("closed_modules", queries.closed_modules_for))
        SHELL_HOOKS.register(ShellHook("reach", queries.reach_of))
        NAVIGATION.register(
            NavigationEntry(mark("People and posts"), "people", "users", Area.SETTINGS, 10, "accounts.manage"),
            NavigationEntry(mark("Modules"), "modules", "puzzle", Area.SETTINGS, 20, "modules.switch"),
            NavigationEntry(mark("Audit trail"), "audit", "history", Area.SETTINGS, 90, "audit.read"),
        )
