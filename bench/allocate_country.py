"""`allocate.country`: 40 000 units, 690 000 options, one budget; beside two integer solvers given 60 s each."""

from collections.abc import Iterator

from anlan.allocation.core.country import one_budget
from bench.country_peers import country_measures
from bench.frame import Measure
from bench.national_data import BUDGET_FEN, UNITS, options


def measures() -> Iterator[Measure]:
    """Yield time and gap."""
    yield from country_measures(options(), one_budget(UNITS, BUDGET_FEN), ("a whole country, one budget", 1.0, 1e-4))
