"""Which role may do what, and who appoints whom: tables that every door reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from anlan.accounts.core.scope import Grant
from anlan.kernel.codes import prefix_of
from anlan.kernel.refusal import mark


class Role(StrEnum):
    """What a person is, in one area."""

    COUNTY_ADMIN = "county_admin"
    ANALYST = "analyst"
    DUTY_OFFICER = "duty_officer"
    COMMANDER = "commander"
    TOWNSHIP_OFFICER = "township_officer"
    VILLAGE_OFFICER = "village_officer"
    GRID_WORKER = "grid_worker"
    VILLAGER = "villager"
    PROJECT_MANAGER = "project_manager"
    FINANCE_OFFICER = "finance_officer"
    DEPARTMENT_OFFICER = "department_officer"
    EVALUATOR = "evaluator"
    UPPER_PLATFORM = "upper_platform"


ROLE_NAMES: Mapping[Role, str] = {
    Role.COUNTY_ADMIN: mark("County administrator"),
    Role.ANALYST: mark("County analyst"),
    Role.DUTY_OFFICER: mark("Duty officer"),
    Role.COMMANDER: mark("Commander"),
    Role.TOWNSHIP_OFFICER: mark("Township officer"),
    Role.VILLAGE_OFFICER: mark("Village officer"),
    Role.GRID_WORKER: mark("Grid worker"),
    Role.VILLAGER: mark("Villager"),
    Role.PROJECT_MANAGER: mark("Project manager"),
    Role.FINANCE_OFFICER: mark("Finance officer"),
    Role.DEPARTMENT_OFFICER: mark("Department officer"),
    Role.EVALUATOR: mark("Third-party evaluator"),
    Role.UPPER_PLATFORM: mark("Provincial platform"),
}

_SEES = frozenset({"places.read", "survey.read", "assessment.read", "stores.read", "telemetry.read", "onemap.read"})
_WORKS = frozenset({"places.read", "tasks.read"})

CAPABILITIES: Mapping[Role, frozenset[str]] = {
    Role.COUNTY_ADMIN: _SEES
    | _WORKS
    | {"allocation.read", "pairing.read", "accounts.manage", "modules.switch", "places.manage", "audit.read"}
    | {"telemetry.manage"},
    Role.ANALYST: _SEES
    | _WORKS
    | {"places.manage", "survey.fill", "survey.verify", "survey.manage", "system.edit"}
    | {"assessment.run", "assessment.publish", "tasks.manage", "audit.read", "stores.manage", "funds.read"}
    | {"allocation.read", "pairing.read", "allocation.rules", "allocation.plan", "pairing.manage"}
    | {"telemetry.manage", "telemetry.rules"},
    Role.DUTY_OFFICER: _SEES | _WORKS | {"stores.manage", "telemetry.manage", "telemetry.act"},
    Role.COMMANDER: _SEES
    | _WORKS
    | {"tasks.manage", "funds.read", "allocation.read", "allocation.approve", "pairing.read"}
    | {"telemetry.act"},
    Role.TOWNSHIP_OFFICER: _SEES
    | _WORKS
    | {"survey.fill", "survey.verify", "tasks.manage", "stores.manage", "allocation.read"}
    | {"pairing.read", "pairing.act", "telemetry.manage", "telemetry.act"},
    Role.VILLAGE_OFFICER: _SEES | _WORKS | {"survey.fill", "allocation.read", "pairing.read", "pairing.act"},
    Role.GRID_WORKER: _WORKS,
    Role.VILLAGER: frozenset(),
    Role.PROJECT_MANAGER: _WORKS | {"assessment.read"},
    Role.FINANCE_OFFICER: _WORKS | {"assessment.read", "funds.read", "funds.manage", "allocation.read", "pairing.read"},
    Role.DEPARTMENT_OFFICER: _SEES | _WORKS | {"survey.fill"},
    Role.EVALUATOR: _SEES | {"funds.read", "allocation.read", "pairing.read"},
    Role.UPPER_PLATFORM: frozenset({"places.read", "assessment.read"}),
}

# A right to appoint is its own thing: an administrator names analysts without being able to do their work.
# The province's account is made by the operator's command alone.
APPOINTS: Mapping[Role, frozenset[Role]] = {
    Role.COUNTY_ADMIN: frozenset(Role) - {Role.UPPER_PLATFORM},
}

NEEDS_DEPARTMENT = frozenset({Role.DEPARTMENT_OFFICER})


@dataclass(frozen=True, slots=True)
class Post:
    """A role in an area; a department narrows it to that department's part of the work."""

    role: Role
    area_code: str
    department: str | None = None


def grants_for(posts: Iterable[Post], capability: str) -> tuple[Grant, ...]:
    """Return where the posts give the capability, each area once.

    >>> grants_for([Post(Role.TOWNSHIP_OFFICER, "999901101000")], "survey.fill")
    (Grant(prefix='999901101', role='township_officer', department=None),)
    """
    found = (
        Grant(prefix_of(post.area_code), post.role.value, post.department)
        for post in posts
        if capability in CAPABILITIES[post.role]
    )
    return tuple(dict.fromkeys(found))


def may_appoint(posts: Iterable[Post], wanted: Post) -> bool:
    """Tell whether one of the posts gives the right to appoint somebody to the wanted one."""
    return any(
        wanted.role in APPOINTS.get(post.role, frozenset())
        and wanted.area_code.startswith(prefix_of(post.area_code))
        and post.department in {None, wanted.department}
        for post in posts
    )


def roles_to_appoint(posts: Iterable[Post]) -> frozenset[Role]:
    """Return the roles that one of the posts gives the right to appoint to, somewhere."""
    return frozenset().union(*(APPOINTS.get(post.role, frozenset()) for post in posts))
