"""The part of a file that a browser asks for. Source: RFC 9110, section 14."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")


class NoSuchPart(ValueError):
    """The file has no such part."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file from the first to the last, both of them included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Return the number of bytes."""
        return self.last - self.first + 1


def part_asked(header: str, size: int) -> Part | None:
    """Return the part that the header asks for; None where it asks for the whole, or for several parts.

    >>> part_asked("bytes=10-19", 100), part_asked("bytes=-5", 100), part_asked("", 100)
    (Part(first=10, last=19), Part(first=95, last=99), None)

    Raises:
        NoSuchPart: it begins behind the end of the file.
    """
    found = _ONE_RANGE.match(header.replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return None
    begin, end = found.groups()
    if not begin:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(begin), min(int(end), size - 1) if end else size - 1
    if end and begin and int(end) < first:
        return None
    if first >= size or last < first:
        raise NoSuchPart(f"bytes {first}- of {size}")
    return Part(first, last)
