"""The tables of the allocation."""

from anlan.allocation.models.agreements import (
    Agreement,
    Duty,
    DutyKind,
    GivenValue,
    PairingReminder,
    ValueKind,
    Visit,
    YearlyCheck,
)
from anlan.allocation.models.pairing import (
    PairingConflict,
    PairingRound,
    PairingUnit,
    PairWish,
    ProposedPair,
    Side,
    WishKind,
)
from anlan.allocation.models.plans import Plan, PlanDocument, PlanLine, PlanMiss, PlanUnit
from anlan.allocation.models.rules import Measure, RuleKind, RuleVersion, UnitClass
from anlan.allocation.models.siting import Siting, SitingPoint, SitingVillage

__all__ = [
    "PlanUnit",
    "PlanMiss",
    "PlanLine",
    "PlanDocument",
    "Plan",
    "Agreement",
    "Duty",
    "DutyKind",
    "GivenValue",
    "Measure",
    "PairWish",
    "PairingConflict",
    "PairingReminder",
    "PairingRound",
    "PairingUnit",
    "ProposedPair",
    "RuleKind",
    "RuleVersion",
    "Side",
    "Siting",
    "SitingPoint",
    "SitingVillage",
    "UnitClass",
    "ValueKind",
    "Visit",
    "WishKind",
    "YearlyCheck",
]
