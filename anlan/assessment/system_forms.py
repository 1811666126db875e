"""The forms of a system's editor: each shows one part of a draft and returns the whole content with it changed."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.assessment.core.names import DEPARTMENT_NAMES, KIND_NAMES, LEVEL_NAMES, UNIT_NAMES
from anlan.assessment.core.system_editing import with_leaf, with_leaf_fields
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Direction, Kind, Profile
from anlan.assessment.system_parts import (
    check_sum,
    fen_of,
    leaf_choices,
    named,
    number_field,
    percent_of,
    price_field,
    share_field,
    yuan_of,
)
from anlan.assessment.system_tables import ComparisonsForm, FactorsForm, RulesForm
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal, mark
from anlan.web.part_forms import Content, PartForm

DIRECTION_NAMES = {Direction.POSITIVE: mark("the more the better"), Direction.NEGATIVE: mark("the less the better")}


class GeneralForm(PartForm):
    """Names, α, grade bands and the weights of the dimensions."""

    title = mark("Names, grades and weights of the dimensions")
    name_zh = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80)
    own_share = share_field(_("A unit's own part beside the units below it (%)"))  # type: ignore[arg-type]
    excellent = share_field(_("Excellent from (points)"))  # type: ignore[arg-type]
    good = share_field(_("Good from (points)"))  # type: ignore[arg-type]
    fair = share_field(_("Fair from (points)"))  # type: ignore[arg-type]
    weak_dimension = share_field(_("Weak when a dimension is below (points)"))  # type: ignore[arg-type]
    least_completeness = share_field(_("No grade below this completeness (%)"))  # type: ignore[arg-type]

    def build(self) -> None:
        content = self.content
        self.initial = {"name_zh": content["name_zh"], "name_en": content["name_en"]}
        self.initial |= {name: percent_of(share) for name, share in content["grades"].items()}
        self.initial["own_share"] = percent_of(content["own_share"])
        for each in Dimension:
            label = gettext("Weight of %(dimension)s (%%)") % {"dimension": gettext(DIMENSION_NAMES[each])}
            self.put(f"weight_{each}", share_field(label), percent_of(content["dimension_weights"].get(each, 0.0)))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        weights = [cleaned.get(f"weight_{each}") for each in Dimension]
        if None not in weights:
            check_sum(self, "weight_digital", sum(filter(None, weights)))
        bands = [cleaned.get(name) for name in ("fair", "good", "excellent")]
        if None not in bands and bands != sorted(bands, key=float):  # type: ignore[arg-type]
            self.add_error("good", _("The grade bands must rise from fair to excellent."))
        return cleaned

    def edited(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            **self.content,
            "name_zh": given["name_zh"],
            "name_en": given["name_en"],
            "own_share": given["own_share"] / 100,
            "grades": {name: given[name] / 100 for name in self.content["grades"]},
            "dimension_weights": {str(each): round(given[f"weight_{each}"] / 100, 9) for each in Dimension},
        }


class GroupForm(PartForm):
    """Weights, targets and prices of the leaves of one dimension at one level."""

    heads = (mark("Indicator"), mark("Weight (%)"), mark("Target"), mark("Unit price (yuan)"))

    def __init__(self, content: Content, data: Any = None, *, dimension: str, level: str) -> None:
        self.leaves = [one for one in content["leaves"] if (one["dimension"], one["level"]) == (dimension, level)]
        super().__init__(content, data)
        words = {
            "dimension": gettext(DIMENSION_NAMES[Dimension(dimension)]),
            "level": gettext(LEVEL_NAMES[Level(level)]),
        }
        self.title = gettext("%(dimension)s, %(level)s: weights, targets and prices") % words

    def build(self) -> None:
        for leaf in self.leaves:
            code, price = leaf["code"], yuan_of(leaf["unit_price_fen"])
            words = [f"{code} {gettext(head)}" for head in self.heads[1:]]
            self.put(f"weight:{code}", share_field(), percent_of(leaf["weight"]), words[0])
            self.put(f"target:{code}", number_field(), leaf["target"], words[1])
            self.put(f"price:{code}", price_field(), price, words[2])

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        for code, name in leaf_choices({"leaves": self.leaves}):
            yield name, [self[f"{part}:{code}"] for part in ("weight", "target", "price")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        weights = [cleaned.get(f"weight:{leaf['code']}") for leaf in self.leaves]
        if weights and None not in weights:
            check_sum(self, f"weight:{self.leaves[-1]['code']}", sum(filter(None, weights)))
        return cleaned

    def edited(self) -> dict[str, Any]:
        given = self.cleaned_data
        fields = {
            leaf["code"]: {
                "weight": round(given[f"weight:{leaf['code']}"] / 100, 9),
                "target": given[f"target:{leaf['code']}"],
                "unit_price_fen": fen_of(given[f"price:{leaf['code']}"]),
            }
            for leaf in self.leaves
        }
        return with_leaf_fields(self.content, fields)


class LeafForm(PartForm):
    """One leaf: what is asked, how it is scored, weighed and priced."""

    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9-]{0,19}$",
        label=_("Code"),
        error_messages={"invalid": _("Letters, digits and hyphens, at most 20.")},
    )
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120)
    name_en = forms.CharField(label=_("English name"), max_length=160)
    dimension = forms.ChoiceField(label=_("Dimension"))
    level = forms.ChoiceField(label=_("Asked of"))
    kind = forms.ChoiceField(label=_("Kind of answer"))
    unit = forms.CharField(label=_("Unit of measure"), max_length=40)
    target = number_field(_("Target"), help_text=_("In the unit of measure; shares 0–1, dates in days of age."))  # type: ignore[arg-type]  # noqa: RUF001
    direction = forms.ChoiceField(label=_("Direction"))
    weight = share_field(_("Weight (%)"), help_text=_("The others of its dimension and level share the rest."))  # type: ignore[arg-type]
    department = forms.ChoiceField(label=_("Filled in by"))
    unit_price = price_field(_("Unit price (yuan)"))  # type: ignore[arg-type]
    lead_days = forms.IntegerField(label=_("Days to mend it"), min_value=0, max_value=3650)
    minimum = number_field(_("Least answer"), required=False)  # type: ignore[arg-type]
    maximum = number_field(_("Most answer"), required=False)  # type: ignore[arg-type]
    evidence_zh = forms.CharField(label=_("Evidence asked for"), max_length=300, required=False)
    measure_zh = forms.CharField(label=_("Measure, in Chinese"), max_length=200, required=False)
    measure_en = forms.CharField(label=_("Measure, in English"), max_length=300, required=False)

    def __init__(self, content: Content, data: Any = None, *, code: str | None = None) -> None:
        self.replaced = next((leaf for leaf in content["leaves"] if leaf["code"] == code), None)
        super().__init__(content, data)
        self.title = gettext("Indicator %(code)s") % {"code": code} if code else gettext("New indicator")

    def build(self) -> None:
        levels = {level: LEVEL_NAMES[level] for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)}
        departments = {leaf["department"]: leaf["department"] for leaf in self.content["leaves"]} | DEPARTMENT_NAMES
        choices = {
            "dimension": DIMENSION_NAMES,
            "level": levels,
            "kind": KIND_NAMES,
            "direction": DIRECTION_NAMES,
            "department": departments,
        }
        for name, names in choices.items():
            self.fields[name].choices = named(names)  # type: ignore[arg-type, attr-defined]
        self.fields["unit"].help_text = ", ".join(UNIT_NAMES)
        self.initial = dict(self.replaced or {"kind": Kind.NUMBER, "lead_days": 180, "minimum": 0, "weight": 0.1})
        self.initial["weight"] = percent_of(self.initial["weight"])
        self.initial["unit_price"] = yuan_of(self.initial.get("unit_price_fen"))

    def edited(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        price = fen_of(given.pop("unit_price"))
        leaf = {**given, "weight": round(given["weight"] / 100, 9), "unit_price_fen": price}
        return with_leaf(self.content, leaf, replacing=self.replaced["code"] if self.replaced else None)


class NoSuchPart(Refusal):
    """The editor has no such part."""


PARTS: dict[str, Callable[[Content, Any], PartForm]] = {
    "general": GeneralForm,
    "comparisons": ComparisonsForm,
    "rules": RulesForm,
    "leaf": LeafForm,
}
PARTS |= {
    f"factors.{profile}": lambda content, data, profile=profile: FactorsForm(content, data, profile=profile.value)  # type: ignore[misc]
    for profile in Profile
}
PARTS |= {
    f"group.{dimension}.{level}": lambda content, data, dimension=dimension, level=level: GroupForm(  # type: ignore[misc]
        content, data, dimension=dimension.value, level=level.value
    )
    for dimension in Dimension
    for level in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
}


def form_for(part: str, content: Content, data: Any = None) -> PartForm:
    """Return the form of a part; `leaf.CODE` is one leaf's.

    Raises:
        NoSuchPart: there is none of that name.
    """
    if part in PARTS:
        return PARTS[part](content, data)
    kind, _dot, code = part.partition(".")
    if kind == "leaf" and code in {leaf["code"] for leaf in content["leaves"]}:
        return LeafForm(content, data, code=code)
    raise NoSuchPart("There is no part %(part)s of an indicator system", part=part)
