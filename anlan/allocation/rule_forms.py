"""The forms of the rules: each shows one part of a draft and returns the whole content with that part as typed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.allocation.core.classes import table_from_content
from anlan.allocation.core.decision import Test
from anlan.allocation.core.facts import CHOICES, FACT_NAMES, NUMBERS
from anlan.allocation.core.measures import Catalogue
from anlan.allocation.core.strategies import STANCE_NAMES, Stance
from anlan.allocation.rule_words import VALUE_NAMES, name_of
from anlan.assessment.core.values import DIMENSION_NAMES
from anlan.kernel.refusal import mark
from anlan.web.part_forms import Content, PartForm

Choices = Sequence[tuple[str, Any]]
BLANK_ROWS = 2


def named(names: Mapping[Any, str]) -> list[tuple[str, str]]:
    """Return names of the core as choices in the reader's language."""
    return [(str(key), gettext(name)) for key, name in names.items()]


def number_field(label: Any, *, is_required: bool = False) -> forms.FloatField:
    """Return a field for any number from 0 on."""
    return forms.FloatField(label=label, min_value=0, required=is_required, widget=forms.NumberInput({"step": "any"}))


class ClassesForm(PartForm):
    """The classes that rows may name; a line without a key is left out."""

    title = mark("Classes that rows may name")
    heads = ("#", mark("Key"), mark("Chinese name"), mark("English name"), mark("Colour"))

    def build(self) -> None:
        rows = [*self.content["classes"], *({} for _ in range(BLANK_ROWS))]
        self.count = len(rows)
        for number, row in enumerate(rows):
            for head, (name, field) in zip(self.heads[1:], self.row_fields().items(), strict=True):
                self.put(f"{name}:{number}", field, row.get(name), f"{gettext(head)} {number + 1}")

    @staticmethod
    def row_fields() -> dict[str, forms.Field]:
        """Return the fields of one row."""
        return {
            "key": forms.SlugField(max_length=40, required=False),
            "name_zh": forms.CharField(max_length=40, required=False),
            "name_en": forms.CharField(max_length=60, required=False),
            "colour": forms.RegexField(r"^#[0-9a-fA-F]{6}$", required=False, widget=forms.TextInput({"type": "color"})),
        }

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        for number in range(self.count):
            yield str(number + 1), [self[f"{name}:{number}"] for name in self.row_fields()]

    def edited(self) -> dict[str, Any]:
        given = [
            {name: self.cleaned_data[f"{name}:{number}"] for name in self.row_fields()} for number in range(self.count)
        ]
        return {**self.content, "classes": [row for row in given if row["key"] and row["name_zh"]]}


class RowForm(PartForm):
    """One row of the decision table; nothing chosen asks nothing of that fact."""

    title = mark("Row of the decision table")
    RANGES = tuple((f"{fact}_{end}", fact, end) for fact in NUMBERS for end in ("least", "most"))

    def __init__(self, content: Content, data: Any = None, *, number: int | None = None) -> None:
        self.number = number
        super().__init__(content, data)
        if number is not None:
            self.title = gettext("Row %(number)d of the decision table") % {"number": number}

    def build(self) -> None:
        row = self.content["rows"][self.number - 1] if self.number else {}
        when = {(each["fact"], each["test"]): each for each in row.get("when") or ()}
        table = table_from_content(self.content)
        classes = [(each.key, name_of(each)) for each in table.classes]
        self.put("class", forms.ChoiceField(label=_("Class"), choices=classes), row.get("class"))
        for name in ("note_zh", "note_en"):
            label = _("Chinese remark") if name == "note_zh" else _("English remark")
            self.put(name, forms.CharField(label=label, max_length=120, required=False), row.get(name))
        for fact in CHOICES:
            self._put_choices(fact, gettext(FACT_NAMES[fact]), fact, when.get((fact, "among")))
        for test, label in ((Test.ANY, _("At least one of these hazards")), (Test.NONE, _("None of these hazards"))):
            self._put_choices(f"hazards_{test}", label, "hazards", when.get(("hazards", test.value)))
        for name, fact, end in self.RANGES:
            label = _("%(fact)s, at least") if end == "least" else _("%(fact)s, below")
            told = label % {"fact": gettext(FACT_NAMES[fact])}
            self.put(name, number_field(told), (when.get((fact, "between")) or {}).get(end))

    def _put_choices(self, name: str, label: Any, fact: str, condition: Content | None) -> None:
        field = forms.MultipleChoiceField(
            label=label, choices=named(VALUE_NAMES[fact]), required=False, widget=forms.CheckboxSelectMultiple
        )
        self.put(name, field, list(condition["values"]) if condition else [])

    def edited(self) -> dict[str, Any]:
        given = self.cleaned_data
        row = {name: given[name] for name in ("class", "note_zh", "note_en")} | {"when": list(self._when())}
        rows = list(self.content["rows"])
        if self.number:
            rows[self.number - 1] = row
        else:
            # Before the last row, which usually takes all that is left.
            rows.insert(max(len(rows) - 1, 0), row)
        return {**self.content, "rows": rows}

    def _when(self) -> Iterator[dict[str, Any]]:
        given = self.cleaned_data
        for fact in CHOICES:
            if given[fact]:
                yield {"fact": fact, "test": "among", "values": given[fact]}
        for test in (Test.ANY, Test.NONE):
            if given[f"hazards_{test}"]:
                yield {"fact": "hazards", "test": test.value, "values": given[f"hazards_{test}"]}
        for fact in NUMBERS:
            least, most = given[f"{fact}_least"], given[f"{fact}_most"]
            if least is not None or most is not None:
                yield {"fact": fact, "test": "between", "least": least, "most": most}


class StrategyForm(PartForm):
    """What the strategy says for one class, measure by measure."""

    heads = (mark("Measure"), mark("The strategy says"), mark("Gains count times"))

    def __init__(self, content: Content, data: Any = None, *, class_key: str, name: str, catalogue: Catalogue) -> None:
        self.class_key, self.catalogue = class_key, catalogue
        super().__init__(content, data)
        self.title = gettext("Strategy for %(class)s") % {"class": name}

    def build(self) -> None:
        cells = self.content["classes"].get(self.class_key, {})
        for measure in self.catalogue.measures:
            cell, name = cells.get(measure.code, {}), name_of(measure)
            stances = forms.ChoiceField(choices=[("", "–"), *named(STANCE_NAMES)], required=False)
            self.put(f"stance:{measure.code}", stances, cell.get("stance"), f"{gettext(self.heads[1])} {name}")
            self.put(
                f"times:{measure.code}", number_field(""), cell.get("multiplier"), f"{gettext(self.heads[2])} {name}"
            )

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        for measure in self.catalogue.measures:
            words = f"{name_of(measure)} · {gettext(DIMENSION_NAMES[measure.dimension])}"
            yield words, [self[f"stance:{measure.code}"], self[f"times:{measure.code}"]]

    def edited(self) -> dict[str, Any]:
        cells = {}
        for measure in self.catalogue.measures:
            stance, times = self.cleaned_data[f"stance:{measure.code}"], self.cleaned_data[f"times:{measure.code}"]
            if stance or times not in {None, 1.0}:
                cells[measure.code] = {"stance": stance or Stance.NEUTRAL.value, "multiplier": times}
        return {**self.content, "classes": {**self.content["classes"], self.class_key: cells}}
