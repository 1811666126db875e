"""One cast for every test: Alice the county's analyst, Bob a township's officer, Carol of another county."""

from datetime import UTC, date, datetime

from anlan.accounts.core.roles import Role
from anlan.accounts.models import Posting, User

COUNTY = "999901000000"
TOWNSHIP = "999901101000"
VILLAGE = "999901101201"
ELSEWHERE = "999902000000"
NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "quiet-Waters-8"


def person(
    username: str,
    role: Role | str | None = None,
    code: str = COUNTY,
    *,
    department: str | None = None,
    name: str = "",
    password: str = PASSWORD,
) -> User:
    """Return a stored person, with one post since long ago if a role is given."""
    made = User(username=username, name=name or username.title(), created_at=NOON)
    made.set_password(password)
    made.save()
    if role:
        post(made, role, code, department=department)
    return made


def post(who: User, role: Role | str, code: str = COUNTY, *, department: str | None = None) -> Posting:
    return Posting.objects.create(
        user=who, role=str(role), area_code=code, department_id=department, starts_on=LONG_AGO
    )


def admin() -> User:
    return person("dora", Role.COUNTY_ADMIN)


def alice() -> User:
    return person("alice", Role.ANALYST)


def bob() -> User:
    return person("bob", Role.TOWNSHIP_OFFICER, TOWNSHIP)


def carol() -> User:
    """The stranger: the same work in another county."""
    return person("carol", Role.ANALYST, ELSEWHERE)
