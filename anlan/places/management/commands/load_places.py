"""`anlan load_places KIND FILE`: divisions, boundaries, rivers or roads of a county from a file."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from anlan.kernel.codes import check_code
from anlan.kernel.refusal import Refusal
from anlan.places.actions import BadRows
from anlan.places.actions.imports import FileKind, Order, commit_import
from anlan.places.queries.telling import problem_lines
from anlan.web.templatetags.shown import refusal_text

BAD_INPUT = 2
MOST_PROBLEMS = 50


class Command(BaseCommand):
    """Takes the file over whole, or lists its faults and takes nothing."""

    help = "Bring in divisions (CSV), boundaries, rivers or roads (GeoJSON) of a county"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what the file holds, the file, and whose it is."""
        parser.add_argument("kind", choices=[kind.value for kind in FileKind])
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", required=True, help="the county's code, 6 or 12 digits")
        parser.add_argument("--since", type=date.fromisoformat, help="new divisions stand from; default 1 January")
        parser.add_argument("--gcj02", action="store_true", help="the coordinates come from a Chinese map service")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the file over."""
        since = options["since"] or localdate().replace(month=1, day=1)
        try:
            order = Order(FileKind(options["kind"]), check_code(options["county"]), since, options["gcj02"])
            loaded = commit_import(actor=None, order=order, content=options["file"].read_bytes(), at=now())
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}", returncode=BAD_INPUT) from error
        except Refusal as refused:
            if isinstance(refused, BadRows):
                self.stderr.write("\n".join(problem_lines(refused.problems[:MOST_PROBLEMS])))
            raise CommandError(refusal_text(refused), returncode=BAD_INPUT) from refused
        text = _("Taken over: %(created)d new, %(changed)d changed, %(unchanged)d as they were")
        values = {"created": loaded.created, "changed": loaded.changed, "unchanged": loaded.unchanged}
        self.stdout.write(text % values)
