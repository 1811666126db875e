"""Side panels of the assessment's objects, each behind its own door."""

from anlan.accounts import queries as accounts
from anlan.assessment import access
from anlan.assessment.queries.subjects import ANSWER, ROUND, answer_subject, round_subject
from anlan.records.core.panels import Panel, Subject
from anlan.web.http import Person

WRITERS = ("survey.fill", "survey.verify")


def open_answer(person: Person, answer_id: int) -> Subject:
    """Return the answer for its panel; those who fill in and those who verify may write there."""
    answer = access.answer_for(person, answer_id, "survey.read")
    reach = [accounts.scope_of(person, capability) for capability in WRITERS]
    may_write = any(scope.covers(answer.division.code, answer.leaf.department) for scope in reach)
    return answer_subject(answer, may_write=may_write)


def open_round(person: Person, round_id: int) -> Subject:
    """Return the round for its panel."""
    row = access.round_for(person, round_id)
    return round_subject(row, may_write=person.can("survey.manage", row.county_code))


PANELS_OF_ASSESSMENT = (Panel(ANSWER, open_answer), Panel(ROUND, open_round))
