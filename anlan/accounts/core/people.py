"""What may be asked of an administrator: who is named, appointed, moved, and by whom."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from anlan.accounts.core.roles import NEEDS_DEPARTMENT, Post, may_appoint
from anlan.kernel.refusal import Refusal

_USERNAME = re.compile(r"^[a-z0-9][a-z0-9._-]{2,39}$")
LONGEST_NAME = 40
_PHONE = re.compile(r"^\+?[0-9][0-9 -]{5,18}[0-9]$")


class BadDetail(Refusal):
    """A log-in name, name or phone cannot be right."""


class NotYourPost(Refusal):
    """The post lies outside what the administrator may fill."""


class NotOneself(Refusal):
    """Nobody changes their own rights."""


class BadMove(Refusal):
    """A post cannot be given, moved or ended this way."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is to get an account, and their first post."""

    username: str
    name: str
    phone: str
    post: Post


@dataclass(frozen=True, slots=True)
class Move:
    """A new post from a day on; the old one ends that day, None keeps what there is."""

    posting_id: int | None
    post: Post
    starts_on: date
    successor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a post: the first day on which it is no longer held, and who takes over the open work."""

    posting_id: int
    ends_on: date
    successor_id: int | None = None


def check_username(text: str) -> str:
    """Return the log-in name as it is stored: trimmed, in small letters.

    Raises:
        BadDetail: it is too short or long, or has other signs than letters, digits, dot, hyphen and underscore.
    """
    username = text.strip().lower()
    if not _USERNAME.match(username):
        raise BadDetail(
            "%(text)s cannot be a log-in name: 3 to 40 letters or digits, also . - _ after the first", text=text
        )
    return username


def check_phone(text: str) -> str:
    """Return the number without blanks; empty stays empty.

    Raises:
        BadDetail: it is no telephone number.
    """
    phone = text.strip()
    if phone and not _PHONE.match(phone):
        raise BadDetail("%(text)s is no telephone number", text=phone)
    return re.sub(r"[ -]", "", phone)


def check_appointment(appointer: Iterable[Post], wanted: Post) -> None:
    """Refuse a post that the appointer may not fill.

    Raises:
        NotYourPost: the area, role or department is not within the appointer's own.
        BadDetail: the role works for one department and none is named.
    """
    if wanted.role in NEEDS_DEPARTMENT and not wanted.department:
        raise BadDetail("A department officer needs a department")
    if not may_appoint(appointer, wanted):
        raise NotYourPost("You cannot appoint anybody to this role in %(area)s", area=wanted.area_code)


def check_somebody_else(actor_id: int, person_id: int) -> None:
    """Refuse what an administrator would do to their own account.

    Raises:
        NotOneself: both are the same person.
    """
    if actor_id == person_id:
        raise NotOneself("You cannot change your own rights; ask another administrator")


def check_name(text: str) -> str:
    """Return the name as it is stored.

    Raises:
        BadDetail: there is none, or it is too long.
    """
    name = text.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise BadDetail("A name has 1 to %(longest)d characters, not %(found)d", longest=LONGEST_NAME, found=len(name))
    return name


def check_move(old: Post, move: Move) -> None:
    """Refuse a move that leads nowhere.

    Raises:
        BadMove: the new post is the old one.
    """
    if old == move.post:
        raise BadMove("This is the post that the person holds already")


def check_end(began_on: date, ended_on: date | None, ends_on: date) -> None:
    """Refuse to end a post before it began, or once more after its end.

    Raises:
        BadMove: as told.
    """
    if ends_on < began_on:
        raise BadMove("The present post began on %(day)s; a move cannot take effect earlier", day=began_on.isoformat())
    if ended_on is not None and ended_on <= ends_on:
        raise BadMove("This post ends on %(day)s already", day=ended_on.isoformat())
