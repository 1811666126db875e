"""`anlan publish_mqtt_accounts`: the devices' accounts, written for the broker."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from anlan.telemetry.actions.mqtt_accounts import publish_mqtt_accounts


class Command(BaseCommand):
    """The gateway does the same by itself whenever the register changes."""

    help = "Write the accounts of all devices into ANLAN_MQTT_ACCOUNTS and ask the broker to read them"

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, and say whether anything was new."""
        changed = publish_mqtt_accounts()
        self.stdout.write(_("The accounts were written") if changed else _("The accounts had not changed"))
