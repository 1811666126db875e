"""Judging that goes on where a round falls over what it was given.

A round that falls for another reason than that the store is away is taken again parcel by parcel; the one over which it
falls alone is put aside with the fault and the others do not wait. Its readings are in the store; what the rules would
have told of them is missing until it is tried again, when the judge is started again.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection

from anlan.ground.outage import AWAY
from anlan.telemetry.judging.rounds import PARCELS, PUT_ASIDE, Judge

FAULT_LENGTH = 300
MOST_IN_A_ROW = 5  # parcels put aside without one between them that is judged
logger = logging.getLogger(__name__)


class CarefulJudge:
    """A judge, made anew when a round failed.

    Args:
        clock: tells the time.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._singly = 0  # parcels that are still to be taken one by one
        self._in_a_row = 0
        self.judge = Judge(at=clock())

    def round(self) -> int:
        """Judge the oldest parcels; return how many were dealt with."""
        try:
            count = self.judge.judge(at=self._clock(), most=1 if self._singly else PARCELS)
        except AWAY:
            raise
        except Exception as fault:
            logger.exception("A round of judging fell")
            if not self._singly:
                self._singly = PARCELS
            elif not self._is_put_aside(fault):
                raise
            self.judge = Judge(at=self._clock())
            return 1
        self._in_a_row = 0
        self._singly = max(self._singly - count, 0) if count else 0
        return count

    def _is_put_aside(self, fault: Exception) -> bool:
        """Put the oldest parcel aside; return False where none waits or too many fell before it."""
        if self._in_a_row == MOST_IN_A_ROW:
            return False
        self._in_a_row += 1
        with connection.cursor() as cursor:
            cursor.execute(PUT_ASIDE, [f"{type(fault).__name__}: {fault}"[:FAULT_LENGTH]])
            found = cursor.fetchone()
        if found is not None:
            logger.error("Parcel %s is put aside: the rules have not seen its readings", found[0])
        return found is not None


def try_again() -> None:
    """Let parcels that were put aside be judged again."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE telemetry_parcel SET fault = '' WHERE fault <> ''")
