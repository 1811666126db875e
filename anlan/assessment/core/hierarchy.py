"""Any index system: nodes of any depth and name, computed over a table of units.

Source: docs/methods/index-systems.md.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from anlan.assessment.core.arrays import Floats, Integers
from anlan.assessment.core.grading import ranks_of
from anlan.kernel.refusal import Refusal


class Aggregate(StrEnum):
    """How a node is made from its parts."""

    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"
    INVERTED_GEOMETRIC = "inverted_geometric"  # INFORM's GM*: high parts count more
    MAXIMUM = "maximum"  # the largest part, each times its weight


class Normalisation(StrEnum):
    """How a column becomes comparable."""

    NONE = "none"  # it is on the scale already
    BOUNDS = "bounds"  # between two fixed values
    TARGET = "target"  # how far a target is reached
    MIN_MAX = "min_max"  # between the least and the most found


@dataclass(frozen=True, slots=True)
class Scaling:
    """How a leaf's column is brought onto the index's scale; `least`, `most`, `target` are in the column's unit."""

    kind: Normalisation = Normalisation.NONE
    is_negative: bool = False
    least: float = 0.0
    most: float = 1.0
    target: float = 1.0


@dataclass(frozen=True, slots=True)
class Node:
    """A part of the index: a leaf with its `column`, or an aggregate of its `children`.

    `least_share` is the share of the children's weight that must be there: 0 takes whatever is there, 1 needs all.
    `decimals` rounds the value, half up, before it is used above.
    """

    key: str
    name: str
    weight: float = 1.0
    column: str = ""
    scaling: Scaling = Scaling()
    aggregate: Aggregate = Aggregate.ARITHMETIC
    least_share: float = 0.0
    decimals: int | None = None
    children: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """Yield the node and every node below it, from above."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """An index system: its tree, its scale from 0 to `top`, and the columns that name the units."""

    key: str
    name: str
    root: Node
    unit_column: str
    code_column: str = ""
    top: float = 1.0
    is_highest_first: bool = True

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a table of units must have beside the units' names."""
        return tuple(dict.fromkeys(node.column for node in self.root.walk() if node.column))


@dataclass(frozen=True, slots=True)
class Index:
    """What was computed: each node's values (N,) on the scale, NaN where missing; ranks (N,), 0 where none.

    `completeness` (N,) is the share of the leaves' weight in the whole that was there.
    """

    values: Mapping[str, Floats]
    ranks: Integers
    completeness: Floats


class BadTable(Refusal):
    """The table cannot be computed with this index system."""


def compute_index(
    hierarchy: Hierarchy, columns: Mapping[str, Floats], given: Mapping[str, Floats] | None = None
) -> Index:
    """Return every node's value for every unit.

    Args:
        hierarchy: the index system.
        columns: (N,) by column name, in the column's unit; NaN is missing.
        given: (N,) values of nodes that are taken as they are instead of computed, by key; on the scale.

    Raises:
        BadTable: a column is missing, or a value lies outside the scale of a node that needs it inside.

    Source: docs/methods/index-systems.md, equations (1)–(6).
    """
    absent = [name for name in hierarchy.columns if name not in columns]
    if absent and not given:
        raise BadTable("The table has no column %(column)s", column=absent[0])
    values: dict[str, Floats] = {}
    known = dict(given or {})
    root = _value(hierarchy.root, hierarchy.top, columns, known, values)
    ranks = np.zeros(len(root), dtype=np.int64)
    has_value = ~np.isnan(root)
    if has_value.any():
        ranks[has_value] = ranks_of(root[has_value] if hierarchy.is_highest_first else -root[has_value])
    return Index(values, ranks, _completeness(hierarchy.root, values))


def _value(
    node: Node, top: float, columns: Mapping[str, Floats], given: Mapping[str, Floats], values: dict[str, Floats]
) -> Floats:
    if node.key in given:
        found = given[node.key]
    elif node.children:
        parts = np.column_stack([_value(child, top, columns, given, values) for child in node.children])
        found = aggregated(parts, np.array([child.weight for child in node.children]), node, top)
    elif node.column in columns:
        found = scaled(columns[node.column], node.scaling, top)
    else:
        raise BadTable("The table has no column %(column)s", column=node.column)
    if node.decimals is not None:
        found = rounded(found, node.decimals)
    values[node.key] = found
    return found


