"""Forms of the assessment: what a person types, checked to be kind; the database and core decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import Level, ancestor_at
from anlan.places import queries as places
from anlan.web.http import Person


class RoundForm(forms.Form):
    """A new round: county, name and dates."""

    county_code = forms.ChoiceField(label=_("County"))
    name = forms.CharField(label=_("Name of the round"), max_length=60)
    opens_on = forms.DateField(label=_("Opens on"), widget=forms.DateInput({"type": "date"}))
    closes_on = forms.DateField(label=_("Closes on"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grants = accounts.scope_of(person, "survey.manage").grants
        codes = sorted({ancestor_at(grant.prefix.ljust(12, "0"), Level.COUNTY) for grant in grants})
        self.fields["county_code"].choices = places.names_of(codes)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        opens, closes = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", _("The closing date must come after the opening date."))
        return cleaned
