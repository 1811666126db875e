"""One answer typed into the web form."""

from dataclasses import dataclass
from datetime import datetime

from anlan.assessment.actions.answers import AnswerChange, Saved, save_answers
from anlan.assessment.core.entry import Entered, read_entry
from anlan.assessment.models import Assignment, Way
from anlan.assessment.queries.surveys import system_of
from anlan.kernel.refusal import Refusal
from anlan.web.http import Person


class NoSuchLeaf(Refusal):
    """The form asked for a leaf that is not in the survey."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person typed into one field, over which version of its answer."""

    assignment: Assignment
    leaf_code: str
    typed: str
    expected_version: int


def enter_answer(*, actor: Person, entry: Entry, at: datetime) -> Saved:
    """Read what was typed and save it. An emptied field clears the answer: on a form, blank is meant.

    Raises:
        BadEntry: the text is no answer; carries a suggestion where one can be guessed.
        AnswersConflict: somebody else saved the same answer meanwhile.
    """
    row = entry.assignment.round
    leaf = next((leaf for leaf in system_of(row).leaves if leaf.code == entry.leaf_code), None)
    if leaf is None or leaf.department != entry.assignment.department:
        raise NoSuchLeaf("%(leaf)s is not part of this form", leaf=entry.leaf_code)
    entered = read_entry(leaf, entry.typed, closes_on=row.closes_on) or Entered()
    change = AnswerChange(entry.assignment.division.code, entry.leaf_code, entered, entry.expected_version)
    return save_answers(actor=actor, round_id=row.pk, changes=[change], way=Way.WEB, at=at)
