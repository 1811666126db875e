"""Telemetry, and what it puts into the shared registries."""

from django.apps import AppConfig


class TelemetryConfig(AppConfig):
    name = "anlan.telemetry"
    label = "telemetry"

    def ready(self) -> None:
        from anlan.accounts.core.modules import MODULES, SwitchableModule
        from anlan.kernel.refusal import mark
        from anlan.places.core.finding import INSIDES, SEARCHES
        from anlan.places.core.layers import LAYERS
        from anlan.records.core.panels import PANELS
        from anlan.telemetry import panels
        from anlan.telemetry.map_layers import ALARMS, INSIDE, SEARCH, STATIONS
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

        MODULES.register(
            SwitchableModule(
                "telemetry",
                mark("Sensors"),
                mark("Stations, what they measure, and the alarms that the rules raise"),
                ("/telemetry/",),
                order=70,
            )
        )
        LAYERS.register(STATIONS, ALARMS)
        SEARCHES.register(SEARCH)
        INSIDES.register(INSIDE)
        PANELS.register(panels.STATION, panels.DEVICE, panels.ALARM)
        NAVIGATION.register(
            NavigationEntry(mark("Alarms"), "alarms", "bell-ringing", Area.ALERTS, 10, "telemetry.read", "telemetry"),
            NavigationEntry(
                mark("Alarm rules"), "alarm-rules", "adjustments-alt", Area.ALERTS, 35, "telemetry.read", "telemetry"
            ),
            NavigationEntry(mark("Stations"), "stations", "broadcast", Area.ALERTS, 20, "telemetry.read", "telemetry"),
            NavigationEntry(mark("Devices"), "devices", "cpu", Area.ALERTS, 30, "telemetry.read", "telemetry"),
            NavigationEntry(
                mark("Quarantine"), "quarantine", "mailbox-off", Area.ALERTS, 40, "telemetry.manage", "telemetry"
            ),
        )
