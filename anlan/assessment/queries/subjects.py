"""Objects of the assessment as the side panel knows them."""

from anlan.assessment.models import Answer, Round
from anlan.records.core.panels import Subject

ANSWER = "assessment.answer"
ROUND = "assessment.round"


def answer_subject(answer: Answer, *, may_write: bool) -> Subject:
    """Return the answer as the object of comments, files and history."""
    division, leaf = answer.division, answer.leaf
    return Subject(
        kind=ANSWER,
        pk=answer.pk,
        title=f"{division.name} · {leaf.name_zh}",
        division_code=division.code,
        url=f"/survey/{answer.round_id}/units/{division.code}/{leaf.department}/#{leaf.code}",
        may_write=may_write,
    )


def round_subject(row: Round, *, may_write: bool) -> Subject:
    """Return the round as the object of comments, files and history."""
    return Subject(
        kind=ROUND,
        pk=row.pk,
        title=row.name,
        division_code=row.county_code,
        url=f"/survey/{row.pk}/",
        may_write=may_write,
    )
