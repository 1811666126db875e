"""News of the allocation."""

PLAN_APPROVED = "allocation.plan_approved"
PLAN_SUPERSEDED = "allocation.plan_superseded"
PAIRING_AGREED = "allocation.pairing_agreed"  # agreement_id
PAIRING_CLOSED = "allocation.pairing_closed"  # agreement_id, state
