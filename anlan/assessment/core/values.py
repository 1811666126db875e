"""What the assessment computes with: the indicator system, the survey and the result.

Everything here is a value: built by a query or by a reader of workbooks, never by a row.
Scores are in [0, 1]; ratios too; ages in days; money in fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from anlan.kernel.codes import Level
from anlan.kernel.refusal import mark


class Dimension(StrEnum):
    """The five dimensions of the programme (五个维度)."""

    ORG = "org"
    CAPABILITY = "capability"
    MATERIALS = "materials"
    PROCESS = "process"
    DIGITAL = "digital"


DIMENSION_NAMES = {
    Dimension.ORG: mark("Organisation"),
    Dimension.CAPABILITY: mark("Capability"),
    Dimension.MATERIALS: mark("Materials and equipment"),
    Dimension.PROCESS: mark("Rules and procedures"),
    Dimension.DIGITAL: mark("Digital"),
}


class Kind(StrEnum):
    """How an answer is written down and scored."""

    BOOLEAN = "boolean"
    NUMBER = "number"
    RATIO = "ratio"  # stored 0–1, shown in %
    DATE = "date"  # scored by its age in days at the round's closing date


class Direction(StrEnum):
    """Whether more is better."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Region(StrEnum):
    """Region type of a division (区域类型)."""

    DEVELOPED = "developed"
    UNDERDEVELOPED = "underdeveloped"
    MOUNTAIN = "mountain"
    FRINGE = "fringe"


class Profile(StrEnum):
    """Region and hazard profiles that shift the weights (domain: differentiated weights)."""

    MOUNTAIN = "mountain"  # flash flood, landslide
    RIVER = "river"
    FOREST_FIRE = "forest_fire"
    EARTHQUAKE = "earthquake"
    COLD = "cold"
    INDUSTRIAL = "industrial"
    REMOTE = "remote"


class Grade(StrEnum):
    """Grade bands of a score."""

    EXCELLENT = "excellent"  # 优
    GOOD = "good"  # 良
    FAIR = "fair"  # 中
    WEAK = "weak"  # 差


@dataclass(frozen=True, slots=True)
class Leaf:
    """One indicator that is asked for directly.

    `weight` sums to 1 inside (dimension, level). `target` is in `unit` (days for dates).
    `unit_price_fen` is the price of closing a gap of one `unit`; for a boolean, of having it; for a
    ratio, of the whole way from 0 to 1; for a negative or date leaf, of mending it once.
    """

    code: str
    dimension: Dimension
    name_zh: str
    name_en: str
    level: Level
    kind: Kind
    unit: str
    target: float
    direction: Direction
    weight: float
    department: str = "emergency"
    evidence_zh: str = ""
    measure_zh: str = ""
    measure_en: str = ""
    unit_price_fen: int | None = None
    lead_days: int = 180
    minimum: float | None = 0.0
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class GradeRule:
    """Bands on the total and the rule for a weak unit (薄弱)."""

    excellent: float = 0.90
    good: float = 0.80
    fair: float = 0.60
    weak_dimension: float = 0.40
    least_completeness: float = 0.80


class Relation(StrEnum):
    """What two facts of a unit must be to each other (`core.checks`)."""

    AT_MOST = "at_most"  # the leaf is at most `factor` times the other
    NEEDS = "needs"  # the leaf above 0 makes no sense while the other is 0
    COVERS = "covers"  # the share claimed of the units below, against the share of them that are above 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rule between a leaf and another one (or `population`, `households`); who breaks it gets a flag."""

    leaf: str
    relation: Relation
    other: str
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class System:
    """One version of the programme's indicator system."""

    key: str
    name_zh: str
    name_en: str
    leaves: tuple[Leaf, ...]
    dimension_weights: Mapping[Dimension, float]
    own_share: float = 0.5  # α: a township's own part beside its villages' mean
    grades: GradeRule = GradeRule()
    profile_factors: Mapping[Profile, Mapping[str, float]] = field(default_factory=dict)
    dimension_comparisons: tuple[tuple[float, ...], ...] | None = None  # AHP matrix over Dimension's order
    contradictions: tuple[Contradiction, ...] = ()

    def at_level(self, level: Level) -> tuple[Leaf, ...]:
        """Return the leaves asked of units of that level, in order."""
        return tuple(leaf for leaf in self.leaves if leaf.level == level)


@dataclass(frozen=True, slots=True)
class Unit:
    """A county, township or village as the assessment sees it."""

    code: str
    name: str
    level: Level
    parent_code: str | None
    population: int = 0
    households: int = 0
    region: Region | None = None
    profiles: frozenset[Profile] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: self-reported value beside the evidence's. Booleans are 0 or 1, dates are `day`."""

    value: float | None = None
    day: date | None = None
    evidence_value: float | None = None
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """All answers of a round. A pair (unit code, leaf code) that is absent is missing."""

    name: str
    closes_on: date
    units: tuple[Unit, ...]
    answers: Mapping[tuple[str, str], Answer]


@dataclass(frozen=True, slots=True)
class LeafScore:
    """One leaf of one unit. `score` None means missing: left out, never zero."""

    leaf_code: str
    value: float | None  # as scored: ratios 0–1, dates as age in days
    evidence_value: float | None
    is_doubtful: bool  # self-report and evidence differ; the evidence was scored
    score: float | None
    weight: float  # within (dimension, level) after profile factors; sums to 1 over all leaves of the dimension
    loss: float  # W_dimension · weight · (1 − score), of the whole score; 0 when missing
    obstacle: float  # share of the unit's whole loss, sums to 1 unless nothing is lost


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """A dimension's score of one unit: own leaves and, above villages, the mean of the units below."""

    dimension: Dimension
    score: float | None
    own: float | None
    below: float | None
    weakest_code: str | None  # the unit below with the lowest score in this dimension
    lower: float
    upper: float
    completeness: float


@dataclass(frozen=True, slots=True)
class UnitResult:
    """What the assessment says of one unit."""

    unit: Unit
    score: float | None
    lower: float  # every missing answer at its worst
    upper: float  # every missing answer at its best
    completeness: float  # answered share of the weight
    grade: Grade | None  # None: too incomplete to grade, or no answers
    is_weak: bool
    rank: int | None  # among units of the same level, 1 is best
    rank_low: int | None  # best rank in 95 % of the weights drawn
    rank_high: int | None
    grade_probability: Mapping[Grade, float]
    coupling: float | None  # coupling coordination D of the five dimensions
    dimensions: tuple[DimensionScore, ...]
    leaves: tuple[LeafScore, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the needs list (帮扶需求清单)."""

    unit_code: str
    unit_name: str
    township_code: str | None
    township_name: str
    leaf_code: str
    dimension: Dimension
    current: float
    target: float
    gap: float  # in the leaf's unit, positive
    loss: float
    obstacle: float
    measure_zh: str
    unit_price_fen: int
    quantity: float
    cost_fen: int
    priority: int  # 1 is first
    department: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the result must know of how it was computed: a marked message with its values."""

    message: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """A whole assessment: what reports, needs lists and pages are made from."""

    system: System
    survey_name: str
    closes_on: date
    method: str  # default, ahp, entropy, combined
    units: tuple[UnitResult, ...]  # county first, then townships, then villages, by code
    needs: tuple[Need, ...]
    missing: tuple[tuple[str, str], ...]  # (unit code, leaf code)
    input_sha256: str
    system_sha256: str
    notes: tuple[Note, ...] = ()  # such as: entropy undefined, so that equal weights were taken
