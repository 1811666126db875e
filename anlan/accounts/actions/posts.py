"""Posts given, moved and ended; the open work follows when the day comes."""

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localtime, make_aware

from anlan.accounts import events
from anlan.accounts.actions.people import check_successor, locked, told
from anlan.accounts.core.people import BadMove, Ending, Move, check_appointment, check_end, check_move
from anlan.accounts.core.roles import Post, Role
from anlan.accounts.models import Posting, User
from anlan.ground.audit import audit
from anlan.ground.events import announce, defer
from anlan.ground.versions import save_version


@transaction.atomic
def move_post(*, actor: User, person_id: int, expected_version: int, move: Move, at: datetime) -> Posting:
    """Start a post; the one that it replaces, if any, ends that day, and its open work goes to the successor."""
    row = locked(actor, person_id, expected_version)
    check_appointment(actor.posts, move.post)
    successor = check_successor(row, move.successor_id)
    if move.posting_id is not None:
        check_move(_end(actor, row, move.posting_id, move.starts_on), move)
    _check_not_held(row, move.post, move.starts_on)
    posting = Posting.objects.create(
        user=row,
        role=move.post.role.value,
        area_code=move.post.area_code,
        department_id=move.post.department,
        starts_on=move.starts_on,
    )
    save_version(row, [])
    detail = told(move.post) | {"starts_on": move.starts_on.isoformat(), "successor": successor}
    audit(actor, "post moved" if move.posting_id else "post given", row, at=at, detail=detail)
    if move.posting_id is not None:
        _tell_on(move.starts_on, move.posting_id, move.successor_id, at)
    return posting


@transaction.atomic
def end_post(*, actor: User, person_id: int, expected_version: int, ending: Ending, at: datetime) -> User:
    """End a post without another in its place."""
    row = locked(actor, person_id, expected_version)
    successor = check_successor(row, ending.successor_id)
    post = _end(actor, row, ending.posting_id, ending.ends_on)
    save_version(row, [])
    detail = told(post) | {"ends_on": ending.ends_on.isoformat(), "successor": successor}
    audit(actor, "post ended", row, at=at, detail=detail)
    _tell_on(ending.ends_on, ending.posting_id, ending.successor_id, at)
    return row


def tell_post_ended(*, posting_id: int, successor_id: int | None, today: date) -> None:
    """Announce that a post has ended, unless its end was put off meanwhile."""
    old = Posting.objects.filter(pk=posting_id, ends_on__lte=today).first()
    if old:
        announce(events.POST_MOVED, person_id=old.user_id, successor_id=successor_id)


def _tell_on(day: date, posting_id: int, successor_id: int | None, at: datetime) -> None:
    if day <= localtime(at).date():
        tell_post_ended(posting_id=posting_id, successor_id=successor_id, today=day)
        return
    begins = make_aware(datetime.combine(day, time.min))
    ids = {"posting_id": posting_id, "successor_id": successor_id}
    defer("accounts.tell_post_ended", queue="timers", not_before=begins, **ids)


def _end(actor: User, row: User, posting_id: int, ends_on: date) -> Post:
    old = row.postings.get(pk=posting_id)
    post = Post(Role(old.role), old.area_code, old.department_id)
    check_appointment(actor.posts, post)
    check_end(old.starts_on, old.ends_on, ends_on)
    old.ends_on = ends_on
    old.save(update_fields=["ends_on"])
    return post


def _check_not_held(row: User, post: Post, starts_on: date) -> None:
    """Refuse to give a post twice; the constraint `posting_is_held_once` says the same."""
    still_held = Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
    same = {"role": post.role.value, "area_code": post.area_code, "department_id": post.department}
    if row.postings.filter(still_held, **same).exists():
        raise BadMove("%(name)s holds this post already", name=row.name)
