"""What people do to their own account: log in, change password and language, make and revoke tokens."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from anlan.accounts.core.tokens import token_hash
from anlan.accounts.models import ApiToken, LogIn, User
from anlan.ground.audit import audit
from anlan.ground.versions import save_version
from anlan.kernel.refusal import Refusal

TOKEN_MARK = "anlan_"  # noqa: S105 - tells a person, and a search for leaked keys, whose key it is
TOKEN_BYTES = 32
LONGEST_DAYS = 366


class BadToken(Refusal):
    """A token is without a name or lives too long."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a log-in comes from: address and browser."""

    address: str | None
    agent: str


@transaction.atomic
def note_log_in(*, person: User, origin: Origin, session_key: str, at: datetime) -> LogIn:
    """Keep that somebody logged in, when and from where; by the session's key the session can be ended."""
    return LogIn.objects.create(
        user=person,
        username=person.username,
        succeeded=True,
        address=origin.address,
        agent=origin.agent[:200],
        session_key=session_key,
        at=at,
    )


@transaction.atomic
def note_failed_log_in(*, username: str, origin: Origin, at: datetime) -> LogIn:
    """Keep that somebody tried; the name may be nobody's."""
    person = User.objects.filter(username=username.strip().lower()).first()
    return LogIn.objects.create(
        user=person,
        username=username[:40],
        succeeded=False,
        address=origin.address,
        agent=origin.agent[:200],
        at=at,
    )


def note_new_session_key(*, person: User, old: str, new: str) -> None:
    """Keep the key of a session that goes on under another one, after a change of password."""
    LogIn.objects.filter(user=person, session_key=old).update(session_key=new)


@transaction.atomic
def change_own_password(*, actor: User, password: str, at: datetime) -> User:
    """Store a new password; other sessions of the person end, because each is bound to the old one."""
    row = User.objects.select_for_update().get(pk=actor.pk)
    row.set_password(password)
    row.must_change_password = False
    save_version(row, ["password", "must_change_password"])
    audit(actor, "password changed", row, at=at)
    return row


@transaction.atomic
def choose_language(*, actor: User, language: str, at: datetime) -> str:
    """Keep the language that the person reads; an unknown one becomes the first."""
    known = [code for code, _name in settings.LANGUAGES]
    chosen = language if language in known else known[0]
    User.objects.filter(pk=actor.pk).update(language=chosen)
    audit(actor, "language chosen", actor, at=at, detail={"language": chosen})
    return chosen


@transaction.atomic
def make_token(*, actor: User, name: str, days: int, at: datetime) -> tuple[ApiToken, str]:
    """Make a key for reading by program; return it with its text, which is shown once and never stored."""
    if not name.strip():
        raise BadToken("Give the token a name that says what uses it")
    if not 0 < days <= LONGEST_DAYS:
        raise BadToken("A token lives 1 to %(longest)d days, not %(days)d", longest=LONGEST_DAYS, days=days)
    text = TOKEN_MARK + secrets.token_urlsafe(TOKEN_BYTES)
    row = ApiToken.objects.create(
        user=actor,
        name=name.strip()[:60],
        prefix=text[:12],
        sha256=token_hash(text),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    audit(actor, "token made", row, at=at, detail={"prefix": row.prefix})
    return row, text


@transaction.atomic
def revoke_token(*, actor: User, token_id: int, at: datetime) -> ApiToken:
    """End a token for good."""
    row = ApiToken.objects.select_for_update().get(pk=token_id)
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        audit(actor, "token revoked", row, at=at, detail={"prefix": row.prefix})
    return row
