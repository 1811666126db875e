"""A round as the value that the core computes with."""

from anlan.assessment.core.system_content import system_from_content
from anlan.assessment.core.values import Answer as AnswerValue
from anlan.assessment.core.values import Profile, Region, Survey, System, Unit
from anlan.assessment.models import Answer, AnswerStatus, Evidence, Round
from anlan.kernel.codes import Level, parent_of, prefix_of
from anlan.places import queries as places


def system_of(row: Round) -> System:
    """Return the indicator system that the round asks by."""
    return system_from_content(row.system_version.content)


def units_of(row: Round) -> tuple[Unit, ...]:
    """Return the county's units as they stood when the round opened."""
    return tuple(
        Unit(
            code=division.code,
            name=division.name,
            level=Level(division.level),
            parent_code=parent_of(division.code) if division.code != row.county_code else None,
            population=division.population or 0,
            households=division.households or 0,
            region=Region(division.region_type) if division.region_type else None,
            profiles=frozenset(Profile(profile) for profile in division.hazards or ()),
        )
        for division in places.units_within(prefix_of(row.county_code), row.opens_on)
    )


def survey_of(row: Round) -> Survey:
    """Return all answers that count: given, and not sent back; with the evidence beside them."""
    shown = {
        (code, leaf): value
        for code, leaf, value in Evidence.objects.filter(round=row).values_list("division__code", "leaf_code", "value")
    }
    answers = {
        (code, leaf): AnswerValue(value, day, shown.get((code, leaf)), status == AnswerStatus.VERIFIED)
        for code, leaf, value, day, status in Answer.objects.filter(round=row)
        .exclude(status=AnswerStatus.RETURNED)
        .exclude(value=None, day=None)
        .values_list("division__code", "leaf__code", "value", "day", "status")
    }
    return Survey(name=row.name, closes_on=row.closes_on, units=units_of(row), answers=answers)
