"""Forms of stations."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.telemetry.core.register_rows import StationRow
from anlan.telemetry.models import Station
from anlan.telemetry.models.registry import KIND_CHOICES
from anlan.web.faulted_forms import FaultedForm

SAID = (
    "code", "name", "kind", "division_code", "elevation_m", "site", "river", "owner", "maintainer", "maintained_on",
    "keeper_name", "installed_on", "note",
)  # fmt: skip
Choices = Sequence[tuple[str, str]]


def decimal_field(label: Any, **options: Any) -> forms.FloatField:
    """Return a field of a number with its own keyboard on a phone."""
    return forms.FloatField(label=label, widget=forms.TextInput({"inputmode": "decimal"}), **options)


def day_field(label: Any) -> forms.DateField:
    """Return a field of a day that may stay empty."""
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class StationForm(FaultedForm):
    """What a station is, where it stands, and who answers for it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind of station"), choices=KIND_CHOICES)
    division_code = forms.ChoiceField(label=_("Unit"))
    longitude = decimal_field(_("Longitude"), min_value=-180, max_value=180)
    latitude = decimal_field(_("Latitude"), min_value=-90, max_value=90)
    elevation_m = decimal_field(_("Elevation (m)"), required=False)
    site = forms.CharField(
        label=_("Monitored site"),
        max_length=80,
        required=False,
        help_text=_("Slope or reservoir: stations of one site raise its alarms together"),
    )
    river = forms.CharField(label=_("River"), max_length=60, required=False)
    upstream = forms.MultipleChoiceField(
        label=_("Stations upstream"),
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
        help_text=_("Their rain and level help to forecast this one"),
    )
    keeper_name = forms.CharField(label=_("Responsible person"), max_length=40, required=False)
    keeper_phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    owner = forms.CharField(label=_("Owner"), max_length=80, required=False)
    maintainer = forms.CharField(label=_("Maintained by"), max_length=80, required=False)
    maintained_on = day_field(_("Last maintained"))
    installed_on = day_field(_("Installed"))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(
        self, data: Any = None, *, units: Choices, upstream: Choices = (), station: Station | None = None
    ) -> None:
        super().__init__(data, initial=_said(station) if station else None)
        self.fields["division_code"].choices = units  # type: ignore[attr-defined]
        self.fields["upstream"].choices = upstream  # type: ignore[attr-defined]
        self._station = station
        if not upstream:
            del self.fields["upstream"]
        if station and station.keeper_phone:
            self.fields["keeper_phone"].help_text = _("One is on record; leave this empty to keep it")

    @property
    def row(self) -> StationRow:
        """Return the station as the form says."""
        said = dict(self.cleaned_data)
        said["upstream"] = tuple(said.get("upstream", ()))
        return StationRow(**said, is_in_use=self._station.is_in_use if self._station else True)


def _said(station: Station) -> dict[str, Any]:
    place = {"longitude": round(station.place.x, 6), "latitude": round(station.place.y, 6)}
    upstream = list(station.upstream.values_list("code", flat=True))
    return {name: getattr(station, name) for name in SAID} | place | {"upstream": upstream}


class PurposeForm(FaultedForm):
    """What a number is asked for."""

    purpose = forms.CharField(label=_("What the number is needed for"), max_length=200)


class RegisterFileForm(FaultedForm):
    """The register as a workbook."""

    file = forms.FileField(label=_("Workbook (.xlsx)"), widget=forms.FileInput({"accept": ".xlsx"}))
