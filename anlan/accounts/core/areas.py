"""What areas are called: told by the context that knows divisions, which stands above this one."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from anlan.ground.registries import Registry


@dataclass(frozen=True, slots=True)
class AreaBook:
    """Names of codes, and every division (code, name) within a prefix."""

    names_of: Callable[[Collection[str]], Mapping[str, str]]
    within: Callable[[str], Sequence[tuple[str, str]]]


AREA_BOOK: Registry[AreaBook] = Registry(key=lambda book: 0)


def names_of(codes: Collection[str]) -> dict[str, str]:
    """Return the name of each code; one that nobody knows stands for itself."""
    known = {code: name for book in AREA_BOOK for code, name in book.names_of(codes).items()}
    return {code: known.get(code, code) for code in codes}


def areas_within(prefixes: Iterable[str]) -> list[tuple[str, str]]:
    """Return every division (code, name) within the prefixes."""
    return [area for prefix in prefixes for book in AREA_BOOK for area in book.within(prefix)]
