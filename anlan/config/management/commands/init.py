"""`anlan init`: a real county from a list of its divisions."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from anlan.config.first_county import Made, Wanted, check_ready, county_code_in, make_first_county
from anlan.kernel.refusal import Refusal
from anlan.places.actions import BadRows, Loaded
from anlan.places.queries.telling import problem_lines
from anlan.web.templatetags.shown import refusal_text

BAD_INPUT = 2
MOST_PROBLEMS = 50


class Command(BaseCommand):
    """Asks for what is left out, on a terminal only; makes the county and says what stands."""

    help = "Make a real county: divisions, boundaries, the first administrator, the default indicators"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the county, its files and its administrator."""
        parser.add_argument("--county", help="the county's code, 6 or 12 digits")
        parser.add_argument("--name", default="", help="the county's name, where the file does not say it")
        parser.add_argument("--divisions", type=Path, metavar="FILE.csv")
        parser.add_argument("--boundaries", type=Path, metavar="FILE.geojson")
        parser.add_argument("--gcj02", action="store_true", help="the boundaries come from a Chinese map service")
        parser.add_argument("--since", type=date.fromisoformat, help="the divisions stand from; default 1 January")
        parser.add_argument("--admin", default="admin", help="the first administrator's log-in name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the county."""
        try:
            check_ready()
            wanted = self._wanted(options)
            self._tell(make_first_county(wanted=wanted, at=now()), wanted)
        except BadRows as refused:
            self._list(refused)
            raise CommandError(refusal_text(refused), returncode=BAD_INPUT) from refused
        except Refusal as refused:
            raise CommandError(refusal_text(refused), returncode=BAD_INPUT) from refused

    def _wanted(self, options: dict[str, Any]) -> Wanted:
        code = county_code_in(options["county"] or self._ask("--county", _("The county's code: ")))
        divisions = options["divisions"] or Path(self._ask("--divisions", _("The file of divisions (CSV): ")))
        return Wanted(
            county_code=code,
            name=options["name"].strip(),
            divisions=self._content(divisions),
            boundaries=self._content(options["boundaries"]) if options["boundaries"] else None,
            administrator=options["admin"],
            valid_from=options["since"] or localdate().replace(month=1, day=1),
            is_gcj02=options["gcj02"],
        )

    def _ask(self, option: str, question: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(_("%(option)s is missing") % {"option": option}, returncode=BAD_INPUT)
        return input(question).strip()

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            text = _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}
            raise CommandError(text, returncode=BAD_INPUT) from error

    def _list(self, refused: BadRows) -> None:
        for line in problem_lines(refused.problems[:MOST_PROBLEMS]):
            self.stderr.write(line)

    def _tell(self, made: Made, wanted: Wanted) -> None:
        self.stdout.write(f"{made.name} {wanted.county_code}")
        self.stdout.write(
            _("Divisions (the file is %(encoding)s): ") % {"encoding": made.encoding} + told(made.divisions)
        )
        if made.boundaries:
            self.stdout.write(_("Boundaries: ") + told(made.boundaries))
        self.stdout.write(_("Indicator system: %(system)s") % {"system": made.system})
        if made.password is None:
            self.stdout.write(_("The county has an administrator already; nothing was changed there"))
            return
        self.stdout.write(_("Administrator: %(username)s") % {"username": wanted.administrator})
        self.stdout.write(
            _("First password, shown this once, to be changed at the first log-in: %(password)s")
            % {"password": made.password}
        )


def told(loaded: Loaded) -> str:
    """Return what a load did, in words."""
    return _("%(created)d new, %(changed)d changed, %(unchanged)d as they were") % {
        "created": loaded.created,
        "changed": loaded.changed,
        "unchanged": loaded.unchanged,
    }
