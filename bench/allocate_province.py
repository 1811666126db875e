"""`allocate.province`: the same country with 34 provincial budgets, a national pot and floors."""

from collections.abc import Iterator

from bench.country_peers import country_measures
from bench.frame import Measure
from bench.national_data import options, provinces


def measures() -> Iterator[Measure]:
    """Yield time and gap."""
    choices = options()
    yield from country_measures(choices, provinces(choices), ("34 provinces with floors", 5.0, 1e-3))
