"""`anlan restore FILE`: what `anlan backup` wrote, put back."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from anlan.config.backups import keys_in, opened, restore
from anlan.config.management.commands.backup import database
from anlan.kernel.refusal import Refusal
from anlan.web.templatetags.shown import refusal_text


class Command(BaseCommand):
    """Restores the database and the files; says which keys the site must run with."""

    help = "Put a backup back: database, uploaded files, and which keys to set"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the backup, and whether what is there may go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="lose the data that is there now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore, then compare the keys."""
        try:
            with opened(options["file"]) as folder:
                keys = keys_in(folder)
                files = Path(settings.MEDIA_ROOT)
                restore(folder=folder, database=database(), files=files, replace=options["replace"])
        except Refusal as refusal:
            raise CommandError(refusal_text(refusal)) from refusal
        self.stdout.write(_("Restored from %(file)s") % {"file": options["file"]})
        present = {"ANLAN_SECRET_KEY": settings.SECRET_KEY, "ANLAN_FIELD_KEY": settings.FIELD_KEY}
        for name, value in sorted(keys.items()):
            if present.get(name) != value:
                self.stdout.write(_("Set this key before the site starts:"))
                self.stdout.write(f"{name}={value}")
