"""How much of each source is given out already: contexts above register how to ask them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from anlan.ground.registries import Registry


@dataclass(frozen=True, slots=True)
class Spending:
    """One use of money: `of(source ids)` returns the fen that each has given out; an absent one gave nothing."""

    key: str
    title: str
    of: Callable[[Collection[int]], Mapping[int, int]]


SPENDINGS: Registry[Spending] = Registry(key=lambda spending: spending.key)


def given_out(source_ids: Collection[int]) -> dict[int, int]:
    """Return the fen that each source gave out, over all uses."""
    total = dict.fromkeys(source_ids, 0)
    for spending in SPENDINGS:
        for source_id, fen in spending.of(source_ids).items():
            total[source_id] += fen
    return total
