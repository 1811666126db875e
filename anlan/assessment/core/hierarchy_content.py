"""An index system from the content of a YAML or JSON file, with everything in it checked.

The format is told in docs/methods/index-systems.md.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

import yaml

from anlan.assessment.core.hierarchy import Aggregate, Hierarchy, Node, Normalisation, Scaling
from anlan.kernel.refusal import Refusal

Choice = TypeVar("Choice", bound=StrEnum)
DEEPEST = 20
_INDEX_FIELDS = {"key", "name", "units", "scale", "rank", "root"}
_UNIT_FIELDS = {"name", "code"}
_BRANCH_FIELDS = {"key", "name", "weight", "aggregate", "missing", "decimals", "children"}
_LEAF_FIELDS = {"key", "name", "weight", "column", "normalise", "decimals"}
_SCALING_FIELDS = {
    Normalisation.NONE: {"kind"},
    Normalisation.BOUNDS: {"kind", "least", "most", "better"},
    Normalisation.TARGET: {"kind", "target", "better"},
    Normalisation.MIN_MAX: {"kind", "better"},
}
_RANKS = {"highest": True, "lowest": False}
_BETTER = {"more": False, "less": True}
_MISSING = {"skip": 0.0, "all": 1.0}


class BadIndex(Refusal):
    """The file is no index system."""


def hierarchy_from_yaml(text: str) -> Hierarchy:
    """Return the index system that a YAML file describes.

    Raises:
        BadIndex: it is no YAML, or not an index system.
    """
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadIndex(
            "The file is no YAML: %(problem)s in line %(line)d",
            problem=getattr(error, "problem", None) or "?",
            line=mark.line + 1 if mark else 0,
        ) from None
    return hierarchy_from_content(content)


def hierarchy_from_content(content: Any) -> Hierarchy:
    """Return the index system that the content describes.

    Raises:
        BadIndex: a field is missing, unknown or of the wrong kind; a key stands twice; the tree is too deep or a node
            has neither a column nor children.
    """
    fields = _fields(content, _INDEX_FIELDS, "index")
    units = _fields(fields.get("units"), _UNIT_FIELDS, "units")
    hierarchy = Hierarchy(
        key=_text(fields, "key", "index"),
        name=_text(fields, "name", "index"),
        root=_node(fields.get("root"), "root", 1),
        unit_column=_text(units, "name", "units"),
        code_column=str(units.get("code") or ""),
        top=_positive(fields.get("scale", 1.0), "scale", "index"),
        is_highest_first=_pick(fields.get("rank", "highest"), _RANKS, "rank", "index"),
    )
    for key, count in Counter(node.key for node in hierarchy.root.walk()).items():
        if count > 1:
            raise BadIndex("The node %(key)s stands %(count)d times", key=key, count=count)
    return hierarchy


def _fields(content: Any, known: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise BadIndex("%(where)s is no mapping of fields", where=where)
    unknown = sorted(str(name) for name in content if name not in known)
    if unknown:
        raise BadIndex(
            "%(where)s has an unknown field %(field)s; there are %(known)s",
            where=where,
            field=unknown[0],
            known=", ".join(sorted(known)),
        )
    return content


def _node(content: Any, where: str, depth: int) -> Node:
    if depth > DEEPEST:
        raise BadIndex("The index is more than %(most)d levels deep at %(where)s", most=DEEPEST, where=where)
    if not isinstance(content, Mapping):
        raise BadIndex("%(where)s is no mapping of fields", where=where)
    where = str(content.get("key") or where)
    has_column, has_children = bool(content.get("column")), bool(content.get("children"))
    if has_column == has_children:
        raise BadIndex("%(where)s needs either a column or children", where=where)
    return _branch(content, where, depth) if has_children else _leaf(content, where)


def _branch(content: Mapping[str, Any], where: str, depth: int) -> Node:
    fields = _fields(content, _BRANCH_FIELDS, where)
    children = fields["children"]
    if not isinstance(children, list):
        raise BadIndex("The children of %(where)s are no list", where=where)
    nodes = tuple(_node(child, f"{where}.{number}", depth + 1) for number, child in enumerate(children, 1))
    if sum(node.weight for node in nodes) <= 0:
        raise BadIndex("The weights of the children of %(where)s are all 0", where=where)
    return Node(
        key=_text(fields, "key", where),
        name=str(fields.get("name") or fields["key"]),
        weight=_weight(fields.get("weight", 1.0), where),
        aggregate=_choice(fields.get("aggregate", "arithmetic"), Aggregate, "aggregate", where),
        least_share=_least_share(fields.get("missing", "skip"), where),
        decimals=_decimals(fields.get("decimals"), where),
        children=nodes,
    )


def _leaf(content: Mapping[str, Any], where: str) -> Node:
    fields = _fields(content, _LEAF_FIELDS, where)
    column = _text(fields, "column", where)
    key = str(fields.get("key") or column)
    return Node(
        key=key,
        name=str(fields.get("name") or key),
        weight=_weight(fields.get("weight", 1.0), where),
        column=column,
        scaling=_scaling(fields.get("normalise") or {"kind": "none"}, where),
        decimals=_decimals(fields.get("decimals"), where),
    )


def _scaling(content: Any, where: str) -> Scaling:
    if isinstance(content, str):
        content = {"kind": content}
    if not isinstance(content, Mapping):
        raise BadIndex("%(where)s is no mapping of fields", where=f"{where}.normalise")
    kind = _choice(content.get("kind"), Normalisation, "normalise", where)
    fields = _fields(content, _SCALING_FIELDS[kind], f"{where}.normalise")
    scaling = Scaling(
        kind=kind,
        is_negative=_pick(fields.get("better", "more"), _BETTER, "better", where),
        least=_number(fields.get("least", 0.0), "least", where),
        most=_number(fields.get("most", 1.0), "most", where),
        target=_positive(fields.get("target", 1.0), "target", where),
    )
    for name in {"least", "most", "target"} & _SCALING_FIELDS[kind] - set(fields):
        raise BadIndex("%(field)s of %(where)s is missing", field=name, where=where)
    if kind is Normalisation.BOUNDS and scaling.least >= scaling.most:
        raise BadIndex(
            "The bounds of %(where)s are %(least)g and %(most)g: the first must be less",
            where=where,
            least=scaling.least,
            most=scaling.most,
        )
    return scaling


def _text(fields: Mapping[str, Any], key: str, where: str) -> str:
    value = fields.get(key)
    if value is None or isinstance(value, Mapping | list) or not str(value).strip():
        raise BadIndex("%(field)s of %(where)s is missing", field=key, where=where)
    return str(value).strip()


def _number(value: Any, field: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise BadIndex("%(field)s of %(where)s is %(found)s, expected a number", field=field, where=where, found=value)
    return float(value)


def _positive(value: Any, field: str, where: str) -> float:
    number = _number(value, field, where)
    if number <= 0:
        raise BadIndex(
            "%(field)s of %(where)s is %(found)g, expected more than 0", field=field, where=where, found=number
        )
    return number


def _weight(value: Any, where: str) -> float:
    number = _number(value, "weight", where)
    if number < 0:
        raise BadIndex("weight of %(where)s is %(found)g, expected 0 or more", where=where, found=number)
    return number


def _least_share(value: Any, where: str) -> float:
    if isinstance(value, str):
        return _pick(value, _MISSING, "missing", where)
    number = _number(value, "missing", where)
    if not 0 <= number <= 1:
        raise BadIndex("missing of %(where)s is %(found)g, expected skip, all or 0 to 1", where=where, found=number)
    return number


def _decimals(value: Any, where: str) -> int | None:
    if value is None:
        return None
    number = _number(value, "decimals", where)
    if not number.is_integer() or not 0 <= number <= 9:
        raise BadIndex("decimals of %(where)s is %(found)g, expected 0 to 9, whole", where=where, found=number)
    return int(number)


def _choice(value: Any, choices: type[Choice], field: str, where: str) -> Choice:
    return _pick(value, {str(each): each for each in choices}, field, where)


Picked = TypeVar("Picked")


def _pick(value: Any, choices: Mapping[str, Picked], field: str, where: str) -> Picked:
    try:
        return choices[value]
    except (KeyError, TypeError):
        raise BadIndex(
            "%(field)s of %(where)s is %(found)s, expected one of %(expected)s",
            field=field,
            where=where,
            found=value,
            expected=", ".join(choices),
        ) from None
