"""Which measure the points of a siting study may be pieces of."""

from collections import Counter
from collections.abc import Sequence

from anlan.allocation.core.measures import Measure
from anlan.assessment.core.values import Dimension
from anlan.kernel.codes import Level, ancestor_at, level_of
from anlan.kernel.refusal import Refusal
from anlan.stores.core.values import SHELTERS

COUNTED_IN_SITES = "site"
# What the default system asks of stores and of shelters; another system's measures come in the catalogue's order.
STORE_LEAVES = frozenset({"MAT-T-01", "MAT-T-02", "MAT-V-01"})
SHELTER_LEAVES = frozenset({"MAT-T-05", "MAT-V-06"})
DEPTH = {level: depth for depth, level in enumerate(Level)}


class NoSuchMeasure(Refusal):
    """The catalogue in force has no such measure, or it does not fit the points."""


def check_measure(measure: Measure | None, code: str, units: Sequence[str]) -> None:
    """Refuse a measure that cannot be had once a point at the points' units.

    Raises:
        NoSuchMeasure: there is none, it is of a level below the points, or a unit would get more than it may.
    """
    if measure is None:
        raise NoSuchMeasure("The catalogue in force has no measure %(code)s", field="measure_code", code=code)
    if any(DEPTH[level_of(unit)] < DEPTH[measure.level] for unit in units):
        raise NoSuchMeasure(
            "%(code)s is a measure of villages, and a point lies at a township: choose one of townships",
            field="measure_code",
            code=code,
        )
    unit, found = Counter(ancestor_at(each, measure.level) for each in units).most_common(1)[0]
    if found > measure.most or measure.least > 1:
        raise NoSuchMeasure(
            "%(code)s allows %(least)d to %(most)d pieces in a unit; %(found)d points lie in %(unit)s",
            field="measure_code",
            code=code,
            least=measure.least,
            most=measure.most,
            found=found,
            unit=unit,
        )


def fitting(measures: Sequence[Measure], units: Sequence[str], kind: str) -> list[Measure]:
    """Return the measures of things that can be had once a point at the points' units, the likeliest first."""
    raised = SHELTER_LEAVES if kind in SHELTERS else STORE_LEAVES
    found = [measure for measure in measures if measure.dimension is Dimension.MATERIALS and _fits(measure, units)]
    return sorted(found, key=lambda each: (raised.isdisjoint(each.leaves()), each.unit != COUNTED_IN_SITES))


def _fits(measure: Measure, units: Sequence[str]) -> bool:
    try:
        check_measure(measure, measure.code, units)
    except NoSuchMeasure:
        return False
    return measure.level is not Level.COUNTY
