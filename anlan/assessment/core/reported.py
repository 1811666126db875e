"""What was reported beside what the evidence shows.

Source: docs/methods/evidence.md.
"""

from datetime import date

from anlan.assessment.core.values import Answer, Kind, Leaf

TOLERANCE = 0.05  # of the evidence's value
_ROUNDING = 1e-9


def reported_value(leaf: Leaf, answer: Answer | None, closes_on: date) -> float | None:
    """Return the reported value in the leaf's unit, None where missing; a date as its age at the closing date."""
    if answer is None:
        return None
    if leaf.kind is Kind.DATE and answer.day is not None:
        return float(max((closes_on - answer.day).days, 0))
    return answer.value


def differs(leaf: Leaf, reported: float, evidence: float) -> bool:
    """Tell whether evidence contradicts the report: by more than 5 % of the evidence, or at all for yes or no.

    Source: docs/methods/evidence.md, equation (1).
    """
    if leaf.kind is Kind.BOOLEAN:
        return (reported >= 0.5) != (evidence >= 0.5)
    return abs(reported - evidence) > TOLERANCE * abs(evidence) + _ROUNDING


def scored_value(leaf: Leaf, answer: Answer | None, closes_on: date) -> tuple[float | None, bool]:
    """Return the value to score, and whether it is doubtful: then it is the evidence's.

    Evidence beside no report stays missing: nobody has answered yet.
    """
    reported = reported_value(leaf, answer, closes_on)
    if answer is None or reported is None or answer.evidence_value is None:
        return reported, False
    doubtful = differs(leaf, reported, answer.evidence_value)
    return (answer.evidence_value if doubtful else reported), doubtful
