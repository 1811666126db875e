"""What a person sees of their own account, and which modules are there for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from anlan.accounts.core.modules import MODULES, SwitchableModule
from anlan.accounts.models import ApiToken, LogIn, User
from anlan.ground.brief import Brief
from anlan.ground.statements import own_cursor

CLOSED: Brief[str, frozenset[str]] = Brief(1)
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
    """Return the modules that are switched off: once a request for somebody who is logged in.

    For programs they may be as old as `CLOSED_MODULES_S`.
    """
    if isinstance(person, User):
        return person.closed_modules
    found = CLOSED.get("")
    if found is None:
        found = _closed_now()
        CLOSED.put("", found, settings.CLOSED_MODULES_S)
    return found


def _closed_now() -> frozenset[str]:
    with own_cursor() as cursor:
        return frozenset(key for (key,) in cursor.execute(_CLOSED).fetchall())


def module_states() -> list[ModuleState]:
    """Return every module that can be switched."""
    closed = _closed_now()
    return [ModuleState(module, module.key not in closed) for module in MODULES]
