"""Changing an indicator system's content piece by piece, so that it stays one that can be scored with.

Weights inside a (dimension, level) keep their sum of 1: a leaf that comes, goes or is weighed anew makes the others
of its group move over in proportion. Everything here returns new content; `core.system_content` checks the whole.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from anlan.assessment.core.ahp import check_comparisons
from anlan.assessment.core.values import Dimension
from anlan.kernel.refusal import Refusal

Content = dict[str, Any]
_DECIMALS = 9


class LastLeaf(Refusal):
    """A system without leaves asks nothing."""


class CodeTaken(Refusal):
    """Another leaf has the code."""


def with_leaf(content: Mapping[str, Any], leaf: Mapping[str, Any], *, replacing: str | None = None) -> Content:
    """Return the content with a leaf added at the end of its group, or put in another's place.

    The others of its group share what its weight leaves; rules that named the old code name the new one.

    Raises:
        CodeTaken: another leaf has the code.

    >>> first = {"code": "A", "dimension": "org", "level": "village", "weight": 1.0}
    >>> changed = with_leaf({"leaves": [first]}, {**first, "code": "B", "weight": 0.25})
    >>> [(leaf["code"], leaf["weight"]) for leaf in changed["leaves"]]
    [('A', 0.75), ('B', 0.25)]
    """
    changed = deepcopy(dict(content))
    leaves, code = changed["leaves"], str(leaf["code"])
    if any(each["code"] == code for each in leaves if each["code"] != replacing):
        raise CodeTaken("The leaf %(code)s is there already", code=code)
    place = next((number for number, each in enumerate(leaves) if each["code"] == replacing), None)
    new = dict(leaf)
    if place is None:
        last = max(
            (number for number, each in enumerate(leaves) if _group(each) == _group(new)), default=len(leaves) - 1
        )
        leaves.insert(last + 1, new)
    else:
        old, leaves[place] = leaves[place], new
        _rename(changed, old["code"], code)
        if _group(old) != _group(new):
            _scale(_members(leaves, _group(old)), 1.0)
    others = [each for each in _members(leaves, _group(new)) if each is not new]
    if not others:
        new["weight"] = 1.0
    _scale(others, 1.0 - new["weight"])
    return changed


def without_leaf(content: Mapping[str, Any], code: str) -> Content:
    """Return the content without the leaf and without the rules that name it; its group shares its weight.

    Raises:
        LastLeaf: there is no other.
    """
    changed = deepcopy(dict(content))
    gone = [leaf for leaf in changed["leaves"] if leaf["code"] == code]
    changed["leaves"] = [leaf for leaf in changed["leaves"] if leaf["code"] != code]
    if not changed["leaves"]:
        raise LastLeaf("A system needs at least one leaf")
    for leaf in gone:
        _scale(_members(changed["leaves"], _group(leaf)), 1.0)
    changed["profile_factors"] = {
        profile: {each: factor for each, factor in factors.items() if each != code}
        for profile, factors in changed.get("profile_factors", {}).items()
    }
    rules = changed.get("contradictions", ())
    changed["contradictions"] = [rule for rule in rules if code not in (rule["leaf"], rule["other"])]
    return changed


def with_leaf_fields(content: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> Content:
    """Return the content with some fields of some leaves, by code, set anew; weights as they are given."""
    changed = deepcopy(dict(content))
    for leaf in changed["leaves"]:
        leaf.update(fields.get(leaf["code"], {}))
    return changed


def with_comparisons(
    content: Mapping[str, Any], matrix: Sequence[Sequence[float]] | None, *, use_weights: bool
) -> Content:
    """Return the content with the comparisons of the dimensions, and their weights where they are to be used.

    Raises:
        BadComparisons: CR is 0.1 or more, or the matrix is not reciprocal.
    """
    changed = deepcopy(dict(content))
    changed["dimension_comparisons"] = [list(row) for row in matrix] if matrix else None
    if matrix and use_weights:
        weights = check_comparisons(matrix, names=tuple(Dimension)).weights.tolist()
        changed["dimension_weights"] = dict(zip((str(each) for each in Dimension), _whole(weights, 1.0), strict=True))
    return changed


def reciprocal(upper: Mapping[tuple[int, int], float], size: int) -> list[list[float]]:
    """Return the whole matrix from the pairs above its diagonal.

    >>> reciprocal({(0, 1): 4.0}, 2)
    [[1.0, 4.0], [0.25, 1.0]]
    """
    matrix = [[1.0] * size for _ in range(size)]
    for (row, column), value in upper.items():
        matrix[row][column], matrix[column][row] = value, 1.0 / value
    return matrix


def _group(leaf: Mapping[str, Any]) -> tuple[str, str]:
    return str(leaf["dimension"]), str(leaf["level"])


def _members(leaves: Sequence[Content], group: tuple[str, str]) -> list[Content]:
    return [leaf for leaf in leaves if _group(leaf) == group]


def _scale(leaves: Sequence[Content], whole: float) -> None:
    """Make the leaves' weights sum to the whole, in proportion; alike where all are 0."""
    weights = [leaf["weight"] for leaf in leaves]
    if leaves and not sum(weights):
        weights = [1.0] * len(leaves)
    for leaf, weight in zip(leaves, _whole(weights, whole), strict=True):
        leaf["weight"] = weight


def _whole(weights: Sequence[float], whole: float) -> list[float]:
    total = sum(weights)
    return [round(weight * whole / total, _DECIMALS) for weight in weights] if total else list(weights)


def _rename(content: Content, old: str, new: str) -> None:
    content["profile_factors"] = {
        profile: {new if code == old else code: factor for code, factor in factors.items()}
        for profile, factors in content.get("profile_factors", {}).items()
    }
    for rule in content.get("contradictions", ()):
        for name in ("leaf", "other"):
            rule[name] = new if rule[name] == old else rule[name]
