"""Text that a spreadsheet would run is written so that it stays text."""

RISKY = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Return the value for a spreadsheet cell; risky text gets an apostrophe before it, numbers stay."""
    if isinstance(value, str) and value.startswith(RISKY):
        return f"'{value}"
    return value
