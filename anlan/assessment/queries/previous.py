"""What the round before says of today's units, merged and renamed ones included."""

from collections.abc import Iterable, Mapping, Sequence

from anlan.assessment.core.entry import Entered
from anlan.assessment.core.lineage import answers_carried
from anlan.assessment.core.values import Answer as AnswerValue
from anlan.assessment.core.values import Survey
from anlan.assessment.models import Answer, Round
from anlan.assessment.queries.surveys import survey_of, system_of
from anlan.kernel.codes import prefix_of
from anlan.places import queries as places

Key = tuple[str, str]  # unit code, leaf code


def entered_before(row: Round, units: Mapping[int, str]) -> dict[Key, Entered]:
    """Return the answers that the round before holds for these units, given by id and code of today."""
    if row.previous is None:
        return {}
    made_of = _origins(row, units)
    codes = {*units.values(), *(code for parts in made_of.values() for code, _ in parts)}
    rows = Answer.objects.filter(round=row.previous, division__code__in=codes).given()
    found = rows.values_list("division__code", "leaf__code", "value", "day", "division__population")
    old = {(code, leaf): Entered(value, day) for code, leaf, value, day, _ in found}
    populations = {code: population or 0 for code, _, _, _, population in found}
    return answers_carried(system_of(row).leaves, old, made_of, populations)


def previous_survey(row: Round) -> Survey | None:
    """Return the round before as a survey of today's units; None where there was none."""
    if row.previous is None:
        return None
    survey = survey_of(row.previous)
    units = {unit.pk: unit.code for unit in places.units_within(prefix_of(row.county_code), row.opens_on)}
    old = {key: Entered(answer.value, answer.day) for key, answer in survey.answers.items()}
    populations = {unit.code: unit.population for unit in survey.units}
    carried = answers_carried(system_of(row).leaves, old, _origins(row, units), populations)
    answers = {key: AnswerValue(entered.value, entered.day) for key, entered in carried.items()}
    return Survey(survey.name, survey.closes_on, survey.units, answers)


def _origins(row: Round, units: Mapping[int, str]) -> dict[str, Sequence[tuple[str, float]]]:
    """Return what the units were made of since the round before, by code; a unit of one same code is left out."""
    before = row.previous.opens_on if row.previous else row.opens_on
    made_of = places.predecessors_of(units, before)
    return {units[pk]: parts for pk, parts in made_of.items() if _codes(parts) != {units[pk]}}


def _codes(parts: Iterable[tuple[str, float]]) -> set[str]:
    return {code for code, _ in parts}
