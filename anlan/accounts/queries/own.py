"""What a person sees of their own account, and which modules are there for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from anlan.accounts.core.modules import MODULES, SwitchableModule
from anlan.accounts.models import ApiToken, LogIn, User
from anlan.ground.statements import own_cursor

# Asked for with every request of a program, so nothing is put together or planned anew.
_CLOSED = "SELECT key FROM accounts_module WHERE NOT is_on"


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A module and whether it is switched on."""

    module: SwitchableModule
    is_on: bool


def log_ins_of(person_id: int, count: int = 10) -> list[LogIn]:
    """Return the person's last log-ins and failures, newest first."""
    return list(LogIn.objects.filter(user_id=person_id).order_by("-at", "-pk")[:count])


def tokens_of(person_id: int, at: datetime) -> QuerySet[ApiToken]:
    """Return the person's tokens that still open something, newest first."""
    return ApiToken.objects.filter(user_id=person_id, revoked_at__isnull=True, expires_at__gt=at).order_by("-pk")


def closed_modules_for(person: Any) -> frozenset[str]:
    """Return the modules that are switched off: once a request for somebody who is logged in."""
    if isinstance(person, User):
        return person.closed_modules
    with own_cursor() as cursor:
        return frozenset(key for (key,) in cursor.execute(_CLOSED).fetchall())


def module_states() -> list[ModuleState]:
    """Return every module that can be switched."""
    closed = closed_modules_for(None)
    return [ModuleState(module, module.key not in closed) for module in MODULES]
