"""An agreement's life: proposed from a round, confirmed by both sides, begun, checked each year, decided on, closed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from anlan.allocation import events
from anlan.allocation.actions.pairing_tasks import (
    finish_work,
    other_side,
    put_work,
    tell_both,
    tell_county,
    tell_unit,
    withdraw_work,
)
from anlan.allocation.core.pairing_calendar import years_later
from anlan.allocation.core.pairing_life import (
    FOLLOWED,
    AgreementState,
    PairingState,
    check_agreement,
    check_confirmer,
    check_pairing,
)
from anlan.allocation.models import Agreement, PairingRound, ProposedPair, Side
from anlan.allocation.queries.pairing import newer_assessment, rules_of
from anlan.ground.audit import Actor, audit
from anlan.ground.events import announce
from anlan.ground.versions import check_version, save_version
from anlan.kernel.refusal import Refusal, mark
from anlan.web.http import Person

LONGEST = 500
# What an agreement that is made anew takes over from the one before.
KEPT: tuple[str, ...] = (
    *("round_id", "county_code", "helper_id", "helper_code", "helper_name", "helped_id", "helped_code", "helped_name"),
    *("helper_place", "most_helped", "reasons", "distance_km"),
)
MOST_YEARS, MOST_VISITS = 3, 12


class BadTerms(Refusal):
    """The terms cannot be."""


class NoPlaceLeft(Refusal):
    """A helper's places were taken meanwhile."""


class ReasonMissing(Refusal):
    """It is said why."""


class NotFollowed(Refusal):
    """The agreement is not active: nothing is followed under it."""


class AlreadyConfirmed(Refusal):
    """The side confirmed before."""


@dataclass(frozen=True, slots=True)
class Terms:
    """From when and for how long, and how often the helper visits."""

    starts_on: date
    years: int
    visits_a_year: int


def check_terms(terms: Terms, today: date) -> None:
    """Refuse terms that cannot be.

    Raises:
        BadTerms: they begin in the past, or last or visit too long or too often.
    """
    if terms.starts_on < today:
        raise BadTerms("The agreements cannot begin before today", field="starts_on")
    if not 1 <= terms.years <= MOST_YEARS:
        raise BadTerms("An agreement lasts 1 to %(most)d years", field="years", most=MOST_YEARS)
    if not 1 <= terms.visits_a_year <= MOST_VISITS:
        raise BadTerms("There are 1 to %(most)d visits a year", field="visits_a_year", most=MOST_VISITS)


@transaction.atomic
def confirm_pairing(
    *, actor: Person, round_id: int, expected_version: int, terms: Terms, at: datetime
) -> list[Agreement]:
    """Make an agreement of each proposed pair; both units find it on their work lists and confirm it.

    Raises:
        BadMove: the round is not proposed.
        BadTerms: the terms cannot be.
        NoPlaceLeft: another round took a helper's places meanwhile.
    """
    row = PairingRound.objects.select_for_update().get(pk=round_id)
    check_version(row, expected_version)
    check_pairing(row.state, PairingState.CONFIRMED)
    check_terms(terms, localtime(at).date())
    pairs = list(row.pairs.select_related("helper", "helped").order_by("helper__code", "helped__code"))
    agreements = [_propose(actor, row, pair, terms, at) for pair in pairs]
    row.state, row.confirmed_at, row.confirmed_by_name = PairingState.CONFIRMED, at, actor.name
    newer = newer_assessment(row)
    if newer is not None:  # confirmed all the same: who reads it later sees that it was known
        row.solution |= {"newer": newer.round.name}
    save_version(row, ["state", "confirmed_at", "confirmed_by_name", "solution"])
    audit(actor, "pairing confirmed", row, at=at, detail={"count": len(agreements)})
    return agreements


def _propose(actor: Person, row: PairingRound, pair: ProposedPair, terms: Terms, at: datetime) -> Agreement:
    most = rules_of(row).most_helped
    agreement = Agreement(
        round=row,
        county_code=row.county_code,
        helper_id=pair.helper.division_id,
        helper_code=pair.helper.code,
        helper_name=pair.helper.name,
        helped_id=pair.helped.division_id,
        helped_code=pair.helped.code,
        helped_name=pair.helped.name,
        helper_place=_free_place(pair.helper.code, pair.helper.name, most),
        most_helped=most,
        reasons=pair.reasons,
        distance_km=pair.distance_km,
        visits_a_year=terms.visits_a_year,
        starts_on=terms.starts_on,
        ends_on=years_later(terms.starts_on, terms.years),
        proposed_at=at,
    )
    return _put_forward(actor, agreement, at)


