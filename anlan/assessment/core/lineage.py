"""Last round's answers of units that were merged, split or renamed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anlan.assessment.core.entry import COUNTED, Entered
from anlan.assessment.core.values import Kind, Leaf


@dataclass(frozen=True, slots=True)
class Part:
    """What one old unit answered, the share of it that went into the new one, and how many people it counted."""

    entered: Entered
    share: float
    population: int


def carried_over(leaf: Leaf, parts: Sequence[Part]) -> Entered:
    """Return what the parts say together of the unit that they became.

    Numbers add up by share; ratios are weighted by the people taken over; something that one part
    had, the whole has; of dates the latest counts.
    """
    days = [part.entered.day for part in parts if part.entered.day]
    if leaf.kind is Kind.DATE:
        return Entered(day=max(days)) if days else Entered()
    given = [part for part in parts if part.entered.value is not None]
    return Entered(_together(leaf, given)) if given else Entered()


def _together(leaf: Leaf, given: Sequence[Part]) -> float:
    values = [part.entered.value or 0.0 for part in given]
    if leaf.kind is Kind.BOOLEAN:
        return max(values)
    if leaf.kind is Kind.NUMBER:
        total = sum(value * part.share for value, part in zip(values, given, strict=True))
        return float(round(total)) if leaf.unit in COUNTED else total
    people = [part.share * part.population or part.share for part in given]
    return sum(value * weight for value, weight in zip(values, people, strict=True)) / sum(people)


def answers_carried(
    leaves: Sequence[Leaf],
    old: Mapping[tuple[str, str], Entered],
    made_of: Mapping[str, Sequence[tuple[str, float]]],
    populations: Mapping[str, int],
) -> dict[tuple[str, str], Entered]:
    """Return last round's answers by the codes of today.

    Args:
        leaves: what is asked now, of whichever level.
        old: answers by the codes of then.
        made_of: of each unit of today that was made of others, their codes with the shares that went into it.
        populations: of the units of then.
    """
    carried = dict(old)
    for code, origins in made_of.items():
        for leaf in leaves:
            parts = [
                Part(old[origin, leaf.code], share, populations.get(origin, 0))
                for origin, share in origins
                if (origin, leaf.code) in old
            ]
            if parts:
                carried[code, leaf.code] = carried_over(leaf, parts)
    return carried
