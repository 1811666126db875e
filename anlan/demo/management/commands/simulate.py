"""`anlan simulate`: the demo county's devices speak, and a storm crosses the county."""

import asyncio
import contextlib
import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from anlan.demo.core.county import make_county
from anlan.demo.core.gazetteer import COUNTY_CODE
from anlan.demo.core.sensor_net import make_network
from anlan.demo.keys import demo_key
from anlan.demo.simulator.fleet import Fleet
from anlan.demo.simulator.replay import BadReplay, lines_of, moved
from anlan.demo.simulator.wires import Addresses
from anlan.demo.simulator.world import World
from anlan.telemetry.queries.stations import has_stations
from anlan.telemetry.queries.wire import stream_ids, values_last_told

FIRST_STORM_S, FOREVER = 60.0, float("inf")


class Command(BaseCommand):
    """Runs until it is ended; may be started again at any time, counters go on where they stood."""

    help = "Let the devices of the demo county report over all protocols; a storm crosses it in ten minutes"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say which devices, when it storms, and where the gateway hears."""
        parser.add_argument("--storm-after", type=float, default=FIRST_STORM_S, help="seconds; negative: no storm")
        parser.add_argument("--devices", nargs="*", help="codes of the devices that speak; all without it")
        parser.add_argument("--no-faults", action="store_true", help="no device misbehaves")
        parser.add_argument("--for", type=float, default=FOREVER, dest="lasts", help="seconds, then it ends")
        parser.add_argument("--replay", type=Path, help="send this CSV (device, element, time, value) instead")
        parser.add_argument("--speed", type=float, default=60.0, help="of the replay; 0 sends everything at once")
        parser.add_argument(
            "--as-of-now", action="store_true", help="move the replay so that its last reading is of now"
        )
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="address of the site")
        parser.add_argument("--sl651", default="127.0.0.1:8651", help="host:port where SL 651 stations are heard")

    def handle(self, *args: Any, **options: Any) -> None:
        """Speak."""
        # After each report that was confirmed the library complains that the line is closed.
        logging.getLogger("paho").setLevel(logging.CRITICAL)
        if not has_stations(COUNTY_CODE):
            raise CommandError("There are no sensors to speak for. Load the demo county first: anlan load_demo")
        fleet = _fleet(options)
        work = self._replay(fleet, options) if options["replay"] else fleet.run(_clock() + options["lasts"])
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(work)
        self.stdout.write(f"{fleet.counts.sent} reports confirmed, {fleet.counts.failed} not")

    def _replay(self, fleet: Fleet, options: dict[str, Any]) -> Any:
        try:
            lines = lines_of(options["replay"], {device.row.code for device in fleet.devices})
        except (BadReplay, OSError) as fault:
            raise CommandError(str(fault)) from None
        return fleet.replay(moved(lines, _clock()) if options["as_of_now"] else lines, options["speed"])


def _fleet(options: dict[str, Any]) -> Fleet:
    network = make_network(make_county())
    rows = [row for row in network.register.devices if not options["devices"] or row.code in options["devices"]]
    if not rows:
        raise CommandError(f"None of the devices is one of the demo county's: {', '.join(options['devices'])}")
    host, _, port = options["sl651"].partition(":")
    begins_at = _clock() + options["storm_after"] if options["storm_after"] >= 0 else FOREVER
    world = World(network, begins_at, values_last_told(COUNTY_CODE, now()))
    addresses = Addresses(settings.MQTT["URL"], (host, int(port)), options["site"].rstrip("/"), stream_ids(COUNTY_CODE))
    keys = {row.code: demo_key(row.code) for row in rows}
    return Fleet(rows, keys=keys, world=world, addresses=addresses, clock=_clock, is_faulty=not options["no_faults"])


def _clock() -> float:
    return now().timestamp()
