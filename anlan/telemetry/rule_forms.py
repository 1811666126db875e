"""The form of one alarm rule, in the words and units of people: minutes and per cent."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.telemetry.core.properties import PROPERTIES
from anlan.telemetry.core.quantities import QUANTITIES
from anlan.telemetry.core.rule_content import BadRules, rule_from_content
from anlan.telemetry.core.rules import COLOUR_NAMES, KIND_NAMES, SIDE_NAMES, Colour, Rule
from anlan.telemetry.core.wording import unit_words
from anlan.telemetry.forms import decimal_field
from anlan.web.faulted_forms import FaultedForm

MINUTE, HOUR = 60.0, 3600.0
SEASONS = 3
COLOURS = tuple(Colour)
ANY = ("", _("any"))
PROPERTY_CHOICES = [ANY, *((each.value, _(facts.name)) for each, facts in PROPERTIES.items())]


def _quantity_choices() -> list[tuple[str, str]]:
    return [(each.value, _quantity_words(facts.name, unit_words(facts.unit))) for each, facts in QUANTITIES.items()]


def _quantity_words(name: str, unit: str) -> str:
    return f"{_(name)} ({unit})" if unit else str(_(name))


class RuleForm(FaultedForm):
    """One rule. Limits of single stations come from the register and stay as they are."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    is_on = forms.BooleanField(label=_("The rule is on"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(key.value, _(name)) for key, name in KIND_NAMES.items()])
    sensors = forms.ChoiceField(label=_("Looks at"), choices=PROPERTY_CHOICES, required=False)
    quantity = forms.ChoiceField(label=_("Compares"), choices=_quantity_choices)
    side = forms.ChoiceField(label=_("Danger lies"), choices=[(key.value, _(name)) for key, name in SIDE_NAMES.items()])
    blue = decimal_field(_("blue"), required=False)
    yellow = decimal_field(_("yellow"), required=False)
    orange = decimal_field(_("orange"), required=False)
    red = decimal_field(_("red"), required=False)
    lasts_min = decimal_field(_("Must last (min)"), min_value=0, help_text=_("0: at once"))
    times = forms.IntegerField(label=_("Readings that must pass it"), min_value=1)
    within_h = decimal_field(_("… within (h)"), min_value=0)
    agree_blue = forms.IntegerField(label=_("blue"), min_value=1, required=False)
    agree_yellow = forms.IntegerField(label=_("yellow"), min_value=1, required=False)
    agree_orange = forms.IntegerField(label=_("orange"), min_value=1, required=False)
    agree_red = forms.IntegerField(label=_("red"), min_value=1, required=False)
    margin_percent = decimal_field(_("Goes back over the limit by (%)"), min_value=0, max_value=100)
    margin = decimal_field(_("… and by (in the unit)"), min_value=0)
    rest_min = decimal_field(_("… for (min)"), min_value=0, help_text=_("Then the alarm is cleared"))

    def __init__(self, data: Any = None, *, rule: Rule | None = None, key: str = "") -> None:
        super().__init__(data, initial=_said(rule) if rule else dict(_NEW))
        self._key, self._rule = rule.key if rule else key, rule
        for place in range(SEASONS):
            for name, field in _season_fields(place).items():
                self.fields[name] = field

    @property
    def limits(self) -> list[Any]:
        """Fields of the limits, by colour."""
        return [self[colour.name.lower()] for colour in COLOURS]

    @property
    def agreeing(self) -> list[Any]:
        """Fields that say how many sensors must agree, by colour."""
        return [self[f"agree_{colour.name.lower()}"] for colour in COLOURS]

    @property
    def seasons(self) -> list[list[Any]]:
        """Fields of each season: first and last day, then the limits."""
        return [[self[name] for name in _season_fields(place)] for place in range(SEASONS)]

    @property
    def plain(self) -> list[Any]:
        """Fields that stand above the limits."""
        return [self[name] for name in ("name_zh", "name_en", "is_on", "kind", "sensors", "quantity", "side")]

    @property
    def waiting(self) -> list[Any]:
        """Fields about time and repetition."""
        return [self[name] for name in ("lasts_min", "times", "within_h")]

    @property
    def resting(self) -> list[Any]:
        """Fields about how an alarm goes."""
        return [self[name] for name in ("margin_percent", "margin", "rest_min")]

    def rule(self) -> Rule | None:
        """Return the rule that the form describes, None where it describes none: the faults stand in the form."""
        if not self.is_valid():
            return None
        try:
            return rule_from_content(_content(self._key, self.cleaned_data, self._rule))
        except BadRules as refused:
            self.refuse(refused)
            return None


