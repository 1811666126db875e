"""Values as JSON content and back, so that a frozen result is read exactly as it was computed."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from anlan.assessment.core.values import (
    Answer,
    Dimension,
    DimensionScore,
    Grade,
    LeafScore,
    Profile,
    Region,
    Survey,
    Unit,
    UnitResult,
)
from anlan.kernel.codes import Level

Content = dict[str, Any]


def survey_content(survey: Survey) -> Content:
    """Return the survey as JSON content; units and answers in the order of their codes."""
    return {
        "name": survey.name,
        "closes_on": survey.closes_on.isoformat(),
        "units": [unit_content(unit) for unit in sorted(survey.units, key=lambda unit: unit.code)],
        "answers": [
            [unit, leaf, answer.value, answer.day and answer.day.isoformat(), answer.evidence_value, answer.is_verified]
            for (unit, leaf), answer in sorted(survey.answers.items())
        ],
    }


def survey_from_content(content: Mapping[str, Any]) -> Survey:
    """Return the survey that `survey_content` wrote."""
    return Survey(
        name=content["name"],
        closes_on=date.fromisoformat(content["closes_on"]),
        units=tuple(unit_from_content(unit) for unit in content["units"]),
        answers={
            (unit, leaf): Answer(value, day and date.fromisoformat(day), evidence, verified)
            for unit, leaf, value, day, evidence, verified in content["answers"]
        },
    )


def unit_content(unit: Unit) -> Content:
    """Return the unit as JSON content."""
    return asdict(unit) | {"profiles": sorted(unit.profiles)}


def unit_from_content(content: Mapping[str, Any]) -> Unit:
    """Return the unit that `unit_content` wrote."""
    region = content["region"]
    return Unit(
        **{
            **content,
            "level": Level(content["level"]),
            "region": region and Region(region),
            "profiles": frozenset(Profile(profile) for profile in content["profiles"]),
        }
    )


def result_content(result: UnitResult) -> Content:
    """Return one unit's result as JSON content."""
    content = {field.name: getattr(result, field.name) for field in fields(result)}
    return content | {
        "unit": unit_content(result.unit),
        "grade_probability": dict(result.grade_probability),
        "dimensions": [asdict(score) for score in result.dimensions],
        "leaves": [asdict(score) for score in result.leaves],
    }


def result_from_content(content: Mapping[str, Any]) -> UnitResult:
    """Return the result that `result_content` wrote."""
    grade = content["grade"]
    return UnitResult(
        **{
            **content,
            "unit": unit_from_content(content["unit"]),
            "grade": grade and Grade(grade),
            "grade_probability": {Grade(name): share for name, share in content["grade_probability"].items()},
            "dimensions": tuple(
                DimensionScore(**{**score, "dimension": Dimension(score["dimension"])})
                for score in content["dimensions"]
            ),
            "leaves": tuple(LeafScore(**score) for score in content["leaves"]),
        }
    )
