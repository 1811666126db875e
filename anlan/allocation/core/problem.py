"""The allocation problem as the books write it: what may be bought for whom, from which money, under which rules.

Sets: units u, aims a (one leaf of one unit), options o (one measure at one unit), sources s, years t.

Variables:
    x[o,s,t]  whole number of pieces of option o bought from source s in year t
    y[o]      1 if option o is bought at all
    c[o,u]    1 if one of the pieces of option o serves unit u (only options that serve a limited number of units)
    g[o,a,t]  gain of aim a in year t that option o brings, in score of the leaf (0 to 1)

Objective:
    (1)  maximise  sum over t, o, a of  year_weight[t] · priority[u(a)] · multiplier[o] · weight[a] · g[o,a,t]

Constraints:
    (2)  each source and year: price · x of the year + running · x of earlier years  ≤  budget[s,t]
    (3)  g[o,a,t] ≤ step[o,a] · pieces of o bought at least lead_years before t and not worn out by then
    (4)  sum over o of g[o,a,t] ≤ room[a]: a score cannot pass its target
    (5)  least[o] · y[o] ≤ sum of x[o] ≤ most[o] · y[o]; a required option has y[o] = 1
    (6)  y[o] ≤ sum of y over each group of prerequisites of o
    (7)  sum of y over each group of options that exclude one another ≤ 1
    (8)  floors on gain: weighted gain of the members' units in the last year ≥ least
    (9)  floors and caps on money: the members' money is at least and at most a share of all money spent
    (10) floors per head: the members' money ≥ least fen
    (11) g[o,a,t] ≤ step[o,a] · c[o,u(a)], sum over u of c[o,u] ≤ serves_most[o] · pieces of o
    (12) pinned options keep their number of pieces, barred options have none

Money is whole fen. Source: docs/methods/allocation.md.
"""

from dataclasses import dataclass
from typing import Literal

FloorKind = Literal["unit_gain", "township_share", "township_per_head", "dimension_share"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A county, township or village that may be helped.

    `below_share` is how much of its score is the mean of the units directly below it: what they gain raises it too.
    """

    code: str
    name: str
    township_code: str
    level: str
    population: int
    score: float
    is_weak: bool
    priority: float
    unit_class: str
    below_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Aim:
    """One leaf of one unit: `weight` is what a full leaf adds to the unit's score, `room` what the leaf still lacks."""

    unit: int
    leaf: str
    dimension: str
    weight: float
    room: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What one piece of an option adds to the score of one aim's leaf (0 to 1)."""

    aim: int
    step: float


@dataclass(frozen=True, slots=True)
class Option:
    """One measure at one unit. Indices point into the problem's tuples; `sources` are those whose earmark allows it."""

    unit: int
    measure: str
    dimension: str
    price_fen: int
    running_fen: int
    least: int
    most: int
    effects: tuple[Effect, ...]
    sources: tuple[int, ...]
    lead_years: int = 0
    life_years: int = 100
    multiplier: float = 1.0
    serves_most: int | None = None
    is_required: bool = False
    requires: tuple[tuple[int, ...], ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A pot of money with its budget of each year, in fen."""

    key: str
    name: str
    budget_fen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """A rule that the plan must keep, with the words by which it is named when it binds or clashes.

    `members` are unit indices for unit_gain (least in score, 0 to 1) and option indices for the money kinds
    (shares 0 to 1 of all money spent; per head as fen in all).
    """

    key: str
    kind: FloorKind
    name: str
    members: tuple[int, ...]
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything that a plan is computed from. Its canonical form is hashed and kept with the plan."""

    units: tuple[Unit, ...]
    aims: tuple[Aim, ...]
    options: tuple[Option, ...]
    sources: tuple[Source, ...]
    year_weights: tuple[float, ...]
    floors: tuple[Floor, ...] = ()
    exclusions: tuple[tuple[int, ...], ...] = ()
    pinned: tuple[tuple[int, int], ...] = ()
    barred: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Purchase:
    """So many pieces of one option from one source in one year."""

    option: int
    source: int
    year: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Solved:
    """A plan with the proof of its quality: `bound` is what no plan can exceed, `gap` = (bound − objective) / bound."""

    purchases: tuple[Purchase, ...]
    gains: tuple[tuple[int, int, float], ...]  # (option, aim, gain of the leaf's score in the last year)
    objective: float
    bound: float
    gap: float
    spent_fen: int
    solver: str
    served: tuple[tuple[int, int, int], ...] = ()  # (option, unit, year) by pieces that serve a limited number of units
