"""A county of one township and three villages, assessed by the default system, for the tests of the rules."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from anlan.allocation.core.measures import Catalogue, Measure, default_catalogue
from anlan.allocation.core.options import Built, build_problem
from anlan.allocation.core.problem import Option
from anlan.allocation.core.settings import Earmarked, Rules, Settings
from anlan.allocation.core.strategies import Cell, Stance, Strategy
from anlan.assessment.core.assess import assess
from anlan.assessment.core.default_system import default_system
from anlan.assessment.core.values import Answer, Kind, Leaf, Profile, Result, Survey, Unit
from anlan.funds.core.values import EarmarkFacts
from anlan.kernel.codes import Level

COUNTY, TOWNSHIP = "999901000000", "999901101000"
VILLAGES = ("999901101201", "999901101202", "999901101203")
CLOSES = date(2026, 11, 20)
MONEY = (Earmarked("fund", "Fund", (100_000_000,)),)
PLAIN = dict.fromkeys((TOWNSHIP, *VILLAGES), "general")
NO_STRATEGY = Strategy({})


def units() -> tuple[Unit, ...]:
    villages = tuple(
        Unit(
            code, f"Village {number}", Level.VILLAGE, TOWNSHIP, 1000 * number, 300, profiles=frozenset({Profile.RIVER})
        )
        for number, code in enumerate(VILLAGES, 1)
    )
    return (
        Unit(COUNTY, "County", Level.COUNTY, None, 6000, 2000),
        Unit(TOWNSHIP, "Township", Level.TOWNSHIP, COUNTY, 6000, 2000, profiles=frozenset({Profile.REMOTE})),
        *villages,
    )


def half_done(leaf: Leaf) -> Answer:
    """Return an answer that scores 0.5, or 0 where there is only yes and no."""
    if leaf.kind is Kind.BOOLEAN:
        return Answer(value=0.0)
    if leaf.kind is Kind.DATE:
        return Answer(day=date.fromordinal(CLOSES.toordinal() - round(leaf.target * 1.5)))
    return Answer(value=leaf.target * (0.5 if leaf.direction == "positive" else 1.5))


def result(changes: Mapping[tuple[str, str], Answer | None] | None = None, method: str = "default") -> Result:
    """Return the assessment of a county where everything is half done but for the changes; None is missing."""
    answers = {
        (unit.code, leaf.code): half_done(leaf) for unit in units() for leaf in default_system().at_level(unit.level)
    }
    answers |= {key: answer for key, answer in (changes or {}).items() if answer}
    for key in [key for key, answer in (changes or {}).items() if answer is None]:
        del answers[key]
    survey = Survey("2026", CLOSES, units(), answers)
    return assess(survey, default_system(), method=method, rng=np.random.default_rng(1))


@cache
def usual() -> Result:
    return result()


def catalogue(*measures: Measure) -> Catalogue:
    """Return a catalogue of these measures, or the default one."""
    return Catalogue(measures) if measures else default_catalogue()


def measure(code: str, **changes: object) -> Measure:
    """Return a measure of the default catalogue, changed."""
    return replace(default_catalogue().by_code[code], **changes)  # type: ignore[arg-type]


def built(*measures: Measure, strategy: Strategy = NO_STRATEGY, of: Result | None = None, **others: object) -> Built:
    """Return the problem of the county with these measures, all of one plain class."""
    given: dict[str, object] = {"classes": PLAIN, "sources": MONEY, "settings": Settings(), **others}
    return build_problem(result=of or usual(), rules=Rules(catalogue(*measures), strategy), **given)  # type: ignore[arg-type]


def option_of(found: Built, unit: str, code: str) -> Option | None:
    """Return the option of the measure at the unit, None where it is not offered."""
    for option in found.problem.options:
        if option.measure == code and found.problem.units[option.unit].code == unit:
            return option
    return None


def bound(**purpose: object) -> tuple[EarmarkFacts, ...]:
    """Return the one purpose that a source is bound to."""
    return (EarmarkFacts(**purpose),)  # type: ignore[arg-type]


def says(code: str, stance: Stance, multiplier: float = 1.0) -> Strategy:
    """Return a strategy that says one thing of one measure for the plain class."""
    return Strategy({("general", code): Cell(stance, multiplier)})
