"""Reading the events: how far the numbers are, and what came after one of them."""

from anlan.web.models import LiveCount

Row = tuple[int, str, str, str, str]


def live_number() -> int:
    """Return the last number given.

    A page that asks this before it reads its picture, and streams from there, misses nothing between the two.
    """
    return LiveCount.objects.values_list("numbered", flat=True).first() or 0
