"""Forms of pairing: what a person types, in points, kilometres and yuan; core and actions decide."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.allocation.actions.pairing import Wish
from anlan.allocation.actions.pairing_agreements import MOST_VISITS, MOST_YEARS, Terms
from anlan.allocation.actions.pairing_duties import NewDuty
from anlan.allocation.actions.pairing_following import NewValue, NewVisit
from anlan.allocation.core.pairing import (
    HISTORY_NAMES,
    MOST_HELPED,
    MOST_WANTED,
    STRENGTH_NAMES,
    WAY_NAMES,
    PairingRules,
)
from anlan.allocation.models import Agreement, DutyKind, PairingUnit, Side, ValueKind, WishKind
from anlan.kernel.codes import Level, ancestor_at, level_of
from anlan.kernel.money import fen_from_yuan
from anlan.kernel.refusal import Refusal
from anlan.places.core.values import LEVEL_NAMES
from anlan.web.templatetags.shown import refusal_text

POINTS = 100
LEVELS = (Level.VILLAGE, Level.TOWNSHIP)
SCORES = ("helper_floor", "dimension_floor", "helped_ceiling")
DATE = forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def points_field(label: Any, initial: float, **more: Any) -> forms.FloatField:
    """Return a field for a score in points of 100."""
    return forms.FloatField(label=label, initial=initial, min_value=1, max_value=100, **more)


class PairingForm(forms.Form):
    """A form that shows a refusal beside the field that it names."""

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal beside its field, else above the form."""
        field = str(refused.values.get("field", ""))
        self.add_error(field if field in self.fields else None, refusal_text(refused))


class RoundForm(PairingForm):
    """A round's name and rules."""

    county_code = forms.ChoiceField(label=_("County"))
    name = forms.CharField(label=_("Name of the round of pairing"), max_length=60)
    level = forms.ChoiceField(label=_("Pairs are made of"))
    strength = forms.ChoiceField(label=_("A unit may help by"))
    helper_floor = points_field(_("Total from which a unit may help"), 75)
    dimension_floor = points_field(_("Score of one dimension from which a unit may help"), 85)
    helped_ceiling = points_field(_("Total below which a unit is helped"), 60)
    most_helped = forms.IntegerField(
        label=_("Most units that one helper takes"), initial=2, min_value=1, max_value=MOST_HELPED
    )
    wanted = forms.IntegerField(label=_("Helpers that each unit wants"), initial=1, min_value=1, max_value=MOST_WANTED)
    way = forms.ChoiceField(
        label=_("Distances"),
        help_text=_("Straight lines are taken only where they are chosen here; an unknown road is never near."),
    )
    most_km = forms.FloatField(
        label=_("Farthest distance (km)"),
        min_value=0.1,
        max_value=1000,
        required=False,
        help_text=_("Empty: no limit."),
    )
    takes_unknown = forms.BooleanField(
        label=_("Also pair units to which no road is known, counted as the farthest"), required=False
    )
    history = forms.ChoiceField(label=_("Earlier pairs"))

    def __init__(self, *args: Any, counties: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "county_code": counties,
            "level": [(one.value, gettext(LEVEL_NAMES[one])) for one in LEVELS],
            "strength": [(one.value, gettext(name)) for one, name in STRENGTH_NAMES.items()],
            "way": [(one.value, gettext(name)) for one, name in WAY_NAMES.items()],
            "history": [(one.value, gettext(name)) for one, name in HISTORY_NAMES.items()],
        }
        for name, found in choices.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]

    def rules(self) -> PairingRules:
        """Return the rules as core takes them.

        Raises:
            BadRules: they contradict themselves.
        """
        typed = {name: value for name, value in self.cleaned_data.items() if name not in {"county_code", "name"}}
        return PairingRules(**typed | {name: typed[name] / POINTS for name in SCORES})


