"""Divisions by code and day, and how much is known of them."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Avg, Case, FloatField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from anlan.kernel.codes import Level, parent_of
from anlan.kernel.refusal import Refusal
from anlan.places.models import Division

FACTS = {
    "population": Q(population__isnull=False),
    "households": Q(households__isnull=False),
    "area": Q(area_km2__isnull=False),
    "boundary": Q(boundary__isnull=False),
    "urban_rural_code": ~Q(urban_rural_code="") | ~Q(level=Level.VILLAGE.value),  # a class of villages alone
    "region_type": ~Q(region_type=""),
}


class NoDivision(Refusal):
    """No division has the code on that day."""


def units_within(prefix: str, on: date) -> QuerySet[Division]:
    """Return the divisions that lie within on that day, themselves included, by code; their shapes left behind."""
    return Division.objects.valid_on(on).within(prefix).plain().order_by("code", "pk")


def division_at(code: str, on: date) -> Division:
    """Return the division that had the code on that day.

    Raises:
        NoDivision: none had.
    """
    found = Division.objects.valid_on(on).filter(code=code).plain().first()
    if found is None:
        raise NoDivision("There is no division %(code)s on %(day)s", code=code, day=on.isoformat())
    return found


def names_of(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return codes with their latest names, in the order asked for; codes that never were are left out."""
    wanted = list(codes)
    rows = Division.objects.filter(code__in=wanted).order_by("code", "valid_from").values_list("code", "name")
    names = dict(rows)
    return [(code, names[code]) for code in wanted if code in names]


def names_within(prefix: str) -> list[tuple[str, str]]:
    """Return code and name of every division that is there today within the prefix."""
    rows = Division.objects.valid_today().filter(code__startswith=prefix)
    return list(rows.order_by("code").values_list("code", "name"))


def ancestors_of(code: str) -> list[tuple[str, str]]:
    """Return the code and name of every division that is recorded above it, from the top."""
    codes: list[str] = []
    above = parent_of(code)
    while above:
        codes.insert(0, above)
        above = parent_of(above)
    return names_of(codes)


def completeness_of(prefix: str, on: date) -> float | None:
    """Return the share of facts on record for the units within, in [0, 1]; None where there is no unit.

    Facts are population, households, area, boundary, region type and, of villages, the urban–rural code.
    """
    recorded = {name: Avg(_as_number(known)) for name, known in FACTS.items()}
    shares = Division.objects.valid_on(on).within(prefix).aggregate(**recorded)
    known = [share for share in shares.values() if share is not None]
    return sum(known) / len(known) if known else None


def _as_number(known: Q) -> Combinable:
    return Case(When(known, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
