"""Whom news about a unit is for."""

from collections.abc import Iterable
from typing import Protocol

from anlan.kernel.codes import prefix_of


class Reach(Protocol):
    """An area that a capability rests on: `accounts` has it as a grant."""

    @property
    def prefix(self) -> str:
        """Return the significant digits of the area's code."""
        ...

    @property
    def department(self) -> str | None:
        """Return the department that the area is narrowed to."""
        ...


def is_addressed(grants: Iterable[Reach], code: str, department: str | None) -> bool:
    """Tell whether news about the unit's work is for somebody with these areas.

    It is for the unit's own people, and for the named department's people wherever the unit lies in
    their area; whoever merely stands above could do the work but is not asked to.
    """
    return any(
        grant.prefix == prefix_of(code)
        and grant.department in {None, department}
        or (grant.department is not None and grant.department == department and code.startswith(grant.prefix))
        for grant in grants
    )
