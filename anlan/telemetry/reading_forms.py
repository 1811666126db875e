"""Forms of readings: a value put in the place of a raw one, and the span of a file."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anlan.web.faulted_forms import FaultedForm

LONGEST_DAYS = 366


class CorrectionForm(FaultedForm):
    """What stands in the place of a raw value, and why."""

    value = forms.FloatField(
        label=_("Value that counts"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal"}),
        help_text=_("Leave it empty to strike the reading: it then counts as missing"),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, reading: Any) -> None:
        super().__init__(data, initial={"seen": reading.correction_id or 0, "value": reading.correction_value})

    @property
    def said(self) -> dict[str, Any]:
        """Return the correction as the form says it."""
        said = self.cleaned_data
        return {"value": said["value"], "reason": said["reason"], "seen": said["seen"] or 0}


class SpanForm(forms.Form):
    """The days of a file of readings, both included."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Any = None, *, at: datetime) -> None:
        today = localdate(at)
        super().__init__(data, initial={"since": today - timedelta(days=30), "until": today})

    def clean(self) -> dict[str, Any]:
        """Refuse a span that runs backwards or is longer than a year."""
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", _now("The last day lies before the first"))
        elif since and until and (until - since).days >= LONGEST_DAYS:
            text = _now("A file holds at most %(most)d days; take several") % {"most": LONGEST_DAYS}
            self.add_error("until", text)
        return said

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return the instants from which and until which readings are told."""
        zone = get_current_timezone()
        first, last = self.cleaned_data["since"], self.cleaned_data["until"] + timedelta(days=1)
        since, until = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, last))
        return since, until
