"""What the forms of a system's editor have in common: one part of a draft in, the whole content out."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext

from anlan.assessment.documents.workbook_words import in_chinese
from anlan.kernel.money import FEN_PER_YUAN
from anlan.web.part_forms import Content

Choices = list[tuple[str, str]]


def named(names: Mapping[Any, str]) -> Choices:
    """Return names of the core as choices in the reader's language."""
    return [(str(key), gettext(name) if name else "–") for key, name in names.items()]


def leaf_choices(content: Content) -> Choices:
    """Return the system's leaves as choices."""
    name = "name_zh" if in_chinese() else "name_en"
    return [(leaf["code"], f"{leaf['code']} {leaf[name]}") for leaf in content["leaves"]]


def share_field(label: str = "", **given: Any) -> forms.FloatField:
    """Return a field for a share in percent."""
    return forms.FloatField(label=label, min_value=0, max_value=100, widget=forms.NumberInput({"step": "any"}), **given)


def percent_of(share: float | None) -> float | None:
    """Return a share as percent, without the crumbs of binary fractions."""
    return None if share is None else round(share * 100, 7)


def number_field(label: str = "", **given: Any) -> forms.FloatField:
    """Return a field for any number."""
    return forms.FloatField(label=label, widget=forms.NumberInput({"step": "any"}), **given)


def price_field(label: str = "") -> forms.DecimalField:
    """Return a field for a price in yuan; empty means none."""
    return forms.DecimalField(label=label, min_value=0, max_digits=12, decimal_places=2, required=False)


def yuan_of(fen: int | None) -> float | None:
    """Return a price in yuan, None for no price."""
    return None if fen is None else fen / FEN_PER_YUAN


def fen_of(yuan: Decimal | None) -> int | None:
    """Return whole fen, None for no price."""
    return None if yuan is None else int(yuan * FEN_PER_YUAN)


def check_sum(form: forms.Form, field: str, found: float) -> None:
    """Say beside the field when weights in percent do not sum to 100."""
    if abs(found - 100) > 1e-4:
        form.add_error(field, gettext("The weights sum to %(found)s%%, expected 100%%.") % {"found": f"{found:.6g}"})
