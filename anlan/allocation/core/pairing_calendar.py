"""When an agreement's visits and yearly checks are due."""

from datetime import date, timedelta

DAYS_A_YEAR = 365
SOON = timedelta(days=3)


def years_later(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes 28 February.

    >>> years_later(date(2028, 2, 29), 1)
    datetime.date(2029, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def visit_due(starts_on: date, ends_on: date, *, visits_a_year: int, made: int) -> date | None:
    """Return when the next visit is due, evenly over the year; None when all are made.

    >>> visit_due(date(2027, 1, 1), date(2028, 1, 1), visits_a_year=4, made=0)
    datetime.date(2027, 4, 2)
    >>> visit_due(date(2027, 1, 1), date(2028, 1, 1), visits_a_year=4, made=4) is None
    True
    """
    due = starts_on + timedelta(days=round((made + 1) * DAYS_A_YEAR / visits_a_year))
    return due if due <= ends_on else None


def check_due(starts_on: date, ends_on: date, *, checked: int) -> date:
    """Return when the next yearly check is due: each anniversary, the last on the day that the agreement ends.

    >>> check_due(date(2027, 3, 1), date(2029, 3, 1), checked=0)
    datetime.date(2028, 3, 1)
    """
    return min(years_later(starts_on, checked + 1), ends_on)


def visits_expected(starts_on: date, ends_on: date, *, visits_a_year: int, on: date) -> int:
    """Return how many visits were due by that day.

    >>> visits_expected(date(2027, 1, 1), date(2028, 1, 1), visits_a_year=4, on=date(2027, 7, 10))
    2
    """
    made = 0
    while (due := visit_due(starts_on, ends_on, visits_a_year=visits_a_year, made=made)) is not None and due <= on:
        made += 1
    return made
