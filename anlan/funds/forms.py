"""Forms of money: a source, a purpose, a reason to withdraw."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anlan.funds import queries
from anlan.funds.core.checking import FIRST_YEAR, LAST_YEAR, LONGEST_NAME, LONGEST_NUMBER, MOST_FEN
from anlan.funds.core.values import DIMENSION_NAMES, UNIT_LEVELS, NewEarmark, NewSource
from anlan.funds.models import GIVER_CHOICES, Source
from anlan.kernel.money import FEN_PER_YUAN, fen_from_yuan
from anlan.web.faulted_forms import FaultedForm
from anlan.web.row_forms import WorkbookForm

Choices = Sequence[tuple[str, str]]
SAID = ("name", "given_by", "year", "received_on", "document_number", "account_code")
TICKS = {"class": "form-check-input"}


class SourceForm(FaultedForm):
    """Who gives how much for which year, by which document."""

    county_code = forms.ChoiceField(label=_("County"))
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    given_by = forms.ChoiceField(label=_("Level of the giver"), choices=GIVER_CHOICES)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    amount = forms.DecimalField(
        label=_("Amount (yuan)"), min_value=0, max_value=MOST_FEN // FEN_PER_YUAN, decimal_places=2
    )
    received_on = forms.DateField(
        label=_("Received on"),
        required=False,
        help_text=_("Empty while the money is promised and not there yet"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    document_number = forms.CharField(label=_("Document number"), max_length=LONGEST_NUMBER, required=False)
    account_code = forms.CharField(
        label=_("Budget account"),
        max_length=7,
        required=False,
        help_text=_("3, 5 or 7 digits, as 2240109"),
        widget=forms.TextInput({"inputmode": "numeric"}),
    )

    def __init__(self, data: Any = None, *, counties: Choices, source: Source | None = None, year: int = 0) -> None:
        super().__init__(data, initial=_said(source) if source else {"year": year})
        self.fields["county_code"].choices = counties  # type: ignore[attr-defined]
        if source or len(counties) == 1:
            del self.fields["county_code"]
        self._county_code = source.county_code if source else counties[0][0]

    @property
    def changes(self) -> dict[str, Any]:
        """Return the source's fields as the form says."""
        said = {name: self.cleaned_data[name] for name in SAID}
        return said | {"amount_fen": fen_from_yuan(self.cleaned_data["amount"])}

    @property
    def source(self) -> NewSource:
        """Return a new source as the form says."""
        county = self.cleaned_data.get("county_code", self._county_code)
        return NewSource(county_code=county, **self.changes)


def _said(source: Source) -> dict[str, Any]:
    return {name: getattr(source, name) for name in SAID} | {"amount": source.amount_fen / FEN_PER_YUAN}


class SourcesFileForm(WorkbookForm):
    """A workbook of a county's sources."""

    county_code = forms.ChoiceField(label=_("County"))

    def __init__(self, *args: Any, counties: Choices) -> None:
        super().__init__(*args)
        self.fields["county_code"].choices = counties  # type: ignore[attr-defined]
        self._only = counties[0][0] if len(counties) == 1 else ""
        if self._only:
            del self.fields["county_code"]

    @property
    def given(self) -> dict[str, Any]:
        """Return whose sources they are, and the file."""
        return {"county_code": self._only or self.cleaned_data["county_code"], "content": self.content}


class EarmarkForm(FaultedForm):
    """What a source is bound to; a group without a tick binds nothing."""

    dimensions = forms.MultipleChoiceField(
        label=_("Only for these dimensions"), required=False, widget=forms.CheckboxSelectMultiple(TICKS)
    )
    unit_levels = forms.MultipleChoiceField(
        label=_("Only at these levels"), required=False, widget=forms.CheckboxSelectMultiple(TICKS)
    )
    areas = forms.MultipleChoiceField(
        label=_("Only in these townships"), required=False, widget=forms.CheckboxSelectMultiple(TICKS)
    )
    measures = forms.CharField(
        label=_("Only for these measures"),
        required=False,
        max_length=2000,
        help_text=_("Codes of the catalogue, separated by spaces or commas"),
    )
    note = forms.CharField(label=_("In the document's words"), required=False, max_length=300)

    def __init__(self, data: Any = None, *, county_code: str) -> None:
        super().__init__(data)
        for name, choices in (
            ("dimensions", [(key.value, gettext(word)) for key, word in DIMENSION_NAMES.items()]),
            ("unit_levels", [(key.value, gettext(word)) for key, word in UNIT_LEVELS.items()]),
            ("areas", queries.townships_of(county_code)),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def earmark(self) -> NewEarmark:
        """Return the purpose as the form says."""
        said = self.cleaned_data
        codes = said["measures"].replace(",", " ").replace("，", " ").replace("、", " ").split()
        return NewEarmark(
            tuple(said["dimensions"]),
            tuple(dict.fromkeys(codes)),
            tuple(said["areas"]),
            tuple(said["unit_levels"]),
            said["note"],
        )


class WithdrawForm(FaultedForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 3}))
