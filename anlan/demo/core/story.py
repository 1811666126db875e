"""Everything that the demo county is: its land, its people, two surveys done and one that has begun."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from anlan.assessment.core.entry import Entered
from anlan.assessment.core.values import System
from anlan.demo.core.answers import Key, make_abilities, make_answers
from anlan.demo.core.county import SEED, make_county
from anlan.demo.core.faults import Planted, plant
from anlan.demo.core.staff import Member, make_staff
from anlan.demo.core.values import County
from anlan.kernel.codes import Level

_RECORDED = "DIG-T-04"  # a township's records are what the system itself holds: most know that they are whole


@dataclass(frozen=True, slots=True)
class SurveyStory:
    """One survey: its name and days, and what was answered by the end."""

    name: str
    opens_on: date
    closes_on: date
    answers: Mapping[Key, Entered]


@dataclass(frozen=True, slots=True)
class Story:
    """The whole of it."""

    county: County
    system: System
    first: SurveyStory
    second: SurveyStory
    begun: SurveyStory  # open, partly filled in
    planted: tuple[Planted, ...]  # in the second survey
    staff: tuple[Member, ...]


def make_story(system: System, seed: int = SEED) -> Story:
    """Return the same story for the same seed and system."""
    county = make_county(seed)
    rng = np.random.default_rng([seed, 2])
    abilities = make_abilities(county, rng)
    days = [(date(2025, 9, 1), date(2025, 10, 31)), (date(2026, 9, 1), date(2026, 10, 31))]
    before = make_answers(county, system, abilities, closes_on=days[0][1], rng=rng)
    later = abilities.later(county, rng)
    after = _as_recorded(county, make_answers(county, system, later, closes_on=days[1][1], rng=rng))
    after, planted = plant(after, before, county, system)
    opens_on, closes_on = date(2026, 11, 16), date(2027, 1, 15)
    coming = make_answers(county, system, later.later(county, rng), closes_on=date(2026, 11, 20), rng=rng)
    return Story(
        county=county,
        system=system,
        first=SurveyStory("2025年度摸底", *days[0], before),
        second=SurveyStory("2026年度摸底", *days[1], after),
        begun=SurveyStory("2027年度摸底", opens_on, closes_on, _first_townships(county, coming)),
        planted=planted,
        staff=make_staff(county, after),
    )


def _as_recorded(county: County, answers: dict[Key, Entered]) -> dict[Key, Entered]:
    known = county.at_level(Level.TOWNSHIP)[2:]
    return answers | {(town.code, _RECORDED): Entered(value=1.0) for town in known}


def _first_townships(county: County, answers: Mapping[Key, Entered]) -> dict[Key, Entered]:
    """Return the answers of the four townships that began at once; the last of them is half done."""
    begun = [town.code[:9] for town in county.at_level(Level.TOWNSHIP)[:4]]
    return {
        (code, leaf): entered
        for code, leaf in answers
        if code[:9] in begun and (code[:9] != begun[-1] or leaf < "MAT")
        for entered in (answers[code, leaf],)
    }
