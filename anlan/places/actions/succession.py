"""Divisions that change on a day: the old rows end, new ones begin, and links tell what became of what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.gis.geos import MultiPolygon
from django.db import transaction

from anlan.accounts.actions.areas import follow_divisions
from anlan.ground.audit import Actor, audit
from anlan.kernel.codes import PREFIX_LENGTH, Level, parent_of, prefix_of
from anlan.kernel.refusal import mark
from anlan.places.actions.geos import area_for_database
from anlan.places.actions.outlines import draw_outlines
from anlan.places.core.shapes import joined
from anlan.places.core.spelling import spelling
from anlan.places.core.succession import (
    BadSuccession,
    Heir,
    Standing,
    check_merge,
    check_same_kind,
    check_split,
    code_under,
    shared_out,
)
from anlan.places.models import Division, SuccessorLink

COPIED = (
    "name", "pinyin", "initials", "level", "population", "households", "area_km2", "landform", "urban_rural_code",
    "region_type", "hazards", "boundary", "outline", "seat",
)  # fmt: skip


@dataclass(slots=True)
class Change:
    """One change in the making: whose, from which day, and who moves where."""

    actor: Actor | None
    on: date
    at: datetime
    moved: dict[str, str]  # old code → the code of what takes most of it over


@transaction.atomic
def merge_divisions(*, actor: Actor | None, codes: Sequence[str], heir: Heir, on: date, at: datetime) -> Division:
    """Make one division of several; the villages of townships that end get codes under the new one.

    Raises:
        BadSuccession: the divisions cannot be merged, or the new code is taken.
    """
    check_merge(codes, heir)
    change = Change(actor, on, at, {})
    sources = [_standing(code, on) for code in sorted(set(codes))]
    children = [child for source in sources if source.code != heir.code for child in _children(source, on)]
    _end(sources, on)
    merged = _begin(_merged(sources, heir), change)
    for source in sources:
        _link(source, merged, 1.0, change)
    for child in children:
        _move_under(child, merged.code, change)
    return _finish(change, merged, mark("divisions merged"), [source.code for source in sources])


@transaction.atomic
def split_division(*, actor: Actor | None, code: str, heirs: Sequence[Heir], on: date, at: datetime) -> list[Division]:
    """Make several divisions of one; each part takes its share of the figures and the villages named for it.

    Raises:
        BadSuccession: the shares are not the whole, a village is left behind or a code is taken.
    """
    change = Change(actor, on, at, {})
    source = _standing(code, on)
    children = {child.code: child for child in _children(source, on)}
    check_split(Standing(code, tuple(children)), heirs)
    _end([source], on)
    parts = [_begin(part, change) for part in _parts(source, heirs)]
    # The last link says where posts move: to the part that keeps the code, else to the largest.
    for part, heir in sorted(zip(parts, heirs, strict=True), key=lambda pair: (pair[1].code == code, pair[1].share)):
        _link(source, part, heir.share, change)
        for taken in heir.takes if part.code != code else ():
            _move_under(children[taken], part.code, change)
    _finish(change, parts[0], mark("division split"), [code])
    return parts


@transaction.atomic
def rename_division(*, actor: Actor | None, code: str, name: str, on: date, at: datetime) -> Division:
    """Give a division another name from a day on; to correct a misspelling, edit it instead.

    Raises:
        BadSuccession: it bears the name already.
    """
    source = _standing(code, on)
    if source.name == name:
        raise BadSuccession("%(name)s bears this name already", name=name)
    change = Change(actor, on, at, {})
    _end([source], on)
    renamed = _begin(_copy(source, name=name), change)
    _link(source, renamed, 1.0, change)
    return _finish(change, renamed, mark("division renamed"), [code])


@transaction.atomic
def recode_division(*, actor: Actor | None, code: str, new_code: str, on: date, at: datetime) -> Division:
    """Give a division another code from a day on; what lies within follows.

    Raises:
        BadSuccession: the code is taken, of another level or in another county.
    """
    check_same_kind(code, new_code)
    change = Change(actor, on, at, {})
    source = _standing(code, on)
    children = list(_children(source, on))
    _end([source], on)
    recoded = _begin(_copy(source, code=new_code), change)
    _link(source, recoded, 1.0, change)
    for child in children:
        _move_under(child, new_code, change)
    return _finish(change, recoded, mark("division given another code"), [code])


def _standing(code: str, on: date) -> Division:
    found = Division.objects.select_for_update().valid_on(on).filter(code=code).first()
    if found is None:
        raise BadSuccession("There is no division %(code)s on %(day)s", code=code, day=on.isoformat())
    if found.valid_from == on or found.valid_until is not None:
        raise BadSuccession("%(name)s begins on that day or has its end set already", name=found.name)
    return found


def _children(source: Division, on: date) -> Iterable[Division]:
    rows = Division.objects.select_for_update().valid_on(on).within(prefix_of(source.code))
    return rows.exclude(pk=source.pk).order_by("code")


def _end(rows: Sequence[Division], on: date) -> None:
    for row in rows:
        row.valid_until = on
        row.version += 1
        row.save(update_fields=["valid_until", "version"])


def _begin(row: Division, change: Change) -> Division:
    row.valid_from = change.on
    standing = Division.objects.valid_on(change.on)
    if standing.filter(code=row.code).exists():
        raise BadSuccession("The code %(code)s is taken", code=row.code)
    if not standing.filter(code=parent_of(row.code)).exists():
        raise BadSuccession("The division above %(code)s is not on record", code=row.code)
    row.save()
    return row


def _link(source: Division, heir: Division, share: float, change: Change) -> None:
    SuccessorLink.objects.create(division=source, successor=heir, share=share)
    change.moved[source.code] = heir.code


def _move_under(child: Division, parent: str, change: Change) -> None:
    prefix = prefix_of(parent)
    taken = set(Division.objects.valid_on(change.on).within(prefix).values_list("code", flat=True))
    _end([child], change.on)
    moved = _begin(_copy(child, code=code_under(child.code, parent, taken)), change)
    _link(child, moved, 1.0, change)
    audit(change.actor, mark("division given another code"), moved, at=change.at, detail={"from": [child.code]})


def _copy(source: Division, **changes: Any) -> Division:
    facts = {name: getattr(source, name) for name in COPIED} | {"code": source.code} | changes
    if "name" in changes:
        facts["pinyin"], facts["initials"] = spelling(changes["name"])
    return Division(**facts)


def _merged(sources: Sequence[Division], heir: Heir) -> Division:
    """Return the sum of the divisions: what one of them does not know, the whole does not know."""
    largest = max(sources, key=lambda source: (source.population or 0, source.code))
    shapes = [source.boundary for source in sources]
    return _copy(
        largest,
        code=heir.code,
        name=heir.name,
        population=_sum(source.population for source in sources),
        households=_sum(source.households for source in sources),
        area_km2=_sum(source.area_km2 for source in sources),
        hazards=sorted({hazard for source in sources for hazard in source.hazards}),
        boundary=_joined(shapes),
        outline=None,
    )


def _sum(values: Iterable[Any]) -> Any:
    known = list(values)
    return None if None in known else sum(known)


def _joined(shapes: Sequence[Any]) -> MultiPolygon | None:
    if any(shape is None for shape in shapes):
        return None
    return area_for_database(joined([bytes(shape.wkb) for shape in shapes]))


def _parts(source: Division, heirs: Sequence[Heir]) -> list[Division]:
    """Return the parts with their shares of the figures; where each lies is not known until it is drawn."""
    shares = [heir.share for heir in heirs]
    people, households = shared_out(source.population, shares), shared_out(source.households, shares)
    return [
        _copy(
            source,
            code=heir.code,
            name=heir.name,
            population=people[position],
            households=households[position],
            area_km2=None if source.area_km2 is None else source.area_km2 * heir.share,
            boundary=None,
            outline=None,
            seat=source.seat if heir.code == source.code else None,
        )
        for position, heir in enumerate(heirs)
    ]


def _finish(change: Change, row: Division, verb: str, codes: Sequence[str]) -> Division:
    audit(change.actor, verb, row, at=change.at, detail={"from": list(codes), "on": change.on.isoformat()})
    follow_divisions(actor=change.actor, moved=change.moved, on=change.on, at=change.at)
    draw_outlines(row.code[: PREFIX_LENGTH[Level.COUNTY]], change.on)
    return row
