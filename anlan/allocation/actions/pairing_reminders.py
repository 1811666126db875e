"""Reminding both units, and the county, of what is due under an agreement: at most once a day."""

from collections import Counter
from datetime import date, datetime

from django.db import transaction

from anlan.allocation.actions.pairing_agreements import begin, locked
from anlan.allocation.actions.pairing_tasks import Work, put_work, tell_both, work_of
from anlan.allocation.core.pairing_calendar import SOON
from anlan.allocation.core.pairing_life import FOLLOWED, AgreementState
from anlan.allocation.models import Agreement, PairingReminder
from anlan.ground.audit import audit
from anlan.kernel.refusal import mark

COUNTED = {"visit": "visits", "duty": "deliverables", "accept": "deliverables", "check": "checks", "decide": "checks"}


@transaction.atomic
def begin_due(*, agreement_id: int, today: date, at: datetime) -> bool:
    """Let an agreed agreement begin whose day has come; tell whether it did."""
    agreement = locked(agreement_id)
    if agreement.state != AgreementState.AGREED or agreement.starts_on > today:
        return False
    begin(None, agreement, at)
    return True


@transaction.atomic
def remind_agreement(*, agreement_id: int, today: date, at: datetime) -> PairingReminder | None:
    """Remind of what is due soon or overdue; None where nothing is, or it was done today.

    What waits is put on the work lists again, if somebody took it off there without having done it.
    """
    agreement = locked(agreement_id)
    if agreement.state not in {*FOLLOWED, AgreementState.PROPOSED}:
        return None
    put_work(actor=None, agreement=agreement, today=today, at=at)
    due = [work for work in work_of(agreement, today) if work.due_on <= today + SOON]
    if not due or PairingReminder.objects.filter(agreement=agreement, sent_on=today).exists():
        return None
    counts = Counter(COUNTED.get(_what(work), "") for work in due)
    told = {name: counts[name] for name in ("visits", "deliverables", "checks")}
    reminder = PairingReminder.objects.create(agreement=agreement, sent_on=today, **told)
    late = sum(work.due_on < today for work in due)
    message = mark("Under the pairing %(pair)s %(count)d pieces of work are due, %(late)d of them overdue")
    tell_both(agreement, message, {"pair": str(agreement), "count": len(due), "late": late}, at)
    audit(None, "agreement reminded of", agreement, at=at, detail={"count": len(due)})
    return reminder


def _what(work: Work) -> str:
    return work.key.split(":")[2]


def remind_all(*, today: date, at: datetime) -> int:
    """Let agreements begin whose day has come, and remind of every live one; return how many were reminded of.

    Each agreement has its own transaction: one that fails keeps none of the others back.
    """
    live = Agreement.objects.live().order_by("pk").values_list("pk", flat=True)
    reminded = 0
    for agreement_id in list(live):
        begin_due(agreement_id=agreement_id, today=today, at=at)
        reminded += remind_agreement(agreement_id=agreement_id, today=today, at=at) is not None
    return reminded
