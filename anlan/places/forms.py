"""Forms of places: facts of a division, changes of a division, files to bring in."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.accounts import queries as accounts
from anlan.kernel.codes import Level, ancestor_at
from anlan.kernel.refusal import Refusal
from anlan.places import queries
from anlan.places.actions.imports import FILE_KIND_NAMES
from anlan.places.core.checking import BadRows
from anlan.places.core.succession import Heir
from anlan.places.models import (
    HAZARD_CHOICES,
    LANDFORM_CHOICES,
    REGION_CHOICES,
    URBAN_RURAL_CHOICES,
    Division,
)
from anlan.web.http import Person
from anlan.web.templatetags.shown import refusal_text

UNKNOWN = ("", _("not on record"))
CODED = [(code, format_lazy("{} {}", code, name)) for code, name in URBAN_RURAL_CHOICES]


class RefusableForm(forms.Form):
    """A form that shows a refusal where the person can mend it."""

    def refuse(self, refused: Refusal) -> None:
        if isinstance(refused, BadRows):
            for problem in refused.problems:
                text = gettext(problem.message) % problem.values if problem.values else gettext(problem.message)
                self.add_error(problem.column if problem.column in self.fields else None, text)
        else:
            self.add_error(None, refusal_text(refused))


def _ticks() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple({"class": "form-check-input"})


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def _code(label: Any) -> forms.RegexField:
    return forms.RegexField(
        r"^[0-9]{12}$",
        label=label,
        error_messages={"invalid": _("A division code has 12 digits")},
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": "12"}),
    )


class FactsForm(RefusableForm):
    """What is on record of one division; an empty figure is not known."""

    name = forms.CharField(label=_("Name"), max_length=60)
    population = forms.IntegerField(label=_("Population"), min_value=0, required=False)
    households = forms.IntegerField(label=_("Households"), min_value=0, required=False)
    area_km2 = forms.FloatField(label=_("Area (km²)"), min_value=0, required=False)
    landform = forms.ChoiceField(label=_("Landform"), choices=[UNKNOWN, *LANDFORM_CHOICES], required=False)
    urban_rural_code = forms.ChoiceField(label=_("Urban–rural code"), choices=[UNKNOWN, *CODED], required=False)
    region_type = forms.ChoiceField(label=_("Region type"), choices=[UNKNOWN, *REGION_CHOICES], required=False)
    hazards = forms.MultipleChoiceField(label=_("Hazards"), choices=HAZARD_CHOICES, widget=_ticks(), required=False)

    def __init__(self, data: Any = None, *, division: Division) -> None:
        super().__init__(data, initial={name: getattr(division, name) for name in self.base_fields})
        if division.level != Level.VILLAGE.value:
            del self.fields["urban_rural_code"]


class RenameForm(RefusableForm):
    name = forms.CharField(label=_("New name"), max_length=60)
    on = _day(_("From (day)"))


class RecodeForm(RefusableForm):
    new_code = _code(_("New code"))
    on = _day(_("From (day)"))


class MergeForm(RefusableForm):
    """The division together with others of its county and level."""

    others = forms.MultipleChoiceField(label=_("Merge with"), widget=_ticks())
    code = _code(_("Code afterwards"))
    name = forms.CharField(label=_("Name afterwards"), max_length=60)
    on = _day(_("From (day)"))

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = queries.siblings_of(division)  # type: ignore[attr-defined]
        self.fields["code"].initial = division.code
        self.fields["name"].initial = division.name
        self._code = division.code

    @property
    def codes(self) -> list[str]:
        return [self._code, *self.cleaned_data["others"]]

    @property
    def heir(self) -> Heir:
        return Heir(self.cleaned_data["code"], self.cleaned_data["name"])


class SplitForm(RefusableForm):
    """A second division made of a part of the first; the first keeps its code."""

    name = forms.CharField(label=_("Name of the new part"), max_length=60)
    code = _code(_("Code of the new part"))
    share = forms.FloatField(label=_("Share of people and area that goes to it (%)"), min_value=0.01, max_value=99.99)
    takes = forms.MultipleChoiceField(label=_("Villages that go to it"), widget=_ticks(), required=False)
    on = _day(_("From (day)"))

    def __init__(self, *args: Any, division: Division, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._division = division
        self._children = queries.children_choices(division)
        if self._children:
            self.fields["takes"].choices = self._children  # type: ignore[attr-defined]
        else:
            del self.fields["takes"]

    @property
    def heirs(self) -> list[Heir]:
        """Return what stays and what goes."""
        taken = tuple(self.cleaned_data.get("takes", ()))
        stays = tuple(code for code, _name in self._children if code not in taken)
        share = self.cleaned_data["share"] / 100
        return [
            Heir(self._division.code, self._division.name, 1 - share, stays),
            Heir(self.cleaned_data["code"], self.cleaned_data["name"], share, taken),
        ]


class ImportForm(RefusableForm):
    """A file to bring in, and what it is to be taken as."""

    kind = forms.ChoiceField(label=_("What the file holds"))
    county_code = forms.ChoiceField(label=_("County"))
    file = forms.FileField(label=_("File"), widget=forms.FileInput({"accept": ".csv,.geojson,.json"}))
    valid_from = _day(_("New divisions stand from"))
    is_gcj02 = forms.BooleanField(
        label=_("The coordinates are from a Chinese map service (GCJ-02): bring them back to WGS 84"), required=False
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, gettext(name)) for kind, name in FILE_KIND_NAMES.items()]  # type: ignore[attr-defined]
        self.fields["county_code"].choices = counties_of(person)  # type: ignore[attr-defined]

    @property
    def about(self) -> dict[str, Any]:
        """Return what is kept with the upload."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "county_code": data["county_code"],
            "valid_from": data["valid_from"].isoformat(),
            "is_gcj02": data["is_gcj02"],
        }


def counties_of(person: Person) -> list[tuple[str, str]]:
    """Return the counties whose places the person manages; one that has no name yet goes by its code."""
    grants = accounts.scope_of(person, "places.manage").grants
    codes = sorted({ancestor_at(grant.prefix.ljust(12, "0"), Level.COUNTY) for grant in grants})
    names = dict(queries.names_of(codes))
    return [(code, names.get(code, code)) for code in codes]
