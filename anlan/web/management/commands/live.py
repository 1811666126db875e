"""`anlan live`: the process that streams to open pages."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from anlan.web.live.serving import serve


class Command(BaseCommand):
    """Runs until a signal ends it; may be killed at any time, and may run more than once."""

    help = "Stream live events to open pages"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where to listen, and how often to look after sessions and old events."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001)
        parser.add_argument("--upkeep-seconds", type=float, default=60.0)

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve."""
        asyncio.run(serve(host=options["host"], port=options["port"], upkeep_s=options["upkeep_seconds"]))
