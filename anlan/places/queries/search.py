"""The division switcher: quick with tens of thousands of divisions."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse

from anlan.accounts import queries as accounts
from anlan.kernel.codes import parent_of
from anlan.places.models import Division
from anlan.web.http import Person
from anlan.web.switcher import Choice

MOST = 20
FIELDS = ("code", "name", "pinyin", "initials")
Found = tuple[str, str]


def search_divisions(person: Person, text: str) -> list[Choice]:
    """Return the divisions within the person's areas that the text fits; without text the widest of them.

    What begins with the text comes first, by an index; only where that is not enough are names searched through.
    """
    rows = Division.objects.valid_today().filter(accounts.scope_of(person, "places.read").q("code"))
    wanted = text.replace("\0", "").strip().lower()[:60]
    if not wanted:
        return _choices(_listed(rows))
    starting = Q()
    for field in FIELDS:
        starting |= Q(**{f"{field}__startswith": wanted})
    found = _listed(rows.filter(starting))
    if len(found) < MOST:
        within = _listed(rows.filter(Q(name__contains=wanted) | Q(pinyin__contains=wanted)))
        found = list(dict.fromkeys([*found, *within]))[:MOST]
    return _choices(found)


def narrowed_by_text(rows: QuerySet[Division], text: str) -> QuerySet[Division]:
    """Return the divisions whose name, code or pinyin the text fits: for the list's search field."""
    wanted = text.lower()
    return rows.filter(
        Q(name__contains=wanted)
        | Q(code__startswith=wanted)
        | Q(pinyin__contains=wanted)
        | Q(initials__startswith=wanted)
    )


def _listed(rows: QuerySet[Division]) -> list[Found]:
    return list(rows.order_by("code").values_list("code", "name")[:MOST])


def _choices(found: Sequence[Found]) -> list[Choice]:
    names = _names_above([code for code, _ in found])
    return [
        Choice(
            code=code,
            name=name,
            path=" / ".join(names[above] for above in _above(code) if above in names),
            url=reverse("division", args=[code]),
        )
        for code, name in found
    ]


def _names_above(codes: Sequence[str]) -> dict[str, str]:
    wanted = {above for code in codes for above in _above(code)}
    return dict(Division.objects.valid_today().filter(code__in=wanted).values_list("code", "name"))


def _above(code: str) -> list[str]:
    found: list[str] = []
    above = parent_of(code)
    while above:
        found.insert(0, above)
        above = parent_of(above)
    return found
