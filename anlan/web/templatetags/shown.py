"""How values read on a page: scores ×100, shares in %, money, days and times, grades."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anlan.kernel import money
from anlan.kernel.refusal import Refusal

register = template.Library()
NONE = "–"
GRADE_NAMES = {"excellent": "Excellent", "good": "Good", "fair": "Fair", "weak": "Weak"}


@register.filter
def score(value: float | None) -> str:
    """Return a score in [0, 1] as points of 100 with one decimal."""
    return NONE if value is None else f"{value * 100:.1f}"


@register.filter
def points(value: float | None) -> str:
    """Return a change of score in points with its sign."""
    return NONE if value is None else f"{value * 100:+.1f}"


@register.filter
def percent(value: float | None) -> str:
    """Return a share in [0, 1] as whole percent; never 100 % before it is whole."""
    if value is None:
        return NONE
    return f"{99 if 0.99 < value < 1 else round(value * 100)}%"


@register.filter
def tenth(value: float | None) -> int:
    """Return a share in [0, 1] as 0–10, for classes."""
    return max(0, min(10, int((value or 0) * 10)))


@register.filter
def number(value: float | None) -> str:
    """Return a number with separators and without needless decimals."""
    if value is None:
        return NONE
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


@register.filter
def yuan(fen: int | None) -> str:
    """Return fen as yuan: 1,234.50."""
    return NONE if fen is None else money.yuan_text(fen)


@register.filter
def wan(fen: int | None) -> str:
    """Return fen as 10 000 yuan: 12.35."""
    return NONE if fen is None else money.wan_text(fen)


@register.filter
def day(value: date | datetime | None) -> str:
    """Return 2026年11月23日, or 2026-11-23 in English."""
    if value is None:
        return NONE
    shown = localtime(value).date() if isinstance(value, datetime) else value
    return _("%(year)d-%(month)02d-%(day)02d") % {"year": shown.year, "month": shown.month, "day": shown.day}


@register.filter
def clock(value: datetime | None) -> str:
    """Return 14:05 in local time."""
    return NONE if value is None else localtime(value).strftime("%H:%M")


@register.filter
def moment(value: datetime | None) -> str:
    """Return day and time."""
    return NONE if value is None else f"{day(value)} {clock(value)}"


@register.filter
def duration(value: timedelta | None) -> str:
    """Return a length of time as people say it: 40 seconds, 3 minutes, 3 h 20 min, 2 d 4 h."""
    if value is None:
        return NONE
    seconds = max(1, round(value.total_seconds()))
    if seconds < 60:
        return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(days)d d %(hours)d h") % {"days": hours // 24, "hours": hours % 24}


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """Return a mapping's item, None where there is none."""
    return mapping.get(key) if mapping else None


@register.filter
def grade_badge(grade: str | None) -> SafeString:
    """Return the grade as a quiet badge: a word on its own scale, never a warning colour."""
    if not grade:
        return format_html('<span class="grade grade-none">{}</span>', _("not graded"))
    return format_html('<span class="grade grade-{}">{}</span>', grade, _(GRADE_NAMES[grade]))


@register.filter
def translated(message: str, values: dict[str, Any] | None = None) -> str:
    """Return a stored message id in the reader's language, with its values."""
    return _(message) % values if values else _(message)


@register.filter
def refusal_text(refused: Refusal) -> str:
    """Return a refusal in the reader's language."""
    text = _(refused.message)
    return text % refused.values if refused.values else text


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: Any) -> str:
    """Return the page's query with some parameters changed; None takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"
