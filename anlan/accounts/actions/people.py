"""What a county's administrator does: appoint, reset, unlock, disable."""

from datetime import datetime
from typing import Any

from axes.utils import reset as forget_failures
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from anlan.accounts import events
from anlan.accounts.core.people import (
    NewPerson,
    check_appointment,
    check_name,
    check_phone,
    check_somebody_else,
    check_username,
)
from anlan.accounts.core.roles import Post
from anlan.accounts.models import Posting, User
from anlan.accounts.passwords import temporary_password
from anlan.ground.audit import audit
from anlan.ground.events import announce
from anlan.ground.fields import keyed_hash
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal


class UsernameTaken(Refusal):
    """Somebody has the log-in name."""


class BadSuccessor(Refusal):
    """The open work cannot go to this person."""


class AccountClosed(Refusal):
    """The account is disabled already."""


class PurposeMissing(Refusal):
    """Personal data is shown for a purpose only."""


def told(post: Post) -> dict[str, Any]:
    """Return the post as the audit trail keeps it."""
    return {"role": post.role.value, "area": post.area_code, "department": post.department}


@transaction.atomic
def create_person(*, actor: User, person: NewPerson, at: datetime) -> tuple[User, str]:
    """Make an account with its first post; return it with the password to hand over once."""
    check_appointment(actor.posts, person.post)
    username, phone = check_username(person.username), check_phone(person.phone)
    password = temporary_password()
    row = User(
        username=username,
        name=check_name(person.name),
        phone=phone,
        phone_hash=keyed_hash(phone) if phone else "",
        must_change_password=True,
        created_at=at,
    )
    row.set_password(password)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UsernameTaken("The log-in name %(username)s is taken", username=username) from None
    _give_post(row, person.post, at)
    audit(actor, "person created", row, at=at, detail=told(person.post))
    return row, password


def _give_post(row: User, post: Post, at: datetime) -> None:
    """Start a post today."""
    Posting.objects.create(
        user=row,
        role=post.role.value,
        area_code=post.area_code,
        department_id=post.department,
        starts_on=localtime(at).date(),
    )


@transaction.atomic
def reset_password(*, actor: User, person_id: int, expected_version: int, at: datetime) -> str:
    """Give a new password to hand over once; whoever is logged in with the old one is out."""
    row = locked(actor, person_id, expected_version)
    password = temporary_password()
    row.set_password(password)
    row.must_change_password = True
    save_version(row, ["password", "must_change_password"])
    end_sessions(row)
    forget_failures(username=row.username)
    audit(actor, "password reset", row, at=at)
    return password


@transaction.atomic
def disable_person(
    *, actor: User, person_id: int, expected_version: int, successor_id: int | None, at: datetime
) -> User:
    """Close an account at once: its sessions and tokens end, its open work goes to the successor."""
    row = locked(actor, person_id, expected_version)
    if not row.is_active:
        raise AccountClosed("The account of %(name)s is disabled already", name=row.name)
    successor = check_successor(row, successor_id)
    row.is_active, row.disabled_at = False, at
    save_version(row, ["is_active", "disabled_at"])
    row.tokens.filter(revoked_at__isnull=True).update(revoked_at=at)
    end_sessions(row)
    audit(actor, "person disabled", row, at=at, detail={"successor": successor})
    announce(events.ACCOUNT_DISABLED, person_id=row.pk, successor_id=successor_id)
    return row


@transaction.atomic
def enable_person(*, actor: User, person_id: int, expected_version: int, at: datetime) -> User:
    """Open a closed account again; its posts stand as they were left."""
    row = locked(actor, person_id, expected_version)
    row.is_active, row.disabled_at = True, None
    save_version(row, ["is_active", "disabled_at"])
    audit(actor, "person enabled", row, at=at)
    return row


@transaction.atomic
def unlock_person(*, actor: User, person_id: int, at: datetime) -> None:
    """Forget failed log-ins, so that the person may try again at once."""
    row = User.objects.get(pk=person_id)
    forget_failures(username=row.username)
    audit(actor, "log-in unlocked", row, at=at)


@transaction.atomic
def show_phone(*, actor: User, person_id: int, purpose: str, at: datetime) -> str:
    """Return the whole number; who asked and why stays in the audit trail."""
    if not purpose.strip():
        raise PurposeMissing("Say what you need the number for; it is kept in the audit trail")
    row = User.objects.get(pk=person_id)
    audit(actor, "phone shown", row, at=at, detail={"purpose": purpose.strip()[:200]})
    return str(row.phone)


def end_sessions(row: User) -> None:
    """Log the person out everywhere."""
    theirs = row.log_ins.exclude(session_key="").values("session_key")
    Session.objects.filter(session_key__in=theirs).delete()


def locked(actor: User, person_id: int, expected_version: int) -> User:
    """Return the person's row, held until the end of the change, if the actor saw it as it is."""
    check_somebody_else(actor.pk, person_id)
    row = User.objects.select_for_update().get(pk=person_id)
    check_version(row, expected_version)
    return row


def check_successor(row: User, successor_id: int | None) -> str:
    """Return the successor's name, nothing where nobody takes over."""
    if successor_id is None:
        return ""
    successor = User.objects.filter(pk=successor_id, is_active=True).exclude(pk=row.pk).first()
    if successor is None:
        raise BadSuccessor("The open work must go to somebody else who has an account")
    return successor.name
