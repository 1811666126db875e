"""`anlan retain_readings`: months of readings older than is kept are thinned to hours and let go of."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from anlan.telemetry.actions.retention import months_to_go, retain_readings, sizes_of


class Command(BaseCommand):
    """Does by hand what the worker does every night."""

    help = "Thin months of readings that are older than is kept to hours, and let go of them"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many months are kept, and whether only to tell."""
        parser.add_argument("--months", type=int, default=settings.READINGS_KEPT_MONTHS, help="months that are kept")
        parser.add_argument("--dry-run", action="store_true", help="tell which months would go, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Let the months go, or tell which would."""
        at, kept = now(), options["months"]
        if options["dry_run"]:
            for each in sizes_of(months_to_go(kept_months=kept, at=at)):
                self.stdout.write(f"{each.name}: {each.readings} readings would be thinned and let go of")
            return
        for each in retain_readings(kept_months=kept, at=at):
            self.stdout.write(f"{each.name}: {each.readings} readings let go of, {each.hours} hours kept")
