"""What the work lists do when somebody leaves a post. Each runs twice without harm."""

from django.utils.timezone import now

from anlan.accounts.events import ACCOUNT_DISABLED, POST_MOVED
from anlan.ground.events import on
from anlan.worklists import actions


@on(ACCOUNT_DISABLED)
def hand_over_of_disabled(person_id: int, successor_id: int | None) -> None:
    actions.hand_over(from_person_id=person_id, to_person_id=successor_id, at=now())


@on(POST_MOVED)
def hand_over_of_moved(person_id: int, successor_id: int | None) -> None:
    # Without a successor the person keeps what lies within the posts that they still hold.
    if successor_id is None:
        actions.give_back_unreached(person_id=person_id, at=now())
    else:
        actions.hand_over(from_person_id=person_id, to_person_id=successor_id, at=now())
