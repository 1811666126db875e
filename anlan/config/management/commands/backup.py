"""`anlan backup FILE`: the database, the files and the keys in one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from anlan.config.backups import Database, make_backup
from anlan.config.environment import ROOT
from anlan.kernel.refusal import Refusal
from anlan.web.templatetags.shown import refusal_text


def database() -> Database:
    """Return the database of the settings."""
    entry = settings.DATABASES["default"]
    return Database(entry["HOST"], entry["PORT"], entry["USER"], entry["PASSWORD"], entry["NAME"])  # type: ignore[arg-type]


class Command(BaseCommand):
    """Writes a backup that `anlan restore` reads."""

    help = "Write the database, the uploaded files and the keys into one file"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file to write."""
        parser.add_argument("file", nargs="?", type=Path, help="default: var/backups/anlan-<time>.tar")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the backup."""
        at = now()
        target = options["file"] or ROOT / "var" / "backups" / f"anlan-{localtime(at):%Y%m%d-%H%M%S}.tar"
        keys = {"ANLAN_SECRET_KEY": settings.SECRET_KEY, "ANLAN_FIELD_KEY": settings.FIELD_KEY}
        try:
            made = make_backup(database=database(), files=Path(settings.MEDIA_ROOT), keys=keys, target=target, at=at)
        except Refusal as refusal:
            raise CommandError(refusal_text(refusal)) from refusal
        size = made.stat().st_size / 1e6
        self.stdout.write(
            _("%(file)s: %(size).1f MB. It holds the keys: keep it as you keep them.") % {"file": made, "size": size}
        )
