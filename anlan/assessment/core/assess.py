"""The whole assessment: a survey and an indicator system become scores, grades, ranks and needs.

S = Σ_d W_d · S_d, where a dimension's S_d is α·own + (1 − α)·below, and own is Σ_j w_j·s_j over the answered leaves.

Source: docs/methods/weighted-sum.md and the pages that it names.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from anlan.assessment.core.chosen_weights import chosen_weights
from anlan.assessment.core.computation import compute
from anlan.assessment.core.frozen import survey_content
from anlan.assessment.core.level_table import level_table
from anlan.assessment.core.needs import needs_of
from anlan.assessment.core.robustness import LevelScores, firmness_of
from anlan.assessment.core.rollup import Tree
from anlan.assessment.core.system_content import system_content
from anlan.assessment.core.unit_results import unit_results
from anlan.assessment.core.values import Result, Survey, System, Unit
from anlan.kernel.canonical import sha256_of
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal

FROM_ABOVE = tuple(Level)


class BadSurvey(Refusal):
    """The units cannot be assessed together."""


def assess(survey: Survey, system: System, *, method: str = "default", rng: np.random.Generator) -> Result:
    """Return the assessment of a survey.

    Args:
        survey: units and answers; an answer that is absent is missing.
        system: what was asked, with weights, targets and prices.
        method: how weights are found: default, ahp, entropy or combined.
        rng: chance, for the shaken weights only: scores and needs do not depend on it.

    Raises:
        BadSurvey: there are no units, one stands twice or lies in a unit that is not above it.
        Refusal: the weights cannot be found (`core.chosen_weights`).

    Source: docs/methods/weighted-sum.md.
    """
    units = tuple(sorted(survey.units, key=lambda unit: (FROM_ABOVE.index(unit.level), unit.code)))
    tree = tree_of(units)
    present = {unit.level for unit in units}
    tables = [level_table(level, units, survey, system) for level in FROM_ABOVE if level in present]
    weights = chosen_weights(method, system, tables)
    computed = compute(units, tree, tables, weights, system)
    firmness = firmness_of(
        [
            LevelScores(table.places, table.scores, weights.leaves[table.level], table.multipliers, table.membership)
            for table in tables
        ],
        tree,
        weights.dimensions,
        own_share=system.own_share,
        grades=system.grades,
        rng=rng,
    )
    results = unit_results(units, computed, firmness, system.grades)
    return Result(
        system=system,
        survey_name=survey.name,
        closes_on=survey.closes_on,
        method=method,
        units=results,
        needs=needs_of(results, system, survey.closes_on),
        missing=tuple(
            (result.unit.code, leaf.leaf_code) for result in results for leaf in result.leaves if leaf.score is None
        ),
        input_sha256=sha256_of(survey_content(survey)),
        system_sha256=sha256_of(system_content(system)),
        notes=weights.notes,
    )


def tree_of(units: Sequence[Unit]) -> Tree:
    """Return who lies in whom among the units, which stand from above.

    Raises:
        BadSurvey: there are no units, one stands twice or lies in a unit that is not above it.
    """
    if not units:
        raise BadSurvey("There are no units to assess")
    for code, count in Counter(unit.code for unit in units).items():
        if count > 1:
            raise BadSurvey("The unit %(code)s stands %(count)d times", code=code, count=count)
    places = {unit.code: place for place, unit in enumerate(units)}
    parents = np.array([places.get(unit.parent_code or "", -1) for unit in units], dtype=np.int64)
    for unit, parent in zip(units, parents, strict=True):
        if parent >= 0 and FROM_ABOVE.index(units[parent].level) >= FROM_ABOVE.index(unit.level):
            raise BadSurvey(
                "%(unit)s cannot lie in %(parent)s, which is not above it", unit=unit.code, parent=units[parent].code
            )
    levels = np.array([FROM_ABOVE.index(unit.level) for unit in units])
    tiers = tuple(np.flatnonzero(levels == level) for level in sorted(set(levels.tolist()), reverse=True))
    return Tree(parents, np.array([max(unit.population, 0) for unit in units], dtype=float), tiers)
