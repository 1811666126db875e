"""What a person asks of an SL 651 station, function by function, as `core.order_content` takes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from anlan.telemetry.core.order_content import SWITCHING, BadOrder
from anlan.telemetry.core.sl651.codes import Function
from anlan.web.faulted_forms import FaultedForm

STEPS = ((5, _("5 minutes")), (10, _("10 minutes")), (30, _("30 minutes")), (60, _("1 hour")), (1440, _("1 day")))
MOMENT = "%Y-%m-%dT%H:%M"
Elements = Iterable[tuple[str, str]]  # code in hexadecimal and name


class OrderForm(FaultedForm):
    """A question without anything to say besides; one that no frame can hold is told with what was typed."""

    shown = (BadOrder,)

    def content(self) -> dict[str, Any]:
        """Return what the question says."""
        return {}


class ElementsForm(OrderForm):
    """Which elements are asked for."""

    elements = forms.MultipleChoiceField(label=_("Elements"), widget=forms.CheckboxSelectMultiple)

    def content(self) -> dict[str, Any]:
        return {"elements": self.cleaned_data["elements"]}


class PeriodForm(OrderForm):
    """Which values of the past are asked for."""

    element = forms.ChoiceField(label=_("Element"))
    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, MOMENT), input_formats=[MOMENT]
    )
    until = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput({"type": "datetime-local"}, MOMENT), input_formats=[MOMENT]
    )
    minutes = forms.TypedChoiceField(label=_("One value each"), choices=STEPS, coerce=int, initial=60)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("since") and said.get("until") and said["since"] >= said["until"]:
            raise forms.ValidationError({"until": now_("The end lies before the beginning")})
        return dict(said)

    def content(self) -> dict[str, Any]:
        said = self.cleaned_data
        span = {name: localtime(said[name]).isoformat() for name in ("since", "until")}
        return {"element": said["element"], "minutes": said["minutes"], **span}


class SettingsForm(OrderForm):
    """Lines of words; each class tells what they are."""

    lines = forms.CharField(label=_("Settings"), widget=forms.Textarea({"rows": 4, "class": "font-monospace"}))
    names: tuple[str, ...] = ()
    hint: Any = ""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["lines"].help_text = self.hint

    def clean_lines(self) -> list[dict[str, str]]:
        """Return each line's words by name."""
        rows = [line.split() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if any(len(row) != len(self.names) for row in rows):
            raise forms.ValidationError(now_("Each line has %(count)d words") % {"count": len(self.names)})
        return [dict(zip(self.names, row, strict=True)) for row in rows]

    def content(self) -> dict[str, Any]:
        return {"settings": self.cleaned_data["lines"]}


class ReadSettingsForm(SettingsForm):
    """Which settings are read."""

    names = ("code", "definition")
    hint = _("One a line: code and data definition, hexadecimal, such as “20 08”")


class WriteSettingsForm(SettingsForm):
    """Which settings are written."""

    names = ("code", "content")
    hint = _("One a line: code and content, hexadecimal, such as “20 08”")


class PasswordForm(OrderForm):
    """The new password."""

    password = forms.RegexField(
        label=_("New password"), regex=r"^[0-9A-Fa-f]{4}$", help_text=_("Four hexadecimal digits")
    )

    def content(self) -> dict[str, Any]:
        return {"password": self.cleaned_data["password"]}


class OnOffForm(OrderForm):
    """On or off."""

    is_on = forms.TypedChoiceField(
        label=_("Switch"), choices=(("1", _("on")), ("0", _("off"))), coerce=lambda word: word == "1"
    )

    def content(self) -> dict[str, Any]:
        return {"is_on": self.cleaned_data["is_on"]}


class StatesForm(OrderForm):
    """Each pump or valve on or off."""

    states = forms.RegexField(
        label=_("Each in its order"), regex=r"^[01]+$", help_text=_("1 is on, 0 is off, such as “101”")
    )

    def content(self) -> dict[str, Any]:
        return {"states": [sign == "1" for sign in self.cleaned_data["states"]]}


class GatesForm(OrderForm):
    """How far each gate opens."""

    openings = forms.RegexField(
        label=_("Opening of each gate, cm"),
        regex=r"^\d{1,5}(\s+\d{1,5})*$",
        help_text=_("The first first, 0 is closed, such as “25 0”"),
    )

    def content(self) -> dict[str, Any]:
        openings = [int(word) for word in self.cleaned_data["openings"].split()]
        return {"states": [opening > 0 for opening in openings], "openings": openings}


FORMS: Mapping[int, type[OrderForm]] = {
    Function.ASK_ELEMENTS: ElementsForm,
    Function.ASK_PERIOD: PeriodForm,
    Function.READ_BASE: ReadSettingsForm,
    Function.READ_RUN: ReadSettingsForm,
    Function.WRITE_BASE: WriteSettingsForm,
    Function.WRITE_RUN: WriteSettingsForm,
    Function.PASSWORD: PasswordForm,
    Function.IC_CARD: OnOffForm,
    Function.QUOTA: OnOffForm,
    Function.PUMPS: StatesForm,
    Function.VALVES: StatesForm,
    Function.GATES: GatesForm,
}
WARNINGS: Mapping[int, Any] = {
    Function.CLEAR_STORE: _("Everything that the station has stored is lost. Ask it all the same?"),
    Function.FACTORY_RESET: _("The station forgets all its settings, this centre's address too. Ask it all the same?"),
    Function.PASSWORD: _("Whoever does not know the new password cannot speak with the station. Change it?"),
    **dict.fromkeys(SWITCHING, _("This moves water or power at the station. Is nobody in danger?")),
}


def order_form(function: int, elements: Elements, at: datetime, data: Any = None) -> OrderForm:
    """Return the form of a function.

    Args:
        function: that may be asked.
        elements: of the station.
        at: now; a period is offered that ends then.
        data: posted; None for a new form.
    """
    until = localtime(at).replace(minute=0, second=0, microsecond=0)
    initial = {"since": until - timedelta(days=1), "until": until}
    form = FORMS.get(function, OrderForm)(data, initial=initial)
    choices = [(code, f"{code} {name}") for code, name in elements]
    for name in ("elements", "element"):
        if isinstance(field := form.fields.get(name), forms.ChoiceField):
            field.choices = choices
    return form