_NEW: Mapping[str, Any] = {
    "is_on": True, "lasts_min": 0, "times": 1, "within_h": 0, "margin_percent": 10, "margin": 0, "rest_min": 30,
}  # fmt: skip


def _season_fields(place: int) -> dict[str, forms.Field]:
    day = {"placeholder": "05-01", "pattern": r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"}
    fields: dict[str, forms.Field] = {
        f"season_{place}_{side}": forms.CharField(label=label, required=False, widget=forms.TextInput(day))
        for side, label in (("from", _("from (MM-DD)")), ("to", _("to (MM-DD)")))
    }
    for colour in COLOURS:
        fields[f"season_{place}_{colour.name.lower()}"] = decimal_field(_(COLOUR_NAMES[colour]), required=False)
    return fields


def _said(rule: Rule) -> dict[str, Any]:
    said: dict[str, Any] = {
        name: getattr(rule, name) for name in ("name_zh", "name_en", "is_on", "kind", "sensors", "quantity", "side")
    }
    said |= {colour.name.lower(): limit for colour, limit in rule.limits.items()}
    said |= {f"agree_{colour.name.lower()}": count for colour, count in rule.least_sensors.items()}
    said |= {"lasts_min": rule.lasts_s / MINUTE, "times": rule.times, "within_h": rule.within_s / HOUR}
    said |= {"margin_percent": rule.margin_share * 100, "margin": rule.margin, "rest_min": rule.rest_s / MINUTE}
    for place, season in enumerate(rule.seasons):
        said |= {f"season_{place}_from": season.starts_on, f"season_{place}_to": season.ends_on}
        said |= {f"season_{place}_{colour.name.lower()}": limit for colour, limit in season.limits.items()}
    return {name: f"{value:.10g}" if isinstance(value, float) else value for name, value in said.items()}


def _content(key: str, given: Mapping[str, Any], before: Rule | None) -> dict[str, Any]:
    names = ("name_zh", "name_en", "is_on", "kind", "sensors", "quantity", "side", "times", "margin")
    content = {"key": key, **{name: given[name] for name in names}}
    content["limits"] = _by_colour(given, "")
    content["least_sensors"] = _by_colour(given, "agree_")
    content |= {"lasts_s": given["lasts_min"] * MINUTE, "within_s": given["within_h"] * HOUR}
    content |= {"margin_share": given["margin_percent"] / 100, "rest_s": given["rest_min"] * MINUTE}
    content["seasons"] = [
        {
            "starts_on": given[f"season_{place}_from"],
            "ends_on": given[f"season_{place}_to"],
            "limits": _by_colour(given, f"season_{place}_"),
        }
        for place in range(SEASONS)
        if given[f"season_{place}_from"] or given[f"season_{place}_to"]
    ]
    stations = before.station_limits if before else {}
    content["station_limits"] = {
        code: {colour.name.lower(): limit for colour, limit in limits.items()} for code, limits in stations.items()
    }
    return content


def _by_colour(given: Mapping[str, Any], start: str) -> dict[str, float]:
    told = {colour.name.lower(): given.get(f"{start}{colour.name.lower()}") for colour in COLOURS}
    return {name: value for name, value in told.items() if value is not None}
