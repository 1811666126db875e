"""What areas are called: told by the context that knows divisions, which stands above this one."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from anlan.ground.registries import Registry


@dataclass(frozen=True, slots=True)
class AreaBook:
    """Codes with their names: those asked for, and all within a prefix."""

    names_of: Callable[[Collection[str]], Iterable[tuple[str, str]]]
    within: Callable[[str], Iterable[tuple[str, str]]]


AREA_BOOK: Registry[AreaBook] = Registry(key=lambda book: 0)


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Return the name of each code; one that nobody knows stands for itself."""
    known = {code: name for book in AREA_BOOK for code, name in book.names_of(codes)}
    return {code: known.get(code, code) for code in codes}


def areas_within(prefixes: Iterable[str]) -> list[tuple[str, str]]:
    """Return every division (code, name) within the prefixes."""
    return [area for prefix in prefixes for book in AREA_BOOK for area in book.within(prefix)]