class WishForm(PairingForm):
    """A pair to pin or to bar, and why."""

    kind = forms.ChoiceField(label=_("What to do"), choices=WishKind.choices)
    helper_code = forms.ChoiceField(label=_("Who helps"))
    helped_code = forms.ChoiceField(label=_("Who is helped"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(
        self, *args: Any, helpers: Iterable[PairingUnit], helped: Iterable[PairingUnit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, units in (("helper_code", helpers), ("helped_code", helped)):
            self.fields[name].choices = [(unit.code, told_unit(unit)) for unit in units]  # type: ignore[attr-defined]

    def wish(self) -> Wish:
        """Return the wish as the action takes it."""
        return Wish(**self.cleaned_data)


def told_unit(unit: PairingUnit) -> str:
    """Return a unit with where it lies and its points."""
    return f"{unit.name} · {unit.parent_name} · {unit.score * POINTS:.1f}"


class TermsForm(PairingForm):
    """From when, for how long, and how many visits."""

    starts_on = forms.DateField(label=_("Agreements begin on"), widget=DATE)
    years = forms.IntegerField(label=_("Years"), initial=1, min_value=1, max_value=MOST_YEARS)
    visits_a_year = forms.IntegerField(
        label=_("Visits of the helper a year"), initial=4, min_value=1, max_value=MOST_VISITS
    )

    def terms(self) -> Terms:
        """Return the terms as the action takes them."""
        return Terms(**self.cleaned_data)


class ConflictForm(PairingForm):
    """Two units that no round puts together."""

    one_code = forms.ChoiceField(label=_("Unit"))
    other_code = forms.ChoiceField(label=_("and unit"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one_code", "other_code"):
            self.fields[name].choices = by_township(units)  # type: ignore[attr-defined]


def by_township(units: list[tuple[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return townships and villages, each township with its villages as a group of choices."""
    names = dict(units)
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, name in units:
        if level_of(code) in {Level.TOWNSHIP, Level.VILLAGE}:
            groups.setdefault(ancestor_at(code, Level.TOWNSHIP), []).append((code, name))
    return [(names.get(township, township), choices) for township, choices in groups.items()]


class SideForm(PairingForm):
    """A form in which one of an agreement's two units is chosen."""

    side_label: Any = _("Unit")
    side = forms.ChoiceField(label=_("Unit"))

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [(side.value, agreement.name_of(side)) for side in Side]  # type: ignore[attr-defined]
        self.fields["side"].label = self.side_label


class DutyForm(SideForm):
    """A task or deliverable that one unit owes."""

    side_label = _("Who owes it")
    kind = forms.ChoiceField(label=_("Of what kind"), choices=DutyKind.choices)
    title = forms.CharField(label=_("What is to be done or delivered"), max_length=150)
    due_on = forms.DateField(label=_("Due on"), widget=DATE)
    field_order = ("kind", "title", "side", "due_on")

    def duty(self) -> NewDuty:
        """Return it as the action takes it."""
        return NewDuty(**self.cleaned_data)


class VisitForm(SideForm):
    """A visit: who came, when, what was done and where; the photos come beside."""

    side_label = _("Who came")
    visited_on = forms.DateField(label=_("Day of the visit"), widget=DATE)
    people = forms.IntegerField(label=_("People who came"), min_value=1, max_value=200, initial=2)
    summary = forms.CharField(label=_("What was done"), max_length=1000, widget=forms.Textarea({"rows": 3}))
    longitude = forms.FloatField(label=_("Longitude"), required=False, widget=forms.TextInput({"inputmode": "decimal"}))
    latitude = forms.FloatField(label=_("Latitude"), required=False, widget=forms.TextInput({"inputmode": "decimal"}))
    field_order = ("side", "visited_on", "people", "summary", "longitude", "latitude")

    def visit(self) -> NewVisit:
        """Return it as the action takes it."""
        return NewVisit(**self.cleaned_data)


class ValueForm(SideForm):
    """What one unit gave the other."""

    side_label = _("Giver")
    kind = forms.ChoiceField(label=_("Of what kind"), choices=ValueKind.choices)
    words = forms.CharField(label=_("What was given"), max_length=300)
    amount = forms.DecimalField(
        label=_("Worth (yuan)"),
        required=False,
        max_digits=14,
        decimal_places=2,
        help_text=_("Empty for what is given in kind and not priced."),
    )
    given_on = forms.DateField(label=_("Day"), widget=DATE)
    field_order = ("side", "kind", "words", "amount", "given_on")

    def value(self) -> NewValue:
        """Return it as the action takes it."""
        typed = dict(self.cleaned_data)
        amount = typed.pop("amount")
        return NewValue(amount_fen=None if amount is None else fen_from_yuan(amount), **typed)


def begun(form: type[SideForm], agreement: Agreement, today: date, **initial: Any) -> SideForm:
    """Return an empty form of an agreement with the day of today in it."""
    days = {name: today for name in ("visited_on", "given_on", "due_on")}
    return form(agreement=agreement, initial=days | initial)
