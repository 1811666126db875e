"""What others may ask about money: the sources of some years with their purposes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from anlan.accounts import queries as accounts
from anlan.accounts.core.scope import widest
from anlan.funds.core.spending import given_out
from anlan.funds.core.values import DIMENSION_NAMES, UNIT_LEVELS, Dimension, EarmarkFacts, SourceFacts
from anlan.funds.models import Earmark, Source
from anlan.kernel.codes import LENGTH, Level, ancestor_at, level_of
from anlan.places import queries as places
from anlan.web.http import Person


@dataclass(frozen=True, slots=True)
class YearSum:
    """What stands for one year: how many sources, how much, how much of it is there, how much is given out."""

    year: int
    count: int
    amount_fen: int
    received_fen: int
    given_out_fen: int

    @property
    def promised_fen(self) -> int:
        """Return what is not there yet."""
        return self.amount_fen - self.received_fen

    @property
    def left_fen(self) -> int:
        """Return what is not given out yet."""
        return self.amount_fen - self.given_out_fen


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


def standing_for(person: Person) -> list[SourceFacts]:
    """Return the sources that stand and that the person may see, as plain values."""
    rows = Source.objects.standing().filter(accounts.scope_of(person, "funds.read").q("county_code"))
    return [facts_of(row) for row in rows.prefetch_related("earmarks").order_by("-year", "-amount_fen", "pk")]


def sums_for(person: Person) -> list[YearSum]:
    """Return the sums of each year within the person's areas, the newest first."""
    rows = Source.objects.standing().filter(accounts.scope_of(person, "funds.read").q("county_code"))
    money = list(rows.order_by("-year").values_list("year", "pk", "amount_fen", "received_on"))
    spent = given_out([pk for _year, pk, _fen, _day in money])
    return [_sum(year, list(sources), spent) for year, sources in groupby(money, key=itemgetter(0))]


def _sum(year: int, sources: Sequence[tuple[int, int, int, date | None]], spent: Mapping[int, int]) -> YearSum:
    return YearSum(
        year=year,
        count=len(sources),
        amount_fen=sum(fen for _year, _pk, fen, _day in sources),
        received_fen=sum(fen for _year, _pk, fen, received_on in sources if received_on),
        given_out_fen=sum(spent[pk] for _year, pk, _fen, _day in sources),
    )


def source_page(person: Person, source: Source) -> dict[str, Any]:
    """Return all that the source's page shows."""
    spent = given_out([source.pk])[source.pk]
    return {
        "source": source,
        "county": dict(places.names_of([source.county_code])).get(source.county_code, source.county_code),
        "purposes": told_earmarks(source),
        "given_out_fen": spent,
        "left_fen": source.amount_fen - spent,
        "may_manage": source.withdrawn_at is None and person.can("funds.manage", source.county_code),
    }


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
