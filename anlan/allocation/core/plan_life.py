"""Which states of a plan may follow which, and who may approve it."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from anlan.kernel.refusal import Refusal


class PlanState(StrEnum):
    """State of a plan."""

    DRAFT = "draft"
    REVIEWED = "reviewed"  # gone through and put forward for approval
    APPROVED = "approved"  # frozen
    SUPERSEDED = "superseded"


PLAN_NEXT: Mapping[str, Collection[str]] = {
    PlanState.DRAFT: {PlanState.REVIEWED},
    PlanState.REVIEWED: {PlanState.DRAFT, PlanState.APPROVED},  # sent back with a reason, or approved
    PlanState.APPROVED: {PlanState.SUPERSEDED},  # by a newer version that is approved
    PlanState.SUPERSEDED: frozenset(),
}


class BadPlanMove(Refusal):
    """The state does not allow the move."""


class OwnPlan(Refusal):
    """A plan is approved by a second person."""


def check_plan_move(old: str, new: str) -> None:
    """Refuse a move that the states do not allow.

    Raises:
        BadPlanMove: `new` may not follow `old`.
    """
    if new not in PLAN_NEXT[old]:
        raise BadPlanMove("The plan is %(old)s and cannot become %(new)s", old=str(old), new=str(new))


def check_approver(approver_id: int, author_ids: Collection[int], reviewer_id: int | None) -> None:
    """Refuse an approver who made, changed or put forward the plan.

    Raises:
        OwnPlan: somebody else must approve it.
    """
    if approver_id in author_ids or approver_id == reviewer_id:
        raise OwnPlan("You made, changed or put forward this plan; a second person must approve it")
