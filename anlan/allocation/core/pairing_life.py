"""Which state of a pairing round, an agreement and its duties may follow which; docs/pairing.md has the tables."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from anlan.kernel.refusal import Refusal, mark


class PairingState(StrEnum):
    """Where a round of pairing stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class AgreementState(StrEnum):
    """Where an agreement stands."""

    PROPOSED = "proposed"
    DECLINED = "declined"
    AGREED = "agreed"
    ACTIVE = "active"
    CHECKED = "checked"
    RENEWED = "renewed"
    ENDED = "ended"
    BROKEN_OFF = "broken_off"


class DutyState(StrEnum):
    """Where a task or a deliverable stands."""

    DUE = "due"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    STRUCK = "struck"


PAIRING_NAMES: Mapping[str, str] = {
    PairingState.DRAFT: mark("to be solved"),
    PairingState.PROPOSED: mark("proposed"),
    PairingState.CONFIRMED: mark("confirmed"),
    PairingState.DROPPED: mark("dropped"),
}
AGREEMENT_NAMES: Mapping[str, str] = {
    AgreementState.PROPOSED: mark("waits for both sides"),
    AgreementState.DECLINED: mark("declined"),
    AgreementState.AGREED: mark("agreed"),
    AgreementState.ACTIVE: mark("being carried out"),
    AgreementState.CHECKED: mark("checked, to be decided"),
    AgreementState.RENEWED: mark("renewed"),
    AgreementState.ENDED: mark("ended as agreed"),
    AgreementState.BROKEN_OFF: mark("broken off"),
}
DUTY_NAMES: Mapping[str, str] = {
    DutyState.DUE: mark("still due"),
    DutyState.DELIVERED: mark("delivered"),
    DutyState.ACCEPTED: mark("accepted"),
    DutyState.STRUCK: mark("struck off"),
}

PAIRING_NEXT: Mapping[str, Collection[str]] = {
    PairingState.DRAFT: {PairingState.PROPOSED, PairingState.DROPPED},
    # A hand change sends the proposal back to the solver.
    PairingState.PROPOSED: {PairingState.DRAFT, PairingState.CONFIRMED, PairingState.DROPPED},
    PairingState.CONFIRMED: set(),
    PairingState.DROPPED: set(),
}
AGREEMENT_NEXT: Mapping[str, Collection[str]] = {
    AgreementState.PROPOSED: {AgreementState.AGREED, AgreementState.DECLINED},
    AgreementState.AGREED: {AgreementState.ACTIVE, AgreementState.BROKEN_OFF},
    AgreementState.ACTIVE: {AgreementState.CHECKED, AgreementState.BROKEN_OFF},
    # Checked, an agreement goes on into its next year, is made anew, or ends.
    AgreementState.CHECKED: {
        AgreementState.ACTIVE,
        AgreementState.RENEWED,
        AgreementState.ENDED,
        AgreementState.BROKEN_OFF,
    },
    AgreementState.DECLINED: set(),
    AgreementState.RENEWED: set(),
    AgreementState.ENDED: set(),
    AgreementState.BROKEN_OFF: set(),
}
DUTY_NEXT: Mapping[str, Collection[str]] = {
    DutyState.DUE: {DutyState.DELIVERED, DutyState.STRUCK},
    DutyState.DELIVERED: {DutyState.ACCEPTED, DutyState.DUE},
    DutyState.ACCEPTED: set(),
    DutyState.STRUCK: set(),
}
# What takes up a helper's places and keeps the same two from a second agreement.
LIVE = frozenset({AgreementState.PROPOSED, AgreementState.AGREED, AgreementState.ACTIVE, AgreementState.CHECKED})
FOLLOWED = frozenset({AgreementState.ACTIVE, AgreementState.CHECKED})
WITH_BOTH_SIDES = frozenset(AgreementState) - {AgreementState.PROPOSED, AgreementState.DECLINED}
CLOSED_WITH_REASON = frozenset({AgreementState.DECLINED, AgreementState.BROKEN_OFF})
PROVEN = frozenset({AgreementState.RENEWED, AgreementState.ENDED})
OVER = frozenset(state for state, following in AGREEMENT_NEXT.items() if not following)

REFUSALS: Mapping[str, str] = {
    PairingState.DRAFT: mark("This round is to be solved first"),
    PairingState.PROPOSED: mark("This round is proposed already"),
    PairingState.CONFIRMED: mark("This round is confirmed; its agreements are followed one by one"),
    PairingState.DROPPED: mark("This round was dropped"),
}


class BadMove(Refusal):
    """The state does not allow it."""


class SamePerson(Refusal):
    """One person would confirm for both sides."""


def check_pairing(old: str, new: str) -> None:
    """Refuse a round's move that the table does not hold.

    Raises:
        BadMove: `new` may not follow `old`.
    """
    if new not in PAIRING_NEXT[old]:
        raise BadMove(REFUSALS[old])


def check_agreement(old: str, new: str) -> None:
    """Refuse an agreement's move that the table does not hold.

    Raises:
        BadMove: `new` may not follow `old`.
    """
    if new not in AGREEMENT_NEXT[old]:
        raise BadMove(AGREEMENT_REFUSALS[old])


AGREEMENT_REFUSALS: Mapping[str, str] = {
    AgreementState.PROPOSED: mark("This agreement still waits for both sides"),
    AgreementState.DECLINED: mark("This agreement was declined"),
    AgreementState.AGREED: mark("This agreement is agreed and has not begun yet"),
    AgreementState.ACTIVE: mark("This agreement is active; the yearly check comes first"),
    AgreementState.CHECKED: mark("This agreement is checked; say now whether it goes on"),
    AgreementState.RENEWED: mark("This agreement was made anew; the new one counts"),
    AgreementState.ENDED: mark("This agreement has ended"),
    AgreementState.BROKEN_OFF: mark("This agreement was broken off"),
}
DUTY_REFUSALS: Mapping[str, str] = {
    DutyState.DUE: mark("This is still due"),
    DutyState.DELIVERED: mark("This was delivered already"),
    DutyState.ACCEPTED: mark("This was accepted already"),
    DutyState.STRUCK: mark("This was struck off"),
}


def check_duty(old: str, new: str) -> None:
    """Refuse a move of a task or deliverable that the table does not hold.

    Raises:
        BadMove: `new` may not follow `old`.
    """
    if new not in DUTY_NEXT[old]:
        raise BadMove(DUTY_REFUSALS[old])


def check_confirmer(person_id: int, other_side_id: int | None) -> None:
    """Refuse that who confirmed for one side confirms for the other.

    Raises:
        SamePerson: they are the same.
    """
    if person_id == other_side_id:
        raise SamePerson("You confirmed for the other side; somebody else confirms for this one")
