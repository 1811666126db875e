"""The form of a siting study: what is asked, typed as people say it (percent, yuan)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.allocation.core.siting_study import (
    CANDIDATES_NAMES,
    MOST_MINUTES,
    QUESTION_NAMES,
    WAY_NAMES,
    WEIGHING_NAMES,
    Candidates,
    Question,
    SitingSettings,
    Way,
    Weighing,
)
from anlan.allocation.models import Siting
from anlan.allocation.queries.siting import settings_of
from anlan.allocation.rule_forms import named
from anlan.kernel.codes import Level, ancestor_at, level_of
from anlan.kernel.money import FEN_PER_YUAN
from anlan.kernel.refusal import Refusal, mark
from anlan.stores.core.values import KIND_NAMES
from anlan.web.templatetags.shown import refusal_text

PERCENT = 100
MOST_POINTS, MOST_PEOPLE, MOST_YUAN = 100_000, 10_000_000, 10_000_000_000
TYPED_AS = {"share": "percent", "cost_fen": "cost_yuan", "minute_fen": "minute_yuan"}
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("What and for whom"), ("name", "kind", "weighing")),
    (mark("Where it could stand"), ("candidates", "chosen", "keeps_existing")),
    (mark("How far is near"), ("way", "within_minutes")),
    (mark("The question"), ("question", "percent", "points")),
    (mark("Room and cost, for the last question alone"), ("capacity", "cost_yuan", "minute_yuan", "is_whole")),
)


class SitingForm(forms.Form):
    """A study's question."""

    name = forms.CharField(label=gettext_lazy("Name of the study"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of point"))
    weighing = forms.ChoiceField(label=gettext_lazy("Who needs it, and how much each village counts"))
    candidates = forms.ChoiceField(label=gettext_lazy("Places to choose from"))
    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Chosen units"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text=gettext_lazy("Only for “the units chosen below”; hold Ctrl to choose several."),
    )
    keeps_existing = forms.BooleanField(
        label=gettext_lazy("Keep the open points of this kind that stand already"), required=False
    )
    way = forms.ChoiceField(
        label=gettext_lazy("Ways"),
        help_text=gettext_lazy("Without roads on record choose straight lines: they are made longer by the detour."),
    )
    within_minutes = forms.FloatField(
        label=gettext_lazy("Near is within (minutes)"),
        max_value=MOST_MINUTES,
        widget=forms.NumberInput({"step": "any"}),
    )
    question = forms.ChoiceField(
        label=gettext_lazy("What is asked"), widget=forms.RadioSelect({"class": "form-check-input"})
    )
    percent = forms.FloatField(
        label=gettext_lazy("Share that shall be near (%)"),
        required=False,
        widget=forms.NumberInput({"step": "any"}),
        help_text=gettext_lazy("For “how many points”."),
    )
    points = forms.IntegerField(
        label=gettext_lazy("Points in all, those that stand included"),
        required=False,
        min_value=1,
        max_value=MOST_POINTS,
        help_text=gettext_lazy("For “the most within reach” and “the shortest ways”."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("People that one new point holds"), required=False, min_value=1, max_value=MOST_PEOPLE
    )
    cost_yuan = forms.FloatField(
        label=gettext_lazy("Cost of a new point (yuan)"),
        required=False,
        min_value=0,
        max_value=MOST_YUAN,
        widget=forms.NumberInput({"step": "any"}),
    )
    minute_yuan = forms.FloatField(
        label=gettext_lazy("What a minute of one person's way counts (yuan)"),
        required=False,
        min_value=0,
        max_value=MOST_YUAN,
        widget=forms.NumberInput({"step": "any"}),
        help_text=gettext_lazy("Weighs short ways against fewer points; 0.5 unless you know better."),
    )
    is_whole = forms.BooleanField(label=gettext_lazy("A village goes to one point together"), required=False)

    def __init__(self, data: Any = None, *, units: Sequence[tuple[str, str]], siting: Siting | None = None) -> None:
        super().__init__(data, initial=_typed(settings_of(siting)) if siting else dict(STARTS))
        for name, choices in CHOICES.items():
            self.fields[name].choices = named(choices)  # type: ignore[attr-defined]
        self.fields["chosen"].choices = list(_by_township(units))  # type: ignore[attr-defined]

    @property
    def groups(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Yield the groups of fields as the page lays them out."""
        for title, names in GROUPS:
            yield title, [self[name] for name in names]

    def settings(self) -> SitingSettings:
        """Return what was typed as the core knows it."""
        typed = self.cleaned_data
        return SitingSettings(
            name=typed["name"],
            kind=typed["kind"],
            question=Question(typed["question"]),
            weighing=Weighing(typed["weighing"]),
            candidates=Candidates(typed["candidates"]),
            chosen=tuple(typed["chosen"]),
            keeps_existing=typed["keeps_existing"],
            way=Way(typed["way"]),
            within_minutes=typed["within_minutes"],
            points=typed["points"],
            share=None if typed["percent"] is None else typed["percent"] / PERCENT,
            capacity=typed["capacity"],
            cost_fen=_fen(typed["cost_yuan"]),
            minute_fen=_fen(typed["minute_yuan"]) or 0,
            is_whole=typed["is_whole"],
        )

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal beside the field that it names, else above the form."""
        field = str(refused.values.get("field", ""))
        field = TYPED_AS.get(field, field)
        self.add_error(field if field in self.fields else None, refusal_text(refused))


CHOICES: Mapping[str, Mapping[Any, str]] = {
    "kind": KIND_NAMES,
    "weighing": WEIGHING_NAMES,
    "candidates": CANDIDATES_NAMES,
    "way": WAY_NAMES,
    "question": QUESTION_NAMES,
}
STARTS: Mapping[str, Any] = {
    "question": Question.FEWEST_POINTS.value,
    "keeps_existing": True,
    "within_minutes": 20,
    "percent": 95,
    "minute_yuan": 0.5,
    "is_whole": True,
}


def _typed(settings: SitingSettings) -> dict[str, Any]:
    """Return the settings as a person types them."""
    return settings.content() | {
        "percent": None if settings.share is None else round(settings.share * PERCENT, 4),
        "cost_yuan": None if settings.cost_fen is None else settings.cost_fen / FEN_PER_YUAN,
        "minute_yuan": settings.minute_fen / FEN_PER_YUAN,
    }


def _fen(yuan: float | None) -> int | None:
    return None if yuan is None else round(yuan * FEN_PER_YUAN)


def _by_township(units: Sequence[tuple[str, str]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the townships and villages as groups of choices, a township's own seat first."""
    within = [(code, name) for code, name in units if level_of(code) in {Level.TOWNSHIP, Level.VILLAGE}]
    names = dict(within)
    for township, members in groupby(within, key=lambda unit: ancestor_at(unit[0], Level.TOWNSHIP)):
        yield names.get(township, _("Other units")), list(members)
