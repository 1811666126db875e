"""Forms of devices and of what they tell."""

import builtins
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.kernel.refusal import Refusal
from anlan.telemetry.core.extensions import check_extensions
from anlan.telemetry.core.register_checking import UNITS, quantities_of
from anlan.telemetry.core.register_rows import DatastreamRow, DeviceRow
from anlan.telemetry.core.rules import Colour
from anlan.telemetry.forms import decimal_field
from anlan.telemetry.models import Datastream, Device, Station
from anlan.telemetry.models.registry import PROPERTY_CHOICES, PROTOCOL_CHOICES
from anlan.telemetry.queries.station_pages import limit_heading, own_name
from anlan.web.faulted_forms import FaultedForm
from anlan.web.templatetags.shown import refusal_text

USUAL = _("Empty is what is usual for the property")
DEVICE_SAID = ("code", "protocol", "model", "address", "centre", "dialect", "is_in_use")
STREAM_SAID = (
    "element", "name", "property", "unit", "factor", "offset", "interval_s", "lowest", "highest", "spike", "stuck_s",
    "is_counter", "wraps_at", "noise_mm", "is_in_use",
)  # fmt: skip


class DeviceForm(FaultedForm):
    """What stands at a station and how it speaks."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Its name on the wire: letters, digits, points, dashes, underscores"),
    )
    protocol = forms.ChoiceField(label=_("Protocol"), choices=PROTOCOL_CHOICES)
    model = forms.CharField(label=_("Make and model"), max_length=80, required=False)
    address = forms.CharField(
        label=_("SL 651 address"),
        max_length=10,
        required=False,
        help_text=_("Ten hexadecimal digits, as in its frames"),
    )
    centre = forms.IntegerField(label=_("SL 651 centre"), min_value=1, max_value=255, initial=1)
    password = forms.CharField(
        label=_("SL 651 password"), max_length=4, required=False, help_text=_("Four hexadecimal digits")
    )
    dialect = forms.JSONField(
        label=_("Extensions"),
        required=False,
        widget=forms.Textarea({"rows": 3, "class": "font-monospace"}),
        help_text=_("Elements and functions beyond the standard, as JSON; see the page on SL 651"),
    )
    is_in_use = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, station: Station, device: Device | None = None) -> None:
        super().__init__(data, initial={name: getattr(device, name) for name in DEVICE_SAID} if device else None)
        self._station = station
        if device and device.password:
            self.fields["password"].help_text = _("One is on record; leave this empty to keep it")

    def clean_dialect(self) -> dict[str, Any]:
        """Refuse extensions that no gateway could use."""
        said = self.cleaned_data["dialect"] or {}
        try:
            check_extensions(said)
        except Refusal as refused:
            raise forms.ValidationError(refusal_text(refused)) from None
        return dict(said)

    @property
    def row(self) -> DeviceRow:
        """Return the device as the form says."""
        said = dict(self.cleaned_data)
        said["address"] = said["address"].strip().upper()
        return DeviceRow(station=self._station.code, **said)


class DatastreamForm(FaultedForm):
    """What an element measures, and what is believed of it."""

    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    element = forms.CharField(label=_("Element"), max_length=40, help_text=_("Its name in what the device sends"))
    property = forms.ChoiceField(label=_("Property"), choices=PROPERTY_CHOICES)
    unit = forms.CharField(
        label=_("Unit (UCUM)"),
        max_length=16,
        required=False,
        widget=forms.TextInput({"list": "units"}),
        help_text=_("Empty is the property's own; rain in mm, level in m and displacement in mm are kept so"),
    )
    factor = decimal_field(_("Factor"), initial=1)
    offset = decimal_field(_("Offset"), initial=0, help_text=_("Value on the wire × factor + offset = value kept"))
    interval_s = decimal_field(_("Reporting interval (s)"), initial=3600)
    lowest = decimal_field(_("Lowest believed"), required=False, help_text=USUAL)
    highest = decimal_field(_("Highest believed"), required=False, help_text=USUAL)
    spike = decimal_field(
        _("Spike"),
        required=False,
        help_text=_("A jump there and back of at least this height is not believed; empty is what is usual"),
    )
    stuck_s = decimal_field(_("Suspicious when unchanged for (s)"), required=False, help_text=USUAL)
    is_counter = forms.BooleanField(label=_("A counter that only grows (rain)"), required=False)
    wraps_at = decimal_field(_("Counter begins again at"), required=False)
    noise_mm = decimal_field(_("Noise of displacement (mm)"), initial=0)
    is_in_use = forms.BooleanField(label=_("In use"), required=False, initial=True)

    units = UNITS

    def __init__(self, data: Any = None, *, device: Device | None, stream: Datastream | None = None) -> None:
        super().__init__(data, initial={name: getattr(stream, name) for name in STREAM_SAID} if stream else None)
        self._device = device

    @builtins.property  # the field has the name
    def row(self) -> DatastreamRow:
        """Return the datastream as the form says."""
        return DatastreamRow(device=self._device.code if self._device else "", **self.cleaned_data)


class LimitsForm(FaultedForm):
    """The limits of one datastream, by quantity and colour; an empty field is no limit."""

    def __init__(self, data: Any = None, *, stream: Datastream) -> None:
        super().__init__(data)
        self._stream = stream
        standing = {f"{row.quantity}-{row.colour}": row.value for row in stream.thresholds.all()}
        self._keys = [(quantity.value, colour) for quantity in quantities_of(stream.property) for colour in Colour]
        for quantity, colour in self._keys:
            field = decimal_field("", required=False)
            field.initial = standing.get(f"{quantity}-{colour.value}")
            self.fields[f"{quantity}-{colour.value}"] = field

    @property
    def limits(self) -> dict[tuple[str, int], float]:
        """Return what was typed, by quantity and colour."""
        said = {
            (quantity, colour.value): self.cleaned_data[f"{quantity}-{colour.value}"] for quantity, colour in self._keys
        }
        return {key: value for key, value in said.items() if value is not None}

    def lines(self) -> list[tuple[str, list[tuple[int, Any, str]]]]:
        """Return each quantity with its fields by colour, and what the field calls such a limit besides its colour."""
        found: dict[str, list[tuple[int, Any, str]]] = {}
        for quantity, colour in self._keys:
            title = limit_heading(self._stream, quantity)
            field = self[f"{quantity}-{colour.value}"]
            found.setdefault(title, []).append((colour.value, field, own_name(self._stream, quantity, colour.value)))
        return list(found.items())


class UniformForm(FaultedForm):
    """The rate that a person takes for the uniform stage."""

    uniform_mm_d = decimal_field(_("Uniform rate V (mm/d)"))


class UniformSpanForm(forms.Form):
    """The days that a person takes for the uniform stage."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
