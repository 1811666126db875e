"""How a task's day and state read on a page: always a word with a shape, never a warning's colour."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anlan.worklists.core.levels import due_of

register = template.Library()
SHAPES = {"late": "▲", "today": "●", "soon": "○", "later": ""}
STATE_SHAPES = {"open": "□", "done": "■", "returned": "↩", "signed_off": "✓", "withdrawn": "–"}


def _words(kind: str, days: int) -> str:
    if kind == "late":
        return ngettext("late by %(days)d day", "late by %(days)d days", days) % {"days": days}
    if kind == "today":
        return _("due today")
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


@register.filter
def due_mark(due_on: date) -> SafeString:
    """Return how the day of a waiting task lies to today, as a shape and words."""
    due = due_of(due_on, localdate())
    shape, words = SHAPES[due.kind], _words(due.kind, due.days)
    return format_html('<span class="due due-{}"><span aria-hidden="true">{}</span> {}</span>', due.kind, shape, words)


@register.filter
def state_shape(state: str) -> str:
    """Return the shape that stands before a state's word."""
    return STATE_SHAPES[state]
