"""The areas that a person answers for under one capability."""

from collections.abc import Iterable
from dataclasses import dataclass

from anlan.kernel.codes import prefix_of


@dataclass(frozen=True, slots=True)
class Grant:
    """One area by the significant digits of its code; a department narrows what is meant there."""

    prefix: str
    role: str
    department: str | None = None

    def holds(self, code: str, department: str | None) -> bool:
        """Tell whether the division lies in the area and the department is not somebody else's."""
        return code.startswith(self.prefix) and (
            department is None or self.department is None or department == self.department
        )


@dataclass(frozen=True, slots=True)
class Areas:
    """Every grant that one capability rests on."""

    grants: tuple[Grant, ...] = ()

    def covers(self, code: str, department: str | None = None) -> bool:
        """Tell whether the division is within reach, for the department if one is named."""
        return any(grant.holds(code, department) for grant in self.grants)

    def reaches(self, code: str) -> bool:
        """Tell whether the division is within reach, or something inside it is."""
        prefix = prefix_of(code)
        return self.covers(code) or any(grant.prefix.startswith(prefix) for grant in self.grants)

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Return the areas, those within another left out."""
        return widest(grant.prefix for grant in self.grants)


def widest(prefixes: Iterable[str]) -> tuple[str, ...]:
    """Return the prefixes that lie within none of the others, in order.

    >>> widest(["999901101", "999901", "999902100"])
    ('999901', '999902100')
    """
    kept: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)
