"""Posts follow their divisions: when a township takes over another, its officers answer for the new area."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from anlan.accounts.models import Posting
from anlan.ground.audit import Actor, audit_many


@transaction.atomic
def follow_divisions(*, actor: Actor | None, moved: Mapping[str, str], on: date, at: datetime) -> int:
    """Start every post of a division that ends anew in the one that takes over; return how many moved."""
    changed = {old: new for old, new in moved.items() if old != new}
    still_held = Q(ends_on__isnull=True) | Q(ends_on__gt=on)
    rows = list(Posting.objects.select_for_update().filter(still_held, area_code__in=changed).select_related("user"))
    audited = []
    for row in rows:
        ends_on, area = row.ends_on, changed[row.area_code]
        row.ends_on = max(on, row.starts_on)
        row.save(update_fields=["ends_on"])
        same = {"user": row.user, "role": row.role, "area_code": area, "department_id": row.department_id}
        if not Posting.objects.filter(still_held, **same).exists():
            Posting.objects.create(**same, starts_on=max(on, row.starts_on), ends_on=ends_on)
            audited.append((row.user, {"role": row.role, "area": area, "from": row.area_code}))
    audit_many(actor, "post moved", audited, at=at)
    return len(audited)
