"""What stands at the beginning: the first administrator, many people at once, modules on or off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import localtime

from anlan.accounts.actions.people import UsernameTaken, told
from anlan.accounts.core.modules import name_of
from anlan.accounts.core.people import check_phone, check_username
from anlan.accounts.core.roles import Post, Role
from anlan.accounts.models import Module, Posting, User
from anlan.accounts.passwords import temporary_password
from anlan.ground.audit import audit, audit_many
from anlan.ground.fields import keyed_hash
from anlan.kernel.codes import check_code


@dataclass(frozen=True, slots=True)
class LoadedPerson:
    """Somebody of a bulk load: with the password that they begin with."""

    username: str
    name: str
    password: str
    posts: tuple[Post, ...]
    phone: str = ""
    must_change_password: bool = False


@transaction.atomic
def create_first_administrator(
    *, username: str, name: str, area_code: str, at: datetime, password: str | None = None
) -> tuple[User, str]:
    """Make the account that makes all others; return it with its password, to be changed at the first log-in."""
    given = password or temporary_password()
    post = Post(Role.COUNTY_ADMIN, check_code(area_code))
    first = LoadedPerson(check_username(username), name.strip(), given, (post,), must_change_password=True)
    if not load_people(people=[first], starts_on=localtime(at).date(), at=at):
        raise UsernameTaken("The log-in name %(username)s is taken", username=first.username)
    return User.objects.get(username=first.username), given


@transaction.atomic
def load_people(*, people: Iterable[LoadedPerson], starts_on: date, at: datetime) -> dict[str, int]:
    """Make many accounts with their posts; log-in names that exist are left alone. Return the new ones' ids."""
    wanted = {check_username(person.username): person for person in people}
    known = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
    new = {username: person for username, person in wanted.items() if username not in known}
    # One slow hash a distinct password: a load of demonstration accounts shares a few.
    hashed = {password: make_password(password) for password in {person.password for person in new.values()}}
    rows = {
        username: User(
            username=username,
            name=person.name,
            phone=check_phone(person.phone),
            phone_hash=keyed_hash(check_phone(person.phone)) if person.phone else "",
            password=hashed[person.password],
            must_change_password=person.must_change_password,
            created_at=at,
        )
        for username, person in new.items()
    }
    User.objects.bulk_create(rows.values(), 1000)
    _load_posts(rows, new, starts_on)
    audit_many(
        None,
        "person created",
        [(rows[username], {"posts": [told(post) for post in person.posts]}) for username, person in new.items()],
        at=at,
    )
    return {username: row.pk for username, row in rows.items()}


def _load_posts(rows: dict[str, User], new: dict[str, LoadedPerson], starts_on: date) -> None:
    postings = []
    for username, person in new.items():
        rows[username].posts = person.posts  # spares the audit trail a query a person
        postings += [
            Posting(
                user=rows[username],
                role=post.role.value,
                area_code=post.area_code,
                department_id=post.department,
                starts_on=starts_on,
            )
            for post in person.posts
        ]
    Posting.objects.bulk_create(postings, 1000)


@transaction.atomic
def switch_module(*, actor: User, key: str, is_on: bool, at: datetime) -> Module:
    """Switch a module on or off for everybody; its pages and links are gone while it is off."""
    name_of(key)
    row, _made = Module.objects.update_or_create(key=key, defaults={"is_on": is_on})
    audit(actor, "module switched on" if is_on else "module switched off", row, at=at)
    return row
