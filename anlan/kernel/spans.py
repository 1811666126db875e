"""Half-open spans of days."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `starts_on` up to but not including `ends_on`; None is open-ended."""

    starts_on: date
    ends_on: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the day lies in the span."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)
