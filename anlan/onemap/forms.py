"""What the map asks to have printed."""

from collections.abc import Sequence

from django import forms

from anlan.onemap.core.printing import LONGEST_NOTE, LONGEST_TITLE, PAPERS, BadPicture


class PrintForm(forms.Form):
    """A title, the picture as the browser drew it, and which layers are on it."""

    title = forms.CharField(max_length=LONGEST_TITLE)
    picture = forms.FileField()
    layers = forms.CharField(max_length=2000, required=False)
    bounds = forms.CharField(max_length=100, required=False)
    note = forms.CharField(max_length=LONGEST_NOTE, required=False)
    paper = forms.ChoiceField(choices=[(paper, paper) for paper in PAPERS])

    @property
    def keys(self) -> Sequence[str]:
        """Return the layers on the picture."""
        return [key for key in self.cleaned_data["layers"].split(",") if key]

    def require(self) -> None:
        """Refuse what the map's script would not send.

        Raises:
            BadPicture: something is missing or too long.
        """
        if not self.is_valid():
            raise BadPicture("The page cannot be printed: %(fields)s", fields=", ".join(sorted(self.errors)))
