"""One division's facts, corrected on its page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localtime

from anlan.ground.audit import audit
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.places.core.checking import BadRows, fact_problems
from anlan.places.core.spelling import spelling
from anlan.places.core.values import DivisionRow
from anlan.places.models import Division
from anlan.web.http import Person

EDITABLE = (
    "name",
    "population",
    "households",
    "area_km2",
    "landform",
    "urban_rural_code",
    "region_type",
    "hazards",
)


class HasEnded(Refusal):
    """The division is history; what is on record of it stays."""


@transaction.atomic
def correct_facts(
    *, actor: Person, division_id: int, expected_version: int, facts: Mapping[str, Any], at: datetime
) -> Division:
    """Correct what is on record of a division that still stands; None says that a figure is not known.

    Raises:
        Conflict: somebody corrected it meanwhile.
        HasEnded: it was merged, split or renamed since.
        BadRows: a figure cannot be.
    """
    row = Division.objects.select_for_update().plain().get(pk=division_id)
    check_version(row, expected_version)
    if row.valid_until is not None and row.valid_until <= localtime(at).date():
        raise HasEnded("%(name)s ended on %(day)s and is not changed any more", name=row.name, day=row.valid_until)
    given = {name: facts[name] for name in EDITABLE if name in facts}
    before = {name: getattr(row, name) for name in given}
    if problems := fact_problems(1, DivisionRow(code=row.code, **({"name": row.name} | given))):
        raise BadRows(problems)
    changed = {name: value for name, value in given.items() if value != before[name]}
    if not changed:
        return row
    for name, value in changed.items():
        setattr(row, name, value)
    if "name" in changed:
        row.pinyin, row.initials = spelling(row.name)
    save_version(row, [*changed, "pinyin", "initials"])
    detail = {name: {"from": before[name], "to": value} for name, value in changed.items()}
    audit(actor, mark("division corrected"), row, at=at, detail=detail)
    return row
