"""The form of one measure."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.allocation.core.measures import UNIT_NAMES, with_measure
from anlan.allocation.rule_forms import Choices, named, number_field
from anlan.assessment.core.names import DEPARTMENT_NAMES
from anlan.assessment.core.values import DIMENSION_NAMES
from anlan.kernel.codes import Level
from anlan.kernel.money import FEN_PER_YUAN
from anlan.kernel.refusal import mark
from anlan.places.core.values import LEVEL_NAMES
from anlan.web.part_forms import PartForm

EFFECTS, SERVED, GROUPS = 4, 4, 2
LEVELS = {each: LEVEL_NAMES[each] for each in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)}
WHOLE = ("lead_months", "life_years", "least", "most")


def price_field(label: Any, **given: Any) -> forms.DecimalField:
    """Return a field for money in yuan."""
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=2, **given)


def whole_field(label: Any, least: int) -> forms.IntegerField:
    """Return a field for a whole number."""
    return forms.IntegerField(label=label, min_value=least, max_value=100_000)


class MeasureForm(PartForm):
    """What a measure is, what it costs, what it raises, and what goes with it."""

    title = mark("New measure")
    code = forms.RegexField(r"^[A-Z0-9-]{2,20}$", label=_("Code"), help_text=_("Capital letters, digits and hyphens"))
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160)
    dimension = forms.ChoiceField(label=_("Dimension"))
    level = forms.ChoiceField(label=_("Level"))
    department = forms.ChoiceField(label=_("Responsible"))
    unit = forms.ChoiceField(label=_("Counted in"))
    unit_price = price_field(_("Unit price (yuan)"))
    running = price_field(_("Running cost a year (yuan)"), required=False)
    is_example = forms.BooleanField(label=_("The price is an example, to be replaced"), required=False)
    lead_months = whole_field(_("Months until it works"), 0)
    life_years = whole_field(_("Years that it lasts"), 1)
    least = whole_field(_("At least so many at a time"), 1)
    most = whole_field(_("At most so many for a unit"), 1)
    most_per_1000 = number_field(_("At most so many per 1 000 people"))

    def __init__(self, content: Mapping[str, Any], data: Any = None, *, code: str | None, leaves: Choices) -> None:
        self.replacing, self.leaves = code, leaves
        self.measure: Mapping[str, Any] = next((each for each in content["measures"] if each["code"] == code), {})
        super().__init__(content, data)
        if code:
            self.title = gettext("Measure %(code)s") % {"code": code}

    def build(self) -> None:
        for name, names in (
            ("dimension", DIMENSION_NAMES),
            ("level", LEVELS),
            ("department", DEPARTMENT_NAMES),
            ("unit", UNIT_NAMES),
        ):
            self.fields[name].choices = named(names)  # type: ignore[attr-defined]
        self.initial = {key: value for key, value in self.measure.items() if value is not None}
        for name in ("unit_price", "running"):
            fen = self.measure.get(f"{name}_fen")
            self.initial[name] = None if fen is None else fen / FEN_PER_YUAN
        serves = self.measure.get("serves") or {}
        self._put_effects("effect", _("Raises"), EFFECTS, self.measure.get("effects") or {})
        self._put_effects("served", _("Raises of the units below"), SERVED, serves.get("effects") or {})
        field = forms.IntegerField(label=_("Serves at most so many units a piece"), min_value=1, required=False)
        self.put("serves_most", field, serves.get("most"))
        self.put("within_km", number_field(_("Serves no farther than (km)")), serves.get("within_km"))
        self._put_conditions()

    def _put_effects(self, name: str, label: Any, count: int, effects: Mapping[str, float]) -> None:
        known = [*effects.items(), *[("", None)] * count][: max(count, len(effects))]
        for number, (leaf, by) in enumerate(known, 1):
            choices = forms.ChoiceField(label=f"{label} {number}", choices=[("", "–"), *self.leaves], required=False)
            self.put(f"{name}_leaf_{number}", choices, leaf)
            told = gettext("by (in the indicator's unit) %(number)d") % {"number": number}
            self.put(f"{name}_by_{number}", number_field(told), by)

    def _put_conditions(self) -> None:
        others = [
            (each["code"], f"{each['code']} {each['name_zh']}")
            for each in self.content["measures"]
            if each["code"] != self.replacing
        ]
        groups = [*(self.measure.get("requires") or ()), *[()] * GROUPS][
            : max(GROUPS, len(self.measure.get("requires") or ()))
        ]
        for number, group in enumerate(groups, 1):
            label = gettext("Requires one of (%(number)d)") % {"number": number}
            self.put(f"requires_{number}", self._measures(label, others), list(group))
        self.put("excludes", self._measures(_("Excludes"), others), list(self.measure.get("excludes") or ()))

    @staticmethod
    def _measures(label: Any, others: Choices) -> forms.MultipleChoiceField:
        return forms.MultipleChoiceField(
            label=label, choices=others, required=False, widget=forms.SelectMultiple({"size": 5})
        )

    def _given(self, name: str) -> Iterator[tuple[str, float]]:
        number = 1
        while f"{name}_leaf_{number}" in self.fields:
            leaf, by = self.cleaned_data[f"{name}_leaf_{number}"], self.cleaned_data[f"{name}_by_{number}"]
            if leaf:
                yield leaf, by or 0.0
            number += 1

    def _groups(self) -> Sequence[list[str]]:
        names = [name for name in self.fields if name.startswith("requires_")]
        return [list(self.cleaned_data[name]) for name in names if self.cleaned_data[name]]

    def edited(self) -> dict[str, Any]:
        given = self.cleaned_data
        served = dict(self._given("served"))
        measure = {
            name: given[name]
            for name in ("code", "name_zh", "name_en", "dimension", "level", "department", "unit", "is_example", *WHOLE)
        } | {
            "unit_price_fen": _fen(given["unit_price"]),
            "running_fen": _fen(given["running"] or Decimal(0)),
            "most_per_1000": given["most_per_1000"],
            "effects": dict(self._given("effect")),
            "serves": {"effects": served, "most": given["serves_most"], "within_km": given["within_km"]}
            if served
            else None,
            "requires": self._groups(),
            "excludes": list(given["excludes"]),
        }
        return with_measure(self.content, measure, replacing=self.replacing)


def _fen(yuan: Decimal) -> int:
    return int(yuan * FEN_PER_YUAN)
