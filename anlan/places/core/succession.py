"""What becomes of a division's facts and code when it is merged, split or given another code."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from anlan.kernel.codes import Level, level_of, prefix_of
from anlan.kernel.refusal import Refusal

SHARES_ROUNDING = 1e-6
# Within a township: neighbourhoods, villages, bodies like them. A new number stays in its class.
NUMBER_CLASSES = ((1, 199), (200, 399), (400, 599), (600, 999))


class BadSuccession(Refusal):
    """Divisions cannot change this way."""


@dataclass(frozen=True, slots=True)
class Heir:
    """A division that takes over: its code, name, its share of what was, and the children that it takes along."""

    code: str
    name: str
    share: float = 1.0
    takes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A division as far as succession looks at it."""

    code: str
    children: tuple[str, ...] = ()


def check_merge(codes: Sequence[str], heir: Heir) -> None:
    """Refuse a merger of one, of different levels, or across counties.

    Raises:
        BadSuccession: as told.
    """
    if len(set(codes)) < 2:
        raise BadSuccession("A merger needs at least two divisions")
    for code in codes:
        check_same_kind(code, heir.code)


def check_split(source: Standing, heirs: Sequence[Heir]) -> None:
    """Refuse a split whose shares are not the whole, or that leaves children behind.

    Raises:
        BadSuccession: as told.
    """
    if len({heir.code for heir in heirs}) < 2:
        raise BadSuccession("A split needs at least two parts with codes of their own")
    whole = sum(heir.share for heir in heirs)
    if abs(whole - 1) > SHARES_ROUNDING or any(heir.share <= 0 for heir in heirs):
        raise BadSuccession("The shares sum to %(found).3f, expected 1, each more than 0", found=whole)
    for heir in heirs:
        check_same_kind(source.code, heir.code)
    taken = sorted(code for heir in heirs for code in heir.takes)
    if taken != sorted(source.children):
        odd = sorted(set(taken) ^ set(source.children)) or taken
        raise BadSuccession("Each division within must go to exactly one part; look at %(codes)s", codes=", ".join(odd))


def check_same_kind(old: str, new: str) -> None:
    """Refuse a successor of another level or in another county.

    Raises:
        BadSuccession: as told.
    """
    if level_of(old) is not level_of(new):
        raise BadSuccession("%(old)s and %(new)s are of different levels", old=old, new=new)
    if level_of(old) not in {Level.TOWNSHIP, Level.VILLAGE}:
        raise BadSuccession("Only townships and villages change here; a county's change is loaded as a new county")
    if old[:6] != new[:6]:
        raise BadSuccession("%(old)s and %(new)s lie in different counties", old=old, new=new)


def shared_out(total: int | None, shares: Sequence[float]) -> list[int | None]:
    """Return whole numbers in proportion to the shares that sum to the total (largest remainders).

    >>> shared_out(10, [0.25, 0.75])
    [3, 7]
    >>> shared_out(None, [0.5, 0.5])
    [None, None]
    """
    if total is None:
        return [None] * len(shares)
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    given = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda position: (given[position] - exact[position], position))
    for position in by_remainder[: total - sum(given)]:
        given[position] += 1
    return list(given)


def code_under(code: str, parent: str, taken: AbstractSet[str]) -> str:
    """Return the code that a village gets under another township: its own number, else the next free of its class.

    >>> code_under("999901101201", "999901102000", {"999901102201"})
    '999901102200'

    Raises:
        BadSuccession: the class is full.
    """
    prefix, number = prefix_of(parent), int(code[9:])
    lowest, highest = next(limits for limits in NUMBER_CLASSES if limits[0] <= number <= limits[1])
    for candidate in (number, *range(lowest, highest + 1)):
        if (found := f"{prefix}{candidate:03}") not in taken:
            return found
    raise BadSuccession("Township %(code)s has no free number left for %(old)s", code=parent, old=code)
