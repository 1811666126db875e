"""The division switcher: `places` registers the search that fills it."""

from collections.abc import Callable
from dataclasses import dataclass

from anlan.ground.registries import Registry
from anlan.web.http import Person


@dataclass(frozen=True, slots=True)
class Choice:
    """One division found: where it leads and how it reads."""

    code: str
    name: str
    path: str
    url: str


@dataclass(frozen=True, slots=True)
class DivisionSearch:
    """Finds divisions by name, code or pinyin within what the person answers for."""

    search: Callable[[Person, str], list[Choice]]


DIVISION_SEARCH: Registry[DivisionSearch] = Registry(key=lambda entry: 0)
MOST_FOUND = 20


def divisions_found(person: Person, query: str) -> list[Choice]:
    """Return the first divisions that fit the query, nothing where no context searches."""
    return [choice for source in DIVISION_SEARCH for choice in source.search(person, query)][:MOST_FOUND]
