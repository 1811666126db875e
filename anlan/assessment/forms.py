"""Forms of the assessment: what a person types, checked to be kind; the database and core decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import LENGTH, PREFIX_LENGTH, Level
from anlan.kernel.refusal import Refusal
from anlan.places import queries as places
from anlan.web.http import Person
from anlan.web.templatetags.shown import refusal_text


class RoundForm(forms.Form):
    """A new round: county, name and dates."""

    county_code = forms.ChoiceField(label=_("County"))
    name = forms.CharField(label=_("Name of the round"), max_length=60)
    opens_on = forms.DateField(label=_("Opens on"), widget=forms.DateInput({"type": "date"}))
    closes_on = forms.DateField(label=_("Closes on"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grants = accounts.scope_of(person, "survey.manage").grants
        whole = [grant for grant in grants if len(grant.prefix) == PREFIX_LENGTH[Level.COUNTY]]
        codes = sorted({grant.prefix.ljust(LENGTH, "0") for grant in whole})
        self.fields["county_code"].choices = places.names_of(codes)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", _("The closing date must come after the opening date."))
        return cleaned

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal above the fields."""
        self.add_error(None, refusal_text(refused))