def scaled(values: Floats, scaling: Scaling, top: float) -> Floats:
    """Return a column on the scale from 0 to `top`.

    Args:
        values: (N,) in the column's unit; NaN is missing.
        scaling: how.
        top: the best or worst value of the scale, dimensionless.

    Source: docs/methods/index-systems.md, equation (1).
    """
    if scaling.kind is Normalisation.NONE:
        return values
    if scaling.kind is Normalisation.TARGET:
        line = 2.0 - values / scaling.target if scaling.is_negative else values / scaling.target
        return np.clip(line, 0.0, 1.0) * top
    least, most = scaling.least, scaling.most
    if scaling.kind is Normalisation.MIN_MAX:
        if np.isnan(values).all():
            return values
        least, most = float(np.nanmin(values)), float(np.nanmax(values))
    if most <= least:  # all alike
        return np.where(np.isnan(values), np.nan, top)
    share = np.clip((values - least) / (most - least), 0.0, 1.0)  # (1)
    return (1.0 - share if scaling.is_negative else share) * top


def aggregated(parts: Floats, weights: Floats, node: Node, top: float) -> Floats:
    """Return a node's values from its parts.

    Args:
        parts: (N, K) on the scale from 0 to `top`; NaN is missing.
        weights: (K,) non-negative, need not sum to 1.
        node: tells the aggregate and what to do about missing parts.
        top: end of the scale.

    Returns:
        (N,), NaN where too little is there.

    Raises:
        BadTable: a mean that needs values on the scale meets one outside.

    Source: docs/methods/index-systems.md, equations (2)–(6).
    """
    is_there = ~np.isnan(parts)
    present = is_there @ weights
    enough = (present > 0) & (present >= node.least_share * weights.sum() - 1e-12)
    if node.aggregate in _LOGARITHMIC:
        _check_inside(parts, node, top)
    found = MEANS[node.aggregate](np.where(is_there, parts, 0.0), is_there * weights, top)
    return np.where(enough, found, np.nan)


def _check_inside(parts: Floats, node: Node, top: float) -> None:
    outside = parts[(parts < 0) | (parts > top)]
    if len(outside):
        raise BadTable(
            "A part of %(node)s is %(found)g, expected 0 to %(top)g", node=node.name, found=float(outside[0]), top=top
        )


def _arithmetic(parts: Floats, weights: Floats, top: float) -> Floats:
    mean: Floats = (parts * weights).sum(axis=1) / _whole(weights)  # (2)
    return mean


def _geometric(parts: Floats, weights: Floats, top: float) -> Floats:
    is_zero = ((parts <= 0) & (weights > 0)).any(axis=1)
    logs = np.log(np.where(parts > 0, parts, 1.0))
    return np.where(is_zero, 0.0, np.exp((logs * weights).sum(axis=1) / _whole(weights)))  # (3)


def _inverted_geometric(parts: Floats, weights: Floats, top: float) -> Floats:
    turned = (top - parts) / top * 9.0 + 1.0  # 1 at the top, 10 at 0
    mean = np.exp((np.log(turned) * weights).sum(axis=1) / _whole(weights))
    found: Floats = np.clip((10.0 - mean) / 9.0 * top, 0.0, top)  # (4)
    return found


def _maximum(parts: Floats, weights: Floats, top: float) -> Floats:
    largest: Floats = (parts * weights).max(axis=1)  # (5)
    return largest


def _whole(weights: Floats) -> Floats:
    whole = weights.sum(axis=1)
    return np.where(whole > 0, whole, 1.0)


MEANS: Mapping[Aggregate, Callable[[Floats, Floats, float], Floats]] = {
    Aggregate.ARITHMETIC: _arithmetic,
    Aggregate.GEOMETRIC: _geometric,
    Aggregate.INVERTED_GEOMETRIC: _inverted_geometric,
    Aggregate.MAXIMUM: _maximum,
}
_LOGARITHMIC = {Aggregate.GEOMETRIC, Aggregate.INVERTED_GEOMETRIC}


def rounded(values: Floats, decimals: int) -> Floats:
    """Return values rounded half up, as spreadsheets do.

    Source: docs/methods/index-systems.md, equation (6).
    """
    factor = 10.0**decimals
    nearest: Floats = np.floor(values * factor + 0.5 + 1e-9) / factor  # (6)
    return nearest


def _completeness(root: Node, values: Mapping[str, Floats]) -> Floats:
    there = np.zeros(len(values[root.key]))
    for leaf, weight in _leaf_weights(root, 1.0, values):
        there += weight * ~np.isnan(values[leaf])
    return np.minimum(there, 1.0)


def _leaf_weights(node: Node, weight: float, values: Mapping[str, Floats]) -> Iterator[tuple[str, float]]:
    """Yield the lowest nodes that have values, with their weight in the whole."""
    below = [child for child in node.children if child.key in values]
    whole = sum(child.weight for child in below)
    if not below:
        yield node.key, weight
    for child in below:
        yield from _leaf_weights(child, weight * child.weight / whole if whole else 0.0, values)
