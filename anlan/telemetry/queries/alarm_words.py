"""How what an alarm tells reads: the same in lists, on pages, on the map and on the wall."""

from datetime import timedelta
from math import isfinite

from django.utils.translation import get_language

from anlan.telemetry.core.quantities import Quantity
from anlan.telemetry.core.wording import unit_words
from anlan.telemetry.models import Alarm
from anlan.telemetry.queries.alarms import decimals_of, unit_of
from anlan.web.templatetags.shown import duration


def alarm_name(alarm: Alarm) -> str:
    """Return the name of an alarm's rule in the reader's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return str(alarm.rule_name_zh if is_chinese else alarm.rule_name_en or alarm.rule_name_zh)


def value_words(value: float, alarm: Alarm) -> str:
    """Return a value or limit of an alarm with its unit, nothing where it is none.

    Silence is a length of time, not a count of reports that did not come.
    """
    if not isfinite(value):
        return ""
    if alarm.quantity == Quantity.CLOCK_ERROR:
        return duration(timedelta(seconds=value))
    if alarm.quantity == Quantity.SILENCE and alarm.datastream:
        return duration(timedelta(seconds=value * alarm.datastream.interval_s))
    return f"{value:,.{decimals_of(alarm)}f} {unit_words(unit_of(alarm))}".strip()
