"""Which states may follow which."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from anlan.kernel.refusal import Refusal


class RoundState(StrEnum):
    """State of a round."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class WorkState(StrEnum):
    """State of an assignment; of an answer with DRAFT for OPEN."""

    OPEN = "open"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    VERIFIED = "verified"


ROUND_NEXT: Mapping[str, Collection[str]] = {
    RoundState.DRAFT: {RoundState.OPEN},
    RoundState.OPEN: {RoundState.CLOSED},
    RoundState.CLOSED: {RoundState.OPEN},  # reopened for supplements (补查)
}
ASSIGNMENT_NEXT: Mapping[str, Collection[str]] = {
    WorkState.OPEN: {WorkState.SUBMITTED},
    WorkState.SUBMITTED: {WorkState.RETURNED, WorkState.VERIFIED},
    WorkState.RETURNED: {WorkState.SUBMITTED},
    WorkState.VERIFIED: {WorkState.SUBMITTED},  # a verified answer was corrected
}
ANSWER_NEXT: Mapping[str, Collection[str]] = {
    WorkState.DRAFT: {WorkState.SUBMITTED},
    WorkState.SUBMITTED: {WorkState.RETURNED, WorkState.VERIFIED, WorkState.SUBMITTED},
    WorkState.RETURNED: {WorkState.SUBMITTED, WorkState.DRAFT},
    WorkState.VERIFIED: {WorkState.SUBMITTED, WorkState.RETURNED},
}


class NotAllowed(Refusal):
    """The state does not allow the move."""


class OwnAnswer(Refusal):
    """The verifier is among the answer's authors."""


def check_move(table: Mapping[str, Collection[str]], old: str, new: str) -> None:
    """Refuse a move that the table does not hold.

    Raises:
        NotAllowed: `new` may not follow `old`.
    """
    if new not in table[old]:
        raise NotAllowed("This is %(old)s and cannot become %(new)s", old=str(old), new=str(new))


def check_verifier(verifier_id: int, author_ids: Collection[int]) -> None:
    """Refuse a verifier who wrote the answer, by whatever way it came in.

    Raises:
        OwnAnswer: the verifier is among the authors.
    """
    if verifier_id in author_ids:
        raise OwnAnswer("Somebody other than its author must verify an answer")
