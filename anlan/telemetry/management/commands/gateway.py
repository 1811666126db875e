"""`anlan gateway`: hears the devices."""

import asyncio
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from anlan.telemetry.gateway.mqtt import SESSION, Broker, broker_at
from anlan.telemetry.gateway.process import MqttWire, Wire, run, sl651_wire


class Command(BaseCommand):
    """Runs until a signal ends it; may be killed at any time, and what it had not kept comes again."""

    help = "Hear the devices: MQTT and SL 651"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Say which wires are heard."""
        parser.add_argument("--no-mqtt", action="store_true", help="hear nothing from the broker in ANLAN_MQTT_URL")
        parser.add_argument("--session", default=SESSION, help="name of the lasting session at the broker")
        parser.add_argument("--no-sl651", action="store_true", help="do not listen for SL 651 stations")
        parser.add_argument("--sl651-host", default="127.0.0.1", help="address on which stations are listened for")
        parser.add_argument("--sl651-port", type=int, default=8651, help="port on which stations are listened for")
        parser.add_argument("--alive", type=Path, help="file that is touched each second while all is well")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hear them; exit code 1 when a wire fell by itself, so that whoever watches starts anew."""
        wires: list[Wire] = []
        broker = None if options["no_mqtt"] else _broker()
        if broker:
            wires.append(MqttWire(broker, clock=now, session=options["session"]))
        if not options["no_sl651"]:
            place = options["sl651_host"], options["sl651_port"]
            wires.append(sl651_wire(*place, clock=now, clock_s=settings.SL651_CLOCK_S))
        if not wires:
            raise CommandError("There is nothing to hear: ANLAN_MQTT_URL is empty, and SL 651 is switched off")
        try:
            ended_well = asyncio.run(run(wires, alive=options["alive"]))
        except OSError as fault:  # the port is taken
            raise CommandError(str(fault)) from None
        if not ended_well:
            raise SystemExit(1)


def _broker() -> Broker | None:
    told = settings.MQTT
    if not told["URL"]:
        return None
    try:
        return broker_at(
            told["URL"],
            version=told["VERSION"],
            authority=told["CA"],
            certificate=told["CERT"],
            key=told["KEY"],
            is_name_checked=told["INSECURE"] != "1",
        )
    except (ValueError, OSError) as fault:
        raise CommandError(f"ANLAN_MQTT_URL and its companions: {fault}") from None
