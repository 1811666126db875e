"""Forms of sites."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.stores.core.checking import LONGEST_KEEPER, LONGEST_NAME, MOST
from anlan.stores.core.values import SiteRow
from anlan.stores.models import KIND_CHOICES, Site
from anlan.web.faulted_forms import FaultedForm

SAID = ("name", "kind", "division_code", "capacity", "effective_area_m2", "keeper_name")


def _degrees(label: Any, most: int) -> forms.FloatField:
    return forms.FloatField(
        label=label, min_value=-most, max_value=most, widget=forms.TextInput({"inputmode": "decimal"})
    )


class SiteForm(FaultedForm):
    """What a site is, where it stands and how much it holds."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=_("Kind of site"), choices=KIND_CHOICES)
    division_code = forms.ChoiceField(label=_("Unit"))
    longitude = _degrees(_("Longitude"), 180)
    latitude = _degrees(_("Latitude"), 90)
    effective_area_m2 = forms.FloatField(
        label=_("Effective area (m²)"),
        min_value=0,
        max_value=MOST,
        required=False,
        help_text=_("Of a shelter: without what is in danger or built over"),
    )
    capacity = forms.IntegerField(
        label=_("Capacity as stated"),
        min_value=0,
        max_value=MOST,
        required=False,
        help_text=_("People in a shelter, m³ in a store; with an area, the area decides"),
    )
    keeper_name = forms.CharField(label=_("Keeper"), max_length=LONGEST_KEEPER, required=False)
    keeper_phone = forms.CharField(label=_("Keeper's phone"), max_length=20, required=False)

    def __init__(self, data: Any = None, *, units: Sequence[tuple[str, str]], site: Site | None = None) -> None:
        super().__init__(data, initial=_said(site) if site else None)
        self.fields["division_code"].choices = units  # type: ignore[attr-defined]
        self._site = site
        if site and site.keeper_phone:
            self.fields["keeper_phone"].help_text = _("One is on record; leave this empty to keep it")

    @property
    def row(self) -> SiteRow:
        """Return the site as the form says; a number that is not typed anew stays."""
        known = self._site
        said = dict(self.cleaned_data)
        said["keeper_phone"] = said["keeper_phone"] or (known.keeper_phone if known else "")
        return SiteRow(**said, is_open=known.is_open if known else True)


def _said(site: Site) -> dict[str, Any]:
    place = {"longitude": round(site.place.x, 6), "latitude": round(site.place.y, 6)}
    return {name: getattr(site, name) for name in SAID} | place


class PurposeForm(FaultedForm):
    purpose = forms.CharField(label=_("What the number is needed for"), max_length=200)
