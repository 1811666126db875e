"""The tables of a system's editor: comparisons of the dimensions, profile factors, contradictions."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.assessment.core.names import PROFILE_NAMES
from anlan.assessment.core.system_content import UNIT_FACTS
from anlan.assessment.core.system_editing import reciprocal, with_comparisons
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension, Profile, Relation
from anlan.assessment.system_parts import leaf_choices, named, number_field
from anlan.kernel.refusal import Refusal, mark
from anlan.web.part_forms import Content, PartForm
from anlan.web.templatetags.shown import refusal_text

RELATION_NAMES = {
    Relation.AT_MOST: mark("is at most (factor) times"),
    Relation.NEEDS: mark("makes no sense without"),
    Relation.COVERS: mark("claims of the units below what they answer to"),
}
FACT_NAMES = {"population": mark("Population"), "households": mark("Households")}
BLANK_ROWS = 3
MOST_TIMES = 9  # of Saaty's scale


class FractionField(forms.CharField):
    """How many times: 3, or 1/3."""

    def clean(self, value: Any) -> float:
        text = super().clean(value)
        try:
            found = Fraction(text.strip())
        except (ValueError, ZeroDivisionError):
            raise forms.ValidationError(gettext("Write a number such as 3, or 1/3.")) from None
        if not Fraction(1, MOST_TIMES) <= found <= MOST_TIMES:
            raise forms.ValidationError(gettext("Between 1/9 and 9."))
        return float(found)


class ComparisonsForm(PartForm):
    """How many times one dimension matters as much as another (AHP)."""

    title = mark("Compare the dimensions in pairs (AHP)")
    heads = (mark("Pair"), mark("The first matters this many times as much"))

    def build(self) -> None:
        matrix = self.content.get("dimension_comparisons")
        for row, column in combinations(range(len(Dimension)), 2):
            value = Fraction(matrix[row][column]).limit_denominator(20) if matrix else 1
            self.put(f"pair_{row}_{column}", FractionField(max_length=12), str(value), self.words(row, column))
        label = gettext("Take the weights of the dimensions from these comparisons")
        self.put("use_weights", forms.BooleanField(label=label, required=False), True)

    def words(self, row: int, column: int) -> str:
        """Return what is compared."""
        names = [gettext(DIMENSION_NAMES[each]) for each in Dimension]
        return gettext("%(first)s against %(second)s") % {"first": names[row], "second": names[column]}

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        for row, column in combinations(range(len(Dimension)), 2):
            yield self.words(row, column), [self[f"pair_{row}_{column}"]]

    @property
    def loose(self) -> list[Any]:
        """Return the fields that stand below the table."""
        return [self["use_weights"]]

    def matrix(self) -> list[list[float]]:
        """Return the whole matrix that was typed."""
        pairs = combinations(range(len(Dimension)), 2)
        return reciprocal({pair: self.cleaned_data[f"pair_{pair[0]}_{pair[1]}"] for pair in pairs}, len(Dimension))

    def edited(self) -> dict[str, Any]:
        return with_comparisons(self.content, self.matrix(), use_weights=self.cleaned_data["use_weights"])

    def refuse(self, refused: Refusal) -> None:
        """Name the contradicting pair in the reader's words, beside its field."""
        names = [str(each) for each in Dimension]
        pair = [refused.values.get(key) for key in ("first", "second")]
        if not set(pair) <= set(names):
            super().refuse(refused)
            return
        row, column = (names.index(str(name)) for name in pair)
        words = {key: gettext(DIMENSION_NAMES[Dimension(str(refused.values[key]))]) for key in ("first", "second")}
        told = Refusal(refused.message, **(refused.values | words))
        self.add_error(f"pair_{row}_{column}", refusal_text(told))


class RowsForm(PartForm):
    """A table whose rows can be added and emptied: a row without its leaf is left out."""

    def build(self) -> None:
        rows = [*self.rows(), *({} for _ in range(BLANK_ROWS))]
        self.count = len(rows)
        for number, row in enumerate(rows):
            for head, (column, field) in zip(self.heads[1:], self.row_fields().items(), strict=True):
                self.put(f"{column}:{number}", field, row.get(column), f"{gettext(head)} {number + 1}")

    def rows(self) -> Sequence[Mapping[str, Any]]:
        """Return what stands there now."""
        raise NotImplementedError

    def row_fields(self) -> dict[str, forms.Field]:
        """Return the fields of one row."""
        raise NotImplementedError

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        for number in range(self.count):
            yield str(number + 1), [self[f"{column}:{number}"] for column in self.row_fields()]

    def given(self) -> Iterator[dict[str, Any]]:
        """Yield the rows that name a leaf."""
        for number in range(self.count):
            row = {column: self.cleaned_data.get(f"{column}:{number}") for column in self.row_fields()}
            if row["leaf"]:
                yield row


class FactorsForm(RowsForm):
    """By how much some leaves weigh more where a unit has the hazard or region profile."""

    heads = ("#", mark("Indicator"), mark("Factor"))

    def __init__(self, content: Content, data: Any = None, *, profile: str) -> None:
        self.profile = profile
        super().__init__(content, data)
        self.title = gettext("Where there is %(profile)s") % {"profile": gettext(PROFILE_NAMES[Profile(profile)])}

    def rows(self) -> Sequence[Mapping[str, Any]]:
        factors = (self.content.get("profile_factors") or {}).get(self.profile, {})
        return [{"leaf": leaf, "factor": factor} for leaf, factor in factors.items()]

    def row_fields(self) -> dict[str, forms.Field]:
        leaves = forms.ChoiceField(choices=[("", "–"), *leaf_choices(self.content)], required=False)
        return {"leaf": leaves, "factor": number_field(required=False)}

    def edited(self) -> dict[str, Any]:
        factors = {row["leaf"]: row["factor"] if row["factor"] is not None else 1.0 for row in self.given()}
        return {**self.content, "profile_factors": {**self.content["profile_factors"], self.profile: factors}}


class RulesForm(RowsForm):
    """What cannot both be true of one unit: who breaks it gets a flag."""

    title = mark("Contradictions that the checks look for")
    heads = ("#", mark("Indicator"), mark("Rule"), mark("Compared with"), mark("Factor"))

    def rows(self) -> Sequence[Mapping[str, Any]]:
        return list(self.content.get("contradictions") or ())

    def row_fields(self) -> dict[str, forms.Field]:
        leaves = leaf_choices(self.content)
        facts = [(fact, gettext(FACT_NAMES[fact])) for fact in UNIT_FACTS]
        return {
            "leaf": forms.ChoiceField(choices=[("", "–"), *leaves], required=False),
            "relation": forms.ChoiceField(choices=named(RELATION_NAMES), required=False),
            "other": forms.ChoiceField(choices=[("", "–"), *facts, *leaves], required=False),
            "factor": number_field(required=False),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(self.count):
            if cleaned.get(f"leaf:{number}") and not cleaned.get(f"other:{number}"):
                self.add_error(f"other:{number}", _("Choose what it is compared with."))
        return cleaned

    def edited(self) -> dict[str, Any]:
        rules = [{**row, "factor": 1.0 if row["factor"] is None else row["factor"]} for row in self.given()]
        return {**self.content, "contradictions": rules}
