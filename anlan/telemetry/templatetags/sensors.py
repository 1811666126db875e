"""How the colours of alarms, the flags of readings and values with their units read on a page."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.telemetry.core import wording
from anlan.telemetry.core.quality import QUALITY_NAMES
from anlan.telemetry.core.quantities import QUANTITIES, Quantity

register = template.Library()
register.filter("unit_words", wording.unit_words)


@register.filter
def known(value: Any) -> Any:
    """Return a value, None where a row that it would come from is not there yet."""
    return None if value == "" else value


@register.filter
def measured(value: Any, prop: str) -> str:
    """Return a reading with as many decimals as its kind is shown with."""
    return wording.measured(known(value), prop)


@register.filter
def colour_badge(colour: int | None, words: str = "") -> SafeString:
    """Return a colour of an alarm as shape and word; 0 is calm, None unknown."""
    if colour is None:
        return format_html('<span class="alarm-badge alarm-unknown">{}</span>', words or _("not judged yet"))
    return format_html(
        '<span class="alarm-badge alarm-{}"><span aria-hidden="true">{}</span> {}</span>',
        int(colour),
        wording.SHAPES[int(colour)],
        words or _(wording.STATE_NAMES[int(colour)]),
    )


@register.filter
def quality_words(flags: int | None) -> str:
    """Return what is wrong with a reading, nothing where nothing is."""
    return "; ".join(_(name) for flag, name in QUALITY_NAMES.items() if (flags or 0) & flag)


@register.filter
def quantity_words(quantity: str) -> str:
    """Return the name of what a limit limits."""
    return _(QUANTITIES[Quantity(quantity)].name)


@register.filter
def alarm_name(alarm: Any) -> str:
    """Return the name of an alarm's rule in the reader's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return str(alarm.rule_name_zh if is_chinese else alarm.rule_name_en or alarm.rule_name_zh)


@register.filter
def instant(seconds: float | None) -> datetime | None:
    """Return seconds since 1970 as an instant."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
