"""What a plan is asked, as a form; and the same for "what if"."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.allocation.core.asked import MOST_FACTOR, MOST_GAP, MOST_WEIGHT, MOST_YEARS, Asked
from anlan.assessment.core.values import DIMENSION_NAMES, Dimension
from anlan.funds.core.values import SourceFacts
from anlan.kernel.money import FEN_PER_YUAN, fen_from_yuan
from anlan.kernel.refusal import Refusal
from anlan.web.templatetags.shown import refusal_text

SHARES = ("weak_gain", "weak_reaches", "township_least", "township_most")


def _number(label: Any, most: float | None = None, help_text: Any = "") -> forms.FloatField:
    widget = forms.NumberInput({"step": "any"})
    return forms.FloatField(
        label=label, min_value=0, max_value=most, required=False, widget=widget, help_text=help_text
    )


class WishesForm(forms.Form):
    """Money, priorities and floors of a plan. An empty floor asks nothing."""

    name = forms.CharField(label=_("Name of the plan"), max_length=80)
    weakness = _number(_("How much more weak units count (κ)"), MOST_WEIGHT)
    people = _number(_("How much more populous units count (β)"), MOST_WEIGHT)
    weak_gain = _number(_("Each weak unit gains at least (points)"), 100)
    weak_reaches = _number(_("Each weak unit reaches at least (points)"), 100)
    township_least = _number(_("Each township gets at least (% of the money)"), 100)
    township_most = _number(_("Each township gets at most (% of the money)"), 100)
    per_head = _number(_("Each township gets at least (yuan per head)"))
    gap = _number(_("Proof: within how many % of the optimum"), MOST_GAP * 100)

    def __init__(self, asked: Asked, sources: Sequence[SourceFacts], data: Any = None, *, name: str = "") -> None:
        self.asked, self.sources = asked, sources
        super().__init__(data, initial=self._initial(asked) | {"name": name})
        for source in sources:
            self._put_source(source)
        for dimension in Dimension:
            self._put_dimension(dimension)

    def _initial(self, asked: Asked) -> dict[str, Any]:
        settings = asked.settings
        shares: dict[str, Any] = {key: _percent(getattr(settings, key)) for key in SHARES}
        per_head = None if settings.per_head_fen is None else settings.per_head_fen / FEN_PER_YUAN
        return shares | {
            "weakness": settings.weakness,
            "people": settings.people,
            "per_head": per_head,
            "gap": _percent(asked.gap),
        }

    def _put_source(self, source: SourceFacts) -> None:
        label = f"{source.name} · {source.year}"
        field = _number(label, help_text=_("%(yuan)s yuan in all") % {"yuan": f"{source.amount_fen / 100:,.2f}"})
        budget = self.asked.budgets.get(source.key, ())
        field.initial = sum(budget) / FEN_PER_YUAN
        self.fields[f"budget:{source.key}"] = field

    def _put_dimension(self, dimension: Dimension) -> None:
        bounds = self.asked.settings.dimension_shares.get(dimension.value, (None, None))
        name = gettext(DIMENSION_NAMES[dimension])
        for end, words, value in zip(("least", "most"), (_("at least %"), _("at most %")), bounds, strict=True):
            field = _number(f"{name}: {words}", 100)
            field.initial = _percent(value)
            self.fields[f"{end}:{dimension.value}"] = field

    def money(self) -> Iterator[Any]:
        """Yield the fields of the sources."""
        return (self[f"budget:{source.key}"] for source in self.sources)

    def dimensions(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each dimension with its two fields."""
        for dimension in Dimension:
            yield DIMENSION_NAMES[dimension], self[f"least:{dimension.value}"], self[f"most:{dimension.value}"]

    @property
    def has_shares(self) -> bool:
        """Tell whether a share of a dimension is asked for, or was typed."""
        typed = (self[f"{end}:{each.value}"].value() for each in Dimension for end in ("least", "most"))
        return any(value not in {None, ""} for value in typed)

    def wished(self) -> Asked:
        """Return what was asked before, with what the form says."""
        given = self.cleaned_data
        settings = replace(
            self.asked.settings,
            weakness=_or(given["weakness"], self.asked.settings.weakness),
            people=_or(given["people"], self.asked.settings.people),
            weak_gain=_share(given["weak_gain"]),
            weak_reaches=_share(given["weak_reaches"]),
            township_least=_share(given["township_least"]),
            township_most=_share(given["township_most"]),
            per_head_fen=None if given["per_head"] is None else fen_from_yuan(given["per_head"]),
            dimension_shares=self._shares(given),
        )
        budgets = {source.key: self._budget(source, given[f"budget:{source.key}"]) for source in self.sources}
        return replace(
            self.asked,
            settings=settings,
            budgets={key: budget for key, budget in budgets.items() if any(budget)},
            gap=_share(given["gap"]) or self.asked.gap,
        )

    def _shares(self, given: Mapping[str, Any]) -> dict[str, tuple[float | None, float | None]]:
        found = {
            each.value: (_share(given[f"least:{each.value}"]), _share(given[f"most:{each.value}"]))
            for each in Dimension
        }
        return {key: bounds for key, bounds in found.items() if bounds != (None, None)}

    def _budget(self, source: SourceFacts, yuan: float | None) -> tuple[int, ...]:
        fen = fen_from_yuan(yuan or 0)
        return tuple(fen if year == source.year else 0 for year in self.asked.years)

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal above the form."""
        self.add_error(None, refusal_text(refused))


class WhatIfForm(WishesForm):
    """The same questions, with a budget that is multiplied."""

    factor = _number(_("Budget (% of what there is)"), MOST_FACTOR * 100)

    def _initial(self, asked: Asked) -> dict[str, Any]:
        return super()._initial(asked) | {"factor": round(asked.factor * 100, 2)}

    def wished(self) -> Asked:
        """Return what is asked, with the budget multiplied."""
        given = self.cleaned_data["factor"]
        return replace(super().wished(), factor=self.asked.factor if given is None else given / 100)


class YearsForm(forms.Form):
    """For which years a new plan is made."""

    first_year = forms.IntegerField(label=_("First year"), min_value=2000, max_value=2100)
    years = forms.IntegerField(label=_("Number of years"), min_value=1, max_value=MOST_YEARS, initial=1)

    def years_chosen(self) -> tuple[int, ...]:
        """Return the calendar years."""
        first = self.cleaned_data["first_year"]
        return tuple(first + number for number in range(self.cleaned_data["years"]))


class ReasonForm(forms.Form):
    """Why a plan is sent back."""

    reason = forms.CharField(label=_("What must be changed"), max_length=500, widget=forms.Textarea({"rows": 3}))


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 6)


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100


def _or(value: float | None, other: float) -> float:
    return other if value is None else value
