"""The audit trail as far as somebody may read it."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from anlan.accounts.models import Posting
from anlan.accounts.queries.reach import scope_of
from anlan.ground.models import AuditEntry
from anlan.web.http import Person


def entries_for(person: Person) -> QuerySet[AuditEntry]:
    """Return the entries of the person's divisions; one that names no division belongs where its actor does."""
    scope = scope_of(person, "audit.read")
    if not scope.grants:
        return AuditEntry.objects.none()
    areas = reduce(or_, [Q(area_code__startswith=prefix) for prefix in scope.prefixes])
    theirs = Posting.objects.filter(areas).values("user_id")
    return AuditEntry.objects.filter(scope.q("division_code") | Q(division_code="", actor_id__in=theirs))
