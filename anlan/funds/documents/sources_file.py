"""Sources of money as a workbook, both ways; amounts in yuan."""

from collections.abc import Iterable
from typing import Any

from anlan.funds.core.checking import source_faults
from anlan.funds.core.values import GIVER_NAMES, NewSource, SourceFacts
from anlan.kernel.money import FEN_PER_YUAN, fen_from_yuan
from anlan.kernel.refusal import mark
from anlan.web.row_books import FaultyRows, Kind, RowFault, RowField, rows_in, rows_workbook

GIVERS = tuple((giver.value, name) for giver, name in GIVER_NAMES.items())
FIELDS = (
    RowField("name", mark("Name"), width=36),
    RowField("year", mark("Year"), Kind.NUMBER, width=8),
    RowField("given_by", mark("Level of the giver"), choices=GIVERS),
    RowField("amount", mark("Amount (yuan)"), Kind.NUMBER),
    RowField("received_on", mark("Received on"), Kind.DAY),
    RowField("document_number", mark("Document number"), width=28),
    RowField("account_code", mark("Budget account")),
)
TITLES = {column.name: column.title for column in FIELDS}


def sources_workbook(sources: Iterable[SourceFacts]) -> bytes:
    """Return the sources as a workbook."""
    names = ("name", "year", "given_by", "received_on", "document_number", "account_code")
    rows = [
        {name: getattr(source, name) for name in names} | {"amount": source.amount_fen / FEN_PER_YUAN}
        for source in sources
    ]
    return rows_workbook(FIELDS, rows)


def sources_in(content: bytes, county_code: str) -> list[tuple[int, NewSource]]:
    """Return the sources that a workbook holds, each with its row.

    Raises:
        BadRowBook: it is no workbook of sources.
        FaultyRows: a row is no source.
    """
    found = [(number, _source(row, county_code)) for number, row in rows_in(content, FIELDS)]
    faults = [
        RowFault(number, TITLES.get(fault.column, ""), fault.value, fault.message, fault.values)
        for number, source in found
        for fault in source_faults(source)
    ]
    if faults:
        raise FaultyRows(faults)
    return found


def _source(row: dict[str, Any], county_code: str) -> NewSource:
    return NewSource(
        county_code=county_code,
        name=row["name"] or "",
        given_by=row["given_by"] or "",
        year=int(row["year"] or 0),
        amount_fen=fen_from_yuan(row["amount"] or 0),
        document_number=row["document_number"] or "",
        account_code=row["account_code"] or "",
        received_on=row["received_on"],
    )
