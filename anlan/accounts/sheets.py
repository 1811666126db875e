"""Everything that the page of one person shows."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from anlan.accounts import queries
from anlan.accounts.core.areas import names_of
from anlan.accounts.forms import DisableForm, EndForm, MoveForm, PhoneForm
from anlan.accounts.models import User
from anlan.accounts.tables import detail_text
from anlan.ground.audit import history_of
from anlan.ground.fields import mask_phone
from anlan.ground.models import AuditEntry

HISTORY_LENGTH = 50
PLACES = ("area", "from")  # the details that hold division codes


def sheet_of(administrator: User, person: User, at: datetime) -> dict[str, Any]:
    """Return the person, their posts, log-ins and history, and empty forms for what may be done."""
    today = localtime(at).date()
    holdings = queries.holdings_of(person.pk, today)
    successors = queries.successors_for(administrator, person.pk, at)
    begins = {"starts_on": today}
    return {
        "person": person,
        "is_oneself": person.pk == administrator.pk,
        "is_locked": person.is_active and queries.is_locked_out(person, at),
        "holdings": holdings,
        "masked_phone": mask_phone(str(person.phone)) if person.phone else "",
        "log_ins": queries.log_ins_of(person.pk),
        "history": _history(person),
        "move_form": MoveForm(administrator=administrator, holdings=holdings, successors=successors, initial=begins),
        "end_form": EndForm(successors=successors, initial={"ends_on": today}, auto_id=False),
        "disable_form": DisableForm(successors=successors, auto_id="disable_%s"),
        "phone_form": PhoneForm(),
    }


def _history(person: User) -> list[tuple[AuditEntry, str]]:
    """Return what happened to the account, newest first, with its details in words."""
    entries = history_of("accounts.user", person.pk, HISTORY_LENGTH)
    told = [
        post.get(key) for entry in entries for post in (entry.detail, *entry.detail.get("posts", ())) for key in PLACES
    ]
    areas = names_of({code for code in told if isinstance(code, str)})
    return [(entry, detail_text(entry, areas)) for entry in entries]
