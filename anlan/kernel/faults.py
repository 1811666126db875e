"""What is wrong with single fields of what a person gave, for a form to tell beside each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from anlan.kernel.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field."""

    column: str
    value: str
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


class FaultyFields(Refusal):
    """It cannot be recorded so: the first fault is told, `faults` are all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(first.message, **first.values)
