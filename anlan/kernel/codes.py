"""Chinese administrative division codes: twelve digits, parents by prefix.

Segments: province 2, city 2, county 2 (GB/T 2260), township 3, village 3. There is no check
digit, so digits, length and a non-empty parent are all that can be held.
"""

import re
from enum import StrEnum

from anlan.kernel.refusal import Refusal

LENGTH = 12
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?\d{1,2}$")


class Level(StrEnum):
    """Tier of the administration, from above."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


PREFIX_LENGTH = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


class BadCode(Refusal):
    """The text is no division code."""


def check_code(text: str) -> str:
    """Return the twelve-digit code that a person wrote as 2, 4, 6, 9 or 12 digits.

    Raises:
        BadCode: it has another length, other characters, or was turned into 3.2E+11 by a spreadsheet.
    """
    code = text.strip().removesuffix(".0")
    if _SCIENTIFIC.match(code):
        raise BadCode(
            "%(text)s is a division code that the spreadsheet turned into a number; format the column as text",
            text=text,
        )
    if not code.isascii() or not code.isdigit():
        raise BadCode("%(text)s is no division code: only digits are allowed", text=text)
    if len(code) not in PREFIX_LENGTH.values():
        raise BadCode(
            "%(text)s has %(found)d digits; a division code has 12 (or 6 for a county, 9 for a township)",
            text=text,
            found=len(code),
        )
    return code.ljust(LENGTH, "0")


def level_of(code: str) -> Level:
    """Return the tier that a twelve-digit code names."""
    if code[9:] != "000":
        return Level.VILLAGE
    if code[6:9] != "000":
        return Level.TOWNSHIP
    if code[4:6] != "00":
        return Level.COUNTY
    return Level.CITY if code[2:4] != "00" else Level.PROVINCE


def prefix_of(code: str) -> str:
    """Return the significant digits: everything within the division begins with them."""
    return code[: PREFIX_LENGTH[level_of(code)]]


def parent_of(code: str) -> str | None:
    """Return the code of the division directly above, None above a province."""
    levels = list(Level)
    position = levels.index(level_of(code))
    if position == 0:
        return None
    return code[: PREFIX_LENGTH[levels[position - 1]]].ljust(LENGTH, "0")


def ancestor_at(code: str, level: Level) -> str:
    """Return the code of the division of that level which the code lies in."""
    return code[: PREFIX_LENGTH[level]].ljust(LENGTH, "0")


def is_within(code: str, prefix: str) -> bool:
    """Tell whether the division lies in the one with that prefix, itself included."""
    return code.startswith(prefix)
