"""Times as frames carry them: Beijing time in BCD, years of two digits, 50–99 the last century.

A station whose clock is wrong is believed here (its year may be 1959): whoever stores the value flags it.
"""

from datetime import datetime, timedelta, timezone
from functools import lru_cache

BEIJING = timezone(timedelta(hours=8))
FIRST_YEAR, LAST_YEAR = 1950, 2049


@lru_cache(maxsize=8192)
def time_from(digits: str) -> datetime | None:
    """Return the time that 8, 10 or 12 digits YYMMDDHH[mm[SS]] name; None where they name none.

    >>> time_from("591011154947").isoformat(), time_from("591311154947")
    ('1959-10-11T15:49:47+08:00', None)
    """
    if not (digits.isascii() and digits.isdigit()):
        return None
    parts = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    year = parts[0] + (2000 if parts[0] < FIRST_YEAR % 100 else 1900)
    try:
        return datetime(year, *parts[1:], tzinfo=BEIJING)  # type: ignore[arg-type, misc]
    except ValueError:
        return None


def time_digits(at: datetime, count: int) -> str:
    """Return the first 8, 10 or 12 digits of YYMMDDHHmmSS in Beijing time.

    Raises:
        ValueError: two digits cannot name the year.
    """
    local = at.astimezone(BEIJING)
    if not FIRST_YEAR <= local.year <= LAST_YEAR:
        raise ValueError(f"year is {local.year}, expected {FIRST_YEAR} to {LAST_YEAR}")
    return local.strftime("%y%m%d%H%M%S")[:count]
