"""An indicator system as JSON content and back; reading checks everything that scoring relies on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from enum import StrEnum
from math import isclose, isfinite
from typing import Any, TypeVar

from anlan.assessment.core.ahp import check_comparisons
from anlan.assessment.core.values import (
    Contradiction,
    Dimension,
    Direction,
    GradeRule,
    Kind,
    Leaf,
    Profile,
    Relation,
    System,
)
from anlan.kernel.codes import Level
from anlan.kernel.refusal import Refusal

Content = dict[str, Any]
Choice = TypeVar("Choice", bound=StrEnum)
ASKED_LEVELS = (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE)
UNIT_FACTS = ("population", "households")  # what a contradiction may compare with beside leaves
_SUM_TOLERANCE = 1e-6


class BadSystem(Refusal):
    """The content is no indicator system."""


def system_content(system: System) -> Content:
    """Return the system as JSON content: the same for the same system."""
    return {
        "key": system.key,
        "name_zh": system.name_zh,
        "name_en": system.name_en,
        "leaves": [asdict(leaf) for leaf in system.leaves],
        "dimension_weights": {str(key): float(weight) for key, weight in system.dimension_weights.items()},
        "own_share": float(system.own_share),
        "grades": asdict(system.grades),
        "profile_factors": {str(key): dict(factors) for key, factors in system.profile_factors.items()},
        "dimension_comparisons": system.dimension_comparisons and [list(row) for row in system.dimension_comparisons],
        "contradictions": [asdict(rule) for rule in system.contradictions],
    }


def system_from_content(content: Mapping[str, Any]) -> System:
    """Return the system that the content describes.

    Raises:
        BadSystem: a field is missing, unknown or of the wrong kind; weights do not sum to 1; a code stands twice.
        BadComparisons: the pairwise comparisons are no consistent reciprocal matrix (`core.ahp`).
    """
    if not isinstance(content, Mapping):
        raise BadSystem("An indicator system is a mapping of fields")
    _check_fields(content, System, "system")
    system = System(
        key=_text(content, "key", "system"),
        name_zh=_text(content, "name_zh", "system"),
        name_en=_text(content, "name_en", "system"),
        leaves=tuple(_leaf(leaf) for leaf in _list(content, "leaves")),
        dimension_weights=_dimension_weights(_mapping(content, "dimension_weights")),
        own_share=_share(content.get("own_share", 0.5), "own_share"),
        grades=_grades(content.get("grades") or {}),
        profile_factors=_factors(content.get("profile_factors") or {}),
        dimension_comparisons=_comparisons(content.get("dimension_comparisons")),
        contradictions=tuple(_contradiction(rule) for rule in content.get("contradictions") or ()),
    )
    _check_leaves(system)
    _check_references(system)
    return system


def _check_fields(content: Mapping[str, Any], kind: type, where: str) -> None:
    known = {field.name for field in fields(kind)}
    unknown = sorted(str(name) for name in content if name not in known)
    if unknown:
        raise BadSystem("%(where)s has an unknown field %(field)s", where=where, field=unknown[0])


def _text(content: Mapping[str, Any], key: str, where: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadSystem("%(field)s of %(where)s is missing", field=key, where=where)
    return value.strip()


def _list(content: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = content.get(key)
    if not isinstance(value, list | tuple) or not value:
        raise BadSystem("%(field)s of %(where)s is missing", field=key, where="system")
    return value


def _mapping(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = content.get(key)
    if not isinstance(value, Mapping) or not value:
        raise BadSystem("%(field)s of %(where)s is missing", field=key, where="system")
    return value


def _number(value: Any, field: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadSystem("%(field)s of %(where)s is %(found)s, expected a number", field=field, where=where, found=value)
    return float(value)


def _share(value: Any, field: str) -> float:
    number = _number(value, field, "system")
    if not 0 <= number <= 1:
        raise BadSystem("%(field)s is %(found)g, expected 0 to 1", field=field, found=number)
    return number


def _choice(value: Any, choices: type[Choice], field: str, where: str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        expected = ", ".join(choices)
        raise BadSystem(
            "%(field)s of %(where)s is %(found)s, expected one of %(expected)s",
            field=field,
            where=where,
            found=value,
            expected=expected,
        ) from None


def _leaf(content: Any) -> Leaf:
    if not isinstance(content, Mapping):
        raise BadSystem("A leaf is a mapping of fields, not %(found)s", found=content)
    code = _text(content, "code", "leaves")
    _check_fields(content, Leaf, code)
    return Leaf(
        code=code,
        dimension=_choice(content.get("dimension"), Dimension, "dimension", code),
        name_zh=_text(content, "name_zh", code),
        name_en=_text(content, "name_en", code),
        level=_level(content.get("level"), code),
        kind=_choice(content.get("kind"), Kind, "kind", code),
        unit=_text(content, "unit", code),
        target=_positive(content.get("target"), "target", code),
        direction=_choice(content.get("direction"), Direction, "direction", code),
        weight=_weight(content.get("weight"), code),
        department=_text(content, "department", code) if "department" in content else "emergency",
        **{key: str(content.get(key) or "").strip() for key in ("evidence_zh", "measure_zh", "measure_en")},
        unit_price_fen=_whole(content.get("unit_price_fen"), "unit_price_fen", code),
        lead_days=_whole(content.get("lead_days", 180), "lead_days", code) or 0,
        minimum=_optional(content.get("minimum", 0.0), "minimum", code),
        maximum=_optional(content.get("maximum"), "maximum", code),
    )


def _level(value: Any, where: str) -> Level:
    level = _choice(value, Level, "level", where)
    if level not in ASKED_LEVELS:
        expected = ", ".join(ASKED_LEVELS)
        raise BadSystem(
            "%(field)s of %(where)s is %(found)s, expected one of %(expected)s",
            field="level",
            where=where,
            found=level,
            expected=expected,
        )
    return level


def _positive(value: Any, field: str, where: str) -> float:
    number = _number(value, field, where)
    if number <= 0:
        raise BadSystem(
            "%(field)s of %(where)s is %(found)g, expected more than 0", field=field, where=where, found=number
        )
    return number


def _weight(value: Any, where: str) -> float:
    number = _number(value, "weight", where)
    if not 0 <= number <= 1:
        raise BadSystem("weight of %(where)s is %(found)g, expected 0 to 1", where=where, found=number)
    return number


def _whole(value: Any, field: str, where: str) -> int | None:
    if value is None:
        return None
    number = _number(value, field, where)
    if number < 0 or not number.is_integer():
        raise BadSystem(
            "%(field)s of %(where)s is %(found)g, expected a whole number from 0",
            field=field,
            where=where,
            found=number,
        )
    return int(number)


def _optional(value: Any, field: str, where: str) -> float | None:
    return None if value is None else _number(value, field, where)


def _dimension_weights(content: Mapping[str, Any]) -> dict[Dimension, float]:
    weights = {
        _choice(key, Dimension, "dimension_weights", "system"): _weight(value, str(key))
        for key, value in content.items()
    }
    found = sum(weights.values())
    if not isclose(found, 1.0, abs_tol=_SUM_TOLERANCE):
        raise BadSystem("The weights of the dimensions sum to %(found).6g, expected 1", found=found)
    return {dimension: weights.get(dimension, 0.0) for dimension in Dimension}


def _grades(content: Any) -> GradeRule:
    if not isinstance(content, Mapping):
        raise BadSystem("%(field)s of %(where)s is missing", field="grades", where="system")
    _check_fields(content, GradeRule, "grades")
    rule = GradeRule(**{key: _share(value, key) for key, value in content.items()})
    if not rule.fair <= rule.good <= rule.excellent:
        raise BadSystem(
            "The grade bands %(fair)g, %(good)g, %(excellent)g do not rise",
            fair=rule.fair,
            good=rule.good,
            excellent=rule.excellent,
        )
    return rule


def _factors(content: Any) -> dict[Profile, dict[str, float]]:
    if not isinstance(content, Mapping):
        raise BadSystem("%(field)s of %(where)s is missing", field="profile_factors", where="system")
    return {
        _choice(key, Profile, "profile_factors", "system"): {
            str(code): _positive(factor, f"profile_factors.{key}", str(code)) for code, factor in factors.items()
        }
        for key, factors in content.items()
    }


def _comparisons(content: Any) -> tuple[tuple[float, ...], ...] | None:
    if content is None:
        return None
    if not isinstance(content, list | tuple) or not all(isinstance(row, list | tuple) for row in content):
        raise BadSystem("The comparisons of the dimensions are no table of numbers")
    matrix = tuple(tuple(_number(cell, "dimension_comparisons", "system") for cell in row) for row in content)
    if len(matrix) != len(Dimension):
        raise BadSystem(
            "The comparisons have %(found)d rows, expected one for each of the %(expected)d dimensions",
            found=len(matrix),
            expected=len(Dimension),
        )
    check_comparisons(matrix, names=tuple(Dimension))
    return matrix


def _contradiction(content: Any) -> Contradiction:
    if not isinstance(content, Mapping):
        raise BadSystem("A contradiction is a mapping of fields, not %(found)s", found=content)
    _check_fields(content, Contradiction, "contradictions")
    leaf = _text(content, "leaf", "contradictions")
    return Contradiction(
        leaf=leaf,
        relation=_choice(content.get("relation"), Relation, "relation", leaf),
        other=_text(content, "other", leaf),
        factor=_number(content.get("factor", 1.0), "factor", leaf),
    )


def _check_leaves(system: System) -> None:
    for code, count in Counter(leaf.code for leaf in system.leaves).items():
        if count > 1:
            raise BadSystem("The leaf %(code)s stands %(count)d times", code=code, count=count)
    sums: dict[tuple[Dimension, Level], float] = defaultdict(float)
    for leaf in system.leaves:
        sums[leaf.dimension, leaf.level] += leaf.weight
        if leaf.minimum is not None and leaf.maximum is not None and leaf.minimum > leaf.maximum:
            raise BadSystem(
                "The least value %(least)g of %(code)s is more than its most %(most)g",
                code=leaf.code,
                least=leaf.minimum,
                most=leaf.maximum,
            )
    for (dimension, level), found in sums.items():
        if not isclose(found, 1.0, abs_tol=_SUM_TOLERANCE):
            raise BadSystem(
                "The weights of %(dimension)s at the level %(level)s sum to %(found).6g, expected 1",
                dimension=str(dimension),
                level=str(level),
                found=found,
            )


def _check_references(system: System) -> None:
    known = {leaf.code for leaf in system.leaves}
    named: list[tuple[str, Callable[[str], bool]]] = [
        (code, known.__contains__) for factors in system.profile_factors.values() for code in factors
    ]
    for rule in system.contradictions:
        named.append((rule.leaf, known.__contains__))
        named.append((rule.other, lambda code: code in known or code in UNIT_FACTS))
    for code, is_known in named:
        if not is_known(code):
            raise BadSystem("There is no leaf %(code)s", code=code)
