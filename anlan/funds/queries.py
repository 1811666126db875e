"""What others may ask about money: the sources of some years with their purposes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.accounts.core.scope import widest
from anlan.funds.core.values import DIMENSION_NAMES, UNIT_LEVELS, Dimension, EarmarkFacts, SourceFacts
from anlan.funds.models import Earmark, Source
from anlan.kernel.codes import LENGTH, Level, ancestor_at, level_of
from anlan.places import queries as places
from anlan.web.http import Person


@dataclass(frozen=True, slots=True)
class YearSum:
    """What stands for one year: how many sources, how much, and how much of it is there."""

    year: int
    count: int
    amount_fen: int
    received_fen: int


def sources_of(county_code: str, years: Collection[int]) -> list[SourceFacts]:
    """Return the county's sources of these years that were not withdrawn, by year, giver and number."""
    rows = Source.objects.standing().filter(county_code=county_code, year__in=list(years))
    return [facts_of(row) for row in rows.prefetch_related("earmarks").order_by("year", "pk")]


def has_sources(county_code: str) -> bool:
    """Tell whether money of the county was ever recorded."""
    return Source.objects.filter(county_code=county_code).exists()


def facts_of(row: Source) -> SourceFacts:
    """Return a source as plain values."""
    return SourceFacts(
        pk=row.pk,
        name=row.name,
        given_by=row.given_by,
        document_number=row.document_number,
        year=row.year,
        account_code=row.account_code,
        amount_fen=row.amount_fen,
        received_on=row.received_on,
        county_code=row.county_code,
        earmarks=tuple(_earmark(one) for one in sorted(row.earmarks.all(), key=lambda one: one.pk)),
    )


def _earmark(row: Earmark) -> EarmarkFacts:
    return EarmarkFacts(
        frozenset(row.dimensions),
        frozenset(row.measures),
        widest(row.areas),
        frozenset(row.unit_levels),
    )


def sources_for(person: Person) -> QuerySet[Source]:
    """Return the sources that the person may see."""
    rows = Source.objects.filter(accounts.scope_of(person, "funds.read").q("county_code"))
    return rows.annotate(earmark_count=Count("earmarks"))


def sums_for(person: Person) -> list[YearSum]:
    """Return the sums of each year within the person's areas, the newest first."""
    rows = Source.objects.standing().filter(accounts.scope_of(person, "funds.read").q("county_code"))
    there = Sum("amount_fen", filter=Q(received_on__isnull=False), default=0)
    sums = rows.values("year").annotate(count=Count("pk"), amount=Sum("amount_fen"), there=there).order_by("-year")
    return [YearSum(row["year"], row["count"], row["amount"], row["there"]) for row in sums]


def counties_of(person: Person) -> list[tuple[str, str]]:
    """Return the counties whose money the person manages, with their names."""
    prefixes = accounts.scope_of(person, "funds.manage").prefixes
    codes = sorted({ancestor_at(prefix.ljust(LENGTH, "0"), Level.COUNTY) for prefix in prefixes})
    codes = [code for code in codes if level_of(code) is Level.COUNTY]
    names = dict(places.names_of(codes))
    return [(code, names.get(code, code)) for code in codes]


def townships_of(county_code: str) -> list[tuple[str, str]]:
    """Return prefix and name of the county's townships that are there today."""
    return [(code[:9], name) for code, name in places.names_within(county_code[:6]) if level_of(code) is Level.TOWNSHIP]


def told_earmarks(row: Source) -> list[dict[str, Any]]:
    """Return each purpose of the source as it reads: what it is bound to, in words."""
    earmarks = list(row.earmarks.order_by("pk"))
    codes = {area.ljust(LENGTH, "0") for one in earmarks for area in one.areas}
    names = dict(places.names_of(sorted(codes))) if codes else {}
    return [
        {
            "earmark": one,
            "dimensions": [_(DIMENSION_NAMES[Dimension(word)]) for word in one.dimensions],
            "levels": [_(UNIT_LEVELS[Level(word)]) for word in one.unit_levels],
            "areas": _names(one.areas, names),
            "measures": list(one.measures),
        }
        for one in earmarks
    ]


def _names(areas: Sequence[str], names: dict[str, str]) -> list[str]:
    return [names.get(area.ljust(LENGTH, "0"), area) for area in areas]
