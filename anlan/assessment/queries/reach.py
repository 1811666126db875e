"""Tables filtered by areas that may be narrowed to a department."""

from functools import reduce
from operator import or_

from django.db.models import Q

from anlan.accounts.queries import Scope


def within(scope: Scope, code: str, department: str) -> Q:
    """Return the condition that division and department, by their fields, are within reach."""
    conditions = [
        Q(**{f"{code}__startswith": grant.prefix}) & (Q(**{department: grant.department}) if grant.department else Q())
        for grant in scope.grants
    ]
    return reduce(or_, conditions) if conditions else Q(pk__in=[])
