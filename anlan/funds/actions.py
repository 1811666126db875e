"""Every change of the money on record: one verb, one transaction each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from anlan.funds.core.checking import BadEarmark, BadSource, area_prefix, earmark_faults, source_faults
from anlan.funds.core.values import NewEarmark, NewSource
from anlan.funds.documents.sources_file import sources_in
from anlan.funds.models import Earmark, Source
from anlan.ground.audit import Actor, audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.faults import Fault
from anlan.kernel.money import yuan_text
from anlan.kernel.refusal import Refusal, mark
from anlan.web.row_books import FaultyRows, RowFault

FIELDS = ("name", "given_by", "document_number", "year", "account_code", "amount_fen", "received_on")


class AlreadyWithdrawn(Refusal):
    """What was withdrawn is not changed any more."""


class ReasonMissing(Refusal):
    """Money is not withdrawn without a word."""


@transaction.atomic
def add_source(*, actor: Actor | None, source: NewSource, earmarks: Sequence[NewEarmark] = (), at: datetime) -> Source:
    """Record a source with its purposes.

    Raises:
        BadSource: a field cannot be, or the document is on record already.
        BadEarmark: a purpose binds to nothing or to what lies outside the county.
    """
    _check(source, None)
    row = Source.objects.create(**asdict(source))
    _put_earmarks(row, earmarks)
    detail = {"year": row.year, "amount": yuan_text(row.amount_fen), "count": len(earmarks)}
    audit(actor, mark("source recorded"), row, at=at, detail=detail)
    return row


@transaction.atomic
def bring_in_sources(*, actor: Actor, county_code: str, content: bytes, at: datetime) -> tuple[int, int]:
    """Take a workbook over: a source of the same year, document and name is corrected, any other recorded.

    Returns:
        How many were new, how many changed.

    Raises:
        BadRowBook, FaultyRows: it is no workbook of sources, or a row is wrong; nothing is taken over.
    """
    given = sources_in(content, county_code)
    if twice := _twice(given):
        raise FaultyRows(twice)
    rows = Source.objects.select_for_update().standing().filter(county_code=county_code)
    standing = {_key(row): row for row in rows}
    added = changed = 0
    for _number, source in given:
        known = standing.get(_key(source))
        if known is None:
            add_source(actor=actor, source=source, at=at)
            added += 1
        else:
            version, said = known.version, {name: getattr(source, name) for name in FIELDS}
            row = change_source(actor=actor, source_id=known.pk, expected_version=version, changes=said, at=at)
            changed += row.version > version
    return added, changed


def _key(source: Source | NewSource) -> tuple[int, str, str]:
    return source.year, source.document_number, source.name


def _twice(given: Sequence[tuple[int, NewSource]]) -> list[RowFault]:
    first: dict[tuple[int, str, str], int] = {}
    text = mark("Row %(row)d says the same source")
    return [
        RowFault(number, "", source.name, text, {"row": first[_key(source)]})
        for number, source in given
        if first.setdefault(_key(source), number) != number
    ]


@transaction.atomic
def change_source(
    *, actor: Actor, source_id: int, expected_version: int, changes: Mapping[str, Any], at: datetime
) -> Source:
    """Correct what is on record of a source.

    Raises:
        Conflict: somebody changed it meanwhile.
        AlreadyWithdrawn: it is not there any more.
        BadSource: a field cannot be, or the document is on record already.
    """
    row = _locked(source_id, expected_version)
    before = {name: getattr(row, name) for name in FIELDS}
    given = {name: changes[name] for name in FIELDS if name in changes}
    _check(NewSource(county_code=row.county_code, **(before | given)), row.pk)
    changed = {name: value for name, value in given.items() if value != before[name]}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    save_version(row, changed)
    audit(actor, mark("source changed"), row, at=at, detail=_told_changes(before, changed))
    return row


@transaction.atomic
def replace_earmarks(
    *, actor: Actor, source_id: int, expected_version: int, earmarks: Sequence[NewEarmark], at: datetime
) -> Source:
    """Bind a source to these purposes and no others; to none, and it is free.

    Raises:
        Conflict: somebody changed it meanwhile.
        AlreadyWithdrawn: it is not there any more.
        BadEarmark: a purpose binds to nothing or to what lies outside the county.
    """
    row = _locked(source_id, expected_version)
    row.earmarks.all().delete()
    _put_earmarks(row, earmarks)
    save_version(row, [])
    audit(actor, mark("source bound to purposes"), row, at=at, detail={"count": len(earmarks)})
    return row


@transaction.atomic
def add_earmark(*, actor: Actor, source_id: int, expected_version: int, earmark: NewEarmark, at: datetime) -> Source:
    """Let a source serve one more purpose."""
    row = _locked(source_id, expected_version)
    _put_earmarks(row, [earmark])
    save_version(row, [])
    audit(actor, mark("source bound to purposes"), row, at=at, detail={"count": row.earmarks.count()})
    return row


@transaction.atomic
def remove_earmark(*, actor: Actor, source_id: int, earmark_id: int, expected_version: int, at: datetime) -> Source:
    """Take a purpose away from a source; without any it is free."""
    row = _locked(source_id, expected_version)
    row.earmarks.filter(pk=earmark_id).delete()
    save_version(row, [])
    audit(actor, mark("source bound to purposes"), row, at=at, detail={"count": row.earmarks.count()})
    return row


@transaction.atomic
def withdraw_source(*, actor: Actor, source_id: int, expected_version: int, reason: str, at: datetime) -> Source:
    """Take a source out of what can be allocated; it stays on record with the reason.

    Raises:
        Conflict: somebody changed it meanwhile.
        AlreadyWithdrawn: it is not there any more.
        ReasonMissing: no reason is given.
    """
    row = _locked(source_id, expected_version)
    if not reason.strip():
        raise ReasonMissing("Say why the money is withdrawn; it stays in the history")
    row.withdrawn_at, row.withdrawal_reason = at, reason.strip()[:300]
    save_version(row, ["withdrawn_at", "withdrawal_reason"])
    audit(actor, mark("source withdrawn"), row, at=at, detail={"reason": row.withdrawal_reason})
    return row


def _locked(source_id: int, expected_version: int) -> Source:
    row = Source.objects.select_for_update().get(pk=source_id)
    check_version(row, expected_version)
    if row.withdrawn_at is not None:
        raise AlreadyWithdrawn("%(name)s was withdrawn and is not changed any more", name=row.name)
    return row


def _check(source: NewSource, pk: int | None) -> None:
    faults = source_faults(source)
    if not faults and _is_on_record(source, pk):
        text = mark("%(name)s of %(year)d is on record already under this document number")
        faults = [Fault("name", source.name, text, {"name": source.name, "year": source.year})]
    if faults:
        raise BadSource(faults)


def _is_on_record(source: NewSource, pk: int | None) -> bool:
    same = Source.objects.standing().filter(
        county_code=source.county_code, year=source.year, document_number=source.document_number, name=source.name
    )
    return same.exclude(pk=pk or 0).exists()


def _put_earmarks(row: Source, earmarks: Sequence[NewEarmark]) -> None:
    for given in earmarks:
        earmark = NewEarmark(
            given.dimensions,
            given.measures,
            tuple(dict.fromkeys(area_prefix(area) for area in given.areas)),
            given.unit_levels,
            given.note,
        )
        if faults := earmark_faults(earmark, row.county_code):
            raise BadEarmark(faults)
        Earmark.objects.create(
            source=row,
            dimensions=list(earmark.dimensions),
            measures=list(earmark.measures),
            areas=list(earmark.areas),
            unit_levels=list(earmark.unit_levels),
            note=earmark.note.strip()[:300],
        )


def _told_changes(before: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return changes as the trail keeps them: money in yuan, days as text."""
    return {
        "amount" if name == "amount_fen" else name: {"from": _told(name, before[name]), "to": _told(name, value)}
        for name, value in changed.items()
    }


def _told(name: str, value: Any) -> Any:
    if name == "amount_fen":
        return yuan_text(value)
    return value.isoformat() if isinstance(value, date) else value
