"""`anlan train_forecasts`: learn every water level from its history now, and foretell the next six hours."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now
from django.utils.translation import gettext as _

from anlan.telemetry.actions.forecasts import forecast_levels, trained
from anlan.telemetry.queries.forecasts import gain_of


class Command(BaseCommand):
    """The worker does the same each night; this is for the day on which a history has been brought in."""

    help = "Learn every water level from its history, then make the forecasts"

    def handle(self, *args: Any, **options: Any) -> None:
        """Learn one level after the other, tell how good each proved, and make the forecasts."""
        for level, model in trained(now()):
            name = f"{level.station.name} ({level.station.code})"
            self.stdout.write(f"{name}: {self._told(model)}")
        count = forecast_levels(at=now())
        self.stdout.write(_("Forecasts that stand now: %(count)d") % {"count": count})

    def _told(self, model: Any) -> str:
        if model is None:
            return _("no history")
        gain = gain_of(model.skill)
        tried = "" if gain is None else _("; at +3 h better than staying as it is by %(gain).0f %%") % {"gain": gain}
        return f"{model.get_basis_display()}{tried}"
