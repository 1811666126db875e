"""Forms whose refusals name the fields at fault."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol, TypeVar

from django import forms
from django.utils.translation import gettext

from anlan.kernel.refusal import Refusal
from anlan.web.templatetags.shown import refusal_text

Done = TypeVar("Done")


class FieldFault(Protocol):
    """What is wrong with one field, as a context's core tells it."""

    @property
    def column(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def values(self) -> Mapping[str, Any]: ...


class FaultedForm(forms.Form):
    """A form that shows each fault of a refusal beside its field, the rest above.

    Attributes:
        shown: refusals that name no fields and are shown all the same, since the person can mend them in the form.
    """

    shown: ClassVar[tuple[type[Refusal], ...]] = ()

    def attempt(self, act: Callable[[], Done]) -> Done | None:
        """Do it if the form is whole; what can be mended in the form is shown there, any other refusal passed on."""
        if not self.is_valid():
            return None
        try:
            return act()
        except Refusal as refused:
            if not getattr(refused, "faults", ()) and not isinstance(refused, self.shown):
                raise
            self.refuse(refused)
            return None

    def refuse(self, refused: Refusal) -> None:
        """Show the refusal where the person can mend it."""
        faults: tuple[FieldFault, ...] = getattr(refused, "faults", ())
        for fault in faults:
            text = gettext(fault.message) % dict(fault.values) if fault.values else gettext(fault.message)
            self.add_error(fault.column if fault.column in self.fields else None, text)
        if not faults:
            self.add_error(None, refusal_text(refused))