def _put_forward(actor: Person, agreement: Agreement, at: datetime) -> Agreement:
    """Keep a proposed agreement, put it on both work lists and tell both units."""
    agreement.save()
    audit(actor, "agreement proposed", agreement, at=at)
    put_work(actor=actor, agreement=agreement, today=localtime(at).date(), at=at)
    for side in (Side.HELPER, Side.HELPED):
        message = mark("A pairing with %(unit)s is proposed; confirm or decline it")
        tell_unit(agreement, side, message, {"unit": agreement.name_of(other_side(side))}, at)
    return agreement


def _free_place(code: str, name: str, most: int) -> int:
    """Return the lowest place of a helper that no live agreement takes.

    Raises:
        NoPlaceLeft: there is none.
    """
    live = Agreement.objects.select_for_update().live().filter(helper_code=code).order_by("pk")
    taken = set(live.values_list("helper_place", flat=True))
    free = next((place for place in range(1, most + 1) if place not in taken), None)
    if free is None:
        raise NoPlaceLeft(
            "%(helper)s helps %(count)d units already; solve the round again", helper=name, count=len(taken)
        )
    return free


@transaction.atomic
def confirm_side(*, actor: Person, agreement_id: int, side: str, expected_version: int, at: datetime) -> Agreement:
    """Confirm an agreement for one side; with the second it is agreed, and begins when its day has come.

    Raises:
        BadMove: it does not wait for the sides any more.
        AlreadyConfirmed: this side confirmed it before.
        SamePerson: the actor confirmed for the other side.
    """
    agreement = locked(agreement_id, expected_version)
    check_agreement(agreement.state, AgreementState.AGREED)
    across = other_side(side)
    if getattr(agreement, f"{side}_confirmed_at") is not None:
        raise AlreadyConfirmed("%(unit)s has confirmed this agreement already", unit=agreement.name_of(side))
    check_confirmer(actor.pk, getattr(agreement, f"{across}_confirmed_by_id"))
    values = {"confirmed_at": at, "confirmed_by_id": actor.pk, "confirmed_by_name": actor.name}
    for name, value in values.items():
        setattr(agreement, f"{side}_{name}", value)
    is_agreed = getattr(agreement, f"{across}_confirmed_at") is not None
    if is_agreed:
        agreement.state = AgreementState.AGREED
    save_version(agreement, [*(f"{side}_{name}" for name in values), "state"])
    audit(actor, "agreement confirmed by one side", agreement, at=at, detail={"unit": agreement.code_of(side)})
    finish_work(actor=actor, agreement=agreement, what=f"confirm:{side}", at=at)
    if is_agreed:
        _agree(actor, agreement, at)
    return agreement


def _agree(actor: Person, agreement: Agreement, at: datetime) -> None:
    announce(events.PAIRING_AGREED, agreement_id=agreement.pk)
    tell_both(agreement, mark("The pairing %(pair)s is agreed by both sides"), {"pair": str(agreement)}, at)
    if agreement.starts_on <= localtime(at).date():
        begin(actor, agreement, at)


def begin(actor: Actor | None, agreement: Agreement, at: datetime) -> None:
    """Let a locked, agreed agreement begin: visits and the yearly check go on the lists."""
    check_agreement(agreement.state, AgreementState.ACTIVE)
    agreement.state = AgreementState.ACTIVE
    save_version(agreement, ["state"])
    audit(actor, "agreement begun", agreement, at=at)
    put_work(actor=actor, agreement=agreement, today=localtime(at).date(), at=at)


@transaction.atomic
def decline_agreement(
    *, actor: Person, agreement_id: int, reason: str, expected_version: int, at: datetime
) -> Agreement:
    """Decline a proposed agreement for one's side; the county is told.

    Raises:
        ReasonMissing: it is not said why.
        BadMove: it is agreed or over.
    """
    agreement = locked(agreement_id, expected_version)
    check_agreement(agreement.state, AgreementState.DECLINED)
    close(actor, agreement, AgreementState.DECLINED, needed(reason), at)
    values = {"pair": str(agreement), "who": actor.name}
    tell_county(agreement, CLOSED_WORDS[AgreementState.DECLINED], values, at)
    audit(actor, "agreement declined", agreement, at=at, detail={"reason": agreement.close_reason})
    return agreement


@transaction.atomic
def break_off_agreement(
    *, actor: Person, agreement_id: int, reason: str, expected_version: int, at: datetime
) -> Agreement:
    """Break an agreement off before its time; no later round puts the two together by itself.

    Raises:
        ReasonMissing: it is not said why.
        BadMove: it was never agreed, or is over.
    """
    agreement = locked(agreement_id, expected_version)
    check_agreement(agreement.state, AgreementState.BROKEN_OFF)
    close(actor, agreement, AgreementState.BROKEN_OFF, needed(reason), at)
    audit(actor, "agreement broken off", agreement, at=at, detail={"reason": agreement.close_reason})
    return agreement


