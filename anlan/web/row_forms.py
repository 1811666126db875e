"""The form that takes a workbook of rows."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.web.row_books import BadRowBook, FaultyRows, RowFault
from anlan.web.templatetags.shown import refusal_text

Done = TypeVar("Done")


class WorkbookForm(forms.Form):
    """A workbook to bring in; after a refusal `row_faults` says which rows are wrong."""

    row_faults: Sequence[RowFault] = ()
    file = forms.FileField(label=_("Workbook (.xlsx)"), widget=forms.FileInput({"accept": ".xlsx"}))

    @property
    def content(self) -> bytes:
        """Return what was sent."""
        file: Any = self.cleaned_data["file"]
        file.seek(0)
        return bytes(file.read())

    def attempt(self, act: Callable[[], Done]) -> Done | None:
        """Take it over if a file is there; show what is wrong with it."""
        if not self.is_valid():
            return None
        try:
            return act()
        except (BadRowBook, FaultyRows) as refused:
            self.row_faults = getattr(refused, "rows", ())
            self.add_error("file", refusal_text(refused))
            return None
