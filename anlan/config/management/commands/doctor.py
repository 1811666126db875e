"""`anlan doctor`: what is missing or misconfigured, in words."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now
from django.utils.translation import gettext as _

from anlan.config.diagnosis import State, examine


class Command(BaseCommand):
    """Prints one line a check and what to do; exit code 1 when something is broken."""

    help = "Tell what is missing or misconfigured"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the checks and print them."""
        findings = examine(at=now())
        for finding in findings:
            self.stdout.write(f"{finding.state.value} {finding.what}")
            if finding.advice:
                self.stdout.write(f"    → {finding.advice}")
        broken = sum(finding.state is State.BROKEN for finding in findings)
        doubtful = sum(finding.state is State.DOUBTFUL for finding in findings)
        self.stdout.write(_("%(broken)d broken, %(doubtful)d doubtful") % {"broken": broken, "doubtful": doubtful})
        if broken:
            raise SystemExit(1)
