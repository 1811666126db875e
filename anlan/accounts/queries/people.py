"""People: those who hold a capability somewhere, and those whom an administrator looks after."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.timezone import localtime

from anlan.accounts.core.areas import names_of
from anlan.accounts.core.roles import APPOINTS, CAPABILITIES, ROLE_NAMES, Post, Role
from anlan.accounts.models import Posting, PostingQuerySet, User
from anlan.kernel.codes import PREFIX_LENGTH, ancestor_at, level_of, prefix_of
from anlan.web.http import Person

NOBODY = Q(pk__in=[])


@dataclass(frozen=True, slots=True)
class Holding:
    """A post as pages show it."""

    pk: int
    post: Post
    role_name: str
    area_name: str
    department_name: str
    starts_on: date
    ends_on: date | None
    is_over: bool
    is_to_come: bool


def person_called(username: str) -> User | None:
    """Return whoever logs in by that name."""
    return User.objects.filter(username=username).first()


def person_name(person_id: int | None) -> str:
    """Return the person's name, nothing where there is none."""
    return User.objects.filter(pk__in=[person_id]).values_list("name", flat=True).first() or ""


def people_in(
    division_code: str, department: str | None = None, capability: str | None = None, on: date | None = None
) -> list[User]:
    """Return whose post covers the division and department that day, or today: those nearest to it first.

    Each comes with the posts of that day, so that asking what they reach costs nothing more.
    """
    roles = [role.value for role in Role if capability is None or capability in CAPABILITIES[role]]
    held = _held(on).filter(user__is_active=True)
    there = held.filter(role__in=roles, area_code__in=_areas_above(division_code))
    if department:
        there = there.filter(Q(department__isnull=True) | Q(department=department))
    nearness: dict[int, int] = {}
    for person_id, area in there.values_list("user_id", "area_code"):
        nearness[person_id] = max(nearness.get(person_id, 0), len(prefix_of(area)))
    return sorted(_with_posts(nearness, held), key=lambda person: (-nearness[person.pk], person.pk))


def _areas_above(code: str) -> list[str]:
    own = PREFIX_LENGTH[level_of(code)]
    return sorted({ancestor_at(code, level) for level, length in PREFIX_LENGTH.items() if length <= own})


def _held(on: date | None) -> PostingQuerySet:
    return Posting.objects.held_on(on) if on else Posting.objects.held_today()


def _with_posts(person_ids: Any, held: PostingQuerySet) -> list[User]:
    rows = held.filter(user_id__in=person_ids).order_by("pk").select_related("user")
    people: dict[int, User] = {}
    for row in rows:
        person = people.setdefault(row.user_id, row.user)
        known = person.__dict__.get("posts", ())
        person.posts = (*known, Post(Role(row.role), row.area_code, row.department_id))
    return list(people.values())


def _may_be_filled_by(person: Person) -> Q:
    """Return the condition on posts that the person may give and take."""
    posts = person.posts if isinstance(person, User) else ()
    return reduce(or_, [_filled_from(post) for post in posts if post.role in APPOINTS], NOBODY)


def _filled_from(post: Post) -> Q:
    within = Q(role__in=sorted(APPOINTS[post.role]), area_code__startswith=prefix_of(post.area_code))
    return within & Q(department=post.department) if post.department else within


def people_managed_by(person: Person, at: datetime) -> QuerySet[User]:
    """Return the people an administrator looks after: with a post there, and none that is somebody else's to fill.

    Each comes with `current_postings` and whether log-in is locked, in a constant number of queries.
    """
    theirs, of_row = _may_be_filled_by(person), Posting.objects.filter(user=OuterRef("pk"))
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gt=localtime(at).date())
    elsewhere = of_row.filter(not_over).exclude(theirs)
    current = Posting.objects.held_today().select_related("department").order_by("pk")
    locks = failures_since(at).filter(username=OuterRef("username"))
    return (
        User.objects.filter(Exists(of_row.filter(theirs)), ~Exists(elsewhere))
        .annotate(is_locked=Exists(locks))
        .prefetch_related(Prefetch("postings", queryset=current, to_attr="current_postings"))
    )


def failures_since(at: datetime) -> Any:
    """Return the names and addresses that failed too often of late."""
    wait = get_cool_off()
    recent = AccessAttempt.objects.filter(attempt_time__gte=at - wait) if wait else AccessAttempt.objects.all()
    failed = recent.values("username", "ip_address").annotate(failures=Sum("failures_since_start"))
    return failed.filter(failures__gte=settings.AXES_FAILURE_LIMIT)


def is_locked_out(person: User, at: datetime) -> bool:
    """Tell whether the person is kept from logging in, from one address at least."""
    return bool(failures_since(at).filter(username=person.username).exists())


def successors_for(person: Person, leaver_id: int, at: datetime) -> list[tuple[int, str]]:
    """Return who may take over the open work: id and name with log-in name."""
    rows = people_managed_by(person, at).filter(is_active=True).exclude(pk=leaver_id).prefetch_related(None)
    found = rows.order_by("name", "pk").values_list("pk", "name", "username")
    return [(pk, f"{name} ({username})") for pk, name, username in found]


def holdings_of(person_id: int, today: date) -> list[Holding]:
    """Return every post of the person: those held first, then those to come, then those that are over."""
    rows = list(Posting.objects.filter(user_id=person_id).select_related("department").order_by("-starts_on", "-pk"))
    areas = names_of({row.area_code for row in rows})
    found = [_holding(row, areas, today) for row in rows]
    return sorted(found, key=lambda holding: (holding.is_over, holding.is_to_come))


def _holding(row: Posting, areas: dict[str, str], today: date) -> Holding:
    role = Role(row.role)
    return Holding(
        pk=row.pk,
        post=Post(role, row.area_code, row.department_id),
        role_name=ROLE_NAMES[role],
        area_name=areas[row.area_code],
        department_name=row.department.name if row.department else "",
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        is_over=row.ends_on is not None and row.ends_on <= today,
        is_to_come=row.starts_on > today,
    )
