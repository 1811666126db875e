"""From leaves to dimensions, from units to the unit above, from dimensions to the total.

A missing leaf is left out and the rest scaled up; its worst and best case bound the score.
A unit's dimension is α·own + (1 − α)·the population-weighted mean of the units directly below.

Source: docs/methods/weighted-sum.md, docs/methods/missing.md, docs/methods/township.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from anlan.assessment.core.arrays import Bools, Floats, Integers


@dataclass(frozen=True, slots=True)
class Figures:
    """Score with its bounds and completeness, each (U, D) or (U,) in [0, 1].

    `score` is NaN where nothing was answered; `is_asked` tells where there is anything to answer at all, and
    only there the bounds mean anything.
    """

    score: Floats
    lower: Floats
    upper: Floats
    completeness: Floats
    is_asked: Bools


@dataclass(frozen=True, slots=True)
class Tree:
    """Who lies in whom: `parents` (U,) place of the unit above, −1 at the top; `populations` (U,) people.

    `tiers` are the places of the units of each level, from below; a parent stands in a later tier than its children.
    """

    parents: Integers
    populations: Floats
    tiers: tuple[Integers, ...]


def own_figures(scores: Floats, weights: Floats, membership: Floats) -> Figures:
    """Return the dimensions' figures from a unit's own leaves.

    Args:
        scores: (N, K) in [0, 1]; NaN is missing.
        weights: (N, K) summing to 1 inside each dimension.
        membership: (K, D) 1 where the leaf belongs to the dimension, else 0.

    Returns:
        Figures (N, D). Completeness is the answered share of the weight.

    Source: docs/methods/missing.md, equations (1)–(4).
    """
    is_answered = ~np.isnan(scores)
    answered = (weights * is_answered) @ membership
    earned = (weights * np.where(is_answered, scores, 0.0)) @ membership
    has_score = answered > 0
    asked = np.broadcast_to(membership.sum(axis=0) > 0, answered.shape)
    return Figures(
        score=np.where(has_score, earned / np.where(has_score, answered, 1.0), np.nan),  # (1)
        lower=earned,  # (2)
        upper=np.where(asked, np.minimum(earned + (1.0 - answered), 1.0), 0.0),  # (3)
        completeness=np.minimum(answered, 1.0),  # (4)
        is_asked=asked,
    )


def shares_below(tree: Tree, counted: Bools) -> csr_array:
    """Return (U, U) shares of the counted children in their parent, by population; a row sums to 1 or is empty.

    Children without any people among them share alike.

    Source: docs/methods/township.md, equation (1).
    """
    size = len(tree.parents)
    children = np.flatnonzero(counted & (tree.parents >= 0))
    of = tree.parents[children]
    people = np.bincount(of, tree.populations[children], minlength=size)[of]
    alike = 1.0 / np.bincount(of, minlength=size)[of]
    shares = np.where(people > 0, tree.populations[children] / np.where(people > 0, people, 1.0), alike)  # (1)
    return csr_array((shares, (of, children)), shape=(size, size))


def joined(own: Floats, below: Floats, own_share: float) -> Floats:
    """Return α·own + (1 − α)·below; one alone where the other is NaN.

    Args:
        own: (…) in [0, 1] or NaN.
        below: (…) likewise, from the units directly below.
        own_share: α in [0, 1].

    Source: docs/methods/township.md, equation (2).
    """
    both = own_share * own + (1.0 - own_share) * below  # (2)
    return np.where(np.isnan(own), below, np.where(np.isnan(below), own, both))


def rolled_up(own: Figures, tree: Tree, own_share: float) -> tuple[Figures, Floats]:
    """Return the figures of all units with what lies below them, and the part below alone.

    Args:
        own: figures (U, D) from the units' own leaves.
        tree: who lies in whom.
        own_share: α.

    Returns:
        Figures (U, D), and (U, D) scores from below, NaN where there is none.

    Source: docs/methods/township.md, equations (1)–(3).
    """
    columns = [_rolled_dimension(own, tree, own_share, number) for number in range(own.score.shape[1])]
    figures, below = zip(*columns, strict=True)
    names = ("score", "lower", "upper", "completeness", "is_asked")
    stacked = {name: np.column_stack([getattr(each, name) for each in figures]) for name in names}
    return Figures(**stacked), np.column_stack(below)


def _rolled_dimension(own: Figures, tree: Tree, own_share: float, number: int) -> tuple[Figures, Floats]:
    is_asked = _asked(own.is_asked[:, number], tree)
    is_scored = _asked(~np.isnan(own.score[:, number]), tree)
    score, below = rolled_scores(own.score[:, number], is_scored, tree, own_share)
    bounds = {
        name: np.nan_to_num(
            rolled_scores(
                np.where(own.is_asked[:, number], getattr(own, name)[:, number], np.nan), is_asked, tree, own_share
            )[0]
        )
        for name in ("lower", "upper", "completeness")
    }
    return Figures(score=score, is_asked=is_asked, **bounds), below


def _asked(own: Bools, tree: Tree) -> Bools:
    """Return which units are asked something, themselves or anywhere below."""
    asked = own.copy()
    for tier in tree.tiers:
        within = tier[asked[tier] & (tree.parents[tier] >= 0)]
        asked[tree.parents[within]] = True
    return asked


def rolled_scores(own: Floats, counted: Bools, tree: Tree, own_share: float) -> tuple[Floats, Floats]:
    """Return one dimension's scores of all units with what lies below them, and the part below alone.

    Args:
        own: (U,) or (U, T) in [0, 1], NaN without own part.
        counted: (U,) units that have a score, their own or from below.
        tree: who lies in whom.
        own_share: α.

    Source: docs/methods/township.md, equations (1)–(3).
    """
    shares = shares_below(tree, counted)
    has_below = np.diff(shares.indptr) > 0
    scores, below = own.copy(), np.full_like(own, np.nan)
    for tier in tree.tiers[1:]:  # (3): from below, so that children are done
        parents = tier[has_below[tier]]
        below[parents] = shares[parents] @ np.nan_to_num(scores)
        scores[parents] = joined(own[parents], below[parents], own_share)
    return scores, below


def total_figures(figures: Figures, dimension_weights: Floats) -> Figures:
    """Return the totals of all units.

    Args:
        figures: (U, D).
        dimension_weights: (D,) summing to 1; those of dimensions with a score are scaled up to 1.

    Returns:
        Figures (U,).

    Source: docs/methods/weighted-sum.md, equation (1); docs/methods/missing.md, equation (5).
    """
    scored = ~np.isnan(figures.score) * dimension_weights
    asked = figures.is_asked * dimension_weights
    has_score, is_asked = scored.sum(axis=1) > 0, asked.sum(axis=1) > 0
    whole = np.where(is_asked, asked.sum(axis=1), 1.0)
    earned = (scored * np.nan_to_num(figures.score)).sum(axis=1)
    return Figures(
        score=np.where(has_score, np.minimum(earned / np.where(has_score, scored.sum(axis=1), 1.0), 1.0), np.nan),
        lower=(asked * figures.lower).sum(axis=1) / whole,
        upper=np.where(is_asked, np.minimum((asked * figures.upper).sum(axis=1) / whole, 1.0), 1.0),
        completeness=np.minimum((asked * figures.completeness).sum(axis=1) / whole, 1.0),
        is_asked=is_asked,
    )


def weakest_below(scores: Floats, tree: Tree, codes: Sequence[str]) -> list[str | None]:
    """Return for each unit the code of the unit directly below with the lowest score, the first code among equals.

    Args:
        scores: (U,) one dimension's scores; NaN has none.
        tree: who lies in whom.
        codes: U division codes.
    """
    weakest: list[str | None] = [None] * len(codes)
    order = np.lexsort((np.array(codes), np.where(np.isnan(scores), np.inf, scores)))
    for place in order[::-1]:
        parent = tree.parents[place]
        if parent >= 0 and not np.isnan(scores[place]):
            weakest[parent] = codes[place]
    return weakest
