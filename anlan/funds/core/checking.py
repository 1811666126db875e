"""What a source and a purpose must be, told at the field that is wrong."""

import re
from collections.abc import Iterator

from anlan.funds.core.values import UNIT_LEVELS, Dimension, GivenBy, NewEarmark, NewSource
from anlan.kernel.codes import PREFIX_LENGTH, BadCode, Level, check_code, level_of, prefix_of
from anlan.kernel.faults import Fault, FaultyFields
from anlan.kernel.refusal import mark

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_NAME = 120
LONGEST_NUMBER = 60
MOST_FEN = 10**15  # ten trillion yuan: more is a slip of the unit
ACCOUNT = re.compile(r"^([0-9]{3}([0-9]{2}){0,2})?$")
MEASURE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")


class BadSource(FaultyFields):
    """The source cannot be recorded so."""


class BadEarmark(BadSource):
    """The purpose cannot be recorded so."""


def source_faults(source: NewSource) -> list[Fault]:
    """Return everything that is wrong with the source by itself."""
    return list(_source_faults(source))


def _source_faults(source: NewSource) -> Iterator[Fault]:
    if not 0 < len(source.name.strip()) <= LONGEST_NAME:
        yield Fault("name", source.name, mark("A name has 1 to %(most)d characters"), {"most": LONGEST_NAME})
    if source.given_by not in set(GivenBy):
        yield Fault("given_by", source.given_by, mark("It is not known who gives the money"))
    if not FIRST_YEAR <= source.year <= LAST_YEAR:
        values = {"first": FIRST_YEAR, "last": LAST_YEAR}
        yield Fault("year", str(source.year), mark("The year lies between %(first)d and %(last)d"), values)
    if not 0 < source.amount_fen <= MOST_FEN:
        yield Fault("amount", str(source.amount_fen), mark("An amount is above zero and not beyond all measure"))
    if not ACCOUNT.match(source.account_code):
        yield Fault("account_code", source.account_code, mark("A budget account has 3, 5 or 7 digits, as 2240109"))
    if len(source.document_number) > LONGEST_NUMBER:
        text = mark("A document number has at most %(most)d characters")
        yield Fault("document_number", source.document_number, text, {"most": LONGEST_NUMBER})
    if source.received_on and abs(source.received_on.year - source.year) > 1:
        text = mark("Money of %(year)d was hardly received in %(found)d")
        values = {"year": source.year, "found": source.received_on.year}
        yield Fault("received_on", source.received_on.isoformat(), text, values)
    yield from _county_faults(source.county_code)


def _county_faults(code: str) -> Iterator[Fault]:
    try:
        is_county = level_of(check_code(code)) is Level.COUNTY
    except BadCode as refused:
        yield Fault("county_code", code, refused.message, refused.values)
        return
    if not is_county:
        yield Fault("county_code", code, mark("%(code)s is no county"), {"code": code})


def earmark_faults(earmark: NewEarmark, county_code: str) -> list[Fault]:
    """Return everything that is wrong with a purpose of the county's money."""
    return list(_earmark_faults(earmark, county_code))


def _earmark_faults(earmark: NewEarmark, county_code: str) -> Iterator[Fault]:
    if not (earmark.dimensions or earmark.measures or earmark.areas or earmark.unit_levels):
        yield Fault("dimensions", "", mark("A purpose binds the money to something; money that is free has no purpose"))
    words = (
        ("dimensions", set(earmark.dimensions) - set(Dimension), mark("There is no dimension %(word)s")),
        ("unit_levels", set(earmark.unit_levels) - set(UNIT_LEVELS), mark("There is no level %(word)s")),
        (
            "measures",
            {word for word in earmark.measures if not MEASURE.match(word)},
            mark("%(word)s is no code of a measure"),
        ),
    )
    for column, unknown, message in words:
        yield from (Fault(column, word, message, {"word": word}) for word in sorted(unknown))
    for area in earmark.areas:
        if not area.isdigit() or len(area) not in PREFIX_LENGTH.values():
            yield Fault("areas", area, mark("%(word)s is no division code"), {"word": area})
        elif not area.startswith(prefix_of(county_code)):
            yield Fault("areas", area, mark("%(word)s lies outside the county"), {"word": area})


def area_prefix(text: str) -> str:
    """Return the prefix that an area's code stands for; what is no code stays as it is, for `earmark_faults` to name.

    >>> area_prefix("999901101000"), area_prefix("99990"), area_prefix("x")
    ('999901101', '99990', 'x')
    """
    try:
        return prefix_of(check_code(text))
    except BadCode:
        return text.strip()
