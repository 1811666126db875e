"""Forms that edit one part of a versioned content: the whole content in, the whole content out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from anlan.kernel.refusal import Refusal
from anlan.web.templatetags.shown import refusal_text

Content = Mapping[str, Any]


class PartForm(forms.Form):
    """A form of one part. `heads` and `lines` make it a table; without them it is a list of fields."""

    title = ""
    heads: Sequence[str] = ()

    def __init__(self, content: Content, data: Any = None) -> None:
        self.content = content
        super().__init__(data)
        self.build()

    def build(self) -> None:
        """Add the fields that depend on the content."""

    def edited(self) -> dict[str, Any]:
        """Return the whole content with this part as the form says."""
        raise NotImplementedError

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield each line's words and its fields, for a form that is a table."""
        return iter(())

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal beside the field that it names, else above the form."""
        field = str(refused.values.get("field", ""))
        self.add_error(field if field in self.fields else None, refusal_text(refused))

    def put(self, name: str, field: forms.Field, value: Any, words: str = "") -> None:
        """Add a field that begins with the value; in a table its words are read aloud only."""
        field.initial = value
        if words:
            field.widget.attrs["aria-label"] = words
        self.fields[name] = field
