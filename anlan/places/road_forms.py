"""Forms of a county's roads."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.road_values import WAY_NAMES, Speeds
from anlan.web.faulted_forms import FaultedForm
from anlan.web.templatetags.shown import refusal_text

SPEED_NAMES = {kind.name.lower(): name for kind, name in WAY_NAMES.items()} | {
    "walking": mark("On foot"),
    "straight": mark("Along a straight line"),
}
FACTORS = {
    "mountain_factor": (mark("Share of the speed that is left on mountain land"), 0.05, 1.0),
    "detour": (mark("How much longer a road is than the straight line"), 1.0, 5.0),
}
SLOWEST, FASTEST = 0.5, 150.0


class RoadFileForm(FaultedForm):
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"accept": ".pbf,.gz,.osm,.geojson,.json"}),
        help_text=_("OpenStreetMap (.osm.pbf, .osm.gz, .osm) or drawn roads as GeoJSON in WGS 84; at most 200 MB"),
    )


class SpeedsForm(FaultedForm):
    """How fast one gets on each kind of road, in km/h."""

    def __init__(self, data: Any = None, *, speeds: Speeds) -> None:
        super().__init__(data, initial=asdict(speeds))
        for name, words in SPEED_NAMES.items():
            label = gettext("%(kind)s (km/h)") % {"kind": gettext(words)}
            self.fields[name] = forms.FloatField(label=label, min_value=SLOWEST, max_value=FASTEST)
        for name, (words, least, most) in FACTORS.items():
            self.fields[name] = forms.FloatField(label=gettext(words), min_value=least, max_value=most)

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal at the speed that it names."""
        name = str(refused.values.get("name", ""))
        self.add_error(name if name in self.fields else None, refusal_text(refused))
