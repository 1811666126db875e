"""What a person answers for, and who holds a role where."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from anlan.accounts.core.roles import Post, grants_for
from anlan.accounts.core.scope import Areas, widest
from anlan.accounts.models import Posting, User
from anlan.kernel.codes import prefix_of
from anlan.web.http import Person


@dataclass(frozen=True, slots=True)
class Scope(Areas):
    """Areas that also filter tables."""

    def q(self, field: str) -> Q:
        """Return the condition that the code in `field` lies within reach; an index on the code serves it."""
        within = [Q(**{f"{field}__startswith": prefix}) for prefix in self.prefixes]
        return reduce(or_, within) if within else Q(pk__in=[])


def scope_of(person: Person, capability: str) -> Scope:
    """Return where the person holds the capability: one query for all capabilities of one copy of the person."""
    return Scope(grants_for(person.posts, capability)) if isinstance(person, User) else Scope()


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody reaches by any capability, without a further query: for streams that outlast a request."""

    posts: tuple[Post, ...] = ()

    def prefixes(self, capability: str) -> tuple[str, ...]:
        """Return the areas under the capability; with none, the areas of every post."""
        if not capability:
            return widest(prefix_of(post.area_code) for post in self.posts)
        return Areas(grants_for(self.posts, capability)).prefixes


def reach_of(person: Person) -> Reach:
    """Return what the person reaches now; nothing before they have chosen a password of their own."""
    return Reach(person.posts) if isinstance(person, User) and not person.must_change_password else Reach()


def person_of(pk: int | None) -> User | None:
    """Return the person of that id, disabled ones included; None for none."""
    return User.objects.filter(pk=pk).first() if pk is not None else None


def posts_within(code: str, role: str, on: date) -> int | None:
    """Return how many people held the role within the division that day; None where no account says."""
    rows = Posting.objects.held_on(on).filter(role=role, area_code__startswith=prefix_of(code))
    return rows.aggregate(people=Count("user", distinct=True))["people"] or None
