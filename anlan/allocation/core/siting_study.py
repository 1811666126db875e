"""A siting study (选址): what is asked, of whom and where, and what may become of the study.

Source: docs/methods/siting.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from anlan.kernel.refusal import Refusal, mark
from anlan.stores.core.values import SHELTERS


class SitingStatus(StrEnum):
    """Where a study stands in its life."""

    DRAFT = "draft"
    SOLVED = "solved"
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


class Question(StrEnum):
    """What is wanted of the points."""

    LEAST_TRAVEL = "least_travel"
    MOST_COVERED = "most_covered"
    FEWEST_POINTS = "fewest_points"
    ENOUGH_ROOM = "enough_room"


class Weighing(StrEnum):
    """How much each village counts."""

    PEOPLE = "people"
    VILLAGES = "villages"
    HOUSEHOLDS = "households"
    HAZARD_PEOPLE = "hazard_people"


class Candidates(StrEnum):
    """Where a point could stand."""

    VILLAGES = "villages"
    TOWNSHIPS = "townships"
    BOTH = "both"
    CHOSEN = "chosen"


class Way(StrEnum):
    """How people or goods get there. Straight lines are a choice, never a fallback."""

    CAR = "car"
    FOOT = "foot"
    STRAIGHT_CAR = "straight_car"
    STRAIGHT_FOOT = "straight_foot"

    @property
    def is_straight(self) -> bool:
        """Tell whether the way is counted along straight lines."""
        return self in {Way.STRAIGHT_CAR, Way.STRAIGHT_FOOT}

    @property
    def mode(self) -> str:
        """Return "car" or "foot"."""
        return self.value.rpartition("_")[2]


class Absence(StrEnum):
    """Why a village has no point within reach."""

    NO_COUNT = "no_count"
    NO_PLACE = "no_place"
    ISLAND = "island"
    NO_WAY = "no_way"
    FAR = "far"
    FULL = "full"
    TOO_MANY = "too_many"


STATUS_NAMES: Mapping[SitingStatus, str] = {
    SitingStatus.DRAFT: mark("siting being prepared"),
    SitingStatus.SOLVED: mark("solved"),
    SitingStatus.ADOPTED: mark("taken into the plan"),
    SitingStatus.WITHDRAWN: mark("study withdrawn"),
}
QUESTION_NAMES: Mapping[Question, str] = {
    Question.FEWEST_POINTS: mark("How many points are needed so that enough are within reach, and where?"),
    Question.MOST_COVERED: mark("Where do so many points bring the most within reach?"),
    Question.LEAST_TRAVEL: mark("Where do so many points make the ways shortest?"),
    Question.ENOUGH_ROOM: mark("Where is there room for everybody at the least cost?"),
}
WEIGHING_NAMES: Mapping[Weighing, str] = {
    Weighing.PEOPLE: mark("Villages by their people"),
    Weighing.HOUSEHOLDS: mark("Villages by their households"),
    Weighing.VILLAGES: mark("Every village alike"),
    Weighing.HAZARD_PEOPLE: mark("People of villages with hazards on record"),
}
CANDIDATES_NAMES: Mapping[Candidates, str] = {
    Candidates.VILLAGES: mark("At the seat of any village"),
    Candidates.TOWNSHIPS: mark("At the seat of any township"),
    Candidates.BOTH: mark("At the seat of any village or township"),
    Candidates.CHOSEN: mark("At the units chosen below"),
}
WAY_NAMES: Mapping[Way, str] = {
    Way.CAR: mark("Along the roads, by car"),
    Way.FOOT: mark("Along the roads, on foot"),
    Way.STRAIGHT_CAR: mark("Straight lines made longer, by car"),
    Way.STRAIGHT_FOOT: mark("Straight lines made longer, on foot"),
}
ABSENCE_NAMES: Mapping[Absence, str] = {
    Absence.NO_COUNT: mark("How many live there is not on record"),
    Absence.NO_PLACE: mark("Where it lies is not on record"),
    Absence.ISLAND: mark("No way leads to it: only a point of its own would serve it"),
    Absence.NO_WAY: mark("No way leads from it to any of the points"),
    Absence.FAR: mark("Its nearest point is farther than wanted"),
    Absence.FULL: mark("The points within its reach are full"),
    Absence.TOO_MANY: mark("No point within its reach holds all its people: let villages be split"),
}
PEOPLE_COUNTED = frozenset({Weighing.PEOPLE, Weighing.HAZARD_PEOPLE})
NEXT: Mapping[SitingStatus, frozenset[SitingStatus]] = {
    SitingStatus.DRAFT: frozenset({SitingStatus.SOLVED}),
    SitingStatus.SOLVED: frozenset({SitingStatus.ADOPTED, SitingStatus.WITHDRAWN}),
    SitingStatus.ADOPTED: frozenset({SitingStatus.WITHDRAWN}),
    SitingStatus.WITHDRAWN: frozenset(),
}
MOST_MINUTES = 24 * 60


class BadSiting(Refusal):
    """The study cannot be asked so; `field` names what is wrong."""


class BadMove(Refusal):
    """The study stands elsewhere in its life."""


@dataclass(frozen=True, slots=True)
class SitingSettings:
    """What a study asks.

    `points` are all in the end, existing ones included. `share` is of all that is counted, 0 to 1. `capacity` is the
    persons that one new point holds, `cost_fen` what opening it costs, `minute_fen` what one person's minute counts
    against it.
    """

    name: str
    kind: str
    question: Question
    weighing: Weighing = Weighing.PEOPLE
    candidates: Candidates = Candidates.VILLAGES
    chosen: tuple[str, ...] = ()
    keeps_existing: bool = True
    way: Way = Way.CAR
    within_minutes: float = 20.0
    points: int | None = None
    share: float | None = None
    capacity: int | None = None
    cost_fen: int | None = None
    minute_fen: int = 50
    is_whole: bool = True  # a village goes to one point

    def content(self) -> dict[str, Any]:
        """Return the settings as JSON content."""
        return {name: getattr(self, name) for name in SitingSettings.__slots__} | {"chosen": list(self.chosen)}


ASKED: Mapping[Question, tuple[str, ...]] = {
    Question.LEAST_TRAVEL: ("points",),
    Question.MOST_COVERED: ("points",),
    Question.FEWEST_POINTS: ("share",),
    Question.ENOUGH_ROOM: ("capacity", "cost_fen"),
}


def check_settings(settings: SitingSettings) -> None:
    """Refuse a study that leaves out what its question asks, or asks for what cannot be.

    Raises:
        BadSiting: names the field.
    """
    if not settings.name.strip():
        raise BadSiting("A study has a name", field="name")
    for name in ASKED[settings.question]:
        if getattr(settings, name) is None:
            raise BadSiting("This question needs a number here", field=name)
    if not 0 < settings.within_minutes <= MOST_MINUTES:
        raise BadSiting(
            "%(found).0f minutes are asked for, expected more than 0 and at most %(most)d",
            field="within_minutes",
            found=settings.within_minutes,
            most=MOST_MINUTES,
        )
    if settings.candidates is Candidates.CHOSEN and not settings.chosen:
        raise BadSiting("There is no candidate: choose at least one unit where a point could stand", field="chosen")
    _check_numbers(settings)


def _check_numbers(settings: SitingSettings) -> None:
    if settings.points is not None and settings.points < 1:
        raise BadSiting("%(found)d points are asked for, expected 1 or more", field="points", found=settings.points)
    if settings.share is not None and not 0 < settings.share <= 1:
        raise BadSiting(
            "%(found).1f %% are asked for, expected more than 0 and at most 100",
            field="share",
            found=settings.share * 100,
        )
    if settings.question is Question.ENOUGH_ROOM:
        _check_room(settings)


def _check_room(settings: SitingSettings) -> None:
    if settings.kind not in SHELTERS:
        raise BadSiting("Room for people is a question of shelters: choose a kind of shelter", field="kind")
    if settings.weighing not in PEOPLE_COUNTED:
        raise BadSiting("Room is counted in people: choose villages by their people", field="weighing")
    if (settings.capacity or 0) < 1:
        raise BadSiting("A point that holds nobody is no shelter: its capacity is 1 or more", field="capacity")
    if (settings.cost_fen or 0) < 0 or settings.minute_fen < 0:
        raise BadSiting("A cost is not below 0", field="cost_fen")


def check_move(old: str, new: SitingStatus) -> None:
    """Refuse a step that the study's life does not have.

    Raises:
        BadMove: the study stands elsewhere.
    """
    if new not in NEXT[SitingStatus(old)]:
        raise BadMove(MOVES[new])


MOVES: Mapping[SitingStatus, str] = {
    SitingStatus.SOLVED: mark("The study is solved already; copy it to ask anew"),
    SitingStatus.ADOPTED: mark("Only a solved study is taken into the plan"),
    SitingStatus.WITHDRAWN: mark("Only a study that is solved or taken into the plan is withdrawn"),
}
