"""Which kinds of objects have a side panel, and each kind's own door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anlan.ground.registries import Registry


@dataclass(frozen=True, slots=True)
class Subject:
    """The object that a panel belongs to, as its own context tells of it."""

    kind: str
    pk: int
    title: str
    division_code: str
    url: str
    may_write: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """A kind of object, "assessment.answer", and its door.

    `open(person, pk)` returns the object as the person may see it, or answers 404 as every door does.
    """

    kind: str
    open: Callable[[Any, int], Subject]


PANELS: Registry[Panel] = Registry(key=lambda panel: panel.kind)


def panel_kinds() -> frozenset[str]:
    """Return the kinds of objects that have a panel."""
    return frozenset(panel.kind for panel in PANELS)


def panel_of(kind: str) -> Panel | None:
    """Return the panel of the kind, None where no context registered it."""
    return next((panel for panel in PANELS if panel.kind == kind), None)
