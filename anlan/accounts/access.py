"""The doors of the accounts: the only way a view gets a person, a token, a module."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404

from anlan.accounts import queries
from anlan.accounts.core.tokens import token_hash
from anlan.accounts.models import ApiToken, Posting, User
from anlan.kernel.codes import PREFIX_LENGTH, Level
from anlan.web.http import Person

Account = User  # what views call it, who never see a table


def account_of(person: object) -> User:
    """Return the account of whoever is logged in.

    Raises:
        PermissionDenied: the person has none.
    """
    if not isinstance(person, User):
        raise PermissionDenied
    return person


def holder_of(person: Person, capability: str) -> User:
    """Return the account of somebody who holds the capability anywhere.

    Raises:
        PermissionDenied: the person does not hold it.
    """
    if not person.can(capability):
        raise PermissionDenied
    return account_of(person)


def switcher_of_modules(person: Person) -> User:
    """Return the account of somebody who may switch modules: they are shared, so a whole county's administrator.

    Raises:
        PermissionDenied: the person may not.
    """
    grants = queries.scope_of(person, "modules.switch").grants
    if not any(len(grant.prefix) <= PREFIX_LENGTH[Level.COUNTY] and not grant.department for grant in grants):
        raise PermissionDenied
    return account_of(person)


def person_for(person: Person, person_id: int, at: datetime) -> User:
    """Return somebody whom the administrator looks after.

    Raises:
        PermissionDenied: the person is no administrator.
        Http404: there is nobody of that id, or another administrator looks after them.
    """
    holder_of(person, "accounts.manage")
    found = queries.people_managed_by(person, at).filter(pk=person_id).first()
    if found is None:
        raise Http404
    return found


def posting_for(person: Person, person_id: int, posting_id: int, at: datetime) -> Posting:
    """Return a post of somebody whom the administrator looks after; 404 otherwise."""
    found = Posting.objects.filter(pk=posting_id, user=person_for(person, person_id, at)).first()
    if found is None:
        raise Http404
    return found


def token_for(person: Person, token_id: int) -> ApiToken:
    """Return one of the person's own tokens; 404 for anybody else's."""
    found = ApiToken.objects.filter(pk=token_id, user_id=person.pk).first()
    if found is None:
        raise Http404
    return found


def person_with_token(text: str, at: datetime) -> User | None:
    """Return whom the token speaks for; None when it is unknown, revoked or out of date, or the account is closed."""
    valid = ApiToken.objects.filter(revoked_at__isnull=True, expires_at__gt=at, user__is_active=True)
    found = valid.select_related("user").filter(sha256=token_hash(text)).first()
    return found.user if found else None
