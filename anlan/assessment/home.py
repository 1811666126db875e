"""The start page's card: what one has to fill in, and how far the survey is."""

from dataclasses import dataclass
from typing import Any

from anlan.accounts import queries as accounts
from anlan.assessment.models import Round
from anlan.assessment.queries import boards
from anlan.assessment.queries.boards import Progress
from anlan.web.http import Person

MOST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class OpenRound:
    """One open round as the card tells of it; `code` is the only list that the person fills in, if there is one."""

    row: Round
    progress: Progress
    code: str


def survey_card(person: Person) -> dict[str, Any] | None:
    """Return the open rounds with the progress of what is the person's; None where there is none."""
    scope = accounts.scope_of(person, "survey.fill")
    if not scope.grants:
        scope = accounts.scope_of(person, "survey.read")
    rows = boards.rounds_for(scope).filter(status="open")[:MOST_ROUNDS]
    found = [_open_round(row, boards.board_of(row, scope)) for row in rows]
    return (
        {"rounds": [one for one in found if one.progress.units]} if any(one.progress.units for one in found) else None
    )


def _open_round(row: Round, board: list[boards.BoardRow]) -> OpenRound:
    code = board[0].code if len(board) == 1 else ""
    return OpenRound(row, boards.total_of(line.total for line in board), code)
