"""`anlan up`: every process of the site in this terminal, until Ctrl-C."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from anlan.config.environment import ROOT, name_live_port, read


class Command(BaseCommand):
    """Hands over to honcho, which runs the Procfile."""

    help = "Run the processes of the Procfile in this terminal"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Become honcho: signals then reach it without us between."""
        name_live_port()
        honcho = str(Path(sys.executable).with_name("honcho"))
        arguments = ["honcho", "-d", str(ROOT), "-f", str(ROOT / "Procfile"), "start", "-p", read("PORT")]
        os.execv(honcho, arguments)  # noqa: S606  the one beside this Python