@transaction.atomic
def renew_agreement(
    *, actor: Person, agreement_id: int, expected_version: int, terms: Terms, at: datetime
) -> Agreement:
    """Make a checked agreement anew for another time: a new agreement, which both sides confirm again.

    Raises:
        BadMove: it was not checked.
        BadTerms: the terms cannot be.
    """
    old = locked(agreement_id, expected_version)
    check_agreement(old.state, AgreementState.RENEWED)
    check_terms(terms, localtime(at).date())
    close(actor, old, AgreementState.RENEWED, "", at)
    audit(actor, "agreement made anew", old, at=at)
    new = Agreement(
        previous=old,
        visits_a_year=terms.visits_a_year,
        starts_on=terms.starts_on,
        ends_on=years_later(terms.starts_on, terms.years),
        proposed_at=at,
        **{name: getattr(old, name) for name in KEPT},
    )
    return _put_forward(actor, new, at)


@transaction.atomic
def end_agreement(*, actor: Person, agreement_id: int, reason: str, expected_version: int, at: datetime) -> Agreement:
    """Let a checked agreement end; words of farewell are welcome and not needed.

    Raises:
        BadMove: it was not checked.
    """
    agreement = locked(agreement_id, expected_version)
    check_agreement(agreement.state, AgreementState.ENDED)
    close(actor, agreement, AgreementState.ENDED, reason.strip()[:LONGEST], at)
    audit(actor, "agreement ended", agreement, at=at)
    return agreement


@transaction.atomic
def continue_agreement(*, actor: Person, agreement_id: int, expected_version: int, at: datetime) -> Agreement:
    """Let a checked agreement go on into its next year.

    Raises:
        BadMove: it was not checked.
        BadTerms: its time is over; it is made anew or ends.
    """
    agreement = locked(agreement_id, expected_version)
    check_agreement(agreement.state, AgreementState.ACTIVE)
    if agreement.state != AgreementState.CHECKED:
        raise BadTerms("This agreement has not been checked yet")
    if agreement.ends_on <= localtime(at).date():
        raise BadTerms("Its time is over: make it anew, or let it end")
    agreement.state = AgreementState.ACTIVE
    save_version(agreement, ["state"])
    audit(actor, "agreement continued", agreement, at=at)
    finish_work(actor=actor, agreement=agreement, what="decide", at=at)
    put_work(actor=actor, agreement=agreement, today=localtime(at).date(), at=at)
    return agreement


def locked(agreement_id: int, expected_version: int | None = None) -> Agreement:
    """Return the agreement, locked, as the person saw it.

    Raises:
        Conflict: somebody changed it meanwhile.
    """
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if expected_version is not None:
        check_version(agreement, expected_version)
    return agreement


def followed(agreement_id: int) -> Agreement:
    """Return a locked agreement under which things happen.

    Raises:
        NotFollowed: it has not begun, or is over.
    """
    agreement = locked(agreement_id)
    if agreement.state not in FOLLOWED:
        raise NotFollowed("Nothing is followed under an agreement that is not active")
    return agreement


def needed(reason: str) -> str:
    """Return the reason, trimmed.

    Raises:
        ReasonMissing: there is none.
    """
    words = reason.strip()[:LONGEST]
    if not words:
        raise ReasonMissing("Say why; the other side reads it", field="reason")
    return words


def close(actor: Person, agreement: Agreement, state: AgreementState, reason: str, at: datetime) -> None:
    """Close a locked agreement: its work leaves the lists and both units are told."""
    agreement.state, agreement.close_reason = state, reason
    agreement.closed_on, agreement.closed_by_name = localtime(at).date(), actor.name
    save_version(agreement, ["state", "close_reason", "closed_on", "closed_by_name"])
    withdraw_work(actor=actor, agreement=agreement, at=at)
    announce(events.PAIRING_CLOSED, agreement_id=agreement.pk, state=state.value)
    values = {"pair": str(agreement), "who": actor.name}
    tell_both(agreement, CLOSED_WORDS[state], values, at)


CLOSED_WORDS = {
    AgreementState.DECLINED: mark("%(who)s declined the pairing %(pair)s"),
    AgreementState.RENEWED: mark("%(who)s put forward to make the pairing %(pair)s anew"),
    AgreementState.ENDED: mark("The pairing %(pair)s has ended"),
    AgreementState.BROKEN_OFF: mark("%(who)s broke off the pairing %(pair)s"),
}
