"""How the colours of alarms, the flags of readings and values with their units read on a page."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anlan.telemetry.core import wording
from anlan.telemetry.core.properties import PROPERTIES, Property
from anlan.telemetry.core.quantities import QUANTITIES, Quantity
from anlan.telemetry.core.rules import COLOUR_NAMES, KIND_NAMES, Kind, Side
from anlan.telemetry.documents.readings_file import quality_words
from anlan.telemetry.queries.alarm_words import alarm_name

register = template.Library()
register.filter("unit_words", wording.unit_words)
register.filter("alarm_name", alarm_name)
register.filter("quality_words", quality_words)


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
def quantity_words(quantity: str) -> str:
    """Return the name of what a limit limits."""
    return _(QUANTITIES[Quantity(quantity)].name)


@register.filter
def instant(seconds: float | None) -> datetime | None:
    """Return seconds since 1970 as an instant."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@register.filter
def rule_name(rule: Any) -> str:
    """Return a rule's name in the reader's language."""
    is_chinese = (get_language() or "").startswith("zh")
    return str(rule.name_zh if is_chinese else rule.name_en)


@register.filter
def kind_words(kind: str) -> str:
    """Return whom an alarm concerns."""
    return _(KIND_NAMES[Kind(kind)])


@register.filter
def property_words(prop: str) -> str:
    """Return the name of a property, nothing where any is meant."""
    return _(PROPERTIES[Property(prop)].name) if prop else ""


@register.filter
def quantity_unit(quantity: str) -> str:
    """Return the unit of what a limit limits, as people write it; nothing where it is the datastream's own."""
    return wording.unit_words(QUANTITIES[Quantity(quantity)].unit)


@register.filter
def limit_words(limit: float, rule: Any) -> str:
    """Return a limit with the sign that tells on which side danger lies."""
    return f"{'≥' if rule.side == Side.OVER else '≤'} {limit:g}"


@register.filter
def conditions(rule: Any) -> list[str]:
    """Return what a rule asks besides its limits, in words."""
    words = []
    if rule.lasts_s:
        words.append(_("for %(minutes)g min") % {"minutes": rule.lasts_s / 60})
    if rule.times > 1:
        words.append(_("%(times)d times within %(hours)g h") % {"times": rule.times, "hours": rule.within_s / 3600})
    for colour, count in sorted(rule.least_sensors.items()):
        words.append(_("%(colour)s: %(count)d sensors") % {"colour": _(COLOUR_NAMES[colour]), "count": count})
    for season in rule.seasons:
        words.append(_("other limits from %(start)s to %(end)s") % {"start": season.starts_on, "end": season.ends_on})
    if rule.station_limits:
        words.append(_("%(count)d stations with limits of their own") % {"count": len(rule.station_limits)})
    return words
