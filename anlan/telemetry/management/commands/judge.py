"""`anlan judge`: the one process that judges committed readings by the rules and tells the alarms."""

import signal
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from anlan.telemetry.judging.process import judge_for_ever


class Command(BaseCommand):
    """Runs until it is told to stop; killed at any moment, the next one goes on where it was."""

    help = "Judge committed readings by the alarm rules"

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge until SIGTERM or Ctrl-C."""
        stopped: list[int] = []
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda number, _frame: stopped.append(number))
        judge_for_ever(now, lambda: bool(stopped))
